"""How a posting is written down: units, stock moves, journal, and each unit's share of a line.

Only `transactions/posting.py` calls these, inside its transaction and under its locks. Every
function is a fixed number of statements, however many units there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import BigIntegerField, Case, Count, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from accounting.fields import scaled, spread
from accounting.models import JournalEntry, JournalLine
from inventory import sets
from items import numbers
from items.models import SerialUnit
from items.refusals import Refused
from transactions import serials, verdicts
from transactions.balances import Balances
from transactions.models import (
    LineUnit,
    NumberChange,
    Posting,
    StockMove,
    StockMoveQuerySet,
    TransactionLine,
)
from transactions.serials import Take
from transactions.types.base import Kind, Pair

Status = SerialUnit.Status
HELD = SerialUnit.HELD
Row = tuple[Any, ...]

# A unit is changed only if it still is in the state and at the place where it was seen.
GUARD = ("status", "location_id")
PROJECTION = ("status", "location_id", "last_location_id", "left_on", "moved_on", "last_posting")
ARRIVAL = (
    "item_id", "number_key", "number", "status", "location_id", "last_location_id",
    "received_on", "moved_on", "last_posting", "unit_cost", "memo",
)  # fmt: skip


# The state before a move, as its mirror image gives it back: of what arrived, voided.
BEFORE = Case(When(source_status="", then=Value(Status.VOIDED)), default="source_status")
ID = BigIntegerField()
GONE = ~Q(source_status="") & ~Q(source_status__in=HELD)


# A row of the stock ledger.
MOVE = (
    "posting_id", "line_id", "item_id", "unit_id", "quantity", "date", "source_status",
    "source_location_id", "target_status", "target_location_id", "cost", "source_date",
    "source_posting",
)  # fmt: skip


def book(posting: Posting, pairs: Sequence[tuple[int | None, Pair]]) -> None:
    """Write (line id, pair)s as the posting's journal entry."""
    if not pairs:
        return
    posting.entry = JournalEntry.objects.create(date=posting.date)
    posting.save(update_fields=["entry"])
    rows = [
        (posting.entry.pk, pair.debit, pair.credit, scaled(pair.amount), line_id)
        for line_id, pair in pairs
    ]
    columns = ("entry_id", "debit_id", "credit_id", "amount", "source_line")
    sets.insert(JournalLine, columns, rows)


def move(posting: Posting, takes: Sequence[Take], balances: Balances) -> None:
    """Move every unit of the takes: the units, the log, and the quantities.

    Raises Refused: SER-16 for every new number that somebody else brought in meanwhile.
    """
    arrived = _arrive(posting, takes)
    known = [row for take in takes for row in _passing(take, posting)]
    _guarded(known, len(known))
    rows: list[Row] = []
    for take in takes:
        rows += _log(posting, take, arrived)
        item, movement = take.line.item_id, take.movement
        if movement.source in HELD:
            balances.stock(
                (item, take.line.location_id), movement.source, -take.quantity, -take.cost
            )
        if movement.target in HELD:
            balances.stock((item, take.goal), movement.target, take.quantity, take.cost)
    sets.insert(StockMove, MOVE, rows)


def reverse(posting: Posting, mirror: Posting, balances: Balances) -> None:
    """Write the mirror image of a posting's moves and journal.

    Each unit becomes again what the move before the undone one had made of it; a unit that
    arrived by it is voided.
    """
    moves = StockMove.objects.filter(
        posting=posting, line__transaction_id=posting.document_id
    ).order_by()
    _restore(moves, _give_back(moves, balances))
    sets.insert(StockMove, MOVE, _mirrored(moves, posting, mirror))
    booked = JournalLine.objects.filter(entry__posting=posting).order_by("id")
    book(
        mirror,
        [(x.source_line, Pair(x.credit_id, x.debit_id, x.amount)) for x in booked],
    )


def rename(changes: Sequence[NumberChange]) -> None:
    """Give units other numbers, and wherever orders name them.

    Raises Refused where somebody else was quicker: another unit took the number, or the unit has
    another one already.
    """
    if not changes:
        return
    rows = [(c.unit_id, c.old_key, c.new_number, numbers.key(c.new_number)) for c in changes]
    taken = "The number was taken by somebody else meanwhile. Look again and retry."
    try:
        with transaction.atomic():
            changed = sets.update(SerialUnit, ("number", "number_key"), rows, guard=("number_key",))
    except IntegrityError:
        raise Refused([taken]) from None
    if changed != len(rows):
        raise Refused([taken])
    for change in changes:
        named = LineUnit.objects.filter(unit=change.unit_id).exclude(number="")
        named.update(number=change.new_number)


def share(kind: Kind, lines: Sequence[TransactionLine]) -> None:
    """Write down the numbers named on an order, or each unit's share of an invoiced amount.

    Shares are in cents and add up to the line's amount (SPEC §5.2 rule 2); a credit's are
    negative, so that the shares of a sale add up to what it brought.
    """
    rows: list[Row] = []
    if kind.designates:
        pairs = serials.typed(lines)
        known = serials.known_units(pairs, lock=False) if pairs else {}
        rows = [row for line in lines for row in _named(line, known)]
    elif kind.shares_amount:
        units = serials.units_behind(lines)
        for line in lines:
            own, sale = units.get(line.pk, []), kind.sold_by(line)
            shares = spread(line.amount, len(own)) if own else []
            rows += [
                (line.pk, unit, "", scaled(kind.shares_amount * part), sale)
                for unit, part in zip(own, shares, strict=True)
            ]
    columns = ("line_id", "unit_id", "number", "amount", "sale_id")
    sets.insert(LineUnit, columns, rows)


