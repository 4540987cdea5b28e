"""The columns of the list of imports, and of what was found in a file."""

from __future__ import annotations

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.safestring import SafeString

from imports.models import Import, RowFinding
from inventory.columns import InstantColumn, ListTable, RecordColumn, StatusColumn
from inventory.templatetags import ui


class ImportTable(ListTable):
    """Every file that was handed in, the last one first."""

    name = RecordColumn("File")
    kind = tables.Column("Type")
    status = StatusColumn(labels=dict(Import.Status.choices))
    by = tables.Column("By", accessor="by__username")
    created_at = InstantColumn("Handed In")
    finished_at = InstantColumn("Imported")


TONES = {"wrong": "warn", "known": "void", "note": "progress"}


class FindingTable(ListTable):
    """What was found in the rows of a file."""

    row = tables.Column("Row")
    weight = tables.Column("Result")
    code = tables.Column("Code", attrs={"td": {"class": "nowrap"}})
    column = tables.Column("Column")
    value = tables.Column("Value", attrs={"td": {"class": "serial"}})
    message = tables.Column("What is said of it", attrs={"td": {"class": "wrap wide"}})

    def row_class(self, record: RowFinding) -> str:
        return "is-error" if record.weight == RowFinding.Weight.WRONG else ""

    def render_weight(self, record: RowFinding) -> SafeString:
        return ui.badge(record.get_weight_display(), TONES[record.weight])

    def render_row(self, record: RowFinding) -> str:
        return f"Row {record.row:,}"

    def value_row(self, record: RowFinding) -> int | None:
        return record.row

    def render_message(self, record: RowFinding) -> SafeString:
        if not record.url:
            return format_html("{}", record.message)
        return format_html(
            '{} <a href="{}">Show<span class="visually-hidden"> {}</span></a>',
            record.message,
            record.url,
            record.value,
        )
