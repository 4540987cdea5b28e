"""The reports on what stock is there, what it is worth, and how it came to be so."""

from __future__ import annotations

from functools import cached_property, partial
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import slugify

from company.models import UserPreference
from inventory.export import streamed_csv, xlsx
from inventory.listing import search_rows
from inventory.paging import number_page
from items import numbers
from items.models import Item, ItemLocation, ItemQuerySet, SerialUnit, SerialUnitQuerySet
from reports.forms import default_dates
from reports.links import address, day_links, export_links, page_links, preset_links
from reports.listing import ReportListing, ReportView
from reports.stock import as_of, serials, valuation
from reports.stock.activity import activity
from reports.stock.filters import ActivityFilter, LedgerFilter, SerialsFilter, ValuationFilter
from reports.stock.ledger import LedgerLine, ledger
from reports.stock.movements import Movements
from reports.stock.tables import ActivityTable, HeldTable, LedgerTable, ValuationTable

ITEM_SEARCH = ("name", "display_name", "upc__iexact")
FILES = {"csv": streamed_csv, "xlsx": xlsx}


class StockListing(ReportListing):
    """A list that hands what it was asked for on to the reports it links to.

    While Multi-Location Inventory is off it does not speak of locations.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.table_class = partial(self.table_class, asked=self.handed_on)  # type: ignore[assignment]
        if not self.filterset.with_places:
            self.exclude = (*self.exclude, "location")

    @property
    def handed_on(self) -> dict[str, Any]:
        return {"location": self.filterset.place}

    def around(self) -> dict[str, Any]:
        return {"told": [*self.filterset.told, *([f"“{self.term}”"] if self.term else [])]}


class FiguresListing(StockListing):
    """A list whose rows are worked out from the moves of the items that are left."""

    @cached_property
    def items(self) -> Any:
        return search_rows(self.filterset.qs, self.term, self.search)

    @cached_property
    def rows(self) -> list[Any]:
        return self.figures()

    def figures(self) -> list[Any]:
        raise NotImplementedError

    def response(self) -> HttpResponseBase | None:
        if file := FILES.get(self._asked("export")):
            return file(self._sorted()[0].as_values(), slugify(self.title))
        return super().response()


class DatedListing(StockListing):
    """A list between two days."""

    parts = ("reports/stock/asked.html", "reports/presets.html")

    @property
    def handed_on(self) -> dict[str, Any]:
        return {**super().handed_on, **self.filterset.dates.parameters}

    def around(self) -> dict[str, Any]:
        presets = preset_links(self.request.GET, self.filterset.dates)
        return {**super().around(), "presets": presets}


class DatedView(ReportView):
    """A report between two days, this month while nothing else is said."""

    template_name = "reports/stock/dated.html"

    def listing_options(self) -> dict[str, Any]:
        return {**super().listing_options(), "defaults": default_dates(self.request.GET)}


class DayView(ReportView):
    """A report that stands on one day, today while nothing else is said."""

    def listing_options(self) -> dict[str, Any]:
        today = timezone.localdate().isoformat()
        return {**super().listing_options(), "defaults": {"date": today}}


# Inventory Valuation Summary


class ValuationListing(FiguresListing):
    parts = (
        "reports/stock/asked.html",
        "reports/presets.html",
        "reports/stock/value_chart.html",
        "reports/stock/tie_out.html",
    )

    @property
    def handed_on(self) -> dict[str, Any]:
        return {**super().handed_on, "date": self.filterset.day.isoformat()}

    @cached_property
    def stock(self) -> as_of.Stock:
        return as_of.stock(as_of.moves_until(self.filterset.day))

    def figures(self) -> list[valuation.ItemValue]:
        return valuation.item_values(self.items, self.stock, self.filterset.place)

    def around(self) -> dict[str, Any]:
        asked = self.filterset
        listed = sum((row.value for row in self.rows), as_of.ZERO)
        whole = as_of.valued(self.stock).value
        lines = as_of.account_lines(self.stock, asked.day)
        months = valuation.value_by_month(self.items, asked.day, asked.place)
        return {
            **super().around(),
            "presets": day_links(self.request.GET, asked.day),
            "months": [
                (day, value, address(self.request.GET, page=None, date=f"{day}"))
                for day, value in months
            ],
            "points": [(f"{day}", value) for day, value in months],
            "tie": as_of.TieOut(asked.day, lines, listed, whole),
        }


class ValuationSummary(DayView):
    """What each item in stock was worth at the end of a day, and how that ties to the ledger."""

    template_name = "reports/stock/valuation.html"
    title = "Inventory Valuation Summary"
    description = "What was in stock at the end of a day, and what it was worth."
    listing_class = ValuationListing
    table = ValuationTable
    filters = ValuationFilter
    keyset = False
    order = ("name",)
    search = ITEM_SEARCH
    search_hint = "Item"
    empty = {
        "title": "Nothing was in stock at the end of that day",
        "text": "The first receipt, or an opening adjustment, brings stock and its value.",
    }

    def rows(self) -> ItemQuerySet:
        return Item.objects.all()


# Serials On Hand


class HeldListing(StockListing):
    parts = (
        "reports/stock/asked.html",
        "reports/presets.html",
        "reports/stock/location_totals.html",
        "reports/stock/tie_out.html",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.table_class = partial(self.table_class, total=self.total)  # type: ignore[assignment]

    @cached_property
    def places(self) -> list[serials.LocationTotal]:
        asked = self.filterset
        moves = serials.unit_moves(asked.day, asked.asked("item"), self.term)
        return serials.by_location(as_of.stock(moves), asked.place, asked.statuses)

    @property
    def total(self) -> as_of.Amount:
        return as_of.total(as_of.Amount(place.units, place.value) for place in self.places)

    def around(self) -> dict[str, Any]:
        day = self.filterset.day
        lines = as_of.account_lines(as_of.stock(as_of.moves_until(day)), day)
        whole = sum((line.serialized for line in lines), as_of.ZERO)
        return {
            **super().around(),
            "presets": day_links(self.request.GET, day),
            "places": self.places if self.filterset.with_places else [],
            "total": self.total,
            "tie": as_of.TieOut(day, lines, self.total.value, whole),
        }


class SerialsOnHand(DayView):
    """Every unit that was in stock at the end of a day."""

    template_name = "reports/stock/serials_on_hand.html"
    title = "Serials On Hand"
    description = "Every serial number that was in stock at the end of a day."
    listing_class = HeldListing
    table = HeldTable
    filters = SerialsFilter
    order = ("item", "number")
    search_hint = "Serial number, or its beginning"
    empty = {
        "title": "No serial number was in stock at the end of that day",
        "text": "A unit is listed from the day it is received to the day before it leaves.",
    }

    def rows(self) -> SerialUnitQuerySet:
        return SerialUnit.objects.all()

    def search(self, rows: SerialUnitQuerySet, text: str) -> SerialUnitQuerySet:
        return rows.filter(number_key__startswith=numbers.key(text))


# Stock Ledger


class LedgerListing(FiguresListing, DatedListing):
    def figures(self) -> list[LedgerLine]:
        asked = self.filterset
        return ledger(self.items, asked.dates, asked.place, by_location=asked.with_places)


class StockLedger(DatedView):
    """What was there, came, went and remained, item by item and place by place."""

    template_name = "reports/stock/ledger.html"
    title = "Stock Ledger"
    description = "What was there, what came, what went and what remained."
    listing_class = LedgerListing
    table = LedgerTable
    filters = LedgerFilter
    keyset = False
    order = ("item", "location")
    search = ITEM_SEARCH
    search_hint = "Item"
    empty = {
        "title": "Nothing was in stock in these dates",
        "text": "An item is listed here from its first receipt.",
    }

    def rows(self) -> ItemQuerySet:
        return Item.objects.all()


# Inventory Activity Detail


class InventoryActivity(DatedView):
    """Every change of stock, the latest first."""

    title = "Inventory Activity Detail"
    description = "Every change of stock on hand or picked, document by document."
    listing_class = DatedListing
    table = ActivityTable
    filters = ActivityFilter
    order = ("-date",)
    search_hint = "Item, document or serial number"
    empty = {
        "title": "No stock came or went in these dates",
        "text": "Receipts, shipments, returns, transfers and adjustments are listed here.",
    }

    def rows(self) -> QuerySet[ItemLocation]:
        return activity()

    def search(self, rows: QuerySet[ItemLocation], text: str) -> QuerySet[ItemLocation]:
        found = Q(item__name__icontains=text) | Q(document_number__iexact=text)
        return rows.filter(found | Q(number_key__startswith=numbers.key(text)))


# Inventory Valuation Detail


def _file(request: HttpRequest, movements: Movements) -> HttpResponseBase | None:
    """The movements as the file the address asks for, if it asks for one."""
    made = FILES.get(request.GET.get("export", ""))
    return made(movements.file(), "inventory-valuation-detail") if made else None


def valuation_detail(request: HttpRequest) -> HttpResponseBase:
    """Every movement of an item, or of all, with the balance after each."""
    parameters = {**default_dates(request.GET), **request.GET.dict()}
    asked = LedgerFilter(parameters, Item.objects.all(), request=request)
    movements = Movements(asked.qs, asked.dates, asked.place)
    if file := _file(request, movements):
        return file
    size = UserPreference.of(request.user).rows_per_page
    page = number_page(movements.rows(), request.GET.get("page", ""), size)
    context = {
        "title": "Inventory Valuation Detail",
        "subtitle": str(asked.dates),
        "told": asked.told[1:],
        "form": asked.form,
        "dates": asked.dates,
        "item": asked.asked("item"),
        "place": asked.place,
        "presets": preset_links(request.GET, asked.dates),
        "summary": movements.summary(),
        "sections": movements.sections(page.rows),
        "page": page,
        "page_links": page_links(request.GET, page),
        "export_urls": export_links(request.GET),
    }
    return render(request, "reports/stock/valuation_detail.html", context)
