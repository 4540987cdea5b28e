"""The invariants, proved from the ledger (SPEC §3.4).

Each is a function that gives the offenders it found, in words; its docstring says what must hold
and its name is what the audit reports. Every one is a fixed number of statements.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, OuterRef, Q, Subquery, Sum, Value, Window
from django.db.models.functions import Coalesce, Lag

from accounting.fields import MoneyField
from accounting.models import Account, JournalLine, balance
from company.models import Company
from items.models import Item, ItemLocation, SerialUnit
from transactions import types
from transactions.models import LineUnit, Posting, StockMove, Transaction, TransactionLine
from transactions.types.base import Stage

Status = SerialUnit.Status
ZERO = Decimal(0)


@dataclass
class Finding:
    """What one invariant looked at, and what broke it."""

    code: str
    name: str
    statement: str
    looked_at: str
    offenders: list[str] = field(default_factory=list)


Check = Callable[[], Iterator[str]]
INVARIANTS: list[tuple[str, str, Check]] = []


def invariant(code: str, looked_at: str) -> Callable[[Check], Check]:
    """Add a check to the audit under the number that SPEC §3.4 gives it."""

    def add(check: Check) -> Check:
        INVARIANTS.append((code, looked_at, check))
        return check

    return add


def run() -> list[Finding]:
    """Prove every invariant."""
    return [
        Finding(
            code,
            check.__name__.replace("_", " "),
            " ".join((check.__doc__ or "").split()),
            looked_at,
            list(check()),
        )
        for code, looked_at, check in INVARIANTS
    ]


def offenders() -> list[str]:
    """All that is wrong, in words; empty when the books are right."""
    return [f"{f.code} {f.name}: {text}" for f in run() for text in f.offenders]


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


@invariant("I3", "asset accounts against units and values")
def asset_accounts_equal_the_stock() -> Iterator[str]:
    """Each asset account's balance is the cost of what is on hand or picked of its items."""
    totals = JournalLine.objects.balances()
    held: dict[int, Decimal | None] = dict(
        Item.objects.order_by()
        .values_list("asset_account")
        .annotate(worth=Sum("item_locations__value"))
    )
    for account in Account.objects.filter(pk__in=held):
        stock, books = held[account.pk] or ZERO, totals.get(account.pk, ZERO)
        if stock != books:
            yield f"{account}: {books} in the books, {stock} in stock"
    cost = Subquery(
        SerialUnit.objects.filter(
            item=OuterRef("item"), location=OuterRef("location"), status__in=("on_hand", "picked")
        )
        .order_by()
        .values("item")
        .annotate(total=Sum("unit_cost"))
        .values("total"),
        output_field=MoneyField(),
    )
    rows = ItemLocation.objects.filter(item__in=Item.objects.serialized())
    for row in rows.annotate(cost=Coalesce(cost, ZERO, output_field=MoneyField())):
        if row.cost != row.value:
            yield f"{row}: worth {row.value}, its units cost {row.cost}"


@invariant("I3", "the in transit account against units in transit")
def in_transit_account_equals_the_units_in_transit() -> Iterator[str]:
    """Inventory In Transit holds the cost of the units on their way."""
    units = SerialUnit.objects.filter(status=Status.IN_TRANSIT)
    cost = units.aggregate(total=Sum("unit_cost"))["total"] or ZERO
    books = balance(Company.current().in_transit_account)
    if cost != books:
        yield f"{books} in the books, {cost} on the way"


@invariant("I4", "open order lines against item-location quantities")
def quantities_are_sums_of_open_orders() -> Iterator[str]:
    """On order, committed and back ordered are the sums of the order lines; CM ≤ OH; none < 0."""
    names = ("on_order", "committed", "back_ordered")
    wanted = {
        (item, place): sums
        for item, place, *sums in TransactionLine.objects.filter(
            Q(on_order__gt=0) | Q(committed__gt=0) | Q(back_ordered__gt=0)
        )
        .values_list("item", "location")
        .annotate(*(Sum(name) for name in names))
        .order_by()
    }
    for row in ItemLocation.objects.select_related("item", "location"):
        sums = wanted.pop((row.item_id, row.location_id), [ZERO] * 3)
        for name, total in zip(names, sums, strict=True):
            if getattr(row, name) != total:
                yield f"{row}: {name} {getattr(row, name)}, by the orders {total}"
        if not 0 <= row.committed <= row.on_hand:
            yield f"{row}: {row.committed} committed of {row.on_hand} on hand"
        if row.back_ordered and row.available:
            yield f"{row}: {row.back_ordered} back ordered while {row.available} available"
    for place in wanted:
        yield f"item and location {place}: open orders without a quantity"


