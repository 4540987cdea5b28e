"""Who may do what: the one table of roles (SPEC §7.10).

A line is a subject: a kind of document, a kind of record, or something apart such as cost. A
column is a role. A cell is the highest right the role has there. A user has the rights of all
their roles together; a role is a group of Django's, by its name, and everything else is here.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

from django.contrib.auth.models import Group


class Level(IntEnum):
    """A right; each includes those before it. Full is also to void, to delete and to approve."""

    NONE = 0
    VIEW = 1
    CREATE = 2
    EDIT = 3
    FULL = 4


VIEW, CREATE, EDIT, FULL = Level.VIEW, Level.CREATE, Level.EDIT, Level.FULL

ADMINISTRATOR = "Administrator"
INVENTORY_MANAGER = "Inventory Manager"
WAREHOUSE_CLERK = "Warehouse Clerk"
PURCHASING = "Purchasing"
SALES = "Sales"
ACCOUNTANT = "Accountant"
VIEWER = "Viewer"

ROLES = {
    ADMINISTRATOR: "Everything, users and features among it, at every location.",
    INVENTORY_MANAGER: "Keeps the stock: items, adjustments, transfers, counts, and its cost.",
    WAREHOUSE_CLERK: "Receives, picks, ships, transfers and counts; sees no cost and no profit.",
    PURCHASING: "Buys: vendors, purchase orders and returns to vendors.",
    SALES: "Sells: customers, sales orders, cash sales, returns; sees no cost and no profit.",
    ACCOUNTANT: "Keeps the books: bills, invoices, payments, credits, journals and periods.",
    VIEWER: "Looks at stock and documents; changes nothing, sees no cost and no profit.",
}

# Cost is a right of its own: what units and stock cost, purchase prices, profit, the books.
COST = "cost"

# An administrator may do everything, what is missing here too; the others what their column says.
COLUMNS = (INVENTORY_MANAGER, WAREHOUSE_CLERK, PURCHASING, SALES, ACCOUNTANT, VIEWER)
TABLE: dict[str, str] = {
    # subject                        Inv  Clk  Pur  Sal  Acc  Vie     V  view
    "items":                        "E    V    V    V    V    V",  #  C  create
    "serial_numbers":               "E    E    V    V    V    V",  #  E  edit
    "customers":                    "V    V    -    E    V    V",  #  F  full
    "vendors":                      "V    V    F    -    V    V",
    "locations":                    "V    V    V    V    V    V",
    # Stock
    "inventory_adjustment":         "F    -    -    -    V    V",
    "inventory_transfer":           "F    E    -    -    V    V",
    "transfer_order":               "F    E    -    -    V    V",
    "transfer_shipment":            "F    E    -    -    V    V",
    "transfer_receipt":             "F    E    -    -    V    V",
    "inventory_count":              "F    E    -    -    V    V",
    "serial_number_correction":     "F    -    -    -    V    V",
    # Buying
    "purchase_order":               "V    V    F    -    V    V",
    "item_receipt":                 "F    E    V    -    V    V",
    "vendor_return_authorization":  "V    V    F    -    V    V",
    "vendor_return_shipment":       "F    E    V    -    V    V",
    "vendor_bill":                  "V    -    V    -    F    V",
    "bill_credit":                  "V    -    V    -    F    V",
    "vendor_payment":               "-    -    -    -    F    V",
    # Selling
    "sales_order":                  "V    V    -    E    V    V",
    "item_fulfillment":             "F    E    -    V    V    V",
    "cash_sale":                    "V    -    -    E    F    V",
    "invoice":                      "V    -    -    V    F    V",
    "return_authorization":         "V    V    -    E    V    V",
    "return_receipt":               "F    E    -    V    V    V",
    "credit_memo":                  "V    -    -    V    F    V",
    "cash_refund":                  "V    -    -    V    F    V",
    "customer_payment":             "-    -    -    V    F    V",
    # The books
    "journal_entry":                "-    -    -    -    F    V",
    "accounts":                     "-    -    -    -    F    V",
    "periods":                      "-    -    -    -    F    V",
    "financial_reports":            "-    -    -    -    V    -",
    # Apart
    "cost":                         "V    -    V    -    V    -",
    "inventory_reports":            "V    V    V    V    V    V",
    "imports":                      "F    -    -    -    -    -",
    "company":                      "-    -    -    -    -    -",
    "users":                        "-    -    -    -    -    -",
}  # fmt: skip

LETTERS = {"-": Level.NONE, "V": VIEW, "C": CREATE, "E": EDIT, "F": FULL}


def _read() -> dict[str, dict[str, Level]]:
    """By role and subject, the right."""
    found: dict[str, dict[str, Level]] = {role: {} for role in ROLES}
    for subject, cells in TABLE.items():
        found[ADMINISTRATOR][subject] = FULL
        for role, letter in zip(COLUMNS, cells.split(), strict=True):
            found[role][subject] = LETTERS[letter]
    return found


RIGHTS = _read()


def level(roles: Iterable[str], subject: str) -> Level:
    """The highest right that some roles have; of a subject the table does not know, none."""
    if ADMINISTRATOR in roles:
        return FULL
    return max((RIGHTS[role].get(subject, Level.NONE) for role in roles), default=Level.NONE)


def ensure_roles() -> None:
    """Make the groups that are missing: one statement."""
    Group.objects.bulk_create([Group(name=role) for role in ROLES], ignore_conflicts=True)
