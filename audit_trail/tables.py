"""The columns of the audit trail."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.apps import apps

from audit_trail.filters import record_types, type_label
from audit_trail.models import AuditEvent
from inventory.columns import InstantColumn, ListTable


def address(record: AuditEvent) -> str | None:
    """The page of the record an event is about; no query is made for it."""
    if not record.record_id or record.kind == AuditEvent.Kind.DELETED:
        return None
    try:
        row: Any = apps.get_model(record.record_type)(pk=record.record_id)
    except (LookupError, ValueError):
        return None
    return row.get_absolute_url() if hasattr(row, "get_absolute_url") else None


class TypeColumn(tables.Column):
    """A kind of record, by what people call it."""

    def render(self, value: str) -> str:
        return type_label(value)

    @property
    def labels(self) -> dict[str, str]:
        """The words for exports."""
        return dict(record_types())


class AuditTable(ListTable):
    """Every act on record, the last one first."""

    at = InstantColumn("When")
    name = tables.Column("Who")
    kind = tables.Column("What")
    record = tables.Column("Record", linkify=address)
    record_type = TypeColumn("Type")
    field = tables.Column("Field")
    old = tables.Column("Old Value", attrs={"td": {"class": "wrap"}}, orderable=False)
    new = tables.Column("New Value", attrs={"td": {"class": "wrap"}}, orderable=False)
    ip = tables.Column("IP Address")

    def render_field(self, value: str) -> str:
        return value[:1].upper() + value[1:]
