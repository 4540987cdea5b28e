"""The columns of the Items list, the Serial Numbers subtab and an item's transactions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

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
from inventory.templatetags import format, ui
from items.models import Item, SerialUnit
from transactions.histories import History, history_of
from transactions.models import TransactionLine
from users.roles import COST


class ItemTable(ListTable):
    """Items, View All: what they are and what they cost."""

    name = RecordColumn("Name")
    display_name = tables.Column()
    item_type = tables.Column("Type")
    description = tables.Column(attrs={"td": {"class": "wrap"}})
    base_price = MoneyColumn()
    purchase_price = MoneyColumn(needs=COST)
    preferred_vendor = tables.Column("Preferred Vendor", accessor="preferred_vendor__name")
    inactive = YesNoColumn("Inactive", word="Inactive")


# The figures a stock list is read for.
FOREMOST = {"th": {"class": "num"}, "td": {"class": "num fw-bold"}}
ONE_LINE = {"td": {"class": "nowrap"}}


class CountColumn(QuantityColumn):
    """A quantity of an item that leads to what it counts, unless it counts nothing."""

    def __init__(self, *args: Any, counts: Callable[[Item], str], **kwargs: Any) -> None:
        link = lambda record, value: counts(record) if value else None  # noqa: E731
        super().__init__(*args, linkify=link, **kwargs)


def serials_on_hand(item: Item) -> str:
    """What a quantity on hand counts: units, at inactive locations too; or an item by place."""
    if not item.is_serialized:
        return f"{item.get_absolute_url()}?tab=purchasing"
    return f"{item.get_absolute_url()}?tab=serials&filter_by=on_hand&location=all_inactive"


def open_documents(kind: str) -> Callable[[Item], str]:
    """The open documents of a kind with an item on them."""

    def address(item: Item) -> str:
        query = urlencode({"item": item.pk, "open": 1})
        return f"{reverse('transactions:list', args=[kind])}?{query}"

    return address


class StockTable(ListTable):
    """Items, View Stock: how much of each there is, in every sense (SPEC §7.2)."""

    name = RecordColumn("Name")
    display_name = tables.Column()
    item_type = tables.Column("Type")
    preferred_location = tables.Column("Preferred Location", accessor="preferred_location__name")
    on_hand = CountColumn("Quantity On Hand", counts=serials_on_hand, attrs=FOREMOST)
    on_order = CountColumn(
        "Quantity On Order", counts=open_documents("purchase-order"), attrs=FOREMOST
    )
    committed = CountColumn(
        "Quantity Committed", counts=open_documents("sales-order"), attrs=FOREMOST
    )
    level = QuantityColumn("Reorder Point", attrs=FOREMOST)
    preferred_stock_level = QuantityColumn()
    available = QuantityColumn()
    picked = CountColumn(counts=open_documents("item-fulfillment"))
    back_ordered = CountColumn(counts=open_documents("sales-order"))
    in_transit = QuantityColumn()

    def row_class(self, record: Item) -> str:
        return "is-low" if record.is_low else ""

    def render_level(self, record: Item, value: Any) -> SafeString:
        return format_html("{} {}", low_mark(record), format.quantity(value))


def low_mark(item: Item, words: str = "Low") -> SafeString:
    """In words, that an item is at or below its reorder point, or which location of it is."""
    if item.is_low:
        return ui.badge(words, "warn")
    places = [row.location.name for row in getattr(item, "low_places", ())]
    if not places:
        return SafeString("")
    where = places[0] if len(places) == 1 else f"{len(places)} locations"
    return ui.badge(f"Low at {where}", "warn")


class FlagColumn(QuantityColumn):
    """1 for a unit in a state, 0 for any other."""

    def __init__(self, *args: Any, status: SerialUnit.Status, **kwargs: Any) -> None:
        super().__init__(*args, empty_values=(), orderable=False, **kwargs)
        self.status = status

    def render(self, record: SerialUnit) -> SafeString:
        return format.quantity(self.value(record))

    def value(self, record: SerialUnit) -> int:
        return int(record.status == self.status)


class FactColumn(tables.Column):
    """Something a unit's history says; a document or a party leads to its page."""

    def __init__(self, *args: Any, fact: Callable[[History], Any], **kwargs: Any) -> None:
        super().__init__(*args, empty_values=(), orderable=False, attrs=ONE_LINE, **kwargs)
        self.fact = fact
        self.links: dict[Any, SafeString] = {}  # many numbers came and went with few documents

    def render(self, record: SerialUnit) -> Any:
        found = self.fact(history_of(record))
        if found is None:
            return format.blank(None)
        if found not in self.links:
            link = format_html('<a href="{}">{}</a>', found.get_absolute_url(), found)
            self.links[found] = link
        return self.links[found]

    def value(self, record: SerialUnit) -> str:
        return str(self.fact(history_of(record)) or "")


