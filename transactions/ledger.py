"""How a posting is written down: units, stock moves, journal, and each unit's share of a line.

Only `transactions/posting.py` calls these, inside its transaction and under its locks. Every
function is a fixed number of statements, however many units there are.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction

from accounting.fields import scaled, spread
from accounting.models import JournalEntry, JournalLine
from inventory import sets
from items import numbers
from items.models import SerialUnit
from items.refusals import Refused
from transactions import serials
from transactions.balances import Balances
from transactions.models import LineUnit, Posting, StockMove, TransactionLine
from transactions.serials import Take, Unit
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


class Move(NamedTuple):
    """A row of the stock ledger, as the database holds it."""

    posting_id: int
    line_id: int
    item_id: int
    unit_id: int | None
    quantity: Any
    date: datetime.date
    source_status: str
    source_location_id: int | None
    target_status: str
    target_location_id: int | None
    cost: Any
    source_date: datetime.date | None
    source_posting: int | None


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
    sets.insert(JournalLine, columns, rows, ("id",))


def move(posting: Posting, takes: Sequence[Take], balances: Balances) -> None:
    """Move every unit of the takes: the units, the log, and the quantities.

    Raises Refused: SER-16 for every new number that somebody else brought in meanwhile.
    """
    arrived = _arrive(posting, takes)
    known = [_passing(unit, take, posting) for take in takes for unit in take.units]
    _guarded(known)
    rows: list[Move] = []
    for take in takes:
        rows += _log(posting, take, arrived)
        place = (take.line.item_id, take.line.location_id)
        if take.movement.source in HELD:
            balances.stock(place, take.movement.source, -take.quantity, -take.cost)
        if take.movement.target in HELD:
            balances.stock(place, take.movement.target, take.quantity, take.cost)
    sets.insert(StockMove, Move._fields, rows, ("id",))


def reverse(posting: Posting, mirror: Posting, balances: Balances) -> None:
    """Write the mirror image of a posting's moves and journal.

    Each unit becomes again what the move before the undone one had made of it; a unit that
    arrived by it is voided.
    """
    moves = [
        Move._make(row)
        for row in StockMove.objects.filter(
            posting=posting, line__transaction_id=posting.document_id
        )
        .order_by("item_id", "unit__number_key", "id")
        .values_list(*Move._fields)
    ]
    _restore(moves)
    rows = []
    for made in moves:
        place, origin = made.target_location_id, made.source_location_id
        if made.target_status in HELD:
            balances.stock(
                (made.item_id, place or 0), made.target_status, -made.quantity, -made.cost
            )
        if made.source_status in HELD:
            balances.stock(
                (made.item_id, origin or 0), made.source_status, made.quantity, made.cost
            )
        rows.append(
            made._replace(
                posting_id=mirror.pk,
                quantity=scaled(made.quantity),
                date=mirror.date,
                source_status=made.target_status,
                source_location_id=place,
                target_status=made.source_status or Status.VOIDED.value,
                target_location_id=origin,
                cost=scaled(made.cost),
                source_date=posting.date,
                source_posting=posting.pk,
            )
        )
    sets.insert(StockMove, Move._fields, rows, ("id",))
    booked = JournalLine.objects.filter(entry__posting=posting).order_by("id")
    book(
        mirror,
        [(x.source_line, Pair(x.credit_id, x.debit_id, x.amount)) for x in booked],
    )


def share(kind: Kind, lines: Sequence[TransactionLine]) -> None:
    """Write down the designated numbers, or each unit's share of an invoiced amount.

    Shares are in cents and add up to the line's amount (SPEC §5.2 rule 2).
    """
    rows: list[Row] = []
    if kind.designates:
        pairs = serials.typed(lines)
        known = serials.known_units(pairs, lock=False) if pairs else {}
        rows = [row for line in lines for row in _designations(line, known)]
    elif kind.shares_amount:
        sold = sold_units(lines)
        for line in lines:
            units = sold.get(line.created_from_line_id or 0, [])
            shares = spread(line.amount, len(units)) if units else []
            rows += [
                (line.pk, unit, "", scaled(part)) for unit, part in zip(units, shares, strict=True)
            ]
    sets.insert(LineUnit, ("line_id", "unit_id", "number", "amount"), rows, ("id",))


def sold_units(lines: Sequence[TransactionLine]) -> dict[int, list[int]]:
    """The ids of the units that each line's parent shipped, by the parent line's id."""
    sold: dict[int, list[int]] = {}
    moves = StockMove.objects.standing().sales().filter(
        line__in=[line.created_from_line_id for line in lines], unit__isnull=False
    )  # fmt: skip
    for line_id, unit_id in moves.order_by("id").values_list("line_id", "unit_id"):
        sold.setdefault(line_id, []).append(unit_id)
    return sold


def _arrive(posting: Posting, takes: Sequence[Take]) -> dict[tuple[int, str], int]:
    """Insert the new units, in the order of item and number so that rivals never deadlock.

    The serial rule has the last word: where its constraint refuses, we look again and name every
    number that somebody else brought in. Gives the new ids by (item id, number key).
    """
    day, status = posting.date, Status.ON_HAND.value
    arrivals = sorted(
        (take.line.item_id, numbers.key(number), number, take.line.location_id, cost)
        for take in takes
        for number, cost in zip(take.numbers, take.costs(), strict=False)
    )
    rows = [
        (item, key, number, status, place, place, day, day, posting.pk, scaled(cost), "")
        for item, key, number, place, cost in arrivals
    ]
    try:
        with transaction.atomic():
            inserted = sets.insert(SerialUnit, ARRIVAL, rows, ("item_id", "number_key", "id"))
    except IntegrityError:
        if taken := serials.taken_meanwhile(takes):
            raise Refused(taken) from None
        raise
    return {(item, key): pk for item, key, pk in inserted}


def _passing(unit: Unit, take: Take, posting: Posting) -> Row:
    """The row of a guarded update: id, where the unit was seen, and what becomes of it."""
    held = take.movement.target in HELD
    place, left_on = (unit.location_id, None) if held else (None, posting.date)
    target = str(take.movement.target)
    last = unit.location_id
    return (
        unit.id, unit.status, unit.location_id, target, place, last, left_on, posting.date,
        posting.pk,
    )  # fmt: skip


def _guarded(rows: Sequence[Row]) -> None:
    """Change the units; refuse when one is no longer where it was seen."""
    if sets.update(SerialUnit, PROJECTION, rows, guard=GUARD) != len(rows):
        raise Refused(["A unit was moved by somebody else meanwhile. Look again and retry."])


def _log(posting: Posting, take: Take, arrived: dict[tuple[int, str], int]) -> list[Move]:
    """The log's rows for a line: one a unit, or one for an ordinary item's quantity."""
    line, source, target = take.line, take.movement.source, take.movement.target
    row = Move(
        posting.pk,
        line.pk,
        line.item_id,
        None,
        scaled(take.quantity),
        posting.date,
        str(source or ""),
        line.location_id if source in HELD else None,
        str(target),
        line.location_id if target in HELD else None,
        scaled(take.cost),
        None,
        None,
    )
    if not line.item.is_serialized:
        return [row]
    one = row._replace(quantity=scaled(1))
    if take.units:
        return [
            one._replace(
                unit_id=unit.id,
                cost=scaled(unit.unit_cost),
                source_date=unit.moved_on,
                source_posting=unit.last_posting,
            )
            for unit in take.units
        ]
    return [
        one._replace(unit_id=arrived[line.item_id, numbers.key(number)], cost=scaled(cost))
        for number, cost in zip(take.numbers, take.costs(), strict=True)
    ]


def _restore(moves: Sequence[Move]) -> None:
    """Each unit is again what it was before the move; one that arrived by it is voided."""
    rows: list[Row] = []
    for made in moves:
        if made.unit_id is None:
            continue
        seen = (made.target_status, made.target_location_id)
        again = (made.source_status or Status.VOIDED.value, made.source_location_id)
        last = made.source_location_id or made.target_location_id
        day, posting = made.source_date or made.date, made.source_posting or made.posting_id
        left_on = None if made.source_status in HELD else day
        rows.append((made.unit_id, *seen, *again, last, left_on, day, posting))
    _guarded(rows)


def _designations(line: TransactionLine, known: serials.Known) -> list[Row]:
    found = []
    for number in line.serials:
        units = known.get((line.item_id, numbers.key(number)), ())
        held = next((u.id for u in units if u.location_id), None)
        found.append((line.pk, held, number, None))
    return found
