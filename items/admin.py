from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from company.models import Company
from inventory.admin import ReadOnlyAdmin, RecordAdmin
from items import numbers
from items.forms import FIELDSETS, ItemForm
from items.models import Item, ItemLocation, SerialUnit


@admin.register(Item)
class ItemAdmin(RecordAdmin):
    """Items, by the form of the item page: what is locked there is locked here."""

    form = ItemForm
    list_display = ["name", "display_name", "item_type", "base_price", "inactive"]
    list_filter = ["item_type", "inactive"]
    search_fields = ["name", "display_name", "upc"]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        by_location = Company.current().multi_location_inventory
        hidden = () if by_location else ("preferred_location",)
        legends = [*FIELDSETS, ("Status", ["inactive"])]
        return [
            (legend, {"fields": [name for name in names if name not in hidden]})
            for legend, names in legends
        ]


@admin.register(ItemLocation)
class ItemLocationAdmin(ReadOnlyAdmin):
    """The quantities of the stock list, item by item and place by place."""

    list_display = ["item", "location", *ItemLocation.QUANTITIES, "value", "reorder_point"]
    list_filter = ["location"]
    list_select_related = ["item", "location"]
    search_fields = ["item__name", "location__name"]


@admin.register(SerialUnit)
class SerialUnitAdmin(ReadOnlyAdmin):
    """Every unit there ever was, with its serial number."""

    list_display = ["number", "item", "status", "location", "received_on", "left_on", "unit_cost"]
    list_filter = ["status", "location"]
    list_select_related = ["item", "location"]
    search_fields = ["number_key__startswith", "item__name"]
    search_help_text = "The beginning of a serial number, or an item"
    fields = [
        ("number", "item"),
        ("status", "location", "last_location"),
        ("received_on", "left_on"),
        "unit_cost",
        "memo",
        "history",
    ]
    readonly_fields = ["history"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[SerialUnit], search_term: str
    ) -> tuple[QuerySet[SerialUnit], bool]:
        """A serial number is looked for by its key, so that spelling does not matter."""
        return super().get_search_results(request, queryset, numbers.key(search_term))

    @admin.display(description="history")
    def history(self, unit: SerialUnit) -> SafeString:
        return format_html('<a href="{}">All it went through</a>', unit.get_absolute_url())