@invariant("I4", "order lines against what was received, picked and shipped")
def order_lines_add_up() -> Iterator[str]:
    """Of an active order's line: what came or went plus what is open is what was ordered."""
    lines = TransactionLine.objects.filter(transaction__type__in=types.of_stage(Stage.ORDER))
    for line in lines.with_progress().select_related("transaction", "item"):
        order = line.transaction
        active = order.kind.is_active(order) and not line.closed
        expected = max(line.quantity - line.moved, ZERO) if active else ZERO
        if line.open_quantity != expected:
            yield f"{order} line {line.line_no}: {line.open_quantity} open, should be {expected}"
        if line.moved > line.quantity:
            yield f"{order} line {line.line_no}: {line.moved} moved of {line.quantity}"
        if line.billed > line.moved:
            yield f"{order} line {line.line_no}: {line.billed} billed of {line.moved}"


@invariant("I5", "journal lines and postings")
def every_posting_balances() -> Iterator[str]:
    """A journal line debits one account and credits another; what does not post has no lines."""
    for line in JournalLine.objects.filter(Q(amount__lte=0) | Q(debit=F("credit"))):
        yield f"journal line {line.pk}: {line}"
    quiet = [kind.name for kind in types.all_kinds() if not kind.posts]
    for posting in Posting.objects.filter(document__type__in=quiet, entry__isnull=False):
        yield f"{posting} posts nothing, yet has a journal entry"
    for posting in Posting.objects.filter(entry__isnull=False).exclude(entry__date=F("date")):
        yield f"{posting}: its journal entry has another date"


@invariant("I6", "serial numbers of posted lines against their quantities")
def lines_carry_one_serial_per_unit() -> Iterator[str]:
    """A posted serialized line moved exactly as many different units as its quantity."""
    lines = TransactionLine.objects.filter(
        transaction__type__in=types.of_stage(Stage.MOVEMENT), item__in=Item.objects.serialized()
    )
    for line in lines.annotate(units=Count("moves__unit", distinct=True)).select_related(
        "transaction", "item"
    ):
        if line.units != abs(line.quantity):
            yield f"{line.transaction} line {line.line_no}: {line.units} units of {line.quantity}"


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
    latest = StockMove.objects.standing().filter(unit=OuterRef("pk")).order_by("-id")
    units = SerialUnit.objects.annotate(
        **{f"by_move_{name}": Subquery(latest.values(name)[:1]) for name in _PROJECTED}
    )
    for unit in units.filter(_differs()).select_related("item"):
        yield f"{unit.item} {unit} ({unit.pk}) is not as its latest move left it: {unit.status}"


_PROJECTED = ("target_status", "target_location", "date", "posting", "cost")


def _differs() -> Q:
    held = Q(location__isnull=False) | Q(by_move_target_location__isnull=False)
    return (
        (Q(by_move_target_status__isnull=True) & ~Q(status=Status.VOIDED))
        | (Q(by_move_target_status__isnull=False) & ~Q(status=F("by_move_target_status")))
        | (held & ~Q(location=Coalesce(F("by_move_target_location"), 0)))
        | (
            Q(by_move_target_status__isnull=False)
            & (
                ~Q(moved_on=F("by_move_date"))
                | ~Q(last_posting=F("by_move_posting"))
                | ~Q(unit_cost=F("by_move_cost"))
            )
        )
        | (Q(location__isnull=True) & ~Q(left_on=F("moved_on")))
        | Q(location__isnull=False, left_on__isnull=False)
    )


@invariant("I8", "the accrued purchases account against unbilled receipts")
def accrued_purchases_equal_unbilled_receipts() -> Iterator[str]:
    """Accrued Purchases is what was received and not yet billed."""
    account = Company.current().accrued_purchases_account
    bookings = JournalLine.objects.filter(Q(debit=account) | Q(credit=account))
    books = -bookings.balances().get(account.pk, ZERO)
    receipts = TransactionLine.objects.live().filter(transaction__type="item_receipt")
    unbilled = sum(
        (_unbilled(line) for line in receipts.with_progress().iterator()), Decimal("0.00")
    )
    if books != unbilled:
        yield f"{books} in the books, {unbilled} received and not billed"


def _unbilled(line: TransactionLine) -> Decimal:
    billed: Decimal = (line.amount * line.billed / line.quantity).quantize(Decimal("0.01"))
    return line.amount - billed


