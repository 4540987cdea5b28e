"""For whoever has lost both phone and recovery codes: an administrator takes the factor away."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from inventory.admin import ReadOnly, RecordAdmin
from signin import second_factor
from signin.models import SecondFactor


@admin.register(SecondFactor)
class SecondFactorAdmin(ReadOnly, RecordAdmin):
    """Who has one, since when; the secret is shown to nobody."""

    fields = ["user", "added_at"]
    list_display = ["user", "added_at"]
    list_select_related = ["user"]
    search_fields = ["user__username"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def delete_model(self, request: HttpRequest, obj: SecondFactor) -> None:
        second_factor.turn_off(obj.user)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[SecondFactor]) -> None:
        for factor in queryset.select_related("user"):
            second_factor.turn_off(factor.user)
