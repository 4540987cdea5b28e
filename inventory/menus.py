"""The menus, as data: every page a user can reach from the top bar (SPEC §7.1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

from django.urls import ResolverMatch, reverse

from transactions import types
from users import gates
from users.access import Access


@dataclass(frozen=True)
class Page:
    """One entry of a menu: what it is called and where it leads.

    `list_view` is the list behind a page that enters documents, `new_view` the form behind a
    page that lists records; the menu shows them beside the label. `needs` says who or what
    must be there: "locations" (the Multi-Location Inventory feature) or "staff". Where it leads is
    worked out once: the same two hundred addresses stand on every page.
    """

    label: str
    view: str
    kind: str = ""
    name: str = ""
    list_view: str = ""
    new_view: str = ""
    needs: str = ""

    @property
    def title(self) -> str:
        """What breadcrumbs call it."""
        return self.name or self.label

    @cached_property
    def url(self) -> str:
        return self._reverse(self.view)

    @cached_property
    def list_url(self) -> str:
        """The list this page belongs to: its own address, or the list beside it."""
        return self._reverse(self.list_view or self.view)

    @cached_property
    def beside(self) -> tuple[str, str, str] | None:
        """Label, address and accessible name of the second link of the entry."""
        if self.list_view:
            return "List", self.list_url, f"List of {self.title.lower()}"
        if self.new_view:
            return "New", self._reverse(self.new_view), f"New: {self.title}"
        return None

    def is_at(self, match: ResolverMatch) -> bool:
        """Whether the matched address is this very page."""
        return match.view_name == self.view and match.kwargs == self._kwargs

    def holds(self, match: ResolverMatch) -> bool:
        """Whether the matched address is a record, or a form, of this page's list."""
        if not (self.list_view or self.new_view):
            return False
        return match.namespace == self.view.partition(":")[0] and (
            match.kwargs.get("kind", "") == self.kind
        )

    @property
    def _kwargs(self) -> dict[str, Any]:
        return {"kind": self.kind} if self.kind else {}

    def _reverse(self, view: str) -> str:
        return reverse(view, kwargs=self._kwargs)


@dataclass(frozen=True)
class Group:
    """A heading inside a menu and the pages under it."""

    label: str
    pages: tuple[Page, ...]


@dataclass(frozen=True)
class Menu:
    """One word of the top bar."""

    label: str
    groups: tuple[Group, ...]


MLI = "locations"


def entry(label: str, kind: str, name: str, needs: str = "") -> Page:
    """The page that enters documents of a kind, with their list beside it."""
    return Page(label, "transactions:new", kind, name, list_view="transactions:list", needs=needs)


def queue(kind: str, name: str = "", needs: str = "") -> Page:
    """The orders that wait for a document of a kind; with a name, its list beside it."""
    listed = "transactions:list" if name else ""
    label = types.by_slug(kind).queue
    return Page(label, "transactions:queue", kind, name, list_view=listed, needs=needs)


def records(label: str, namespace: str, needs: str = "") -> Page:
    """The list of a kind of plain record, with its form beside it."""
    return Page(label, f"{namespace}:list", new_view=f"{namespace}:new", needs=needs)


