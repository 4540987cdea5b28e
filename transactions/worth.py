"""What is proposed as the cost of goods that come back without their sale (SPEC §5.4)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal

from items.models import ItemLocation, SerialUnit

Number = tuple[int, str]  # item id, number key


def last_costs(numbers: Iterable[Number]) -> dict[Number, Decimal]:
    """What the unit cost that carried each number last; numbers never seen are left out."""
    units = SerialUnit.objects.listed().with_keys(numbers).order_by("last_posting", "id")
    rows = units.values_list("item_id", "number_key", "unit_cost")
    return {(item, key): cost for item, key, cost in rows}


def proposed(
    stock: ItemLocation, numbers: Collection[Number], known: Mapping[Number, Decimal]
) -> Decimal | None:
    """The Override Rate to propose at a place; None where people must say.

    The place's own default, the item's, or else what the numbers' last units cost, if that is
    one figure for all of them.
    """
    for default in (stock.default_return_cost, stock.item.default_return_cost):
        if default is not None:
            return default
    costs = {known.get(number) for number in numbers}
    return costs.pop() if len(costs) == 1 else None
