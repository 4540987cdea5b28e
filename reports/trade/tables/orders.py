from __future__ import annotations

from decimal import Decimal
from functools import cached_property
from typing import Any

import django_tables2 as tables
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from inventory.columns import DateColumn, ListTable, MoneyColumn, QuantityColumn, RecordColumn
from inventory.templatetags import format, ui
from reports.trade import orders
from transactions.models import TransactionLine
from users.roles import COST

ONE_LINE = {"td": {"class": "nowrap"}}


ITEM = {
    "accessor": "item__name",
    "verbose_name": "Item",
    "linkify": lambda record: record.item.get_absolute_url(),
}


def order_column(**more: Any) -> tables.Column:
    return tables.Column(
        "Order",
        accessor="transaction__number",
        order_by="transaction_id",
        linkify=lambda record: record.transaction.get_absolute_url(),
        attrs=ONE_LINE,
        **more,
    )


class BackOrderTable(ListTable):
    """Order lines that wait for stock, the oldest first."""

    item = RecordColumn(**ITEM, footer="All rows")
    order = order_column()
    date = DateColumn(accessor="transaction__date")
    customer = tables.Column(
        "Customer",
        accessor="transaction__customer__name",
        empty_values=(),
        linkify=lambda record: _waits(record).get_absolute_url(),
    )
    location = tables.Column("Location", accessor="location__name", attrs=ONE_LINE)
    quantity = QuantityColumn("Ordered")
    fulfilled = QuantityColumn()
    picked = QuantityColumn()
    committed = QuantityColumn()
    back_ordered = QuantityColumn(
        attrs={"th": {"class": "num"}, "td": {"class": "num fw-bold"}},
        footer=lambda table: format.quantity(orders.total_back_ordered(table.every_row)),
    )
    on_order = QuantityColumn("On Order", empty_values=(), orderable=False)
    coming = tables.Column(
        "Coming On", empty_values=(), orderable=False, attrs={"td": {"class": "wide"}}
    )

    def __init__(self, data: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        self.every_row = data

    def value_customer(self, record: TransactionLine) -> str:
        order = record.transaction
        return str(order.customer) if order.customer else f"Transfer to {order.to_location}"

    def render_customer(self, record: TransactionLine) -> str:
        return self.value_customer(record)

    def value_on_order(self, record: TransactionLine) -> Decimal:
        return sum((line.on_order for line in orders.coming_for(record)), Decimal(0))

    def render_on_order(self, record: TransactionLine) -> SafeString:
        return format.quantity(self.value_on_order(record))

    def render_coming(self, record: TransactionLine) -> Any:
        lines = orders.coming_for(record)
        if not lines:
            return ui.badge("Nothing on order", "warn")
        return format_html_join("; ", "{}", ((self._coming(line),) for line in lines))

    def value_coming(self, record: TransactionLine) -> str:
        return "; ".join(
            f"{line.transaction}: {format.quantity_text(line.on_order)}{_expected(line)}"
            for line in orders.coming_for(record)
        )

    @staticmethod
    def _coming(line: TransactionLine) -> SafeString:
        return format_html(
            '<span class="nowrap"><a href="{}">{}</a>: {}{}</span>',
            line.transaction.get_absolute_url(),
            line.transaction,
            format.quantity(line.on_order),
            _expected(line),
        )


def _expected(line: TransactionLine) -> str:
    day = line.transaction.expected_date
    return f", expected {day}" if day else ", no date"


def _waits(line: TransactionLine) -> Any:
    """The customer, or the location, that a back order is for."""
    return line.transaction.customer or line.transaction.to_location


class OpenPurchaseTable(ListTable):
    """What vendors owe, and what is still to be billed."""

    order = order_column(footer="All rows")
    vendor = tables.Column(
        "Vendor",
        accessor="transaction__vendor__name",
        linkify=lambda record: record.transaction.vendor.get_absolute_url(),
    )
    item = tables.Column(**ITEM)
    location = tables.Column("Location", accessor="location__name", attrs=ONE_LINE)
    quantity = QuantityColumn("Ordered")
    moved = QuantityColumn("Received")
    on_order = QuantityColumn("On Order")
    billed = QuantityColumn()
    expected = DateColumn("Expected", accessor="transaction__expected_date")
    late = tables.Column("Overdue", empty_values=(), orderable=False, attrs=ONE_LINE)
    to_come = MoneyColumn(
        "Still to Come",
        needs=COST,
        empty_values=(),
        orderable=False,
        footer=lambda table: format.money(table.expected_value.value),
    )
    rate = MoneyColumn(needs=COST)
    status = tables.Column(
        accessor="transaction__status", orderable=False, attrs={"td": {"class": "wide"}}
    )

    def __init__(self, data: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        self.every_row, self.today = data, timezone.localdate()

    @cached_property
    def expected_value(self) -> orders.Expected:
        return orders.expected(self.every_row, self.today)

    def row_class(self, record: TransactionLine) -> str:
        return "is-error" if orders.days_late(record, self.today) else ""

    def value_status(self, record: TransactionLine) -> str:
        return str(record.transaction.status_label)

    def render_status(self, record: TransactionLine) -> SafeString:
        return ui.status(record.transaction)

    def value_late(self, record: TransactionLine) -> str:
        days = orders.days_late(record, self.today)
        return "" if not days else f"{days} day{'' if days == 1 else 's'} late"

    def render_late(self, record: TransactionLine) -> Any:
        text = self.value_late(record)
        return ui.badge(text, "warn") if text else format.blank(None)

    def value_to_come(self, record: TransactionLine) -> Decimal:
        return orders.to_come(record)

    def render_to_come(self, record: TransactionLine) -> SafeString:
        return format.money(orders.to_come(record))
