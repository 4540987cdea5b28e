"""What should be on the shelves of a location, to be counted with a pencil (SPEC §7.8)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

from django.db.models import Q

from items.models import ItemLocation, SerialUnit
from locations.models import Location

Status = SerialUnit.Status


@dataclass(frozen=True)
class Row:
    """An item at a location, and the units of it that should be found there."""

    stock: ItemLocation
    units: list[SerialUnit] = field(default_factory=list)


def rows(location: Location, *, with_serials: bool, with_none: bool) -> list[Row]:
    """The items at a location, by name: one statement, or two with their serial numbers.

    Picked units have left the quantity on hand, but not yet the building: they are listed too.
    Items there are none of stand on the sheet only if asked for, and if they are not inactive.
    """
    held = Q(on_hand__gt=0) | Q(picked__gt=0)
    wanted = held | Q(item__inactive=False) if with_none else held
    stock = (
        ItemLocation.objects.filter(wanted, location=location)
        .select_related("item__preferred_vendor")
        .order_by("item__name")
    )
    units = _units(location) if with_serials else {}
    return [Row(place, units.get(place.item_id, [])) for place in stock]


def _units(location: Location) -> dict[int, list[SerialUnit]]:
    """The units at a location by item, in the order of their numbers."""
    found = SerialUnit.objects.filter(
        location=location, status__in=(Status.ON_HAND, Status.PICKED)
    ).order_by("item_id", "number_key", "id")
    return {item: list(units) for item, units in groupby(found, lambda unit: unit.item_id)}


HEADER = ["Item", "Description", "Preferred Vendor", "On Hand", "Picked", "Count"]


def sheet(found: list[Row], *, with_serials: bool) -> Iterator[list[object]]:
    """The worksheet as a file: a row for each item, and one for each of its numbers."""
    yield [*HEADER, *(["Serial Number", "Status"] if with_serials else [])]
    for row in found:
        item = row.stock.item
        vendor = str(item.preferred_vendor or "")
        description = item.description or item.display_name
        yield [item.name, description, vendor, row.stock.on_hand, row.stock.picked, None]
        for unit in row.units:
            status = unit.get_status_display()
            yield [item.name, description, vendor, None, None, None, unit.number, status]
