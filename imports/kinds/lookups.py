"""Finds the records that rows name, for all rows at once."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models.functions import Lower

from inventory import sets
from items.models import Item
from locations.models import Location
from transactions.models import Transaction

BATCH = 10_000


def items_named(names: Iterable[str], *related: str) -> dict[str, Item]:
    """Items by name or UPC in lower case; where both fit, the name wins."""
    wanted = {name.casefold() for name in names if name}
    found: dict[str, Item] = {}
    if not wanted:
        return found
    every = Item.objects.order_by("pk").values_list("pk", "name", "upc")
    ids = [
        pk for pk, name, upc in every.iterator(BATCH)
        if name.casefold() in wanted or (upc and upc.casefold() in wanted)
    ]  # fmt: skip
    rows = Item.objects.filter(pk__in=sets.ids(ids))
    items = list(rows.select_related(*related) if related else rows)
    for item in items:
        if item.upc:
            found[item.upc.casefold()] = item
    for item in items:
        found[item.name.casefold()] = item
    return found


def locations_named() -> dict[str, Location]:
    """Every location by its name in lower case, inactive ones too."""
    return {place.name.casefold(): place for place in Location.objects.all()}


def orders_numbered(numbers: Iterable[str]) -> dict[str, Transaction]:
    """Purchase orders by their number in lower case."""
    wanted = {number.casefold() for number in numbers if number}
    orders = Transaction.objects.of("purchase_order").annotate(low=Lower("number"))
    rows = orders.filter(low__in=wanted).select_related("vendor") if wanted else ()
    return {str(order.number).casefold(): order for order in rows}
