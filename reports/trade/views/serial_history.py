"""Every movement of serial numbers, across items and time."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from company.models import Company
from reports.links import preset_links
from reports.listing import ReportListing, ReportView
from reports.trade import movements
from reports.trade.filters import MovementFilter
from reports.trade.tables.movements import MovementTable
from transactions.models import StockMove


class MovementListing(ReportListing):
    filterset: MovementFilter
    parts = ("reports/presets.html",)

    def around(self) -> dict[str, Any]:
        return {"presets": preset_links(self.request.GET, self.filterset.dates)}


class SerialHistory(ReportView):
    """Where a number has been: every move, as it was posted."""

    template_name = "reports/trade/dated_list.html"
    title = "Serial Number History"
    description = "Every movement in the order of posting. Voided ones are struck through."
    listing_class = MovementListing
    filters = MovementFilter
    order = ("posted",)
    search_hint = "Serial number, or its beginning"
    empty = {
        "title": "No serial number has moved yet",
        "text": "Receipts, shipments, adjustments and voids are listed here as they are posted.",
    }

    def rows(self) -> QuerySet[StockMove]:
        return movements.movements()

    def search(self, rows: QuerySet[StockMove], text: str) -> QuerySet[StockMove]:
        return movements.numbered(rows, text)

    def columns(self) -> Any:
        with_places = Company.current().multi_location_inventory

        def table(*args: Any, **kwargs: Any) -> MovementTable:
            made = MovementTable(*args, **kwargs)
            made.with_places = with_places
            return made

        return table
