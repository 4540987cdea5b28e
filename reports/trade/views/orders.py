"""Back orders, and what vendors still owe."""

from __future__ import annotations

from typing import Any

from company.models import Company
from reports.listing import ReportListing, ReportView
from reports.trade import orders
from reports.trade.filters import BackOrderFilter, OpenPurchaseFilter
from reports.trade.tables.orders import BackOrderTable, OpenPurchaseTable
from transactions.models import TransactionLineQuerySet


class OrderReport(ReportView):
    """A report on order lines; without Multi-Location Inventory it does not speak of locations."""

    def listing_options(self) -> dict[str, Any]:
        hidden = () if Company.current().multi_location_inventory else ("location",)
        return {**super().listing_options(), "exclude": hidden}


class BackOrders(OrderReport):
    """Who waits for what, the oldest order first, and what is coming for them."""

    title = "Back Orders"
    description = "Who waits for what, the oldest order first: it is served first."
    table = BackOrderTable
    filters = BackOrderFilter
    order = ("date", "order")
    search = (
        "item__name",
        "item__display_name",
        "transaction__number__iexact",
        "transaction__customer__name",
    )
    search_hint = "Item, order or customer"
    empty = {
        "title": "Nobody waits for stock",
        "text": "An order that finds no free stock is listed here until it is served.",
    }

    def rows(self) -> TransactionLineQuerySet:
        return orders.back_orders()


class OpenPurchaseListing(ReportListing):
    parts = ("reports/trade/expected.html",)

    def around(self) -> dict[str, Any]:
        return {"expected": self.table.expected_value}


class OpenPurchases(OrderReport):
    """Purchase orders of which something is to be received, billed or approved."""

    template_name = "reports/trade/open_purchases.html"
    title = "Open Purchase Orders"
    description = "What vendors still owe, the first expected first."
    listing_class = OpenPurchaseListing
    table = OpenPurchaseTable
    filters = OpenPurchaseFilter
    order = ("expected", "order")
    search = (
        "item__name",
        "item__display_name",
        "transaction__number__iexact",
        "transaction__vendor__name",
    )
    search_hint = "Item, order or vendor"
    empty = {
        "title": "No purchase order is open",
        "text": "An order is listed here until all of it is received and billed.",
    }

    def rows(self) -> TransactionLineQuerySet:
        return orders.open_lines()
