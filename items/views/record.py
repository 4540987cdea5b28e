"""The item record and its subtabs (SPEC §7.3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views import View

from accounting.fields import RateField
from company.models import Company
from inventory.listing import Listing
from inventory.system_notes import notes_of_parts, system_notes
from items.filters import LineFilter
from items.models import Item, ItemLocation
from items.tables import ItemLineTable, low_mark
from items.views.reading import tried_on
from items.views.serial_numbers import SerialListing
from transactions.models import StockMove, TransactionLine
from users import access
from users.access import Access


@dataclass(frozen=True)
class Subtab:
    """One subtab: its label, and what its template (templates/items/<key>.html) needs."""

    label: str
    context: Callable[[HttpRequest, Item, Company], dict[str, Any]]
    serialized_only: bool = False


class ItemRecord(View):
    """An item: what it is, how much of it there is, and one subtab of more."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        company = Company.current()
        item = get_object_or_404(_items(company, access.of(request.user)), pk=pk)
        tabs = {k: t for k, t in SUBTABS.items() if item.is_serialized or not t.serialized_only}
        key = request.GET.get("tab", "")
        key = key if key in tabs else next(iter(tabs))
        context = tabs[key].context(request, item, company)
        listing: Listing | None = context.get("listing")
        if listing and (answer := listing.response()):
            return answer
        context |= {
            "title": item.name,
            "item": item,
            "low_mark": low_mark(item, "At or below reorder point"),
            "tab": key,
            "tab_label": tabs[key].label,
            "tab_template": f"items/{key}.html",
            "tabs": [(key, tab.label) for key, tab in tabs.items()],
        }
        return render(request, "items/item.html", context)


def _items(company: Company, who: Access) -> QuerySet[Item]:
    by_location = company.multi_location_inventory
    return Item.objects.with_level(by_location=by_location, at=who.places).select_related(
        "preferred_vendor", "preferred_location", "income_account", "cogs_account", "asset_account"
    )


def purchasing(request: HttpRequest, item: Item, company: Company) -> dict[str, Any]:
    """Cost and planning fields, and with MLI how much is where."""
    wanted = item.preferred_stock_level
    who = access.of(request.user)
    stocked = places(item, who) if company.multi_location_inventory else ()
    return {
        **tried_on(item.number_rule, request.GET.get("try", "")),
        "average_cost": average(item),
        "to_order": None if wanted is None else max(wanted - item.available, Decimal(0)),
        "places": [(place, average(place)) for place in stocked],
    }


def average(stock: Item | ItemLocation) -> Decimal | None:
    """What a unit in stock costs on average, rounded for display (SPEC §5.3)."""
    units = stock.on_hand + stock.picked
    return (stock.value / units).quantize(Decimal("0.0001")) if units else None


def places(item: Item, who: Access) -> QuerySet[ItemLocation]:
    """The item at each location it ever was at, with the last purchase price there."""
    arrivals = StockMove.objects.standing().filter(
        item=OuterRef("item"), target_location=OuterRef("location"), source_status=""
    )
    price = arrivals.order_by("-date", "-id").values("line__rate")[:1]
    stocked = ItemLocation.objects.within(who.places).filter(item=item)
    return stocked.select_related("location").annotate(
        last_price=Subquery(price, output_field=RateField())
    )


def serials(request: HttpRequest, item: Item, company: Company) -> dict[str, Any]:
    return {"listing": SerialListing(request, item, company)}


def sales(request: HttpRequest, item: Item, company: Company) -> dict[str, Any]:
    return {}


def accounting(request: HttpRequest, item: Item, company: Company) -> dict[str, Any]:
    """The item's own accounts, and the company's that its documents post to besides."""
    return {
        "accounts": [
            ("Income Account", item.income_account),
            ("COGS Account", item.cogs_account),
            ("Asset Account", item.asset_account),
            ("Bill Price Variance Account", company.bill_variance_account),
            ("Vendor Return Variance Account", company.vendor_return_variance_account),
        ]
    }


def transactions(request: HttpRequest, item: Item, company: Company) -> dict[str, Any]:
    """Every line of every document that speaks of the item, the newest first."""
    lines = TransactionLine.objects.visible_to(access.of(request.user)).filter(item=item)
    lines = lines.select_related("transaction__vendor", "transaction__customer", "location")
    listing = Listing(
        request,
        lines,
        ItemLineTable,
        LineFilter,
        title=f"Transactions of {item}",
        search=("transaction__number", "transaction__memo", "memo"),
        search_hint="Document number or memo",
        order=("-date", "-document"),
        exclude=() if company.multi_location_inventory else ("location",),
        empty={"title": "No transactions yet", "text": "Every document of this item will be here."},
    )
    return {"listing": listing}


def notes(request: HttpRequest, item: Item, company: Company) -> dict[str, Any]:
    """The changes of the item's fields, and of its levels at each location."""
    who = access.of(request.user)
    levels = notes_of_parts(
        ItemLocation.objects.within(who.places).filter(item=item), "location", who
    )
    found = [*system_notes(item, who), *levels]
    return {"notes": sorted(found, key=lambda note: note.at, reverse=True)}


SUBTABS = {
    "purchasing": Subtab("Purchasing/Inventory", purchasing),
    "serials": Subtab("Serial Numbers", serials, serialized_only=True),
    "sales": Subtab("Sales/Pricing", sales),
    "accounting": Subtab("Accounting", accounting),
    "transactions": Subtab("Transactions", transactions),
    "notes": Subtab("System Notes", notes),
}
