"""The Items list (Lists > Accounting > Items), its View All or Stock."""

from __future__ import annotations

from django.urls import reverse_lazy

from company.models import Company
from inventory.listing import Listing, ListingView
from items.filters import ALL, STOCK, ItemFilter
from items.models import Item, ItemQuerySet
from items.tables import ItemTable, StockTable
from users import access


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

    @property
    def places(self) -> frozenset[int]:
        return access.of(self.request.user).places

    def rows(self) -> ItemQuerySet:
        by_location, at = Company.current().multi_location_inventory, self.places
        return (
            Item.objects.with_level(by_location=by_location, at=at)
            .with_low_places(by_location=by_location, at=at)
            .select_related("preferred_vendor", "preferred_location")
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