MENUS = (
    Menu(
        "Home",
        (Group("", (Page("Home", "home"), Page("Set Preferences", "preferences"))),),
    ),
    Menu(
        "Lists",
        (
            Group("Accounting", (records("Items", "items"), records("Accounts", "accounts"))),
            Group(
                "Relationships", (records("Customers", "customers"), records("Vendors", "vendors"))
            ),
        ),
    ),
    Menu(
        "Transactions",
        (
            Group(
                "Inventory",
                (
                    entry("Adjust Inventory", "inventory-adjustment", "Inventory Adjustments"),
                    entry("Transfer Inventory", "inventory-transfer", "Inventory Transfers", MLI),
                    entry("Enter Transfer Orders", "transfer-order", "Transfer Orders", MLI),
                    queue("transfer-shipment", "Transfer Shipments", MLI),
                    queue("transfer-receipt", "Transfer Receipts", MLI),
                    entry("Enter Inventory Count", "inventory-count", "Inventory Counts"),
                    entry(
                        "Correct Serial Numbers",
                        "serial-number-correction",
                        "Serial Number Corrections",
                    ),
                ),
            ),
            Group(
                "Purchases",
                (
                    entry("Enter Purchase Orders", "purchase-order", "Purchase Orders"),
                    queue("item-receipt", "Item Receipts"),
                    entry(
                        "Enter Vendor Return Authorizations",
                        "vendor-return-authorization",
                        "Vendor Return Authorizations",
                    ),
                    queue("vendor-return-shipment", "Vendor Return Shipments"),
                ),
            ),
            Group(
                "Payables",
                (
                    entry("Enter Bills", "vendor-bill", "Vendor Bills"),
                    queue("vendor-bill"),
                    entry("Pay Bills", "vendor-payment", "Vendor Payments"),
                    queue("bill-credit", "Bill Credits"),
                ),
            ),
            Group(
                "Sales",
                (
                    entry("Enter Sales Orders", "sales-order", "Sales Orders"),
                    queue("item-fulfillment", "Item Fulfillments"),
                    entry("Enter Cash Sales", "cash-sale", "Cash Sales"),
                    entry("Create Invoices", "invoice", "Invoices"),
                    queue("invoice"),
                ),
            ),
            Group(
                "Customers",
                (
                    entry(
                        "Issue Return Authorizations",
                        "return-authorization",
                        "Return Authorizations",
                    ),
                    queue("return-receipt", "Return Receipts"),
                    entry("Issue Credit Memos", "credit-memo", "Credit Memos"),
                    entry("Refund Cash Sales", "cash-refund", "Cash Refunds"),
                    queue("credit-memo"),
                    entry("Accept Customer Payments", "customer-payment", "Customer Payments"),
                ),
            ),
            Group(
                "Financial",
                (entry("Make Journal Entries", "journal-entry", "Journal Entries"),),
            ),
        ),
    ),
    Menu(
        "Reports",
        (
            Group(
                "Inventory/Items",
                (
                    Page("Inventory Valuation Summary", "reports:inventory-valuation"),
                    Page("Inventory Valuation Detail", "reports:inventory-valuation-detail"),
                    Page("Serials On Hand", "reports:serials-on-hand"),
                    Page("Stock Ledger", "reports:stock-ledger"),
                    Page("Inventory Activity Detail", "reports:inventory-activity"),
                    Page("Profit by Serial Number", "reports:serialized-profit"),
                    Page("Inventory Profitability", "reports:profitability"),
                    Page("Back Orders", "reports:back-orders"),
                    Page("Open Purchase Orders", "reports:open-purchase-orders"),
                    Page("Items to Reorder", "reports:items-to-reorder"),
                    Page("Physical Inventory Worksheet", "reports:count-worksheet"),
                    Page("Serial Number History", "reports:serial-history"),
                ),
            ),
            Group(
                "Financial",
                (
                    Page("Income Statement", "reports:income-statement"),
                    Page("Balance Sheet", "reports:balance-sheet"),
                    Page("General Ledger", "reports:general-ledger"),
                    Page("Trial Balance", "reports:trial-balance"),
                ),
            ),
            Group("Audit", (Page("Integrity", "reports:integrity"),)),
        ),
    ),
    Menu(
        "Setup",
        (
            Group("Company", (Page("Company Information", "company:edit"),)),
            Group("Classifications", (records("Locations", "locations", needs="locations"),)),
            Group(
                "Accounting",
                (
                    Page(
                        "Manage Accounting Periods",
                        "periods:list",
                        name="Accounting Periods",
                        new_view="periods:new",
                    ),
                ),
            ),
            Group(
                "Files", (Page("Import", "imports:list", "", "Imports", new_view="imports:new"),)
            ),
            Group(
                "Users and Roles",
                (
                    Page("Users", "users"),
                    Page("Invite Users", "invite-user"),
                    Page("Roles", "roles"),
                    Page("Audit Trail", "audit-trail"),
                    Page("Administration", "admin:index", needs="staff"),
                ),
            ),
        ),
    ),
)


@lru_cache(maxsize=64)
def menus_for(met: frozenset[str], who: Access) -> tuple[Menu, ...]:
    """The menus with the entries whose needs are met and that open to somebody.

    Groups and menus that this leaves empty are left out. People of the same roles see the same.
    """
    shown = []
    for menu in MENUS:
        groups = [
            Group(group.label, tuple(pages))
            for group in menu.groups
            if (pages := list(_open_pages(group, met, who)))
        ]
        if groups:
            shown.append(Menu(menu.label, tuple(groups)))
    return tuple(shown)


def _open_pages(group: Group, met: frozenset[str], who: Access) -> Iterator[Page]:
    """The pages of a group for somebody: of two links, the one that opens."""
    for page in group.pages:
        if page.needs and page.needs not in met:
            continue
        if not gates.opens(who, page.url):
            if page.list_view and gates.opens(who, page.list_url):
                yield replace(page, label=page.title, view=page.list_view, list_view="")
        elif page.beside and not gates.opens(who, page.beside[1]):
            yield replace(page, list_view="", new_view="")
        else:
            yield page


def trail(match: ResolverMatch | None) -> list[tuple[str, str]]:
    """The way from the menu to the matched page, as (label, address or "")."""
    if match is None:
        return []
    for menu, group, page in _walk():
        if page.is_at(match) and not page.list_view:
            return [step for step in _steps(menu, group) if step[0] != page.label]
        if page.holds(match):
            steps = _steps(menu, group)
            at_list = match.view_name == page.list_view
            return steps if at_list else [*steps, (page.title, page.list_url)]
    return []


def _walk() -> Iterator[tuple[Menu, Group, Page]]:
    for menu in MENUS:
        for group in menu.groups:
            for page in group.pages:
                yield menu, group, page


def _steps(menu: Menu, group: Group) -> list[tuple[str, str]]:
    return [(label, "") for label in (menu.label, group.label) if label]
