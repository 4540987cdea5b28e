"""The columns of customers and vendors, of their serial numbers and of their documents."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.safestring import SafeString

from inventory.columns import (
    DateColumn,
    ListTable,
    MoneyColumn,
    RecordColumn,
    SerialColumn,
    StatusColumn,
    YesNoColumn,
)
from inventory.templatetags import ui
from items.models import SerialUnit
from transactions import types
from transactions.models import StockMove, Transaction
from users.roles import COST


class PartyTable(ListTable):
    name = RecordColumn()
    email = tables.EmailColumn(verbose_name="E-mail")
    phone = tables.Column()
    address = tables.Column(attrs={"td": {"class": "wrap"}})
    inactive = YesNoColumn("Inactive", word="Inactive")

    def render_address(self, value: str) -> str:
        return ", ".join(value.splitlines())


class BoughtTable(ListTable):
    """The serial numbers a customer bought: a row is a unit and its sale."""

    number = SerialColumn("Serial Number", accessor="unit__number", order_by="unit__number_key")
    item = tables.Column(
        "Item", accessor="item__name", linkify=lambda record: record.item.get_absolute_url()
    )
    date = DateColumn("Date Shipped")
    document = tables.Column(
        "Shipped On",
        accessor="line__transaction__number",
        order_by="line__transaction_id",
        linkify=lambda record: record.line.transaction.get_absolute_url(),
    )
    invoice = tables.Column(
        accessor="invoice_number",
        order_by="invoice_id",
        linkify=lambda record: invoice_url(record),
        empty_values=(),
    )
    revenue = MoneyColumn("Price")

    def render_invoice(self, value: str | None) -> str:
        return value or ui.badge("Not invoiced", "open")


def invoice_url(sale: Any) -> str | None:
    """The page of a sale's invoice, if it has one."""
    if sale.invoice_id is None:
        return None
    return reverse("transactions:view", args=[types.get(sale.invoice_type).slug, sale.invoice_id])


class SuppliedTable(ListTable):
    """The serial numbers a vendor supplied: a row is a unit's arrival."""

    number = SerialColumn("Serial Number", accessor="unit__number", order_by="unit__number_key")
    item = tables.Column(
        "Item", accessor="item__name", linkify=lambda record: record.item.get_absolute_url()
    )
    date = DateColumn("Received Date")
    document = tables.Column(
        "Received On",
        accessor="line__transaction__number",
        order_by="line__transaction_id",
        linkify=lambda record: record.line.transaction.get_absolute_url(),
    )
    cost = MoneyColumn(needs=COST)
    status = StatusColumn(
        "Status Now", accessor="unit__status", labels=dict(SerialUnit.Status.choices)
    )

    def render_status(self, record: StockMove) -> SafeString:
        return ui.status(record.unit)


class DocumentTable(ListTable):
    """A party's documents of every kind."""

    number = RecordColumn(order_by="id")
    type = tables.Column()
    date = DateColumn()
    status = StatusColumn(orderable=False)
    reference = tables.Column()
    total = MoneyColumn()
    memo = tables.Column(attrs={"td": {"class": "wrap"}})

    def row_class(self, record: Transaction) -> str:
        return "is-void" if record.is_voided else ""

    def value_status(self, record: Transaction) -> Any:
        return record.status_label


class VendorDocumentTable(DocumentTable):
    """A vendor's documents, whose totals are what we pay."""

    total = MoneyColumn(needs=COST)
