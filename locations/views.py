"""The pages of locations: what is at each, and what making one inactive would leave there."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import linebreaksbr
from django.urls import reverse_lazy
from django.views import View

from accounting.fields import MoneyField, QuantityField
from company.models import Company
from inventory.listing import Listing, ListingView
from inventory.records import EditRecord, NewRecord, RecordPage
from items import numbers
from items.models import ItemLocation, SerialUnit, SerialUnitQuerySet
from locations.filters import LocationFilter
from locations.forms import LocationForm
from locations.models import Location
from locations.tables import LocationTable, StockTable, UnitTable
from transactions import remaining
from transactions.models import Transaction
from users import access, gates

STOCK = ("on_hand", "picked", "in_transit")


class LocationList(ListingView):
    title = "Locations"
    description = "Where stock can be."
    table = LocationTable
    filters = LocationFilter
    search = ("name", "address")
    search_hint = "Name or address"
    new_url = reverse_lazy("locations:new")
    new_label = "New Location"

    def rows(self) -> QuerySet[Location]:
        stock = ItemLocation.objects.filter(location=OuterRef("pk")).order_by().values("location")
        places = Location.objects.within(access.of(self.request.user).places)
        return places.select_related("parent").annotate(
            on_hand=_sum(stock, "on_hand", QuantityField()),
            value=_sum(stock, "value", MoneyField()),
        )


def _sum(rows: QuerySet, name: str, field: Any) -> Coalesce:
    return Coalesce(Subquery(rows.annotate(total=Sum(name)).values("total")), 0, output_field=field)


class NewLocation(NewRecord):
    model = Location
    form_class = LocationForm


class EditLocation(EditRecord):
    model = Location
    form_class = LocationForm


class LocationPage(RecordPage):
    """A location: how much of each item is there and what it is worth."""

    model = Location
    queryset = Location.objects.select_related("parent")
    template_name = "locations/location.html"
    tabs = (("stock", "On Hand"), ("serials", "Serial Numbers"))

    def get_object(self, queryset: Any = None) -> Location:
        place = super().get_object(queryset)
        if not access.of(self.request.user).works_at([place.pk]):
            raise gates.Missing(gates.PLACE)
        return place

    def facts(self) -> list[tuple[Any, ...]]:
        place = self.object
        facts: list[tuple[Any, ...]] = [("Address", linebreaksbr(place.address))]
        if place.parent:
            facts.insert(0, ("Part of", place.parent, place.parent.get_absolute_url()))
        if children := ", ".join(str(child) for child in place.children.all()):
            facts.append(("Contains", children))
        return facts

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(stock=Holdings([self.object]).total, **kwargs)

    def stock_listing(self) -> Listing:
        here = Q(pk__in=[])
        for name in ItemLocation.QUANTITIES:
            here |= Q(**{f"{name}__gt": 0})
        return Listing(
            self.request,
            self.object.item_locations.filter(here).select_related("item"),
            StockTable,
            title="On Hand",
            search=("item__name", "item__display_name"),
            search_hint="Item",
            empty={
                "title": "Nothing is here",
                "text": "Items that are received or expected at this location are listed here.",
            },
        )

    def serials_listing(self) -> Listing:
        return Listing(
            self.request,
            SerialUnit.objects.held().at(self.object).select_related("item"),
            UnitTable,
            title="Serial Numbers",
            search=_search_units,
            search_hint="Serial number or item",
            empty={"title": "No serial numbers are here"},
        )


def _search_units(rows: SerialUnitQuerySet, text: str) -> SerialUnitQuerySet:
    begins = Q(number_key__startswith=numbers.key(text))
    return rows.filter(begins | Q(item__name__icontains=text))


class Inactivate(View):
    """Asks before a location and those inside it are made inactive, then does it (SPEC §6.6)."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        place = get_object_or_404(Location, pk=pk)
        places = [place, *place.inside()]
        context = {
            "title": f"Inactivate {place}?",
            "location": place,
            "inside": places[1:],
            "holdings": Holdings(places),
            "why_not": _why_not(places),
        }
        return render(request, "locations/inactivate.html", context)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        place = get_object_or_404(Location, pk=pk)
        if why_not := _why_not([place, *place.inside()]):
            messages.error(request, why_not)
            return redirect(place)
        place.inactive = True
        place.save()
        messages.success(request, f"{place} is inactive.")
        return redirect(place)


class Reactivate(View):
    """Makes an inactive location active again; those inside it stay as they are."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        place = get_object_or_404(Location, pk=pk)
        place.inactive = False
        try:
            place.full_clean()
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            place.save()
            messages.success(request, f"{place} is active.")
        return redirect(place)


def _why_not(places: list[Location]) -> str:
    """The default location stays active: without it documents have nowhere to go."""
    default = Company.current().default_location
    if default not in places:
        return ""
    return f"{default} is the company's default location. Choose another one in Setup > Company."


@dataclass(frozen=True)
class Stock:
    """How much is at a place, and what it is worth."""

    location: Location | None
    on_hand: Decimal
    picked: Decimal
    in_transit: Decimal
    value: Decimal

    @property
    def quantity(self) -> Decimal:
        return self.on_hand + self.picked + self.in_transit


class Holdings:
    """What is at some locations: stock, its value, and the documents that still count on them."""

    SHOWN = 20

    def __init__(self, places: list[Location]) -> None:
        self.places = places

    @property
    def by_place(self) -> list[Stock]:
        """The stock of each location that has any."""
        rows = ItemLocation.objects.filter(location__in=self.places).order_by()
        sums = rows.values("location").annotate(**_sums())
        found: dict[int, dict[str, Any]] = {row.pop("location"): row for row in sums}
        stocks = [Stock(place, **found[place.pk]) for place in self.places if place.pk in found]
        return [stock for stock in stocks if stock.quantity]

    @property
    def total(self) -> Stock:
        rows = ItemLocation.objects.filter(location__in=self.places)
        sums = rows.aggregate(**{f"sum_{name}": total for name, total in _sums().items()})
        on_hand, picked, in_transit, value = (total or Decimal(0) for total in sums.values())
        return Stock(None, on_hand, picked, in_transit, value)

    @property
    def documents(self) -> list[Transaction]:
        """Those that still bring stock here or take some away."""
        found = remaining.at(self.places).select_related("vendor", "customer")
        return list(found[: self.SHOWN + 1])


def _sums() -> dict[str, Sum]:
    return {name: Sum(name) for name in (*STOCK, "value")}
