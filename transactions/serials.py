"""Which units a document's serial numbers stand for, and why some cannot be taken.

Reads only. Everything is asked for the whole document at once: the number of statements does not
depend on the number of units (SPEC §6).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from accounting.fields import spread
from inventory import sets
from items import numbers
from items.models import SerialUnit
from items.refusals import Refusal, refuse
from locations.models import Location
from transactions.models import StockMove, Transaction, TransactionLine
from transactions.types.base import Movement, Serials

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


Known = Mapping[tuple[int, str], Sequence[Unit]]


@dataclass
class Take:
    """What one line moves: numbers of new units, or known units; and their total cost."""

    line: TransactionLine
    movement: Movement
    numbers: list[str] = field(default_factory=list)  # of new units, as typed
    units: list[Unit] = field(default_factory=list)  # known ones
    cost: Decimal = Decimal("0.00")

    @property
    def quantity(self) -> Decimal:
        return abs(self.line.quantity)

    def costs(self) -> list[Decimal]:
        """The cost of each unit: its own, or its share of what the line cost."""
        if self.units:
            return [unit.unit_cost for unit in self.units]
        return spread(self.cost, len(self.numbers)) if self.numbers else []


def known_units(pairs: Iterable[tuple[int, str]], *, lock: bool = True) -> Known:
    """Every unit that carries one of the (item id, number key) pairs, locked in that order."""
    units = SerialUnit.objects.listed().with_keys(pairs)
    if lock:
        units = units.select_for_update(no_key=True, of=("self",))
    found: dict[tuple[int, str], list[Unit]] = {}
    rows = units.order_by("item_id", "number_key", "id").values_list(*Unit._fields)
    for unit in map(Unit._make, rows.iterator(chunk_size=10_000)):
        found.setdefault((unit.item_id, unit.number_key), []).append(unit)
    return found


def typed(lines: Iterable[TransactionLine]) -> list[tuple[int, str]]:
    """The (item id, number key) pairs typed on the lines, malformed ones left out."""
    return [
        (line.item_id, numbers.key(number))
        for line in lines
        for number in line.serials
        if not numbers.problem(number)
    ]


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


def resolve(takes: Sequence[Take], known: Known, day: date) -> tuple[list[Refusal], list[Refusal]]:
    """Find the unit behind each number, filling in the takes; (refusals, notices).

    SPEC §6.2, the columns of NEW (receipt, adjustment in) and ON_HAND (pick, adjust out).
    """
    faults: list[tuple[TransactionLine, str, str, Unit]] = []
    refusals: list[Refusal] = []
    for take in takes:
        for number in take.line.serials:
            if numbers.problem(number):
                continue  # SER-08 says so
            units = known.get((take.line.item_id, numbers.key(number)), ())
            code, unit = _judge(take, units, day)
            if code and unit:
                faults.append((take.line, number, code, unit))
            elif code:
                refusals.append(never_received(take.line, number))
            if take.movement.serials is Serials.NEW:
                take.numbers.append(number)
            elif unit and not code:
                take.units.append(unit)
    said = Explanation(unit for *_, unit in faults)
    refusals += [said.refusal(*fault) for fault in faults if fault[2] != "SER-19"]
    return refusals, [said.refusal(*fault) for fault in faults if fault[2] == "SER-19"]


def _judge(take: Take, units: Sequence[Unit], day: date) -> tuple[str, Unit | None]:
    """The code that a number earns, and the unit it is about."""
    held = next((u for u in units if u.location_id), None)
    latest = max(units, key=_by_posting, default=None)
    too_early = next((u for u in units if u.moved_on > day), None)
    if take.movement.serials is Serials.NEW:
        if held:
            return ("SER-01" if held.status == Status.ON_HAND else "SER-02"), held
        if too_early:
            return "SER-14", too_early
        return ("SER-19", latest) if latest else ("", None)
    if not held:
        return "SER-04", latest
    if held.status != Status.ON_HAND:
        return "SER-12", held
    if held.location_id != take.line.location_id:
        return "SER-05", held
    return ("SER-14", too_early) if too_early else ("", held)


class Explanation:
    """Puts the codes into words: where each unit is, and which document brought it there."""

    def __init__(self, units: Iterable[Unit]) -> None:
        about = {unit.id: unit for unit in units}
        self.moves = latest_moves(about.values()) if about else {}
        self.places = (
            Location.objects.in_bulk({u.location_id for u in about.values() if u.location_id})
            if about
            else {}
        )

    def refusal(
        self, line: TransactionLine, number: str, code: str, unit: Unit, day: date | None = None
    ) -> Refusal:
        move = self.moves[unit.id]
        place = self.places.get(unit.location_id or 0)
        if code == "SER-17" or (code == "SER-05" and place and place.inactive):
            return refuse("SER-17", line.line_no, _serial_url(unit), location=place)
        document = move.line.transaction
        facts: dict[str, Any] = {
            "sn": unit.number if code in ("SER-01", "SER-02") else number,
            "item": line.item,
            "location": line.location,
            "place": self._place(unit, move, place),
            "document": document,
            "date": day_of(move.date),
            "user": move.posting.by,
            "last": f"Last movement: {document.kind.label} {document} on {day_of(move.date)}.",
        }
        if code == "SER-14":
            return self._too_early(line, number, move, day or line.transaction.date)
        if code == "SER-19":
            facts["document"] = f"{document.kind.label} {document}"
        url = document.get_absolute_url() if code in AT_DOCUMENT else _serial_url(unit)
        return refuse(code, line.line_no, url, **facts)

    @staticmethod
    def _place(unit: Unit, move: StockMove, place: Location | None) -> str:
        order = move.line.transaction.created_from or move.line.transaction
        if unit.status == Status.PICKED:
            return f"picked for {order}"
        if unit.status == Status.IN_TRANSIT:
            return f"in transit on {order}"
        return str(place or "")

    @staticmethod
    def _too_early(line: TransactionLine, number: str, move: StockMove, day: date) -> Refusal:
        """SER-14: what the number was doing on the day, and the later document."""
        document = move.line.transaction
        held = move.source_location_id is not None
        state = f"on hand at {move.source_location}" if held else "not on hand"
        return refuse(
            "SER-14",
            line.line_no,
            document.get_absolute_url(),
            sn=number,
            date=day_of(day),
            state=state,
            document=document,
            date2=day_of(move.date),
        )


# Refusals that lead to the document that stands in the way; the others to the serial number.
AT_DOCUMENT = {"SER-02", "SER-04", "SER-12", "SER-16", "SER-19"}


def latest_moves(units: Iterable[Unit]) -> dict[int, StockMove]:
    """By unit id, the move that made each unit what it is, with its document."""
    pairs = [(unit.id, unit.last_posting) for unit in units]
    moves = StockMove.objects.filter(
        pk__in=sets.ids_matching(StockMove, ("unit_id", "posting_id"), pairs)
    ).select_related("posting__by", "line__transaction__created_from", "source_location")
    return {move.unit_id: move for move in moves if move.unit_id}


def wishes(lines: Sequence[TransactionLine], known: Known) -> list[Refusal]:
    """Warnings about numbers designated on an order: they hold nothing, so none refuses.

    SPEC §6.2, the row of designations: SER-04, SER-12, SER-17, each to be confirmed.
    """
    doubts = []
    for line in lines:
        for number in line.serials:
            units = known.get((line.item_id, numbers.key(number)), ())
            held = next((u for u in units if u.location_id), None)
            doubts.append((line, number, held, max(units, key=_by_posting, default=None)))
    said = Explanation(unit for _, _, held, latest in doubts if (unit := held or latest))
    return [
        replace(refusal, asks=True)
        for line, number, held, latest in doubts
        if (refusal := _doubt(said, line, number, held, latest))
    ]


def _doubt(
    said: Explanation, line: TransactionLine, number: str, held: Unit | None, latest: Unit | None
) -> Refusal | None:
    if held is None and latest is None:
        return never_received(line, number)
    if held is None and latest:
        return said.refusal(line, number, "SER-04", latest)
    if held and held.status != Status.ON_HAND:
        return said.refusal(line, number, "SER-12", held)
    if held and said.places[held.location_id].inactive:
        return said.refusal(line, number, "SER-17", held)
    return None


def never_received(line: TransactionLine, number: str) -> Refusal:
    return refuse("SER-04", line.line_no, sn=number, item=line.item, last="It was never received.")


def _by_posting(unit: Unit) -> int:
    return unit.last_posting


def taken_meanwhile(takes: Sequence[Take]) -> list[Refusal]:
    """SER-16 for every new number that somebody else brought in since we looked."""
    known = known_units(typed(take.line for take in takes), lock=False)
    rivals = [
        (take.line, number, "SER-16", unit)
        for take in takes
        for number in take.numbers
        for unit in known.get((take.line.item_id, numbers.key(number)), ())
        if unit.location_id
    ]
    said = Explanation(unit for *_, unit in rivals)
    return [said.refusal(*rival) for rival in rivals]


def later_documents(units: Iterable[Unit], posting_id: int) -> list[Refusal]:
    """SER-13 for every number that moved after the posting that is to be undone."""
    later = [unit for unit in units if unit.last_posting > posting_id]
    moves = latest_moves(later) if later else {}
    return [
        refuse(
            "SER-13",
            sn=unit.number,
            documents=moves[unit.id].line.transaction,
            url=moves[unit.id].line.transaction.get_absolute_url(),
        )
        for unit in later
    ]


def units_on(document: Transaction, status: str) -> dict[int, list[Unit]]:
    """By line id, the units that the document's own standing moves brought into a state."""
    moves = StockMove.objects.standing().filter(
        line__transaction=document, unit__isnull=False, unit__status=status, target_status=status
    )
    columns = [f"unit__{name}" for name in Unit._fields]
    found: dict[int, list[Unit]] = {}
    rows = moves.order_by("unit__item_id", "unit__number_key").values_list("line_id", *columns)
    for line_id, *unit in rows:
        found.setdefault(line_id, []).append(Unit._make(unit))
    return found


def day_of(day: date) -> str:
    return f"{day:%Y-%m-%d}"


def _serial_url(unit: Unit) -> str:
    return SerialUnit(item_id=unit.item_id, number=unit.number).get_absolute_url()
