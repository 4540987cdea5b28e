from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.http import HttpRequest

from company.forms import FIELDSETS, CompanyForm
from company.models import Company, UserPreference
from inventory.admin import RecordAdmin


@admin.register(Company)
class CompanyAdmin(RecordAdmin):
    """The one company, by the form of Setup > Company."""

    form = CompanyForm

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        hidden = () if obj and obj.multi_location_inventory else ("default_location",)
        return [
            (legend, {"fields": [name for name in names if name not in hidden]})
            for legend, names in FIELDSETS
        ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not Company.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(UserPreference)
class UserPreferenceAdmin(RecordAdmin):
    list_display = ["user", "inventory_level_warnings", "rows_per_page"]
    list_select_related = ["user"]
    search_fields = ["user__username"]


admin.site.unregister([Group, User])


@admin.register(Group)
class RoleAdmin(RecordAdmin, GroupAdmin):
    """The groups, of which those of Setup > Roles are some."""


@admin.register(User)
class PersonAdmin(RecordAdmin, UserAdmin):
    """Users are deactivated, never deleted: documents say who made them."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
