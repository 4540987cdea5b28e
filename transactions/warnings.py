"""Inventory Level Warnings: told while a line is being added, and never in the way (SPEC §7.6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from company.models import Company, UserPreference
from items.models import ItemLocation
from locations.models import Location
from transactions.models import TransactionLine
from transactions.types import Kind

ZERO = Decimal(0)


@dataclass(frozen=True)
class Level:
    """The figures that decide: those of one location, or the item's totals."""

    on_hand: Decimal
    available: Decimal
    on_order: Decimal
    reorder_point: Decimal | None
    location: Location | None = None  # set where the location's own reorder point decides

    def counts(self, line: TransactionLine) -> bool:
        """Whether a line of the item takes from the stock these figures are about."""
        return self.location is None or line.location_id == self.location.pk


def level_warning(
    kind: Kind, lines: Sequence[TransactionLine], new: TransactionLine, user: Any
) -> str | None:
    """What to tell the user before the new line joins the lines, or None.

    Warns when, counting all lines of the item, quantity on hand falls to the reorder point or
    below, or more is taken than is available. Only for those who asked for it.
    """
    if not kind.warns_of_levels or _taken(kind, new) <= 0:
        return None
    if not UserPreference.of(user).inventory_level_warnings:
        return None
    level = _level(new)
    same = [line for line in lines if line.item_id == new.item_id and level.counts(line)]
    total = sum((_taken(kind, line) for line in same), _taken(kind, new))
    return _text(level, new, _taken(kind, new), total)


def _taken(kind: Kind, line: TransactionLine) -> Decimal:
    """What a line takes out of stock; an adjustment does it by a negative quantity."""
    return max(-line.quantity if kind.signed else line.quantity, ZERO)


def _level(line: TransactionLine) -> Level:
    rows = list(ItemLocation.objects.filter(item=line.item))
    here = next((row for row in rows if row.location_id == line.location_id), None)
    if here and here.reorder_point is not None:
        return Level(here.on_hand, here.available, here.on_order, here.reorder_point, line.location)
    return Level(
        sum((row.on_hand for row in rows), ZERO),
        sum((row.available for row in rows), ZERO),
        sum((row.on_order - row.on_order_by_transfer for row in rows), ZERO),
        line.item.reorder_point,
    )


def _text(level: Level, new: TransactionLine, added: Decimal, total: Decimal) -> str | None:
    left = level.on_hand - total
    short = total > level.available
    low = level.reorder_point is not None and left <= level.reorder_point
    if not (low or short):
        return None
    at = ""
    if level.location and Company.current().multi_location_inventory:
        at = f", at location: {level.location}"
    figures = f"Available {level.available}, on order {level.on_order}{at}."
    only = f" Only {level.available} available." if short else ""
    fall = (
        f" brings quantity on hand to {left}, at or below the reorder point of "
        f"{level.reorder_point}"
    )
    return f"{new.item}: adding {added}{fall if low else ''}. {figures}{only} Add anyway?"
