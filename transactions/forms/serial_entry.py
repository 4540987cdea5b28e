"""The serial numbers of one line as typed, ticked in the list of stock, or replaced on demand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import QuerySet

from items import numbers
from items.models import Item, SerialUnit
from items.refusals import Refusal
from locations.models import Location
from transactions.serials import Unit

if TYPE_CHECKING:
    from transactions.forms.generator import Generator

ROWS = 50  # bad numbers shown to be mended; the others follow as these are done
LISTED = 200  # units shown to tick; the box takes any number


class Replacement(NamedTuple):
    """A number the user was asked to replace: as first typed, and what it stands for now."""

    box: str
    original: str
    current: str


def replacements(data: Mapping[str, Any]) -> list[Replacement]:
    """The dialog's rows as submitted; an empty answer leaves the number as it was."""
    columns = ("conflict-box", "conflict", "conflict-current", "replacement")
    rows = zip(*(data.getlist(name) for name in columns), strict=True)  # type: ignore[attr-defined]
    return [
        Replacement(box, original, numbers.tidy(answer) or current)
        for box, original, current, answer in rows
    ]


class Bad(NamedTuple):
    """A number that cannot be taken as it is, or not without a question, and why."""

    number: str
    refusals: Sequence[Refusal]

    @property
    def asks(self) -> bool:
        """Whether it is only doubtful: it may be confirmed on saving."""
        return all(refusal.asks for refusal in self.refusals)


@dataclass
class SerialEntry:
    """One box of serial numbers on the page.

    `key` names it ("entry", "line-12"); `typed` are its numbers, `replaced` the answers of the
    prompt by the number's key. What the user typed stays until every answer is good.
    """

    key: str
    text: str = ""
    replaced: dict[str, str] = field(default_factory=dict)
    needed: Decimal | None = None
    refusals: list[Refusal] = field(default_factory=list)
    stock: StockList | AwayList | None = None
    can_pick: bool = False
    exact: bool = True  # False: fewer numbers than units will do
    _read: tuple[str, list[str]] | None = field(default=None, repr=False)
    locked: bool = False  # the numbers are known: they can be picked from, not typed
    focus: bool = False  # whether the cursor belongs here
    item: Item | None = None
    live: bool = False  # a script keeps the numbers; the page shows no text of that size
    can_generate: bool = False
    generator: Generator | None = None
    echoes: bool = False  # the numbers were read out of a file or a range: the page is told them

    @property
    def typed(self) -> list[str]:
        if self._read is None or self._read[0] != self.text:
            self._read = (self.text, numbers.split(self.text))
        return self._read[1]

    @property
    def entered(self) -> int:
        return len(self.typed)

    @property
    def excess(self) -> list[Refusal]:
        """Why its numbers are not even looked up: there are too many, or they are no numbers."""
        said = numbers.excess(self.typed)
        return [Refusal(said)] if said else []

    @property
    def current(self) -> list[str]:
        """The numbers with the replacements in place."""
        if not self.replaced:
            return self.typed
        return [self.replaced.get(numbers.key(number), number) for number in self.typed]

    @property
    def keys(self) -> set[str]:
        return {numbers.key(number) for number in self.typed}

    @property
    def rows(self) -> int:
        """Lines the box shows; it scrolls beyond that."""
        return min(max(self.text.count("\n") + 1, 3), 12)

    @property
    def bad(self) -> list[Bad]:
        """The numbers that something is wrong with, in the order in which it is said."""
        found: dict[str, list[Refusal]] = {}
        for refusal in self.refusals:
            if refusal.number:
                found.setdefault(refusal.number, []).append(refusal)
        return [Bad(number, refusals) for number, refusals in found.items()]

    @property
    def shown(self) -> list[Bad]:
        """Those that have a row on the page."""
        return self.bad[:ROWS]

    @property
    def rest(self) -> list[Bad]:
        return self.bad[ROWS:]

    @property
    def wrong(self) -> int:
        return sum(not bad.asks for bad in self.bad)

    @property
    def remaining(self) -> Decimal:
        """How many are still wanted; below zero, how many are too many."""
        return (self.needed or Decimal(0)) - self.entered

    @property
    def too_many(self) -> Decimal:
        return max(-self.remaining, Decimal(0))

    @property
    def about_line(self) -> list[Refusal]:
        """What is wrong with the line as a whole."""
        return [refusal for refusal in self.refusals if not refusal.number]

    def mend(self, changes: Mapping[str, str]) -> None:
        """Put other numbers in the place of some, by their keys; nothing leaves a number out."""
        if not changes:
            return
        times = Counter(map(numbers.key, self.typed))
        kept, seen = [], set()
        for number in self.typed:
            key = numbers.key(number)
            first_of_many = times[key] > 1 and key not in seen  # one of them may stay
            seen.add(key)
            kept.append(number if first_of_many else changes.get(key, number))
        self.text = "\n".join(number for number in kept if number)

    def swap(self, find: str, other: str) -> None:
        """Find a piece of text, large or small letters alike, and replace it in every number."""
        if find:
            piece = re.compile(re.escape(find), re.IGNORECASE)
            self.text = "\n".join(piece.sub(lambda _: other, number) for number in self.typed)

    def replace(self, answers: Iterable[Replacement]) -> None:
        mine = [answer for answer in answers if answer.box == self.key]
        self.replaced = {numbers.key(answer.original): answer.current for answer in mine}

    def settle(self) -> None:
        """Write the replacements into the text: they were all accepted."""
        if self.replaced:
            self.text, self.replaced = "\n".join(self.current), {}

    def add(self, more: Iterable[str]) -> None:
        present = self.keys
        self.text = "\n".join([*self.typed, *(n for n in more if numbers.key(n) not in present)])

    def remove(self, keys: Iterable[str]) -> None:
        unwanted = set(keys)
        self.text = "\n".join(n for n in self.typed if numbers.key(n) not in unwanted)

    def tick(self, listed: Iterable[str], ticked: Iterable[str]) -> None:
        """Follow the ticks in the list of stock, for browsers without JavaScript."""
        present = self.keys
        wanted = {numbers.key(number) for number in ticked}
        shown = {numbers.key(number) for number in listed}
        if unwanted := (shown - wanted) & present:
            self.remove(unwanted)
        if missing := [number for number in ticked if numbers.key(number) not in present]:
            self.add(missing)


