"""The columns of the list of users."""

from __future__ import annotations

import django_tables2 as tables
from django.contrib.auth.models import User
from django.urls import reverse

from inventory.columns import ListTable, RecordColumn, YesNoColumn
from users.roles import ROLES


class UserTable(ListTable):
    username = RecordColumn("User", linkify=lambda record: reverse("user", args=[record.pk]))
    name = tables.Column(accessor="get_full_name", order_by=("last_name", "first_name"))
    email = tables.EmailColumn(verbose_name="E-mail")
    roles = tables.Column(empty_values=(), orderable=False)
    locations = tables.Column(empty_values=(), orderable=False)
    last_login = tables.DateTimeColumn(verbose_name="Last Log-in", format="Y-m-d H:i")
    is_active = YesNoColumn("Active", word="Active")

    def render_roles(self, record: User) -> str:
        return self.value_roles(record) or "No role"

    def value_roles(self, record: User) -> str:
        if record.is_superuser:
            return "Administrator"
        held = {group.name for group in record.groups.all()}
        return ", ".join(role for role in ROLES if role in held)

    def render_locations(self, record: User) -> str:
        return self.value_locations(record) or "All"

    def value_locations(self, record: User) -> str:
        return ", ".join(str(row.location) for row in record.allowed_locations.all())
