"""The admin site's name, and what all its pages of stock and books have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase

from inventory.ids import number_in

admin.site.site_header = "Serialbook administration"
admin.site.site_title = "Serialbook"
admin.site.index_title = "Records"


class RecordAdmin(admin.ModelAdmin):
    """A table of records, all of which have numbers as ids."""

    def response_action(self, request: HttpRequest, queryset: QuerySet) -> HttpResponseBase | None:
        """What a list does with the rows that are ticked; Django's own fails on forged ids."""
        ticked = request.POST.getlist(ACTION_CHECKBOX_NAME)
        if any(number_in(pk) is None for pk in ticked):
            text = (
                "Nothing was changed: what was ticked is no row of this list. Tick the rows again."
            )
            self.message_user(request, text, messages.ERROR)
            return None
        return super().response_action(request, queryset)

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        """The record of an id; Django's own fails on an address with an empty `_to_field`."""
        return super().get_object(request, object_id, from_field or None)


class ReadOnly:
    """Only posting writes these: they can be looked at, filtered and searched here."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyAdmin(ReadOnly, RecordAdmin):
    """A table of stock or books, however long: no full count, no ids to choose from."""

    show_full_result_count = False
    list_per_page = 50


class ReadOnlyInline(ReadOnly, admin.TabularInline):
    """Rows under a read-only record, each with a link to its own page.

    `related` are the records its rows name.
    """

    extra = 0
    show_change_link = True
    related: Sequence[str] = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related(*self.related)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Every field: those that are not editable can be shown only so."""
        return self.fields
