"""The columns of the reports on stock."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounting.fields import cents
from inventory.columns import (
    DateColumn,
    FigureColumn,
    ListTable,
    MoneyColumn,
    QuantityColumn,
    RecordColumn,
    SerialColumn,
    StatusColumn,
)
from inventory.templatetags import format, ui
from items.models import SerialUnit
from reports.stock.as_of import Amount
from reports.stock.ledger import LedgerLine, sums
from reports.stock.valuation import ItemValue
from transactions import types
from users.roles import COST


class ReportTable(ListTable):
    """A table that knows the parameters of its report, for the links to the next one.

    With `places` false it says nothing of locations.
    """

    def __init__(
        self, data: Any, *args: Any, asked: dict[str, Any] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(data, *args, **kwargs)
        self.every_row, self.asked = data, asked or {}

    def address(self, name: str, **more: Any) -> str:
        """Another report with what this one was asked for."""
        asked = {k: v for k, v in {**self.asked, **more}.items() if v is not None}
        return f"{reverse(f'reports:{name}')}?{urlencode(asked)}"


class AverageColumn(MoneyColumn):
    """A value for each unit, in cents."""

    def render(self, value: Decimal) -> SafeString:
        return format.money(cents(value))

    def value(self, value: Decimal) -> Decimal:
        return cents(value)


class PercentColumn(FigureColumn):
    def render(self, value: Decimal) -> str:
        return f"{value}%"


def _sum(show: Callable[[Any], SafeString], name: str) -> Callable[[Any], SafeString]:
    return lambda table: show(sum((getattr(row, name) for row in table.every_row), Decimal(0)))


class ValuationTable(ReportTable):
    """One row an item; the last row sums up all pages."""

    name = RecordColumn(
        "Item", linkify=lambda record: record.item.get_absolute_url(), footer="Total"
    )
    description = tables.Column(attrs={"td": {"class": "wrap"}})
    on_hand = QuantityColumn(footer=_sum(format.quantity, "on_hand"))
    picked = QuantityColumn(footer=_sum(format.quantity, "picked"))
    moving = QuantityColumn("In Transit", footer=_sum(format.quantity, "moving"))
    value = MoneyColumn(footer=_sum(format.money, "value"))
    share = PercentColumn("% of Total")

    def render_on_hand(self, record: ItemValue, value: Decimal) -> SafeString:
        if not (record.item.is_serialized and value):
            return format.quantity(value)
        status = SerialUnit.Status.ON_HAND.value
        address = self.address("serials-on-hand", item=record.item.pk, status=status)
        return format_html('<a href="{}">{}</a>', address, format.quantity(value))

    def render_value(self, record: ItemValue, value: Decimal) -> SafeString:
        asked = {"item": record.item.pk, "start": "", "end": self.asked.get("date"), "date": None}
        address = self.address("inventory-valuation-detail", **asked)
        return format_html('<a href="{}">{}</a>', address, format.money(value))

    def value_on_hand(self, value: Decimal) -> Decimal:
        return value

    def value_value(self, value: Decimal) -> Decimal:
        return value


class HeldTable(ReportTable):
    """One row a unit that was in stock; the last row sums up all pages."""

    number = SerialColumn("Serial Number", order_by="number_key", footer="Total")
    item = tables.Column(
        "Item", accessor="item__name", linkify=lambda record: record.item.get_absolute_url()
    )
    location = tables.Column("Location", accessor="place")
    status = StatusColumn(accessor="was", labels=dict(SerialUnit.Status.choices))
    received_on = DateColumn("Received Date")
    receipt = tables.Column(
        "Received On", accessor="receipt_number", linkify=lambda record: _receipt_url(record)
    )
    cost = MoneyColumn(
        "Unit Cost", footer=lambda table: format.money(table.total.value), needs=COST
    )

    def __init__(self, *args: Any, total: Amount, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.total = total

    def render_status(self, value: str) -> SafeString:
        return ui.badge(SerialUnit.Status(value).label)


def _receipt_url(record: Any) -> str | None:
    if record.receipt_id is None:
        return None
    return _document_url(record.receipt_type, record.receipt_id)


def _document_url(kind: str, pk: int) -> str:
    return reverse("transactions:view", args=[types.get(kind).slug, pk])


class ActivityTable(ReportTable):
    """One row for each change of stock at a place.

    Every order ends with the move: the rows' own key is the place, which many of them share.
    """

    document = RecordColumn(
        "Document",
        accessor="document_number",
        order_by=("document", "move"),
        linkify=lambda record: _document_url(record.kind, record.document),
    )
    date = DateColumn(order_by=("date", "move"))
    type = tables.Column("Type", accessor="kind", order_by=("kind", "move"))
    item = tables.Column(
        "Item",
        accessor="item__name",
        order_by=("item__name", "move"),
        linkify=lambda record: record.item.get_absolute_url(),
    )
    number = SerialColumn(
        "Serial Number",
        accessor="unit_number",
        order_by=("number_key", "move"),
        attrs={"a": {"class": "serial"}},
    )
    location = tables.Column(
        "Location", accessor="location__name", order_by=("location__name", "move")
    )
    quantity = QuantityColumn(order_by=("quantity", "move"))

    def render_document(self, record: Any, value: str) -> SafeString | str:
        """A void's reversal says so: it stands on the same document."""
        return value if record.undoes is None else format_html("{} {}", value, ui.badge("Void"))

    def render_type(self, value: str) -> str:
        return types.get(value).label

    def value_type(self, value: str) -> str:
        return types.get(value).label

    def render_quantity(self, value: Decimal) -> SafeString:
        return signed(value)


