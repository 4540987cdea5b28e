"""The admin site's name, and what all its pages of stock and books have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

admin.site.site_header = "Serialbook administration"
admin.site.site_title = "Serialbook"
admin.site.index_title = "Records"


class ReadOnly:
    """Only posting writes these: they can be looked at, filtered and searched here."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyAdmin(ReadOnly, admin.ModelAdmin):
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
