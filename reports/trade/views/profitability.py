"""Profit by item, and the journal lines behind one item's figures."""

from __future__ import annotations

from functools import cached_property, partial
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse

from items.models import Item, ItemQuerySet
from reports.dates import DateRange
from reports.forms import DateRangeForm, default_dates
from reports.links import preset_links
from reports.listing import ReportListing, ReportView
from reports.trade import profitability
from reports.trade.filters import PeriodFilter
from reports.trade.tables.profitability import BookingTable, ProfitabilityTable

NOTHING = {
    "title": "Nothing was earned or spent on items in these dates",
    "text": "An item is listed here once it is shipped, invoiced or returned.",
}


class DatedView(ReportView):
    """A report between two days, this month while nothing else is said."""

    filters = PeriodFilter
    empty = NOTHING

    @cached_property
    def dates(self) -> DateRange:
        asked = {**default_dates(self.request.GET), **self.request.GET.dict()}
        return DateRangeForm(asked).dates

    def listing_options(self) -> dict[str, Any]:
        return {**super().listing_options(), "defaults": default_dates(self.request.GET)}


class ProfitabilityListing(ReportListing):
    filterset: PeriodFilter
    parts = (
        "reports/presets.html",
        "reports/trade/profit_chart.html",
        "reports/trade/profit_tie.html",
    )

    def around(self) -> dict[str, Any]:
        return {
            "presets": preset_links(self.request.GET, self.filterset.dates),
            "best": profitability.most_profitable(self.rows),
            "tie": self.table.tie,
        }


class Profitability(DatedView):
    """One row per item, and how they tie to the income statement."""

    template_name = "reports/trade/profitability.html"
    title = "Inventory Profitability"
    description = "What each item brought and cost, out of the journal."
    listing_class = ProfitabilityListing
    order = ("-profit", "name")
    search = ("name", "display_name", "upc__iexact")
    search_hint = "Item"

    def rows(self) -> ItemQuerySet:
        return profitability.items(self.dates)

    def columns(self) -> Any:
        return partial(ProfitabilityTable, dates=self.dates)


class BookingListing(ReportListing):
    filterset: PeriodFilter
    parts = ("reports/presets.html",)

    def around(self) -> dict[str, Any]:
        return {"presets": preset_links(self.request.GET, self.filterset.dates)}


class Bookings(DatedView):
    """The journal lines behind an item's figures, or behind what was booked without one."""

    template_name = "reports/trade/dated_list.html"
    table = BookingTable
    listing_class = BookingListing
    order = ("date",)
    empty = {"title": "Nothing was booked in these dates"}

    @cached_property
    def item(self) -> Item | None:
        pk = self.kwargs.get("item_id")
        return get_object_or_404(Item, pk=pk) if pk else None

    def get_title(self) -> str:
        return f"Income and Cost of Sales of {self.item or 'No Item'}"

    def rows(self) -> Any:
        return profitability.bookings(self.dates, self.item)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        report = f"{reverse('reports:profitability')}?{self.dates.query}"
        way = [("Reports", ""), ("Inventory/Items", ""), (Profitability.title, report)]
        return super().get_context_data(trail=way, item=self.item, **kwargs)
