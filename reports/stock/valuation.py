"""Inventory Valuation Summary: what each item in stock was worth at the end of a day (§7.8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from items.models import Item, ItemQuerySet
from reports.dates import before, month_of
from reports.stock.as_of import VALUED, Amount, Spot, Status, Stock, total, values_on
from transactions.models import StockMove

TENTH = Decimal("0.1")
MONTHS = 12


@dataclass(frozen=True)
class ItemValue:
    """What of an item was in stock, and its part in the value of all that is listed."""

    item: Item
    on_hand: Decimal
    picked: Decimal
    in_transit: Amount
    value: Decimal  # of what is on hand and picked
    share: Decimal | None  # in percent

    @property
    def name(self) -> str:
        return self.item.name

    @property
    def description(self) -> str:
        return self.item.display_name or self.item.description

    @property
    def moving(self) -> Decimal:
        return self.in_transit.quantity


def item_values(items: ItemQuerySet, stock: Stock, location: int | None) -> list[ItemValue]:
    """One row for each of the items that was in stock, at a location if one is given."""
    spots: dict[int, Stock] = {}
    for spot, amount in stock.items():
        if location in (None, spot.location):
            spots.setdefault(spot.item, {})[spot] = amount
    found = [(item, spots[item.pk]) for item in items if item.pk in spots]
    whole = total(_in(own, *VALUED) for _, own in found).value
    return [_item_value(item, own, whole) for item, own in found]


def _item_value(item: Item, own: Stock, whole: Decimal) -> ItemValue:
    value = _in(own, *VALUED).value
    return ItemValue(
        item,
        _in(own, Status.ON_HAND).quantity,
        _in(own, Status.PICKED).quantity,
        _in(own, Status.IN_TRANSIT),
        value,
        (100 * value / whole).quantize(TENTH, ROUND_HALF_UP) if whole else None,
    )


def _in(own: dict[Spot, Amount], *statuses: str) -> Amount:
    return total(amount for spot, amount in own.items() if spot.status in statuses)


def month_ends(day: date) -> Sequence[date]:
    """The ends of the months before a day, and the day itself."""
    days = [day]
    while len(days) < MONTHS:
        days.insert(0, before(month_of(days[0])))
    return days


def value_by_month(
    items: ItemQuerySet, day: date, location: int | None
) -> list[tuple[date, Decimal]]:
    """What the items' stock was worth at the ends of the last months, and on the day."""
    days = month_ends(day)
    moves = StockMove.objects.filter(date__lte=day, item__in=items.order_by().values("pk"))
    return list(zip(days, values_on(moves, days, location), strict=True))
