"""The columns of the list of locations, and of what is at one of them."""

from __future__ import annotations

import django_tables2 as tables

from inventory.columns import (
    DateColumn,
    ListTable,
    MoneyColumn,
    QuantityColumn,
    RecordColumn,
    SerialColumn,
    StatusColumn,
    YesNoColumn,
)
from items.models import ItemLocation, SerialUnit
from users.roles import COST


class LocationTable(ListTable):
    name = RecordColumn()
    parent = tables.Column("Part Of", accessor="parent__name")
    address = tables.Column(attrs={"td": {"class": "wrap"}})
    on_hand = QuantityColumn("Quantity On Hand")
    value = MoneyColumn("Inventory Value", needs=COST)
    inactive = YesNoColumn("Inactive", word="Inactive")

    def render_address(self, value: str) -> str:
        return ", ".join(value.splitlines())


def serials_here(record: ItemLocation) -> str | None:
    """The serial numbers a quantity on hand counts."""
    if not (record.item.is_serialized and record.on_hand):
        return None
    query = f"tab=serials&filter_by=on_hand&location={record.location_id}"
    return f"{record.item.get_absolute_url()}?{query}"


class StockTable(ListTable):
    """What is at a location, item by item."""

    item = RecordColumn(
        "Item", accessor="item__name", linkify=lambda record: record.item.get_absolute_url()
    )
    display_name = tables.Column("Display Name", accessor="item__display_name")
    on_hand = QuantityColumn(linkify=serials_here)
    available = QuantityColumn(orderable=False)
    committed = QuantityColumn()
    back_ordered = QuantityColumn()
    on_order = QuantityColumn()
    picked = QuantityColumn()
    in_transit = QuantityColumn()
    value = MoneyColumn(needs=COST)


class UnitTable(ListTable):
    """The units we hold at a location, of every item."""

    number = SerialColumn("Serial Number", order_by="number_key")
    item = tables.Column(
        "Item", accessor="item__name", linkify=lambda record: record.item.get_absolute_url()
    )
    status = StatusColumn(labels=dict(SerialUnit.Status.choices))
    received_on = DateColumn("Received Date")
    unit_cost = MoneyColumn(needs=COST)
    memo = tables.Column(attrs={"td": {"class": "wrap"}})
