"""The columns of the lists of documents."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from inventory.columns import (
    DateColumn,
    ListTable,
    MoneyColumn,
    RecordColumn,
    SerialColumn,
    StatusColumn,
)
from transactions.models import VOIDED, Transaction
from transactions.types import Kind
from users.roles import COST


class DocumentTable(ListTable):
    """Documents of one kind."""

    number = RecordColumn(order_by="pk")
    date = DateColumn()
    party = tables.Column(accessor="vendor__name")
    status = StatusColumn()
    location = tables.Column("Location", accessor="location__name")
    reference = tables.Column()
    to_location = tables.Column("To Location", accessor="to_location__name")
    total = MoneyColumn()
    memo = tables.Column(attrs={"td": {"class": "wrap"}})

    def row_class(self, record: Transaction) -> str:
        return "is-void" if record.is_voided else ""


class LineSerialTable(ListTable):
    """Every serial number of one line."""

    number = SerialColumn("Serial Number", order_by="number_key")
    status = StatusColumn()
    location = tables.Column("Location", accessor="location__name")
    unit_cost = MoneyColumn(needs=COST)
    received_on = DateColumn("Received Date")


def document_table(kind: Kind) -> type[DocumentTable]:
    """The list of a kind: with its own party, and its statuses in words for exports."""
    return _with_columns(kind)


def queue_table(kind: Kind, order: Kind, *, ticks: bool) -> type[DocumentTable]:
    """The orders waiting for a document of a kind, each with the link that makes it.

    With `ticks`, several can be chosen for the form `bulk` on the page.
    """
    more: dict[str, Any] = {"tick": _TickColumn()} if ticks else {}
    return _with_columns(order, **more, next=_NextColumn(kind))


def _with_columns(kind: Kind, **more: Any) -> type[DocumentTable]:
    columns: dict[str, Any] = {
        "status": StatusColumn(labels={**dict(kind.statuses.choices), VOIDED: "Voided"}),
        "total": MoneyColumn(needs=COST if kind.tells_cost else ""),
        **more,
    }
    if kind.party:
        columns["party"] = tables.Column(kind.party.title(), accessor=f"{kind.party}__name")
    if "tick" in more:
        columns["Meta"] = type("Meta", (), {"sequence": ("tick", "...")})
    return type("DocumentTable", (DocumentTable,), columns)


class _TickColumn(tables.Column):
    """A check box that belongs to the form `bulk`."""

    def __init__(self) -> None:
        super().__init__(
            "Choose",
            accessor="pk",
            orderable=False,
            exclude_from_export=True,
            attrs={"td": {"class": "tick"}, "th": {"class": "tick"}},
        )

    def render(self, record: Transaction) -> SafeString:
        return format_html(
            '<input type="checkbox" form="bulk" name="order" value="{}" aria-label="Choose {}">',
            record.pk,
            record,
        )


class _NextColumn(tables.Column):
    """A button that makes the kind's document from the row's."""

    def __init__(self, kind: Kind) -> None:
        super().__init__(
            kind.verb,
            accessor="pk",
            orderable=False,
            exclude_from_export=True,
            attrs={"td": {"class": "nowrap"}},
        )
        self.kind = kind

    def render(self, record: Transaction) -> SafeString:
        return format_html(
            '<a class="btn btn-secondary btn-small" href="{}?from={}">{}'
            '<span class="visually-hidden"> {}</span></a>',
            reverse("transactions:new", args=[self.kind.slug]),
            record.pk,
            self.kind.verb,
            record,
        )
