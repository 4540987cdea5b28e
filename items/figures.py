"""What the prices and levels of an item may be, wherever they are typed. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from accounting.fields import cents

PRICES = ("purchase_price", "base_price", "default_return_cost")
LEVELS = ("reorder_point", "preferred_stock_level")


def problems(figures: Mapping[str, Any], *, serialized: bool) -> Iterator[tuple[str, str]]:
    """Field and message of each figure that is negative, or too fine for a serialized item.

    Its prices are in whole cents, and it comes in whole units.
    """
    for name in (*PRICES, *LEVELS):
        value = figures.get(name)
        if value is None:
            continue
        if value < 0:
            yield name, "Enter zero or more."
        elif serialized and name in PRICES and cents(value) != value:
            yield name, "A serialized item's price is in whole cents."
        elif serialized and name in LEVELS and value % 1:
            yield name, "A serialized item comes in whole units."
