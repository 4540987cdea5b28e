"""The Items list (Lists > Accounting > Items), its View All or Stock."""

from __future__ import annotations

from django.db.models import Prefetch
from django.urls import reverse_lazy

from company.models import Company
from inventory.listing import Listing, ListingView
from items.filters import ALL, STOCK, ItemFilter
from items.models import Item, ItemLocation, ItemQuerySet
from items.tables import ItemTable, StockTable


class ItemListing(Listing):
    """The items a request asks for; the View chooses the columns and narrows nothing."""

    @property
    def is_narrowed(self) -> bool:
        return self.term != "" or any(self.request.GET.get(n) for n in ("type", "low", "inactive"))


class ItemList(ListingView):
    """What we stock, with what it costs or, in the View Stock, how much of it there is."""

    title = "Items"
    description = "What we buy, stock and sell."
    search = ("name", "display_name", "upc", "description")
    search_hint = "Name, UPC or description"
    new_url, new_label = reverse_lazy("items:new"), "New Item"
    defaults = {"view": ALL}
    empty = {
        "title": "No items yet",
        "text": "Enter what you stock; serialized items keep every unit apart by its number.",
    }

    def rows(self) -> ItemQuerySet:
        by_location = Company.current().multi_location_inventory
        low = ItemLocation.objects.low() if by_location else ItemLocation.objects.none()
        return (
            Item.objects.with_level(by_location=by_location)
            .select_related("preferred_vendor", "preferred_location")
            .prefetch_related(
                Prefetch("item_locations", low.select_related("location"), to_attr="low_places")
            )
        )

    def listing(self) -> Listing:
        stock = self.request.GET.get("view") == STOCK
        hidden = () if Company.current().multi_location_inventory else ("preferred_location",)
        return ItemListing(
            self.request,
            self.rows(),
            StockTable if stock else ItemTable,
            ItemFilter,
            exclude=hidden if stock else (),
            **self.listing_options(),
        )
