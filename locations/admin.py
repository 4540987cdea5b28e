from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from inventory.admin import RecordAdmin
from locations.forms import LocationForm
from locations.models import Location


@admin.register(Location)
class LocationAdmin(RecordAdmin):
    """Locations; one is made inactive on its page in Serialbook, which lists its stock first."""

    form = LocationForm
    list_display = ["name", "parent", "inactive"]
    list_filter = ["inactive"]
    list_select_related = ["parent"]
    search_fields = ["name", "address"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["activity"] if obj else []

    @admin.display(description="status")
    def activity(self, location: Location) -> SafeString:
        word, verb = ("Inactive", "reactivate") if location.inactive else ("Active", "inactivate")
        page = format_html('<a href="{}">{} it on its page</a>', location.get_absolute_url(), verb)
        return format_html("{}. {}", word, page)
