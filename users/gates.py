"""What each address asks of whoever opens it: one line for each name of an address.

An address without a line is refused to everybody, and tests/permissions says so. A subject KIND
is the kind of document that the address names. The second right is that of sending a form, where
it is another one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import Resolver404, ResolverMatch, resolve, reverse

from users.access import Access
from users.roles import COST, CREATE, EDIT, FULL, VIEW, Level

KIND = "kind"
READING = ("GET", "HEAD", "OPTIONS")

# Why an address does not open.
RIGHT, NO_ROLE, EVERYWHERE, UNKNOWN, PLACE = "right", "no role", "everywhere", "unknown", "place"


class Missing(PermissionDenied):
    """Somebody may not do something: why, and the right that is missing."""

    def __init__(self, why: str, subject: str = "", level: Level = VIEW) -> None:
        super().__init__(f"Not allowed: {why} {subject}".strip())
        self.why, self.subject, self.level = why, subject, level


@dataclass(frozen=True)
class Gate:
    """The rights that an address asks for.

    subject     a line of the table of roles; KIND: that of the address; "": any role will do
    level       the right to open it
    post        the right to send its form, the same if None; `posts`: on another subject
    cost        whether it shows nothing that is not cost or profit
    everywhere  whether it shows the whole company, and so nothing to who is limited to locations
    no_role     whether it is open to people without a role
    """

    subject: str = ""
    level: Level = VIEW
    post: Level | None = None
    posts: str = ""
    cost: bool = False
    everywhere: bool = False
    no_role: bool = False

    def asks(self, method: str, kwargs: Mapping[str, Any]) -> tuple[str, Level]:
        """The subject and the right that a request needs."""
        subject, level = self.subject, self.level
        if method not in READING and self.post is not None:
            subject, level = self.posts or subject, self.post
        return (kwargs["kind"].replace("-", "_") if subject == KIND else subject), level


ANYBODY = Gate(no_role=True)
ANY_ROLE = Gate()
SETUP = Gate("company", FULL, everywhere=True)
USERS = Gate("users", FULL, everywhere=True)
BOOKS = Gate("accounts", VIEW, everywhere=True)
PERIODS = Gate("periods", FULL, everywhere=True)
PLACES = Gate("locations", EDIT, everywhere=True)
STATEMENT = Gate("financial_reports", cost=True, everywhere=True)
STOCK_REPORT = Gate("inventory_reports", everywhere=True)
COST_REPORT = Gate("inventory_reports", cost=True, everywhere=True)
IMPORT = Gate("imports", FULL, everywhere=True)

GATES = {
    # Logging in, and one's own account
    "login": ANYBODY,
    "log-in-code": ANYBODY,
    "admin-log-in": ANYBODY,
    "logout": ANYBODY,
    "password_reset": ANYBODY,
    "password_reset_done": ANYBODY,
    "password_reset_confirm": ANYBODY,
    "accept-invitation": ANYBODY,
    "account": ANYBODY,
    "password_change": ANYBODY,
    "second-factor": ANYBODY,
    "second-factor-off": ANYBODY,
    "recovery-codes": ANYBODY,
    "end-every-session": ANYBODY,
    "end-session": ANYBODY,
    # The frame
    "home": ANY_ROLE,
    "search": ANY_ROLE,
    "preferences": ANY_ROLE,
    "users": USERS,
    "user": USERS,
    "invite-user": USERS,
    "invite-again": USERS,
    "invite-withdraw": USERS,
    "audit-trail": USERS,
    "roles": ANY_ROLE,
    # Records
    "items:list": Gate("items"),
    "items:view": Gate("items"),
    "items:new": Gate("items", CREATE),
    "items:try-number": Gate("items", CREATE),
    "items:edit": Gate("items", EDIT),
    "items:inactivate": Gate("items", EDIT),
    "items:reactivate": Gate("items", EDIT),
    "items:how-numbers-are-read": ANY_ROLE,
    "items:serial": Gate("serial_numbers", VIEW, EDIT),
    "labels:choose": Gate("serial_numbers"),
    "labels:preview": Gate("serial_numbers"),
    "labels:pdf": Gate("serial_numbers"),
    "customers:list": Gate("customers"),
    "customers:view": Gate("customers"),
    "customers:new": Gate("customers", CREATE),
    "customers:edit": Gate("customers", EDIT),
    "vendors:list": Gate("vendors"),
    "vendors:view": Gate("vendors"),
    "vendors:new": Gate("vendors", CREATE),
    "vendors:edit": Gate("vendors", EDIT),
    "locations:list": Gate("locations"),
    "locations:view": Gate("locations"),
    "locations:new": PLACES,
    "locations:edit": PLACES,
    "locations:inactivate": PLACES,
    "locations:reactivate": PLACES,
    "accounts:list": BOOKS,
    "accounts:view": Gate("accounts", cost=True, everywhere=True),
    "accounts:new": Gate("accounts", CREATE, everywhere=True),
    "accounts:edit": Gate("accounts", EDIT, everywhere=True),
    "periods:list": Gate("periods", everywhere=True),
    "periods:view": Gate("periods", everywhere=True),
    "periods:new": PERIODS,
    "periods:edit": PERIODS,
    "periods:add-year": PERIODS,
    "periods:close": PERIODS,
    "periods:reopen": PERIODS,
    # Documents
    "transactions:list": Gate(KIND),
    "transactions:view": Gate(KIND),
    "transactions:print": Gate(KIND),
    "transactions:line-serials": Gate(KIND),
    "transactions:count-line": Gate(KIND, VIEW, EDIT),
    "transactions:new": Gate(KIND, CREATE),
    "transactions:queue": Gate(KIND, CREATE),
    "transactions:edit": Gate(KIND, EDIT),
    "transactions:advance": Gate(KIND, EDIT),
    "transactions:correct": Gate(KIND, FULL),
    "transactions:void": Gate(KIND, FULL),
    "transactions:item-options": Gate("items"),
    # Reports
    "reports:income-statement": STATEMENT,
    "reports:balance-sheet": STATEMENT,
    "reports:general-ledger": STATEMENT,
    "reports:trial-balance": STATEMENT,
    "reports:integrity": STATEMENT,
    "reports:integrity-run": STATEMENT,
    "reports:inventory-valuation": COST_REPORT,
    "reports:inventory-valuation-detail": COST_REPORT,
    "reports:stock-ledger": COST_REPORT,
    "reports:serialized-profit": COST_REPORT,
    "reports:profitability": COST_REPORT,
    "reports:profitability-item": COST_REPORT,
    "reports:profitability-other": COST_REPORT,
    "reports:serials-on-hand": STOCK_REPORT,
    "reports:inventory-activity": STOCK_REPORT,
    "reports:serial-history": STOCK_REPORT,
    "reports:count-worksheet": STOCK_REPORT,
    "reports:items-to-reorder": Gate(
        "inventory_reports", post=CREATE, posts="purchase_order", everywhere=True
    ),
    "reports:back-orders": Gate("sales_order", everywhere=True),
    "reports:open-purchase-orders": Gate("purchase_order", everywhere=True),
    # Setup
    "company:edit": SETUP,
    "imports:list": IMPORT,
    "imports:new": IMPORT,
    "imports:template": IMPORT,
    "imports:view": IMPORT,
    "imports:file": IMPORT,
    "imports:confirm": IMPORT,
    "imports:check": IMPORT,
    "imports:discard": IMPORT,
    # The admin site, whatever is in it; it asks for Django's own rights besides.
    "admin": USERS,
}  # fmt: skip


def gate_of(match: ResolverMatch) -> Gate | None:
    """The line of a matched address; of the admin site, the one for all of it."""
    return GATES.get("admin" if match.app_name == "admin" else match.view_name)


def check(access: Access, match: ResolverMatch, method: str = "GET") -> None:
    """Raise Missing unless a matched address opens to somebody."""
    gate = gate_of(match)
    if gate is None:
        raise Missing(UNKNOWN)
    if gate.no_role:
        return
    if not access.has_role:
        raise Missing(NO_ROLE)
    if gate.everywhere and access.is_limited:
        raise Missing(EVERYWHERE)
    if gate.cost and not access.sees_cost:
        raise Missing(RIGHT, COST, VIEW)
    demand(access, *gate.asks(method, match.kwargs))


def demand(access: Access, subject: str, level: Level) -> None:
    """Raise Missing unless somebody has a right; no subject asks for none."""
    if subject and not access.may(subject, level):
        raise Missing(RIGHT, subject, level)


def opens(access: Access, address: str, method: str = "GET") -> bool:
    """Whether an address of this site opens to somebody; one from elsewhere does."""
    path = address.partition("?")[0].partition("#")[0]
    if access.is_administrator or not path.startswith("/"):
        return True
    try:
        check(access, resolve(path), method)
    except Missing:
        return False
    except Resolver404:
        pass
    return True


def way(access: Access, name: str, *args: Any, method: str = "GET", **kwargs: Any) -> str:
    """The address of that name if it opens to somebody, or nothing."""
    address = reverse(name, args=args or None, kwargs=kwargs or None)
    return address if opens(access, address, method) else ""
