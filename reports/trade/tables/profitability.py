from __future__ import annotations

from decimal import Decimal
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accounting.models import JournalLine
from inventory.columns import (
    DateColumn,
    FigureColumn,
    ListTable,
    MoneyColumn,
    QuantityColumn,
    RecordColumn,
)
from inventory.templatetags import format, ui
from items.models import Item
from reports.dates import DateRange
from reports.trade import profitability
from reports.trade.profitability import COGS, INCOME, Tie, percent

ONE_LINE = {"td": {"class": "nowrap"}}


def percent_text(value: Decimal | None) -> Any:
    """12.5%, always with its decimal, or the dash for nothing."""
    if value is None:
        return format.blank(None)
    return f"{value:,.1f}%".replace("-", format.MINUS)


class ProfitabilityTable(ListTable):
    """One row per item; figures lead to the units sold and to the journal behind them."""

    name = RecordColumn("Item", footer="All items listed")
    quantity = QuantityColumn("Quantity Sold")
    revenue = MoneyColumn(footer=lambda table: format.money(table.tie.listed.revenue))
    cost = MoneyColumn(footer=lambda table: format.money(table.tie.listed.cost))
    profit = MoneyColumn("Gross Profit", footer=lambda table: format.money(table.tie.listed.profit))
    share = FigureColumn("% of Profit", empty_values=(), orderable=False)
    margin = FigureColumn(
        "Margin on Price",
        empty_values=(),
        orderable=False,
        footer=lambda table: percent_text(table.margin_of(table.tie.listed)),
    )

    def __init__(self, data: Any, *args: Any, dates: DateRange, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        self.every_row, self.dates = data, dates

    @cached_property
    def tie(self) -> Tie:
        return profitability.tie(self.every_row, self.dates)

    def render_quantity(self, record: Item, value: Decimal) -> SafeString:
        if not (record.is_serialized and value):
            return format.quantity(value)
        query = urlencode({**self.dates.parameters, "item": record.pk})
        url = f"{reverse('reports:serialized-profit')}?{query}"
        return format_html('<a href="{}">{}</a>', url, format.quantity(value))

    def render_revenue(self, record: Item, value: Decimal) -> SafeString:
        return self._figure(record, value)

    def render_cost(self, record: Item, value: Decimal) -> SafeString:
        return self._figure(record, value)

    def _figure(self, record: Item, value: Decimal) -> SafeString:
        url = reverse("reports:profitability-item", args=[record.pk])
        return format_html('<a href="{}?{}">{}</a>', url, self.dates.query, format.money(value))

    def value_share(self, record: Any) -> Decimal | None:
        return percent(record.profit, self.tie.listed.profit)

    def render_share(self, record: Item) -> Any:
        return percent_text(self.value_share(record))

    def value_margin(self, record: Item) -> Decimal | None:
        return self.margin_of(record)

    def render_margin(self, record: Item) -> Any:
        return percent_text(self.margin_of(record))

    @staticmethod
    def margin_of(row: Any) -> Decimal | None:
        return percent(row.profit, row.revenue)


class BookingTable(ListTable):
    """The journal lines behind the figures of an item."""

    document = RecordColumn(
        "Document",
        accessor="entry__posting__document__number",
        linkify=lambda record: document_of(record).get_absolute_url(),
        orderable=False,
    )
    date = DateColumn(accessor="entry__date")
    kind = tables.Column(
        "Type", accessor="entry__posting__document__type", orderable=False, attrs=ONE_LINE
    )
    party = tables.Column(
        "Customer or Vendor", accessor="entry__posting__document__party", linkify=True,
        orderable=False,
    )  # fmt: skip
    account = tables.Column(empty_values=(), orderable=False, attrs=ONE_LINE)
    revenue = MoneyColumn()
    cost = MoneyColumn()

    def render_account(self, record: JournalLine) -> SafeString:
        accounts = self._accounts(record)
        return format_html_join(
            ", ", '<a href="{}">{}</a>', ((a.get_absolute_url(), a) for a in accounts)
        )

    def value_account(self, record: JournalLine) -> str:
        return ", ".join(str(account) for account in self._accounts(record))

    @staticmethod
    def _accounts(record: JournalLine) -> list[Any]:
        return [a for a in (record.debit, record.credit) if a.type in (INCOME, COGS)]

    def render_kind(self, record: JournalLine) -> Any:
        label = self.value_kind(record)
        if record.entry.posting.reverses_id:
            return format_html("{} {}", label, ui.badge("Void"))
        return label

    def value_kind(self, record: JournalLine) -> str:
        return str(document_of(record).kind.label)


def document_of(line: JournalLine) -> Any:
    return line.entry.posting.document
