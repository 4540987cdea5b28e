"""The row in which the next line of a document is entered (SPEC §6.5, §7.5)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from company.models import Company
from inventory.ids import number_in
from items import numbers
from items.models import Item, ItemLocation, SerialUnit
from locations.models import Location
from transactions import serials, worth
from transactions.forms import strays
from transactions.forms.item_field import Match, matches, suggestions
from transactions.forms.lines import EntryForm
from transactions.forms.serial_entry import SerialEntry, StockList
from transactions.models import TransactionLine
from transactions.types import Kind
from transactions.types.base import Serials

FIELDS = (
    "item", "location", "quantity", "rate", "override_rate", "description", "memo", "known",
    "editing", "pk", "closed",
)  # fmt: skip


class Entry:
    """The line being entered: what was typed, the item it means, and what that proposes."""

    def __init__(
        self,
        kind: Kind,
        company: Company,
        values: Mapping[str, str],
        box: SerialEntry,
        place: str = "",
    ) -> None:
        self.kind, self.company, self.box = kind, company, box
        self.header_place = place
        self.values = {name: values.get(name) or "" for name in FIELDS}
        self.item: Item | None = None
        self.choices: list[Match] = []
        self.form = EntryForm(initial=self.values, kind=kind, company=company)
        self.focus = "item"
        self.took_unit = False  # found by a serial number, which went into the box
        box.exact = not kind.designates

    @property
    def takes_serials(self) -> bool:
        """Whether documents of this kind can be told serial numbers; not whether the item has."""
        return bool(self.kind.designates) or self.kind.moves_stock

    @property
    def is_blank(self) -> bool:
        return not (self.values["item"].strip() or self.box.text.strip())

    @property
    def editing(self) -> int | None:
        """The number of the line that is being changed."""
        return number_in(self.values["editing"])

    def find(self, chosen: str = "") -> None:
        """Find the item the text means; several stay as `choices`, none is an error."""
        text = self.values["item"].strip()
        known = Item.objects.filter(pk=number_in(self.values["known"]) or 0).first()
        if known and known.name.casefold() == text.casefold():
            self.item = known
            self._propose(known)
        else:
            found = matches(text)
            self.choices = [match for match in found if str(match.item.pk) == chosen] or found
            if len(self.choices) == 1:
                self._take(self.choices.pop())
        self._propose_worth()
        self.form = EntryForm(initial=self.values, kind=self.kind, company=self.company)
        self.focus = "quantity" if self.item else "item"

    def _take(self, match: Match) -> None:
        self.item = match.item
        self.values["item"] = match.item.name
        self._propose(match.item)
        if match.unit and self.takes_serials:
            self._take_unit(match.unit)

    def _take_unit(self, unit: SerialUnit) -> None:
        """A serial number was typed or scanned in the Item field: this very unit is meant."""
        self.took_unit = True
        self.box.add([unit.number])
        if unit.location and (self.kind.signed or not unit.location.inactive):
            self.values["location"] = str(unit.location.pk)
        leaves = self.kind.signed and unit.is_held
        self.values["quantity"] = self.values["quantity"] or ("-1" if leaves else "1")
        if leaves:  # at its own cost
            self.values["rate"] = ""

    def _propose(self, item: Item) -> None:
        """Fill in what was left open, or what was proposed for another item before."""
        if self.values["known"] == str(item.pk):
            return
        proposals = {
            "description": item.display_name or item.description[:200],
            "rate": self._rate(item),
            "override_rate": "",
            "location": self._location(item),
        }
        if self.kind.designates and self.box.entered and not self.values["quantity"]:
            proposals["quantity"] = str(self.box.entered)
        for name, value in proposals.items():
            if self.values["known"] or not self.values[name]:
                self.values[name] = value
        self.values["known"] = str(item.pk)

    def _propose_worth(self) -> None:
        """Fill in what a unit is worth that comes back without its sale."""
        place = self.place if "override_rate" in self.kind.line_fields else None
        if place is None or self.values["override_rate"] or self.box.excess:
            return
        typed = [(place.item_id, numbers.key(number)) for number in self.box.current]
        known = worth.last_costs(typed) if typed else {}
        self.values["override_rate"] = _figure(worth.proposed(place, typed, known))

    def _location(self, item: Item) -> str:
        """An adjustment is about the location in its header; an order's lines have their own."""
        if not self.company.multi_location_inventory:
            return str(self.company.default_location_id)
        if self.kind.internal:
            return self.header_place
        preferred = item.preferred_location
        if preferred and not preferred.inactive and not self.kind.signed:
            return str(preferred.pk)
        return self.header_place or str(self.company.default_location_id)

    def _rate(self, item: Item) -> str:
        if self._is_outgoing:
            return ""
        rates = (getattr(item, name) for name in self.kind.rate_from)
        rate = next((rate for rate in rates if rate is not None), None)
        return _figure(rate)

    @property
    def _takes_out(self) -> bool:
        """Whether the line takes units that are on hand."""
        return self.kind.takes_out or self._is_outgoing

    @property
    def _wants_units(self) -> bool:
        """Units on hand are picked to be designated or taken out; new numbers are typed."""
        return self.kind.designates is Serials.ON_HAND or self._takes_out

    @property
    def _is_outgoing(self) -> bool:
        return self.kind.signed and self.values["quantity"].strip()[:1] in ("-", "\N{MINUS SIGN}")

    def line(self) -> TransactionLine | None:
        """The line as entered, or None with the form's errors set."""
        data = {f"entry-{name}": value for name, value in self.values.items()}
        self.form = EntryForm(data, kind=self.kind, company=self.company)
        if self.item is None:
            if self.values["item"].strip():
                self.form.add_error("item", "No item has this name, UPC or serial number.")
            return None
        if not self.form.is_valid():
            return None
        return self._line(self.item, self.form.cleaned_data)

    def _line(self, item: Item, values: dict[str, Any]) -> TransactionLine | None:
        unpriced = not self.kind.rate_label or (self.kind.signed and values["quantity"] < 0)
        rate = Decimal(0) if unpriced else values["rate"]
        if rate is None:
            self.form.add_error("rate", f"Enter the {self.kind.rate_label.lower()}.")
            return None
        line = TransactionLine(
            item=item,
            pk=number_in(self.values["pk"]),
            closed=bool(self.values["closed"]),
            location=values.get("location") or self._default_place(),
            quantity=values["quantity"],
            rate=rate,
            override_rate=values.get("override_rate"),
            description=values["description"],
            memo=values.get("memo", ""),
        )
        line.serials = self.box.current if self.takes_serials else ()
        return line

    def _default_place(self) -> Location:
        """The location in the header, or the company's."""
        header = number_in(self.header_place) if self.kind.internal else None
        return Location.objects.filter(pk=header or 0).first() or self.company.default_location

    def _chosen_place(self) -> Location:
        """The location in the row, or else the default one."""
        chosen = number_in(self.values["location"]) or 0
        return Location.objects.filter(pk=chosen).first() or self._default_place()

    def drop_strays(self, line: TransactionLine) -> str:
        """Take off the numbers that are not at the line's new location; says so (SPEC §6.5)."""
        return strays.take_off([(line, self.box)], line.location) if self._wants_units else ""

    def follow_units(self, line: TransactionLine) -> str:
        """Let a designated unit decide the line's location (SPEC §6.2); says so in words."""
        follows = self.kind.designates is Serials.ON_HAND and not self.kind.internal
        if not (follows and self.company.multi_location_inventory and line.serials):
            return ""
        keys = serials.typed([line])
        units = SerialUnit.objects.on_hand().with_keys(keys).select_related("location")
        places = {unit.location for unit in units if unit.location}
        place = places.pop() if len(places) == 1 else line.location
        if place is None or place == line.location or place.inactive:
            return ""
        line.location = place
        return f"{line.item}: the line is at {place}, where its serial numbers are."

    # What the page shows beside the row

    @property
    def place(self) -> ItemLocation | None:
        """The quantities of the item at the chosen location."""
        if self.item is None:
            return None
        where = self._chosen_place().pk
        rows = ItemLocation.objects.filter(item=self.item, location_id=where)
        row = rows.first() or ItemLocation(location_id=where)
        row.item = self.item
        return row

    def probe(self) -> TransactionLine | None:
        """The line that the box's numbers would be on, as far as it is known by now."""
        if self.item is None or not self.item.is_serialized:
            return None
        return TransactionLine(
            item=self.item,
            location=self._chosen_place(),
            quantity=Decimal(-1 if self._is_outgoing else 1),
            rate=Decimal(1),
        )

    def prepare(self) -> None:
        """Say in the box how many numbers it wants, and whether units can be picked for it."""
        if self.item is None or not self.item.is_serialized:
            return
        self.box.item = self.item
        quantity = self.values["quantity"].strip().lstrip("-\N{MINUS SIGN}")
        needed = number_in(quantity)
        self.box.needed = None if needed is None else Decimal(needed)
        self.box.can_pick = self._wants_units
        self.box.can_generate = not (self.box.can_pick or self.kind.designates)

    @property
    def offered(self) -> list[Item]:
        """The items the field offers before anything is typed."""
        return suggestions("")

    def place_cursor(self) -> None:
        """Put the cursor where something is wrong, or where it is wanted next."""
        if self.box.refusals and self.takes_serials:
            self.box.focus = True
        else:
            name = next(iter(self.form.errors), self.focus) if self.form.is_bound else self.focus
            self.form.fields[name].widget.attrs["autofocus"] = True

    def open_stock(self, search: str) -> None:
        """List the units that could be picked."""
        place = self.place
        if place and self.item:
            self.box.stock = StockList(self.item, place.location, search)


def _figure(number: Decimal | None) -> str:
    return "" if number is None else f"{number:f}"
