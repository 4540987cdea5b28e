"""Units, moves and quantities (SPEC §3.4: I1, I2, I4, I6, I7)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q, Sum, Value, Window
from django.db.models.functions import Coalesce, Lag

from items.models import Item, ItemLocation, SerialUnit
from transactions import types
from transactions.audit.findings import invariant
from transactions.models import (
    StockMove,
    TransactionLine,
)
from transactions.types.base import Stage

Status = SerialUnit.Status
ZERO = Decimal(0)


@invariant("I1", "units by item, location and status against item-location quantities")
def on_hand_counts_the_units() -> Iterator[str]:
    """The quantity on hand, picked and in transit is the number of such units at the place."""
    counted: dict[tuple[int, int, str], int] = {
        (item, place, state): n
        for item, place, state, n in SerialUnit.objects.held()
        .values_list("item", "location", "status")
        .annotate(n=Count("id"))
        .order_by()
    }
    for row in ItemLocation.objects.filter(item__in=Item.objects.serialized()):
        for status in SerialUnit.HELD:
            there = counted.pop((row.item_id, row.location_id, status), 0)
            if getattr(row, status.value) != there:
                yield f"{row}: {getattr(row, status.value)} {status.label}, but {there} units"
    for (item, place, state), n in counted.items():
        yield f"item {item} at location {place}: {n} units {state} without a quantity"


@invariant("I1", "stock moves by place against item-location quantities and values")
def quantities_follow_from_the_moves() -> Iterator[str]:
    """Every quantity and value on the stock list is the sum of the stock moves."""
    moved: dict[tuple[int, int], dict[str, Decimal]] = {}
    for side, sign in (("source", -1), ("target", 1)):
        rows = (
            StockMove.objects.filter(**{f"{side}_location__isnull": False})
            .values_list("item_id", f"{side}_location", f"{side}_status")
            .annotate(q=Sum("quantity"), c=Sum("cost"))
            .order_by()
        )
        for item, place, status, quantity, cost in rows:
            sums = moved.setdefault((item, place), {})
            sums[status] = sums.get(status, ZERO) + sign * quantity
            if status != Status.IN_TRANSIT:
                sums["value"] = sums.get("value", ZERO) + sign * cost
    for row in ItemLocation.objects.select_related("item", "location"):
        sums = moved.pop((row.item_id, row.location_id), {})
        for name in ("on_hand", "picked", "in_transit", "value"):
            if getattr(row, name) != sums.get(name, ZERO):
                yield f"{row}: {name} {getattr(row, name)}, by the moves {sums.get(name, ZERO)}"
    for (item, place), sums in moved.items():
        if any(sums.values()):
            yield f"item {item} at location {place}: moves without a quantity"


@invariant("I2", "held units by item and number")
def a_number_is_held_once_per_item() -> Iterator[str]:
    """The serial rule: at most one held unit per item and number, over all locations."""
    twice = SerialUnit.objects.held().values("item__name", "number_key").order_by()
    for row in twice.annotate(n=Count("id")).filter(n__gt=1):
        yield f"{row['item__name']} {row['number_key']} is held {row['n']} times"


@invariant("I4", "open order lines against item-location quantities")
def quantities_are_sums_of_open_orders() -> Iterator[str]:
    """On order, committed and back ordered are the sums of the order lines; CM ≤ OH; none < 0."""
    wanted = _open_by_place()
    for row in ItemLocation.objects.select_related("item", "location"):
        sums = wanted.pop((row.item_id, row.location_id), {})
        for name in OPEN:
            if getattr(row, name) != sums.get(name, ZERO):
                yield f"{row}: {name} {getattr(row, name)}, by the orders {sums.get(name, ZERO)}"
        if not 0 <= row.committed <= row.on_hand:
            yield f"{row}: {row.committed} committed of {row.on_hand} on hand"
        if row.back_ordered and row.available:
            yield f"{row}: {row.back_ordered} back ordered while {row.available} available"
    for place in wanted:
        yield f"item and location {place}: open orders without a quantity"


OPEN = ("on_order", "committed", "back_ordered", "committed_to_transfers", "on_order_by_transfer")


def _open_by_place() -> dict[tuple[int, int], dict[str, Decimal]]:
    """By item and location, what the order lines have open there: two statements."""
    internal = [kind.name for kind in types.all_kinds() if kind.internal]
    lines = TransactionLine.objects.order_by()
    wanting = lines.filter(Q(committed__gt=0) | Q(back_ordered__gt=0))
    coming = lines.filter(on_order__gt=0)
    goal = Coalesce("transaction__to_location", "location")
    found: dict[tuple[int, int], dict[str, Decimal]] = {}

    def add(item: int, place: int, name: str, quantity: Decimal) -> None:
        sums = found.setdefault((item, place), {})
        sums[name] = sums.get(name, ZERO) + quantity

    groups = wanting.values_list("item", "location", "transaction__type")
    for item, place, kind, *sums in groups.annotate(Sum("committed"), Sum("back_ordered")):
        add(item, place, "committed", sums[0])
        add(item, place, "back_ordered", sums[1])
        add(item, place, "committed_to_transfers", sums[0] if kind in internal else ZERO)
    groups = coming.annotate(goal=goal).values_list("item", "goal", "transaction__type")
    for item, place, kind, quantity in groups.annotate(Sum("on_order")):
        add(item, place, "on_order", quantity)
        add(item, place, "on_order_by_transfer", quantity if kind in internal else ZERO)
    return found


@invariant("I4", "order lines against what was received, picked and shipped")
def order_lines_add_up() -> Iterator[str]:
    """Of an active order's line: what came or went plus what is open is what was ordered."""
    lines = TransactionLine.objects.filter(transaction__type__in=types.of_stage(Stage.ORDER))
    for line in lines.with_progress().select_related("transaction", "item"):
        order, kind = line.transaction, line.transaction.kind
        active = kind.is_active(order) and not line.closed
        still = max(line.quantity - line.moved, ZERO) if active else ZERO
        wanted = still if kind.demands_stock else ZERO
        if line.to_fulfill != wanted:
            yield f"{order} line {line.line_no}: {line.to_fulfill} wanted, should be {wanted}"
        if line.on_order != kind.coming(line, still):
            yield f"{order} line {line.line_no}: {line.on_order} on order, not what is coming"
        if line.arrived > line.moved and kind.internal:
            yield f"{order} line {line.line_no}: {line.arrived} arrived of {line.moved} sent"
        if line.moved > line.quantity:
            yield f"{order} line {line.line_no}: {line.moved} moved of {line.quantity}"
        if line.billed > line.moved:
            yield f"{order} line {line.line_no}: {line.billed} billed of {line.moved}"


