"""What is meant by a text in the Item field: a name, a UPC, or the serial number of a unit."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from items.models import Item, SerialUnit

MOST = 50  # offered to choose from


@dataclass(frozen=True)
class Match:
    """An item the text may mean; with the unit, if the text is that unit's serial number."""

    item: Item
    unit: SerialUnit | None = None


def matches(text: str) -> list[Match]:
    """The items a text may mean (SPEC §6.5): whole names and numbers first, else fragments."""
    text = text.strip()
    if not text:
        return []
    named = Q(name__iexact=text) | Q(display_name__iexact=text) | Q(upc__iexact=text)
    found = [Match(item) for item in Item.objects.filter(named)[:MOST]]
    units = SerialUnit.objects.one_per_number().numbered(text).select_related("item", "location")
    found += [Match(unit.item, unit) for unit in units.order_by("item__name")[:MOST]]
    return found or [Match(item) for item in suggestions(text)]


def suggestions(text: str) -> list[Item]:
    """Active items in whose name or UPC the text occurs."""
    part = Q(name__icontains=text) | Q(display_name__icontains=text) | Q(upc__istartswith=text)
    return list(Item.objects.active().filter(part).order_by("name")[:MOST])