@dataclass
class AwayList:
    """The units that a sale sold, or a shipment sent, and that did not come back."""

    found: Sequence[Unit]
    location: str  # in words, for the page
    search: str = ""

    @property
    def units(self) -> list[Unit]:
        key = numbers.key(self.search)
        return [unit for unit in self.found if key in unit.number_key][:LISTED]

    def oldest(self, count: int, without: Iterable[str]) -> list[str]:
        """The first `count` numbers that are not among those entered already."""
        entered = {numbers.key(number) for number in without}
        return [unit.number for unit in self.found if unit.number_key not in entered][:count]


@dataclass
class StockList:
    """The units on hand that a line can take, the oldest first (SPEC §7.4)."""

    item: Item
    location: Location
    search: str = ""

    @property
    def free(self) -> QuerySet[SerialUnit]:
        units = SerialUnit.objects.on_hand().filter(item=self.item, location=self.location)
        return units.order_by("received_on", "id")

    @property
    def units(self) -> list[SerialUnit]:
        found = self.free
        if self.search:
            found = found.filter(number_key__contains=numbers.key(self.search))
        return list(found[:LISTED])

    def oldest(self, count: int, without: Iterable[str]) -> list[str]:
        """The numbers of the first `count` units that are not among those entered already."""
        entered = {numbers.key(number) for number in without}
        first = self.free.values_list("number", "number_key")[: count + len(entered)]
        return [number for number, key in first if key not in entered][:count]