def signed(value: Decimal) -> SafeString:
    """A change, with its sign whichever way it goes."""
    if value <= 0:
        return format.quantity(value)
    return format_html('<span class="quantity">+{}</span>', format.quantity_text(value))


def _of(name: str, part: str) -> dict[str, Any]:
    """Where a column of the stock ledger finds its figure, and what stands below it."""
    show = format.money if part == "value" else format.quantity
    return {
        "accessor": f"{name}__{part}",
        "footer": lambda table: show(getattr(table.totals[name], part)),
    }


class LedgerTable(ReportTable):
    """One row an item, or an item at a location; the last row sums up all pages."""

    item = RecordColumn(
        accessor="item__name",
        linkify=lambda record: record.item.get_absolute_url(),
        footer="Total",
    )
    location = tables.Column("Location", accessor="location__name")
    beginning = QuantityColumn("Beginning Qty", **_of("beginning", "quantity"))
    beginning_average = AverageColumn("Average", accessor="beginning__average")
    beginning_value = MoneyColumn("Beginning Value", **_of("beginning", "value"))
    receipts = QuantityColumn("Receipts", **_of("receipts", "quantity"))
    other_inputs = QuantityColumn("Other Inputs", **_of("other_inputs", "quantity"))
    value_in = MoneyColumn("Value of Inputs", **_of("inputs", "value"))
    sales = QuantityColumn("Sales", **_of("sales", "quantity"))
    other_outputs = QuantityColumn("Other Outputs", **_of("other_outputs", "quantity"))
    value_out = MoneyColumn("Value of Outputs", **_of("outputs", "value"))
    last_receipt = DateColumn("Last Receipt", accessor="last__receipts")
    last_sale = DateColumn("Last Sale", accessor="last__sales")
    ending = QuantityColumn("Ending Qty", **_of("ending", "quantity"))
    ending_average = AverageColumn("Average", accessor="ending__average")
    ending_value = MoneyColumn("Ending Value", **_of("ending", "value"))

    def __init__(self, data: Sequence[LedgerLine], *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        self.totals = sums(data)

    def render_ending_value(self, record: LedgerLine, value: Decimal) -> SafeString:
        place = record.location.pk if record.location else self.asked.get("location")
        address = self.address("inventory-valuation-detail", item=record.item.pk, location=place)
        return format_html('<a href="{}">{}</a>', address, format.money(value))

    def value_ending_value(self, value: Decimal) -> Decimal:
        return value
