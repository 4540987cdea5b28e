from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.safestring import SafeString

from inventory.columns import DateColumn, ListTable, MoneyColumn, QuantityColumn, SerialColumn
from inventory.templatetags.format import money, quantity_text
from inventory.templatetags.ui import badge
from reports.profit import Totals, totals
from transactions import types
from transactions.models import StockMove


def _page_of(name: str) -> Callable[[StockMove], str | None]:
    """Leads to the row's receipt or invoice, if it has one."""

    def url(record: StockMove) -> str | None:
        pk = getattr(record, f"{name}_id")
        if pk is None:
            return None
        kind = types.get(getattr(record, f"{name}_type"))
        return reverse("transactions:view", args=[kind.slug, pk])

    return url


def _total(name: str) -> Callable[[ProfitTable], SafeString]:
    return lambda table: money(getattr(table.totals, name))


class ProfitTable(ListTable):
    """One row per unit and sale; the last row sums up all pages."""

    number = SerialColumn(
        accessor="unit__number",
        order_by="unit__number_key",
        verbose_name="Serial Number",
        footer=lambda table: table.units,
    )
    item = tables.Column(
        accessor="item__name",
        verbose_name="Item",
        linkify=lambda record: record.item.get_absolute_url(),
    )
    receipt = tables.Column(
        accessor="receipt_number",
        verbose_name="Received On",
        linkify=_page_of("receipt"),
        orderable=False,
    )
    kept = MoneyColumn("Cost", footer=_total("cost"))
    date = DateColumn(verbose_name="Date Shipped")
    fulfillment = tables.Column(
        accessor="line__transaction__number",
        verbose_name="Shipped On",
        linkify=lambda record: record.line.transaction.get_absolute_url(),
        orderable=False,
    )
    invoice = tables.Column(
        accessor="invoice_number",
        verbose_name="Invoice",
        linkify=_page_of("invoice"),
        orderable=False,
        empty_values=(),
    )
    customer = tables.Column(
        accessor="line__transaction__customer__name",
        verbose_name="Customer",
        linkify=lambda record: record.line.transaction.customer.get_absolute_url(),
    )
    revenue = MoneyColumn(footer=_total("revenue"))
    profit = MoneyColumn(footer=_total("profit"), empty_values=())
    days = QuantityColumn(verbose_name="Days in Stock")

    def __init__(self, data: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        self.every_row = data

    @cached_property
    def totals(self) -> Totals:
        return totals(self.every_row)

    @property
    def units(self) -> str:
        count = self.totals.units
        return "1 unit" if count == 1 else f"{quantity_text(count)} units"

    def render_invoice(self, value: str | None, record: Any) -> str:
        return self.value_invoice(value, record) or badge("Not invoiced", "open")

    def value_invoice(self, value: str | None, record: Any) -> str:
        return f"{value} (returned)" if value and record.returned else value or ""

    def render_profit(self, value: Any, record: Any) -> SafeString:
        if value is None and record.returned:
            return badge("Not credited", "open")
        return money(value)
