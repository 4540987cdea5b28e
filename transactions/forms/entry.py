"""The row in which the next line of a document is entered (SPEC §6.5, §7.5)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from company.models import Company
from items.models import Item, ItemLocation, SerialUnit
from transactions import serials
from transactions.forms.item_field import Match, matches, suggestions
from transactions.forms.lines import EntryForm
from transactions.forms.serial_entry import SerialEntry, StockList
from transactions.models import TransactionLine
from transactions.types import Kind, Stage

FIELDS = ("item", "location", "quantity", "rate", "description", "memo", "known", "editing")


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
        return self.kind.designates or self.kind.stage is Stage.MOVEMENT

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
            "location": self._location(item),
        }
        if self.kind.designates and self.box.entered and not self.values["quantity"]:
            proposals["quantity"] = str(self.box.entered)
        for name, value in proposals.items():
            if self.values["known"] or not self.values[name]:
                self.values[name] = value
        self.values["known"] = str(item.pk)

    def _location(self, item: Item) -> str:
        """An adjustment is about the location in its header; an order's lines have their own."""
        if not self.company.multi_location_inventory:
            return str(self.company.default_location_id)
        preferred = item.preferred_location
        if preferred and not preferred.inactive and not self.kind.signed:
            return str(preferred.pk)
        return self.header_place or str(self.company.default_location_id)

    def _rate(self, item: Item) -> str:
        if self._is_outgoing:
            return ""
        rates = (getattr(item, name) for name in self.kind.rate_from)
        rate = next((rate for rate in rates if rate is not None), None)
        return "" if rate is None else f"{rate:f}"

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
        rate = Decimal(0) if self.kind.signed and values["quantity"] < 0 else values["rate"]
        if rate is None:
            self.form.add_error("rate", f"Enter the {self.kind.rate_label.lower()}.")
            return None
        line = TransactionLine(
            item=item,
            location=values.get("location") or self.company.default_location,
            quantity=values["quantity"],
            rate=rate,
            description=values["description"],
            memo=values.get("memo", ""),
        )
        line.serials = self.box.current if self.takes_serials else ()
        return line

    def follow_units(self, line: TransactionLine) -> str:
        """Let a designated unit decide the line's location (SPEC §6.2); says so in words."""
        if not (self.kind.designates and self.company.multi_location_inventory and line.serials):
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
        where = number_in(self.values["location"]) or self.company.default_location_id
        row = ItemLocation.objects.filter(item=self.item, location_id=where).first()
        return row or ItemLocation(item=self.item, location_id=where)

    def prepare(self) -> None:
        """Say in the box how many numbers it wants, and whether units can be picked for it."""
        if self.item is None or not self.item.is_serialized:
            return
        quantity = self.values["quantity"].strip().lstrip("-\N{MINUS SIGN}")
        self.box.needed = Decimal(quantity) if quantity.isdecimal() else None
        # Units on hand are picked to be designated or taken out; new numbers are typed.
        self.box.can_pick = self.kind.designates or self._is_outgoing

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


def number_in(text: str) -> int | None:
    """The id or line number in a hidden field; None in what is none."""
    return int(text) if text.isdecimal() else None
