"""A column's cells are what django-tables2 makes of them, which knows each rule anew per cell."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import django_tables2 as tables
import pytest
from django.utils.html import format_html

from inventory import cells
from inventory.columns import (
    DateColumn,
    ListTable,
    MoneyColumn,
    QuantityColumn,
    RecordColumn,
    YesNoColumn,
)
from items.models import Item
from tests.factories import ItemFactory, VendorFactory

pytestmark = pytest.mark.django_db


class Facts(tables.Column):
    """Takes whatever there is."""

    def render(self, **given: Any) -> str:
        return ",".join(sorted(given))


class Told(tables.Column):
    """Shows one thing, and tells a file another."""

    def render(self, value: str, bound_column: Any) -> str:
        return format_html("<b>{}</b> {}", value, bound_column.name)

    def value(self, record: Item, value: str) -> str:
        return f"{record.pk} {value}"


class ItemTable(ListTable):
    name = RecordColumn()
    item_type = tables.Column()
    check_digit = tables.Column()
    vendor = tables.Column(
        accessor="preferred_vendor__name",
        linkify=lambda value: "/v/?a=1&b=2" if value == "Acme & Sons" else None,
        attrs={"a": {"class": "quiet", "title": '"so"'}},
    )
    vendor_itself = tables.Column(accessor="preferred_vendor", linkify=True)
    purchase_price = MoneyColumn()
    reorder_point = QuantityColumn()
    created_at = DateColumn()
    inactive = YesNoColumn()
    title = tables.Column()
    costing_method = Told(linkify=("items:view", [tables.A("pk")]))
    facts = Facts(empty_values=())
    made_up = tables.Column(empty_values=())
    nowhere = tables.Column(default="none")
    shouted = tables.Column(accessor="name__upper")

    def render_made_up(self, record: Item, table: Any, bound_row: Any, column: Any) -> str:
        return f"{record} {table.who} {bound_row.record.pk} {column.verbose_name}"

    def value_title(self, value: str) -> str:
        return f"told {value}"


@pytest.mark.parametrize(
    ("mine", "theirs"), [(cells.shown, "get_cell"), (cells.bare, "get_cell_value")]
)
def test_a_cell_is_what_django_tables2_makes_of_it(mine: Any, theirs: str) -> None:
    acme, other = VendorFactory(name="Acme & Sons"), VendorFactory(name="Other")
    ItemFactory(
        name="A <b>", preferred_vendor=acme, check_digit="luhn", purchase_price=Decimal("1.5")
    )
    ItemFactory(name="B", preferred_vendor=other, inactive=True, reorder_point=3)
    ItemFactory(name="C", item_type=Item.Type.INVENTORY)
    table = ItemTable(Item.objects.select_related("preferred_vendor"))
    records = [row.record for row in table.rows]
    assert len(records) == 3
    for column in table.columns:
        cell = mine(table, column, records[0])
        found = [(cell(row), getattr(row, theirs)(column.name)) for row in table.rows]
        assert [ours for ours, _ in found] == [row for _, row in found], column.name


def test_a_cell_of_a_row_that_is_no_record_is_too() -> None:
    class Sums(ListTable):
        name = tables.Column()
        first = tables.Column(accessor="amounts__0")
        total = MoneyColumn()

    table = Sums([{"name": "a", "amounts": [1, 2], "total": Decimal(3)}, {"name": ""}])
    for column in table.columns:
        cell = cells.shown(table, column, table.data.data[0])
        for row in table.rows:
            assert cell(row) == row.get_cell(column.name)
