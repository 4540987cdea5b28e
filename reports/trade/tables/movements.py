from __future__ import annotations

from collections.abc import Callable
from typing import Any

import django_tables2 as tables
from django.utils import timezone
from django.utils.html import format_html

from inventory.columns import DateColumn, ListTable, MoneyColumn, QuantityColumn, SerialColumn
from inventory.templatetags import format, ui
from reports.trade import movements
from reports.trade.tables.orders import ITEM, ONE_LINE
from transactions.models import StockMove
from users.roles import COST


def _place(side: str) -> Callable[[MovementTable, StockMove], str]:
    def text(table: MovementTable, record: StockMove) -> str:
        location = getattr(record, f"{side}_location") if table.with_places else None
        return movements.place(getattr(record, f"{side}_status"), location)

    return text


class MovementTable(ListTable):
    """Every movement of serial numbers; what was voided is struck through and says so."""

    with_places = True

    number = SerialColumn("Serial Number", accessor="unit__number", order_by="unit__number_key")
    unit_no = QuantityColumn("Unit")
    item = tables.Column(**ITEM)
    posted = tables.Column(accessor="pk", visible=False, exclude_from_export=True)
    date = DateColumn()
    document = tables.Column(
        "Document",
        accessor="line__transaction__number",
        linkify=lambda record: record.line.transaction.get_absolute_url(),
        orderable=False,
        attrs=ONE_LINE,
    )
    step = tables.Column(accessor="posting__step", orderable=False, attrs=ONE_LINE)
    source = tables.Column("From", accessor="source_status", empty_values=(), orderable=False)
    target = tables.Column("To", accessor="target_status", orderable=False)
    cost = MoneyColumn(needs=COST)
    party = tables.Column(
        "Vendor or Customer", accessor="line__transaction__party", linkify=True, orderable=False
    )
    by = tables.Column("By", accessor="posting__by", orderable=False)
    entered = tables.Column("Entered", accessor="posting__created_at", orderable=False)

    def row_class(self, record: StockMove) -> str:
        return "is-void is-struck" if movements.is_void(record) else ""

    def value_step(self, record: StockMove) -> str:
        text = movements.step(record)
        return f"{text} (voided)" if movements.is_void(record) and text != "Void" else text

    def render_step(self, record: StockMove) -> Any:
        text = movements.step(record)
        if not movements.is_void(record):
            return text
        return (
            ui.badge("Void") if text == "Void" else format_html("{} {}", text, ui.badge("Voided"))
        )

    value_source = _place("source")
    value_target = _place("target")

    def render_source(self, record: StockMove) -> Any:
        return format.blank(self.value_source(record))

    def render_target(self, record: StockMove) -> Any:
        return format.blank(self.value_target(record))

    def render_entered(self, value: Any) -> str:
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