@invariant("I9", "cost of goods sold by line against the units sold")
def cost_of_goods_sold_is_that_of_the_units() -> Iterator[str]:
    """What a shipped line booked as cost is the cost of the units it shipped."""
    booked = _booked()
    moves = StockMove.objects.filter(target_status=Status.SOLD, posting__reverses__isnull=True)
    for line, cost in moves.values_list("line").annotate(Sum("cost")).order_by():
        if booked.pop(line, ZERO) != cost:
            yield f"line {line}: units cost {cost}, not what was booked"
    for line, amount in booked.items():
        yield f"line {line}: {amount} booked without units"


@invariant("I9", "income by line against the units' shares")
def income_is_shared_out_over_the_units() -> Iterator[str]:
    """An invoiced line's amount is the sum of its units' shares."""
    shares = LineUnit.objects.filter(amount__isnull=False).values_list("line")
    of_line = dict(shares.annotate(Sum("amount")).order_by())
    lines = TransactionLine.objects.filter(
        transaction__type__in=[k.name for k in types.all_kinds() if k.shares_amount],
        item__in=Item.objects.serialized(),
    )
    for line in lines.select_related("transaction"):
        if of_line.get(line.pk, ZERO) != line.amount:
            yield f"{line.transaction} line {line.line_no}: {line.amount} not shared out"


def _booked() -> dict[int, Decimal]:
    """By a fulfillment's line, what it booked as cost, reversals left out."""
    of_fulfillments = TransactionLine.objects.filter(transaction__type="item_fulfillment")
    lines = JournalLine.objects.filter(
        entry__posting__reverses__isnull=True, source_line__in=of_fulfillments.values("pk")
    )
    return {
        line: total
        for line, total in lines.values_list("source_line").annotate(Sum("amount")).order_by()
        if line
    }


@invariant("I10", "voided postings against their reversals")
def a_void_is_the_mirror_image() -> Iterator[str]:
    """A reversal books and moves exactly the opposite of what it reverses."""
    for posting in Posting.objects.filter(reverses__isnull=False).exclude(
        document__status="voided"
    ):
        yield f"{posting}: reversed without being voided"
    for posting in Posting.objects.standing().filter(document__status="voided"):
        yield f"{posting} stands on a voided document"
    for name, rows in (("journal", _journal_sums()), ("moves", _move_sums())):
        for document, *key, total in rows:
            if total:
                yield f"document {document}: its void leaves {total} in the {name} of {key}"


def _journal_sums() -> Iterable[tuple[Any, ...]]:
    """Of voided documents: (document, account, debits − credits); all should be zero."""
    sums: dict[tuple[Any, ...], Decimal] = {}
    lines = JournalLine.objects.filter(entry__posting__document__status="voided")
    for side, sign in (("debit", 1), ("credit", -1)):
        rows = lines.values_list("entry__posting__document", side).annotate(Sum("amount"))
        for document, account, amount in rows.order_by():
            key = (document, account)
            sums[key] = sums.get(key, ZERO) + sign * amount
    return [(*key, total) for key, total in sums.items()]


def _move_sums() -> Iterable[tuple[Any, ...]]:
    """Of voided documents: (document, item, place, state, in − out); zero while held."""
    sums: dict[tuple[Any, ...], Decimal] = {}
    moves = StockMove.objects.filter(posting__document__status="voided")
    for side, sign in (("target", 1), ("source", -1)):
        rows = (
            moves.filter(**{f"{side}_location__isnull": False})
            .values_list("posting__document", "item_id", f"{side}_location", f"{side}_status")
            .annotate(Sum("quantity"))
        )
        for *key, quantity in rows.order_by():
            sums[tuple(key)] = sums.get(tuple(key), ZERO) + sign * quantity
    return [(*key, total) for key, total in sums.items()]


@invariant("I5", "orders and their statuses")
def statuses_follow_from_progress() -> Iterator[str]:
    """An order's status is the one that follows from its lines."""
    orders = Transaction.objects.of(*types.of_stage(Stage.ORDER))
    lines: dict[int, list[TransactionLine]] = {}
    every = TransactionLine.objects.filter(transaction__in=orders).with_progress()
    for line in every:
        lines.setdefault(line.transaction_id, []).append(line)
    for order in orders:
        expected = order.kind.progress(order, lines.get(order.pk, []))
        if order.status != expected:
            yield f"{order} is {order.status}, should be {expected}"


__all__ = ["INVARIANTS", "Finding", "offenders", "run"]