@invariant("I6", "serial numbers of posted lines against their quantities")
def lines_carry_one_serial_per_unit() -> Iterator[str]:
    """A posted serialized line moved exactly as many different units as its quantity."""
    lines = TransactionLine.objects.filter(_moving(), item__in=Item.objects.serialized())
    for line in lines.annotate(units=Count("moves__unit", distinct=True)).select_related(
        "transaction", "item"
    ):
        if line.units != abs(line.quantity):
            yield f"{line.transaction} line {line.line_no}: {line.units} units of {line.quantity}"


def _moving() -> Q:
    """The lines that move stock: those of movements, and others' that come from no parent."""
    others = [k.name for k in types.all_kinds() if k.moves_stock and k.stage is not Stage.MOVEMENT]
    own = Q(transaction__type__in=others, created_from_line=None)
    return own | Q(transaction__type__in=types.of_stage(Stage.MOVEMENT))


@invariant("I6", "the cost of posted lines against their moves")
def lines_cost_what_their_moves_cost() -> Iterator[str]:
    """The cost on a line is that of the stock it moved."""
    moves = StockMove.objects.filter(posting__reverses=None).order_by("posting")
    costs = {  # of each line's latest posting: it comes last
        line: total for line, _, total in moves.values_list("line", "posting").annotate(Sum("cost"))
    }
    lines = TransactionLine.objects.filter(_moving())
    for line in lines.select_related("transaction"):
        moved = costs.get(line.pk, ZERO)
        if line.cost != moved:
            yield f"{line.transaction} line {line.line_no}: costs {line.cost}, by moves {moved}"


@invariant("I7", "the moves of every unit, in the order of posting")
def moves_form_a_path() -> Iterator[str]:
    """Each standing move of a unit starts where the one before it ended, and not earlier."""
    moves = (
        StockMove.objects.standing()
        .filter(unit__isnull=False)
        .annotate(
            before=_lag("target_status"),
            place_before=_lag("target_location"),
            day_before=_lag("date"),
        )
    )
    broken = (
        ~Q(source_status=Coalesce(F("before"), Value("")))
        | (Q(place_before__isnull=False) & ~Q(source_location=F("place_before")))
        | Q(date__lt=F("day_before"))
    )
    for move in moves.filter(broken).select_related("unit"):
        yield f"unit {move.unit} ({move.unit_id}): {move} on {move.date} after {move.before}"


def _lag(name: str) -> Window:
    """The column of the same unit's move before."""
    return Window(Lag(name), partition_by=F("unit"), order_by=F("id").asc())


@invariant("I7", "units against their latest moves")
def units_are_where_their_moves_left_them() -> Iterator[str]:
    """A unit's status, place, dates and cost are those of its latest standing move."""
    standing = StockMove.objects.standing().filter(unit__isnull=False).order_by()
    latest = standing.values("unit").annotate(last=Max("pk")).values("last")
    moves = StockMove.objects.filter(pk__in=latest).filter(_differs())
    for move in moves.select_related("unit__item"):
        yield _elsewhere(move.unit)
    never = SerialUnit.objects.exclude(Exists(standing.filter(unit=OuterRef("pk"))))
    gone = Q(status=Status.VOIDED, location__isnull=True, left_on=F("moved_on"))
    for unit in never.exclude(gone).select_related("item"):
        yield _elsewhere(unit)


def _differs() -> Q:
    """The latest moves of units that are not what these made of them."""
    held = Q(unit__location__isnull=False) | Q(target_location__isnull=False)
    return (
        ~Q(unit__status=F("target_status"))
        | (held & ~Q(unit__location=Coalesce(F("target_location"), 0)))
        | ~Q(unit__moved_on=F("date"))
        | ~Q(unit__last_posting=F("posting"))
        | ~Q(unit__unit_cost=F("cost"))
        | (Q(unit__location__isnull=True) & ~Q(unit__left_on=F("unit__moved_on")))
        | Q(unit__location__isnull=False, unit__left_on__isnull=False)
    )


def _elsewhere(unit: Any) -> str:
    return f"{unit.item} {unit} ({unit.pk}) is not as its latest move left it: {unit.status}"
