"""The item-location rows that a posting touches: locked first, worked on in memory, saved once."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from accounting.fields import cents, scaled
from inventory import sets
from items.models import ItemLocation, SerialUnit

Status = SerialUnit.Status
Place = tuple[int, int]  # item id, location id

QUANTITY_OF = {
    Status.ON_HAND: "on_hand",
    Status.PICKED: "picked",
    Status.IN_TRANSIT: "in_transit",
}
VALUED = (Status.ON_HAND, Status.PICKED)
COLUMNS = (*ItemLocation.QUANTITIES, "value")


class Balances:
    """Locked item-location rows by (item id, location id)."""

    def __init__(self, places: Iterable[Place]) -> None:
        wanted = sorted(set(places))
        sets.ensure(ItemLocation, ("item_id", "location_id"), wanted)
        rows = ItemLocation.objects.filter(
            pk__in=sets.ids_matching(ItemLocation, ("item_id", "location_id"), wanted)
        )
        locked = rows.order_by("pk").select_for_update(no_key=True, of=("self",))
        self.rows = {(row.item_id, row.location_id): row for row in locked} if wanted else {}
        self._before = {place: self._state(row) for place, row in self.rows.items()}

    def __getitem__(self, place: Place) -> ItemLocation:
        return self.rows[place]

    def stock(self, place: Place, status: str, quantity: Decimal, cost: Decimal) -> None:
        """Add units in a state (or take away, when negative) and their value."""
        row = self.rows[place]
        name = QUANTITY_OF[Status(status)]
        setattr(row, name, getattr(row, name) + quantity)
        if status in VALUED:
            row.value += cost

    def issue_cost(self, place: Place, quantity: Decimal) -> Decimal:
        """What a quantity of an ordinary item costs now: moving average (SPEC §5.3).

        The last unit takes the value that remains.
        """
        row = self.rows[place]
        stock = row.on_hand + row.picked
        return row.value if quantity == stock else cents(row.value * quantity / stock)

    def save(self) -> None:
        """Write the changed rows, by one statement."""
        changed = [
            (row.pk, *self._state(row))
            for place, row in self.rows.items()
            if self._state(row) != self._before[place]
        ]
        sets.update(ItemLocation, COLUMNS, changed)

    @staticmethod
    def _state(row: ItemLocation) -> tuple[int, ...]:
        return tuple(scaled(getattr(row, name)) for name in COLUMNS)
