"""Autogenerate: serial numbers that count up from a first one (SPEC §7.4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from items import numbers
from items.models import Item, SerialUnit
from items.numbers import MOST, Series
from items.refusals import Refusal
from transactions.forms.serial_entry import SerialEntry

FIELDS = ("prefix", "first", "digits", "suffix", "quantity")
SENT = {"quantity": "quantity-made"}  # beside the line's own quantity


class Generator:
    """The numbers to be made for a box; nothing goes into it before all of them are free."""

    def __init__(self, box: SerialEntry, item: Item, data: Mapping[str, str]) -> None:
        self.box, self.item = box, item
        given = {
            name: (data.get(f"{box.key}-{SENT.get(name, name)}") or "").strip() for name in FIELDS
        }
        self.values = given if given["first"] else {**self._proposal(), **_filled(given)}
        self.error = ""
        self.taken: list[str] = []

    def _proposal(self) -> dict[str, str]:
        """The series that the item's latest number belongs to, and how many are still wanted."""
        arrivals = self.item.moves.filter(unit__isnull=False, source_status="")
        latest = arrivals.order_by("-date", "-id").values_list("unit__number", flat=True).first()
        series = Series.of(latest or "") or Series("", 0, 1, "")
        missing = max(int(self.box.needed or 0) - self.box.entered, 0)
        return {
            "prefix": series.before,
            "first": str(series.first + 1),
            "digits": str(series.width),
            "suffix": series.after,
            "quantity": str(missing or ""),
        }

    def run(self, *, skip: bool) -> None:
        """Fill the box; with `skip`, numbers that are taken are passed over."""
        figures = self._figures()
        if figures is None:
            return
        first, digits, quantity = figures
        series = Series(self.values["prefix"], first, digits, self.values["suffix"])
        made: list[str] = []
        place = 0
        while len(made) < quantity and place <= 10 * MOST:
            batch = [series.number(place + n) for n in range(quantity - len(made))]
            place += len(batch)
            taken = self._taken(batch)
            if taken and not skip:
                self.taken = [number for number in batch if numbers.key(number) in taken]
                return
            made += [number for number in batch if numbers.key(number) not in taken]
        self.box.add(made)

    def _figures(self) -> tuple[int, int, int] | None:
        """First number, digits and quantity as numbers; None with what is wrong said."""
        values = self.values
        figures = [values[name] or "0" for name in ("first", "digits", "quantity")]
        if not all(figure.isascii() and figure.isdigit() for figure in figures):
            self.error = "First number, digits and quantity are whole numbers."
        elif not 0 < int(figures[2]) <= MOST:
            self.error = f"Enter a quantity from 1 to {MOST:,}."
        elif int(figures[1]) > numbers.LONGEST or len(figures[0]) > numbers.LONGEST:
            self.error = f"A serial number has at most {numbers.LONGEST} characters."
        else:
            first, digits, quantity = map(int, figures)
            sample = Series(values["prefix"], first + quantity, digits, values["suffix"]).number(0)
            if problem := numbers.problem(sample):
                self.error = f"“{sample}” cannot be a serial number: {problem}."
            else:
                return first, digits, quantity
        return None

    def _taken(self, batch: list[str]) -> set[str]:
        """The keys among the numbers that are in the box, or that the item has ever used."""
        pairs = [(self.item.pk, numbers.key(number)) for number in batch]
        known = SerialUnit.objects.listed().with_keys(pairs).values_list("number_key", flat=True)
        return set(known) | ({key for _, key in pairs} & self.box.keys)

    @property
    def refusals(self) -> list[Refusal]:
        return [Refusal(self.error)] if self.error else []

    @property
    def taken_runs(self) -> list[numbers.Run]:
        return list(numbers.runs(self.taken))


def _filled(values: Mapping[str, str]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}