class SaleColumn(MoneyColumn):
    """An amount of a unit's latest sale; in words what it still waits for (SPEC §5.2 rule 5)."""

    def __init__(self, *args: Any, amount: str, **kwargs: Any) -> None:
        super().__init__(*args, empty_values=(), orderable=False, **kwargs)
        self.amount = amount

    def value(self, record: SerialUnit) -> Any:
        sale = history_of(record).sale
        if sale is None:
            return None
        found = getattr(sale, self.amount)
        return f"not {sale.waits_for}" if found is None else found

    def render(self, record: SerialUnit) -> Any:
        found = self.value(record)
        if isinstance(found, str):
            return format_html('<span class="muted">{}</span>', found)
        return format.money(found)


class SerialTable(ListTable):
    """The serial numbers of an item (SPEC §7.3): a row is a number, with its latest unit.

    The rows come `with_histories`. A serial number is never reserved for an order, only a
    quantity is: so every unit on hand counts as available.
    """

    cards = False

    number = SerialColumn("Serial Number", order_by="number_key", footer=lambda table: table.foot)
    # A file has no page around it that says so.
    item = tables.Column("Item", accessor="item__name", visible=False)
    status = StatusColumn(labels=dict(SerialUnit.Status.choices))
    location = tables.Column("Location", accessor="location__name", attrs=ONE_LINE)
    on_hand = FlagColumn("On Hand", status=SerialUnit.Status.ON_HAND)
    available = FlagColumn("Available", status=SerialUnit.Status.ON_HAND)
    in_transit = FlagColumn("In Transit", status=SerialUnit.Status.IN_TRANSIT)
    unit_cost = MoneyColumn(needs=COST)
    received_on = DateColumn("Received Date")
    arrival = FactColumn("Received On", fact=lambda history: history.received_on)
    vendor = FactColumn("Vendor", fact=lambda history: history.vendor)
    left_on = DateColumn("Date Out")
    departure = FactColumn("Out On", fact=lambda history: history.left_on)
    customer = FactColumn("Customer", fact=lambda history: history.customer)
    sale_price = SaleColumn(amount="revenue")
    profit = SaleColumn(amount="profit", needs=COST)
    times_used = QuantityColumn(orderable=False)
    memo = tables.Column(attrs={"td": {"class": "wrap"}})

    foot = ""


class ItemLineTable(ListTable):
    """Every line of a document that speaks of an item."""

    document = RecordColumn(
        accessor="transaction",
        order_by="transaction_id",
        linkify=lambda record: record.transaction.get_absolute_url(),
    )
    date = DateColumn(accessor="transaction__date")
    kind = tables.Column("Type", accessor="transaction__type")
    party = tables.Column(
        "Vendor or Customer", accessor="transaction__party", linkify=True, orderable=False
    )
    location = tables.Column("Location", accessor="location__name")
    quantity = QuantityColumn()
    rate = MoneyColumn(needs=COST)
    amount = MoneyColumn(needs=COST)
    status = StatusColumn(accessor="transaction__status", attrs={"td": {"class": "wide"}})

    def row_class(self, record: TransactionLine) -> str:
        return "is-void" if record.transaction.is_voided else ""

    def render_status(self, record: TransactionLine) -> SafeString:
        return ui.status(record.transaction)

    def value_status(self, record: TransactionLine) -> str:
        return record.transaction.status_label
