"""A new inventory count: the location, and the items to be counted there (SPEC §4.11)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict

from accounting.fields import QuantityField, RateField
from inventory.ids import number_in
from items.models import Item, ItemLocation
from items.refusals import Refusal
from locations.models import Location
from transactions.forms.draft import Draft
from transactions.forms.header import HeaderForm
from transactions.forms.item_field import matches
from transactions.forms.lines import LineFigure
from transactions.forms.serial_entry import SerialEntry
from transactions.models import TransactionLine
from transactions.posting import Result
from transactions.types import Kind
from transactions.types.inventory_count import UNDER_WAY

# The stock that is shown is that of the location: choosing another one asks for it anew.
FOLLOWS = {
    "hx-post": "",
    "hx-trigger": "change",
    "hx-vals": '{"action": "look"}',
    "hx-target": "#document",
    "hx-swap": "outerHTML",
}


@dataclass(frozen=True)
class Row:
    """An item that is to be counted, and how much of it there should be."""

    item: Item
    on_hand: Decimal
    refusals: list[Refusal]


class CountDraft(Draft):
    """A count as it stands in the form: a header and a list of items."""

    template = "transactions/new_count.html"

    def __init__(self, kind: Kind, user: Any, data: QueryDict | None = None) -> None:
        super().__init__(kind, user, data)
        self.text = (self.data.get("entry-item") or "").strip()
        self.error = ""
        chosen = [
            pk for text in (self.data.get("items") or "").split(",") if (pk := number_in(text))
        ]
        known = Item.objects.in_bulk(chosen)
        self.items = [known[pk] for pk in dict.fromkeys(chosen) if pk in known]

    def _header(self, data: QueryDict | None, initial: dict[str, Any] | None = None) -> HeaderForm:
        header = super()._header(data, initial)
        if "location" in header.fields:
            header.fields["location"].widget.attrs |= FOLLOWS
            header.fields["location"].required = True
        return header

    @property
    def place(self) -> Location | None:
        """Where it is counted."""
        if self.is_new or "location" not in self.header.fields:
            return self.company.default_location
        return self.document.location

    @property
    def carried(self) -> str:
        """The items as they travel in the form."""
        return ",".join(str(item.pk) for item in self.items)

    def act(self) -> Result | None:
        if self.action.verb == "save":
            return self._save()
        verbs = {"add-item": self._add, "add-all": self._add_all, "remove": self._remove}
        if verb := verbs.get(self.action.verb):
            verb()
        return None

    def _add(self) -> bool:
        """Add the item that the text means; else say why not, with the text kept."""
        if not self.text:
            return True
        found = list({match.item.pk: match.item for match in matches(self.text)}.values())
        if len(found) > 1:
            self.error = f"Which of them? {', '.join(item.name for item in found[:5])}."
        elif not found:
            self.error = "No item has this name, UPC or serial number."
        else:
            self.items += [item for item in found if item not in self.items]
            self.text = ""
        return not self.error

    def _add_all(self) -> None:
        """Add every item with stock at the location that is not being counted already."""
        if self.place is None:
            return
        counted = TransactionLine.objects.filter(
            transaction__type=self.kind.name,
            transaction__status__in=UNDER_WAY,
            location=self.place,
        )
        there = Item.objects.filter(
            item_locations__location=self.place, item_locations__on_hand__gt=0
        )
        left_out = there.filter(pk__in=counted.values("item")).count()
        free = there.exclude(pk__in=counted.values("item")).order_by("name")
        self.items += [item for item in free if item not in self.items]
        if left_out:
            were = "item is" if left_out == 1 else "items are"
            self.notes.append(f"{left_out} {were} on another open count and left out here.")
        elif not self.items:
            self.notes.append(f"There is no stock at {self.place}. Add items one by one.")

    def _remove(self) -> None:
        self.items = [item for item in self.items if str(item.pk) != self.action.argument]

    def _save(self) -> Result | None:
        if not self._add():
            return None
        place = self.place
        self.document.location = place
        lines = [
            TransactionLine(
                item=item,
                description=item.display_name or item.description[:200],
                location=place or self.company.default_location,
                quantity=Decimal(0),
                rate=Decimal(0),
            )
            for item in self.items
        ]
        return self.submit(lines, [SerialEntry(str(item.pk)) for item in self.items])

    @property
    def rows(self) -> list[Row]:
        stock = ItemLocation.objects.filter(item__in=self.items, location=self.place)
        on_hand = dict(stock.values_list("item_id", "on_hand"))
        lines = self.faults.lines
        return [
            Row(item, on_hand.get(item.pk, Decimal(0)), lines.get(str(item.pk), []))
            for item in self.items
        ]


class QuantityForm(forms.Form):
    """How many there are of an ordinary item."""

    quantity = LineFigure(QuantityField(), label="Counted Quantity", min_value=0)


class CostForm(forms.Form):
    """What a unit costs of what was found beyond what we know of."""

    cost = LineFigure(RateField(), label="Est. Unit Cost", min_value=0)
