"""The serial numbers of a document's lines, and the units that stand behind them.

Reads only. Everything is asked for the whole document at once: the number of statements does not
depend on the number of units (SPEC §6).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import F

from accounting.fields import spread
from inventory import sets
from items import numbers
from items.models import SerialUnit, SerialUnitQuerySet
from items.refusals import Refusal, refuse
from locations.models import Location
from transactions.models import (
    Posting,
    StockMove,
    StockMoveQuerySet,
    Transaction,
    TransactionLine,
)
from transactions.types.base import Kind, Movement, Serials

Status = SerialUnit.Status


class Unit(NamedTuple):
    """What posting needs to know of a unit; far cheaper than a model instance."""

    id: int
    item_id: int
    number: str
    number_key: str
    status: str
    location_id: int | None
    unit_cost: Decimal
    moved_on: date
    last_posting: int


LOCK_ORDER = ("item_id", "number_key", "id")
Known = Mapping[tuple[int, str], Sequence[Unit]]


class Named(NamedTuple):
    """A number on a line: what decides whether two are the same, and as typed."""

    key: str
    number: str


@dataclass
class Take:
    """What one line moves: numbers of new units, or known units; and their total cost."""

    line: TransactionLine
    movement: Movement
    numbers: list[Named] = field(default_factory=list)  # of new units
    units: list[Unit] = field(default_factory=list)  # known ones
    cost: Decimal = Decimal("0.00")

    @property
    def quantity(self) -> Decimal:
        return abs(self.line.quantity)

    @property
    def goal(self) -> int:
        """The id of the location where what stays with us ends up."""
        return self.movement.to or self.line.location_id

    def costs(self) -> list[Decimal]:
        """The cost of each new unit: its share of what the line cost."""
        return spread(self.cost, len(self.numbers)) if self.numbers else []


def known_units(pairs: Iterable[tuple[int, str]], *, lock: bool = True) -> Known:
    """Every unit that carries one of the (item id, number key) pairs, locked in that order."""
    units = SerialUnit.objects.listed().with_keys(pairs).order_by(*LOCK_ORDER)
    if lock:
        units = units.select_for_update(no_key=True, of=("self",))
    found: dict[tuple[int, str], list[Unit]] = {}
    rows = units.values_list(*Unit._fields)
    for unit in map(Unit._make, rows.iterator(chunk_size=10_000)):
        found.setdefault((unit.item_id, unit.number_key), []).append(unit)
    return found


def named(line: TransactionLine) -> list[Named]:
    """The numbers typed on a line, malformed ones left out."""
    return [Named(numbers.key(n), n) for n in line.serials if not numbers.problem(n)]


def typed(lines: Iterable[TransactionLine]) -> list[tuple[int, str]]:
    """The (item id, number key) pairs typed on the lines, malformed ones left out."""
    return [(line.item_id, key) for line in lines for key, _ in named(line)]


def entry_refusals(lines: Sequence[TransactionLine], *, exact: bool = True) -> list[Refusal]:
    """What is wrong with the numbers as typed: malformed, repeated, too few or too many.

    SER-06, SER-07, SER-08. With exact=False fewer numbers than units are allowed (a designation).
    """
    refusals = []
    for line in lines:
        count = len(list(line.serials))
        if count > abs(line.quantity) or (exact and count != abs(line.quantity)):
            refusals.append(
                refuse("SER-06", line.line_no, quantity=abs(line.quantity), count=count)
            )
        refusals += [
            refuse("SER-08", line.line_no, sn=number, problem=problem)
            for number in line.serials
            if (problem := numbers.problem(number))
        ]
    return refusals + _repetitions(lines)


def _repetitions(lines: Sequence[TransactionLine]) -> list[Refusal]:
    every = [(line.item_id, numbers.key(number)) for line in lines for number in line.serials]
    if len(set(every)) == len(every):
        return []
    seen: dict[tuple[int, str], list[int]] = {}
    repeated: dict[tuple[int, str], tuple[TransactionLine, str]] = {}
    for line in lines:
        for number in line.serials:
            places = seen.setdefault((line.item_id, numbers.key(number)), [])
            places.append(line.line_no)
            if len(places) > 1:
                repeated[line.item_id, numbers.key(number)] = (line, number)
    return [
        refuse("SER-07", line.line_no, sn=number, item=line.item, lines=_lines(seen[pair]))
        for pair, (line, number) in repeated.items()
    ]


def _lines(places: Sequence[int]) -> str:
    distinct = sorted(set(places))
    return f"line{'s' * (len(distinct) > 1)} {', '.join(map(str, distinct))}"


def candidates_of(takes: Sequence[Take], kind: Kind) -> dict[int, dict[str, Unit]]:
    """By line number, the units that a line can bring back, by number key.

    Of a return, those that the sale sold and that did not come back; of a transfer's receipt,
    those that the shipment sent and that did not arrive.
    """
    origins: dict[int, list[Take]] = {}
    for take in takes:
        comes_back = take.movement.serials in (Serials.SOLD, Serials.SENT)
        if comes_back and (origin := kind.origin(take.line)):
            origins.setdefault(origin.pk, []).append(take)
    found: dict[int, dict[str, Unit]] = {}
    for line_id, units in still_away(origins).items():
        for take in origins[line_id]:
            found[take.line.line_no] = {unit.number_key: unit for unit in units}
    return found


def still_away(lines: Iterable[int]) -> dict[int, list[Unit]]:
    """By the id of the line that sold or sent them, the units whose latest move that was."""
    lines = list(lines)
    if not lines:
        return {}
    moves = StockMove.objects.standing().filter(
        line__in=lines, unit__last_posting=F("posting_id"), unit__status=F("target_status")
    )
    return _by_line(moves)


def units_on(document: Transaction, status: str) -> dict[int, list[Unit]]:
    """By line id, the units that the document's own standing moves brought into a state, locked.

    Should one move before it is locked, the guard of its update will tell.
    """
    moves = StockMove.objects.filter(
        line__transaction=document,
        posting__in=list(document.postings.standing()),
        unit__status=status,
        target_status=status,
    )
    found = _by_line(moves)
    ids = sets.ids(unit.id for units in found.values() for unit in units)
    lock(SerialUnit.objects.filter(pk__in=ids))
    return found


def moved_since(document: Transaction, posting_id: int) -> list[Unit]:
    """The units that carry a number moved by the document and that moved after the posting.

    Every unit that carries one of the numbers is locked.
    """
    moves = StockMove.objects.filter(line__transaction=document, unit__isnull=False)
    # Listed, not a subquery: of moves just written the database may think that there are few,
    # and go through them again for every unit.
    pairs = list(moves.order_by().values_list("unit__item_id", "unit__number_key").distinct())
    units = SerialUnit.objects.listed().with_keys(pairs)
    lock(units)
    later = units.filter(last_posting__gt=posting_id).order_by(*LOCK_ORDER)
    return [Unit._make(row) for row in later.values_list(*Unit._fields)]


def lock(units: SerialUnitQuerySet) -> None:
    """Lock units in the one order, by item, number key and id, without reading them."""
    sets.lock(units.order_by(*LOCK_ORDER).select_for_update(no_key=True, of=("self",)))


def _by_line(moves: StockMoveQuerySet) -> dict[int, list[Unit]]:
    columns = [f"unit__{name}" for name in Unit._fields]
    found: dict[int, list[Unit]] = {}
    rows = moves.order_by("unit__item_id", "unit__number_key").values_list("line_id", *columns)
    for line_id, *unit in rows:
        found.setdefault(line_id, []).append(Unit._make(unit))
    return found


def units_behind(lines: Sequence[TransactionLine]) -> dict[int, list[int]]:
    """By line id, the units it moved itself, or that the line moved from which it was made."""
    sources = {line.created_from_line_id or line.pk: line.pk for line in lines}
    moves = StockMove.objects.standing().filter(line__in=list(sources), unit__isnull=False)
    found: dict[int, dict[int, None]] = {}
    rows = moves.exclude(target_status=Status.PICKED).order_by("id")
    for source, unit in rows.values_list("line_id", "unit_id"):
        found.setdefault(sources[source], {})[unit] = None
    return {line: list(units) for line, units in found.items()}


def latest_moves(units: Iterable[Unit]) -> dict[int, StockMove]:
    """By unit id, the move that made each unit what it is, with its document.

    Thousands of units come from few documents: each document is read once.
    """
    pairs = [(unit.id, unit.last_posting) for unit in units]
    moves = StockMove.objects.filter(
        pk__in=sets.ids_matching(StockMove, ("unit_id", "posting_id"), pairs)
    )
    moves = moves.only("unit", "posting", "line", "source_location", "date").order_by()
    found = {move.unit_id: move for move in moves if move.unit_id}
    postings = Posting.objects.select_related("by").in_bulk({m.posting_id for m in found.values()})
    lines = TransactionLine.objects.select_related("transaction__created_from").in_bulk(
        {move.line_id for move in found.values()}
    )
    places = Location.objects.in_bulk(
        {m.source_location_id for m in found.values() if m.source_location_id}
    )
    for move in found.values():
        move.posting, move.line = postings[move.posting_id], lines[move.line_id]
        move.source_location = places.get(move.source_location_id or 0)
    return found
