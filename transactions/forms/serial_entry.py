"""The serial numbers of one line as typed, ticked in the list of stock, or replaced on demand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import QuerySet

from items import numbers
from items.models import Item, SerialUnit
from items.refusals import Refusal
from locations.models import Location

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
    stock: StockList | None = None
    can_pick: bool = False
    exact: bool = True  # False: fewer numbers than units will do
    focus: bool = False  # whether the cursor belongs here

    @property
    def typed(self) -> list[str]:
        return numbers.split(self.text)

    @property
    def entered(self) -> int:
        return len(self.typed)

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
