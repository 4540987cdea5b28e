"""What a count comes to: found, missing, at another place, unknown (SPEC §4.11). Reads only.

All is judged against where things are now, not where they were when counting started. The number
of statements does not depend on the number of units.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from django.db.models import Count, Q, Subquery, Sum

from items import numbers
from items.models import Item, ItemLocation, SerialUnit
from items.refusals import Refusal
from locations.models import Location
from transactions.balances import Place
from transactions.models import LineUnit, StockMove, Transaction, TransactionLine
from transactions.serials import Unit, known_units
from transactions.types.inventory_count import UNDER_WAY, Status

ON_HAND = SerialUnit.Status.ON_HAND
ZERO = Decimal(0)
# What is easily taken for one another on a label, or by whoever types it in. Keys are lower case.
LOOKS_LIKE = str.maketrans("oilbsz", "011852")


class Figures(NamedTuple):
    """How many of a line are found, missing, at another place and unknown."""

    found: Decimal
    missing: Decimal
    elsewhere: Decimal
    unknown: Decimal


@dataclass
class Finding:
    """What was counted of one item, held against what is there."""

    line: TransactionLine
    on_hand: Decimal
    moved: Decimal  # how many came or went since counting started
    cost: Decimal | None  # of a unit too many: as typed, else as bought last
    seen: Mapping[str, str] = field(default_factory=dict)  # as typed, by number key
    here: Mapping[str, Unit] = field(default_factory=dict)  # on hand at the location
    others: Mapping[str, Unit] = field(default_factory=dict)  # seen, but held in another way
    inactive: Collection[int] = ()  # ids of inactive locations

    @cached_property
    def found(self) -> list[Unit]:
        return [unit for key, unit in self.here.items() if key in self.seen]

    @cached_property
    def missing(self) -> list[Unit]:
        return [unit for key, unit in self.here.items() if key not in self.seen]

    @cached_property
    def elsewhere(self) -> list[Unit]:
        """On hand at another location: a transfer is proposed."""
        return [unit for unit in self.others.values() if self._is_movable(unit)]

    @cached_property
    def blocked(self) -> list[Unit]:
        """Picked, in transit or at an inactive location: they stand in the way of approval."""
        return [unit for unit in self.others.values() if not self._is_movable(unit)]

    @cached_property
    def unknown(self) -> list[str]:
        """Not held anywhere: an adjustment in is proposed."""
        known = self.here.keys() | self.others.keys()
        return [number for key, number in self.seen.items() if key not in known]

    @cached_property
    def answers(self) -> dict[str, str | Unit]:
        """By number key, what a seen number turned out to be: a word, or the unit held."""
        said = {key: "Found" if key in self.here else "Unknown" for key in self.seen}
        return {**said, **self.others}

    @property
    def change(self) -> Decimal:
        """What the count adds to an ordinary item."""
        return self.line.quantity - self.on_hand

    @property
    def figures(self) -> Figures:
        if self.line.item.is_serialized:
            answers = (self.found, self.missing, self.elsewhere, self.unknown)
            return Figures(*(Decimal(len(answer)) for answer in answers))
        found = min(self.line.quantity, self.on_hand)
        return Figures(found, self.on_hand - found, ZERO, self.line.quantity - found)

    @property
    def differs(self) -> bool:
        return any(self.figures[1:]) or bool(self.blocked)

    def _is_movable(self, unit: Unit) -> bool:
        return unit.status == ON_HAND and unit.location_id not in self.inactive


def findings(
    document: Transaction, lines: Sequence[TransactionLine], *, lock: bool = False
) -> list[Finding]:
    """What each line of a count comes to now; `lines` come with their items.

    `lock` takes the units in their order, for the approval that moves them.
    """
    items = [line.item_id for line in lines]
    seen = numbers_seen(lines)
    here = _units_here(document, items)
    others = _others(lines, seen, here, lock=lock)
    stock = ItemLocation.objects.filter(item__in=items, location=document.location_id)
    on_hand = dict(stock.values_list("item_id", "on_hand"))
    moved, costs = _moved_since_start(document, items), _costs(items)
    inactive = set(Location.objects.filter(inactive=True).values_list("pk", flat=True))
    return [
        Finding(
            line,
            on_hand=on_hand.get(line.item_id, ZERO),
            moved=moved.get(line.item_id, ZERO),
            cost=costs[line.item_id] if line.override_rate is None else line.override_rate,
            seen=seen.get(line.pk, {}),
            here=here.get(line.item_id, {}),
            others=others.get(line.item_id, {}),
            inactive=inactive,
        )
        for line in lines
    ]


def numbers_seen(lines: Sequence[TransactionLine]) -> dict[int, dict[str, str]]:
    """By line id, the numbers that were counted, by their keys."""
    rows = LineUnit.objects.filter(line__in=[line.pk for line in lines]).order_by("id")
    found: dict[int, dict[str, str]] = {}
    for line, number in rows.values_list("line_id", "number"):
        found.setdefault(line, {})[numbers.key(number)] = number
    return found


def _units_here(document: Transaction, items: Sequence[int]) -> dict[int, dict[str, Unit]]:
    units = SerialUnit.objects.on_hand().filter(item__in=items, location=document.location_id)
    found: dict[int, dict[str, Unit]] = {}
    for unit in map(Unit._make, units.order_by("number_key").values_list(*Unit._fields)):
        found.setdefault(unit.item_id, {})[unit.number_key] = unit
    return found


def _others(
    lines: Sequence[TransactionLine],
    seen: Mapping[int, Mapping[str, str]],
    here: Mapping[int, Mapping[str, Unit]],
    *,
    lock: bool,
) -> dict[int, dict[str, Unit]]:
    """By item and number key, the units behind seen numbers that are held but not here."""
    wanted = {(line.item_id, key) for line in lines for key in seen.get(line.pk, ())}
    there = {(item, key) for item, units in here.items() for key in units}
    pairs = sorted(wanted | there if lock else wanted - there)
    found: dict[int, dict[str, Unit]] = {}
    for (item, key), units in (known_units(pairs, lock=lock) if pairs else {}).items():
        held = next((unit for unit in units if unit.location_id), None)
        if held and (item, key) not in there:
            found.setdefault(item, {})[key] = held
    return found


def _moved_since_start(document: Transaction, items: Sequence[int]) -> dict[int, Decimal]:
    """By item, how many units came to the location or left it since counting started."""
    place = document.location_id
    started = document.postings.filter(step=Status.STARTED).order_by("-id").values("pk")[:1]
    came_or_went = Q(source_location=place, source_status=ON_HAND) | Q(
        target_location=place, target_status=ON_HAND
    )
    moves = StockMove.objects.filter(
        came_or_went, item__in=items, posting_id__gt=Subquery(started)
    ).order_by()
    rows = moves.values_list("item_id").annotate(Count("unit", distinct=True), Sum("quantity"))
    return {item: Decimal(units) or quantity for item, units, quantity in rows}


def _costs(items: Sequence[int]) -> dict[int, Decimal | None]:
    """By item, what a unit cost that came in last, else what it is bought for."""
    counted = Item.objects.filter(pk__in=items)
    return {**dict(counted.values_list("pk", "purchase_price")), **counted.last_prices()}


def look_alikes(found: Sequence[Finding]) -> dict[tuple[int, str], Unit]:
    """By line id and unknown number, the unit on hand whose number looks like it.

    Those that are missing first; then those seen here, then those on hand elsewhere.
    """
    puzzled = [finding for finding in found if finding.unknown]
    if not puzzled:
        return {}
    away: dict[int, list[Unit]] = {}
    units = SerialUnit.objects.on_hand().filter(item__in=[f.line.item_id for f in puzzled])
    rows = units.exclude(location__in={f.line.location_id for f in puzzled})
    for unit in map(Unit._make, rows.order_by("number_key").values_list(*Unit._fields)):
        away.setdefault(unit.item_id, []).append(unit)
    hints = {}
    for finding in puzzled:
        known = [*away.get(finding.line.item_id, ()), *finding.found, *finding.missing]
        by_look = {_look(unit.number_key): unit for unit in known}
        for number in finding.unknown:
            if alike := by_look.get(_look(numbers.key(number))):
                hints[finding.line.pk, number] = alike
    return hints


def _look(key: str) -> str:
    return key.translate(LOOKS_LIKE)


def places(lines: Sequence[TransactionLine]) -> set[Place]:
    """The item-location rows of the units behind the seen numbers, wherever they are held."""
    seen = numbers_seen(lines)
    pairs = [(line.item_id, key) for line in lines for key in seen.get(line.pk, ())]
    known = known_units(pairs, lock=False) if pairs else {}
    return {
        (unit.item_id, unit.location_id)
        for units in known.values()
        for unit in units
        if unit.location_id
    }


def under_way(document: Transaction, lines: Sequence[TransactionLine]) -> list[Refusal]:
    """An item is in one open count at a location, not in two."""
    others = TransactionLine.objects.filter(
        item__in=[line.item_id for line in lines],
        location=document.location_id,
        transaction__type=document.type,
        transaction__status__in=UNDER_WAY,
    ).exclude(transaction=document)
    numbered = {line.item_id: line.line_no for line in lines}
    return [
        Refusal(
            f"{other.item} is being counted at {document.location} on {other.transaction}. "
            "Finish or void that count first.",
            line=numbered[other.item_id],
            url=other.transaction.get_absolute_url(),
        )
        for other in others.select_related("item", "transaction").order_by("pk")
    ]