def _arrive(posting: Posting, takes: Sequence[Take]) -> dict[tuple[int, str], int]:
    """Insert the new units, in the order of item and number so that rivals never deadlock.

    The serial rule has the last word: where its constraint refuses, we look again and name every
    number that somebody else brought in. Gives the new ids by (item id, number key).
    """
    day, status = posting.date, Status.ON_HAND.value
    arrivals = sorted(
        (take.line.item_id, key, number, take.line.location_id, scaled(cost))
        for take in takes
        for (key, number), cost in zip(take.numbers, take.costs(), strict=True)
    )
    if not arrivals:
        return {}
    rows = [
        (item, key, number, status, place, place, day, day, posting.pk, cost, "")
        for item, key, number, place, cost in arrivals
    ]
    try:
        with transaction.atomic():
            inserted = sets.insert(SerialUnit, ARRIVAL, rows, ("item_id", "number_key", "id"))
    except IntegrityError:
        if taken := verdicts.taken_meanwhile(takes):
            raise Refused(taken) from None
        raise
    return {(item, key): pk for item, key, pk in inserted}


def _passing(take: Take, posting: Posting) -> list[Row]:
    """The rows of a guarded update: id, where each unit was seen, and what becomes of it."""
    held = take.movement.target in HELD
    place, left_on = (take.goal, None) if held else (None, posting.date)
    target, start = str(take.movement.target), take.line.location_id
    day, by = posting.date, posting.pk
    return [
        (u.id, u.status, u.location_id, target, place, place or u.location_id or start, left_on,
         day, by)
        for u in take.units
    ]  # fmt: skip


def _guarded(rows: Sequence[Row] | sets.Query, count: int) -> None:
    """Change so many units; refuse when one is no longer where it was seen."""
    if sets.update(SerialUnit, PROJECTION, rows, guard=GUARD) != count:
        raise Refused(["A unit was moved by somebody else meanwhile. Look again and retry."])


def _log(posting: Posting, take: Take, arrived: dict[tuple[int, str], int]) -> list[Row]:
    """The log's rows for a line: one a unit, or one for an ordinary item's quantity."""
    line, source, target = take.line, take.movement.source, take.movement.target
    item, head, one = line.item_id, (posting.pk, line.pk, line.item_id), scaled(1)
    passage = (
        posting.date,
        str(source or ""),
        line.location_id if source in HELD else None,
        str(target),
        take.goal if target in HELD else None,
    )
    if not line.item.is_serialized:
        return [(*head, None, scaled(take.quantity), *passage, scaled(take.cost), None, None)]
    if source is not None:
        return [
            (*head, u.id, one, *passage, scaled(u.unit_cost), u.moved_on, u.last_posting)
            for u in take.units
        ]
    return [
        (*head, arrived[item, key], one, *passage, scaled(cost), None, None)
        for (key, _), cost in zip(take.numbers, take.costs(), strict=True)
    ]


def _give_back(moves: StockMoveQuerySet, balances: Balances) -> int:
    """Undo what the moves did to the quantities; the number of units among them."""
    groups = moves.values_list(
        "item", "source_status", "source_location", "target_status", "target_location"
    ).annotate(Sum("quantity"), Sum("cost"), Count("unit"))
    units = 0
    for item, source, origin, target, place, quantity, cost, count in groups:
        if target in HELD:
            balances.stock((item, place), target, -quantity, -cost)
        if source in HELD:
            balances.stock((item, origin), source, quantity, cost)
        units += count
    return units


def _restore(moves: StockMoveQuerySet, units: int) -> None:
    """Each unit is again what it was before the move; one that arrived by it is voided."""
    day = Coalesce("source_date", "date")
    # Where a unit was seen last that came back from where it had gone.
    left = StockMove.objects.filter(unit=OuterRef("unit"), posting=OuterRef("source_posting"))
    seen = Case(When(GONE, then=Subquery(left.order_by().values("source_location")[:1])))
    rows = moves.filter(unit__isnull=False).values_list(
        "unit_id",
        "target_status",
        "target_location_id",
        BEFORE,
        "source_location_id",
        Coalesce("source_location_id", seen, "target_location_id", output_field=ID),
        Case(When(source_status__in=HELD, then=None), default=day),
        day,
        Coalesce("source_posting", "posting_id", output_field=ID),
    )
    _guarded(rows, units)


def _mirrored(moves: StockMoveQuerySet, posting: Posting, mirror: Posting) -> sets.Query:
    """The rows that take back the moves of a posting."""
    return moves.values_list(
        Value(mirror.pk),
        "line_id",
        "item_id",
        "unit_id",
        "quantity",
        Value(mirror.date),
        "target_status",
        "target_location_id",
        BEFORE,
        "source_location_id",
        "cost",
        Value(posting.date),
        Value(posting.pk),
    )


def _named(line: TransactionLine, known: serials.Known) -> list[Row]:
    found = []
    for number in line.serials:
        units = known.get((line.item_id, numbers.key(number)), ())
        held = next((u.id for u in units if u.location_id), None)
        found.append((line.pk, held, number, None, None))
    return found
