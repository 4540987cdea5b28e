from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from accounting.fields import cents
from company.models import Company
from imports.kinds.base import Column, Plan, Record
from imports.kinds.drafts import Draft, DraftLine, Pair
from imports.kinds.figures import NotAFigure, figure
from imports.kinds.lookups import locations_named
from imports.kinds.stock import ITEM, NUMBER, QUANTITY, StockCheck, StockKind
from items import numbers
from items.models import Item, SerialUnit
from locations.models import Location
from transactions.models import VOIDED, StockMove, Transaction, TransactionLine

MOST_LINES = 500  # of one adjustment: a page that people can still look through
LOCATION = Column(
    "location",
    "Location",
    "Where the unit is, while Multi-Location Inventory is on.",
    "Main",
    ("warehouse", "site", "store"),
)
COST = Column(
    "unit_cost",
    "Unit Cost",
    "What the unit cost; 0 if nothing.",
    "129.00",
    ("cost", "cost price", "est. unit cost"),
    required=True,
)
BEFORE = "It was imported before, and is left as it is."


class Place(NamedTuple):
    """What rows agree in that become one line of the adjustment."""

    item: int
    location: int
    cost: Decimal


class Rows(StockCheck):
    def __init__(self, records: Sequence[Record], day: date) -> None:
        super().__init__(records, day)
        self.company = Company.current()
        self.locations = locations_named()
        self.lines: dict[Place, DraftLine] = {}
        self.quantities: dict[tuple[int, int], int] = {}  # the row of each item and location
        self.units_before = self._imported_units(records)
        self.quantities_before = self._imported_quantities()

    def row(self, record: Record) -> None:
        item, place, cost = self.item(record), self._location(record), self._cost(record)
        if item is None or place is None or cost is None:
            return
        if not item.is_serialized:
            self._quantity(record, item, place, cost)
        elif cents(cost) != cost:
            self.plan.wrong(record, COST, "A serialized item's cost is in whole cents.")
        elif number := self.number(record, item):
            self._unit(record, number, Place(item.pk, place.pk, cost), item, place)

    def finish(self) -> Plan:
        """Ask posting about the adjustments that the rows come to."""
        drafts = self._drafts()
        for draft in drafts:
            self.plan.findings += draft.problems({})
        others = sum(not draft.numbers for draft in self.lines.values())
        self.plan.counts = {"New units": self.units(drafts), "Already there": self.known}
        if others:
            self.plan.counts["Items by quantity"] = others
        self.plan.work, self.plan.has_work = drafts, bool(drafts)
        return self.plan

    # One row

    def _location(self, record: Record) -> Location | None:
        name, company = record["location"], self.company
        if not name and not company.multi_location_inventory:
            return company.default_location
        place = self.locations.get(name.casefold())
        if place is None:
            text = f"There is no location “{name}”." if name else "The location is missing."
            self.plan.wrong(record, LOCATION, text)
        elif not company.multi_location_inventory and place != company.default_location:
            text = "Turn on Multi-Location Inventory to have stock at several locations."
            self.plan.wrong(record, LOCATION, text)
            return None
        return place

    def _cost(self, record: Record) -> Decimal | None:
        text = record["unit_cost"]
        if not text:
            self.plan.wrong(record, COST, "The unit cost is missing; write 0 if there was none.")
            return None
        try:
            cost = figure(text)
        except NotAFigure as error:
            self.plan.wrong(record, COST, f"The unit cost “{text}” {error}.")
            return None
        if cost < 0:
            self.plan.wrong(record, COST, "The unit cost cannot be negative.")
            return None
        return cost

    def _unit(
        self, record: Record, number: str, place: Place, item: Item, location: Location
    ) -> None:
        """A new unit; what an earlier import brought in is known, whatever became of it since."""
        before = self.units_before.get((place.item, numbers.key(number)))
        if before == (place.location, place.cost):
            self.recognize(record, number, BEFORE)
        else:
            self._line(item, location, place.cost).add(record, number)

    def _quantity(self, record: Record, item: Item, place: Location, cost: Decimal) -> None:
        """Opening stock of an ordinary item comes once for a location; then it is adjusted."""
        quantity = self.quantity(record, item)
        if quantity is None:
            return
        first = self.quantities.setdefault((item.pk, place.pk), record.row)
        before = self.quantities_before.get((item.pk, place.pk))
        if first != record.row:
            self.plan.wrong(record, ITEM, f"{item} at {place} is in row {first:,} already.")
        elif before is None:
            self._line(item, place, cost).add(record, quantity=quantity)
        elif (before.quantity, before.rate) == (quantity, cost):
            self.recognize(record, str(item), BEFORE)
        else:
            text = (
                f"{before.quantity} of {item} at {place} came in with {before.transaction}. "
                "Use Adjust Inventory for what has changed."
            )
            self.plan.wrong(record, QUANTITY, text, url=before.transaction.get_absolute_url())

    def _line(self, item: Item, place: Location, cost: Decimal) -> DraftLine:
        key = Place(item.pk, place.pk, cost)
        if key not in self.lines:
            line = TransactionLine(item=item, location=place, quantity=Decimal(0), rate=cost)
            self.lines[key] = DraftLine(line)
        return self.lines[key]

    # All rows

    def _imported_units(self, records: Sequence[Record]) -> dict[Pair, tuple[int | None, Decimal]]:
        """Where, and at what cost, units of earlier imports came in, by item and number key."""
        named = ((self.items.get(record["item"].casefold()), record) for record in records)
        pairs = {
            (item.pk, numbers.key(record["serial_number"]))
            for item, record in named
            if item and record["serial_number"]
        }
        moves = StockMove.objects.standing().filter(
            line__transaction__imports__kind=kind.name,
            source_status="",
            unit__in=SerialUnit.objects.listed().with_keys(pairs),
        )
        rows = moves.values_list("item_id", "unit__number_key", "target_location", "cost")
        return {(item, key): (place, cost) for item, key, place, cost in rows} if pairs else {}

    def _imported_quantities(self) -> dict[tuple[int, int], TransactionLine]:
        lines = TransactionLine.objects.filter(
            transaction__imports__kind=kind.name, item__item_type=Item.Type.INVENTORY
        ).exclude(transaction__status=VOIDED)
        return {
            (line.item_id, line.location_id): line
            for line in lines.select_related("transaction").order_by("pk")
        }

    def _drafts(self) -> list[Draft]:
        lines = list(self.lines.values())
        parts = [lines[start : start + MOST_LINES] for start in range(0, len(lines), MOST_LINES)]
        return [Draft(self._document(), part) for part in parts]

    def _document(self) -> Transaction:
        return Transaction(
            type="inventory_adjustment",
            date=self.day,
            account=self.company.opening_balance_account,
            reference="Opening stock",
        )


class OpeningStock(StockKind):
    """What is in stock on day one. Dr Inventory Asset, Cr Opening Balance Equity (R1b)."""

    name = "opening_stock"
    label = "Opening Stock"
    text = (
        "One row for each unit: item, location, serial number, unit cost. Posted as inventory "
        "adjustments against Opening Balance Equity. Items without serial numbers: one row with "
        "their quantity."
    )
    columns = (ITEM, LOCATION, NUMBER, COST, QUANTITY)
    rows = Rows

    def required(self) -> list[Column]:
        by_location = Company.current().multi_location_inventory
        return [*super().required(), *([LOCATION] if by_location else [])]


kind = OpeningStock()
