"""A company with one document of every kind, at a cost and a profit that nothing else comes to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounting.models import Account, AccountingPeriod
from imports.models import Import, ImportFile
from items.models import Item, SerialUnit
from locations.models import Location
from parties.models import Customer, Vendor
from signin.models import Invitation
from tests.books import Books
from tests.every_kind import Desk
from tests.factories import ItemFactory
from transactions import types
from transactions.models import Transaction
from users.models import AllowedLocation

# What nobody was given: the pages of log-in answer kindly, and refusals come before them.
NOBODYS = {"token": "nobodys", "uidb64": "MA", "handle": "nobodys"}
COST, PRICE = Decimal("713.37"), Decimal("999.79")


# What so many units cost and earn.
TOLD = frozenset(count * each for count in range(1, 30) for each in (COST, PRICE - COST))
AMOUNT = re.compile(r"[0-9][0-9,]*\.[0-9]+")


def figures(text: str) -> set[str]:
    """The costs and profits that a page or a file tells, however they are written."""
    found = set(AMOUNT.findall(text))
    return {amount for amount in found if Decimal(amount.replace(",", "")) in TOLD}


class DearDesk(Desk):
    cost, price = str(COST), str(PRICE)


def build(books: Books, place: SimpleNamespace) -> None:
    """One document of each kind, and what the pages about them need."""
    for kind in types.all_kinds():
        item = ItemFactory(
            name=f"Item of {kind.label}",
            purchase_price=COST,
            base_price=PRICE,
            default_return_cost=COST,
            reorder_point=9,
        )
        DearDesk(books, item, place).document(kind.name)
    item.purchase_price = COST + 1  # the change has its System Notes
    item.save()


def build_all(books: Books, place: SimpleNamespace) -> None:
    """And an import and an invitation, so that every address opens."""
    build(books, place)
    file = Import.objects.create(kind="items", name="items.csv", by=books.user, status="failed")
    ImportFile.objects.create(of=file, content=b"Item")
    Invitation.objects.create(email="kim@example.com", first_name="Kim", by=books.user)


def member(role: str, *places: Any) -> User:
    """Somebody with a role, limited to places if any are given."""
    user = User.objects.create_user(f"{role} at {len(places)}".replace(" ", "-").lower())
    user.groups.add(Group.objects.get(name=role))
    AllowedLocation.objects.bulk_create(AllowedLocation(user=user, location=p) for p in places)
    return user


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def patterns() -> Iterator[tuple[str, URLPattern]]:
    """Every address of the site, by its full name; the admin site's are one line of the table."""
    yield from _inside(get_resolver(), "")


def _inside(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            name = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from _inside(pattern, name)
        else:
            yield f"{prefix}{pattern.name}", pattern


def addresses() -> list[str]:
    """Every address that can be opened in the world, whatever it takes."""
    found = {reverse(name, kwargs=given) for name in names() for given in arguments(name)}
    return sorted(found | {reverse("admin:index"), reverse("admin:items_item_changelist")})


def names() -> list[str]:
    return sorted({name for name, _ in patterns() if not name.startswith("admin:")})


def arguments(name: str) -> list[dict[str, Any]]:
    """What an address of a name can be made with."""
    app, _, page = name.rpartition(":")
    if app == "transactions" and page != "item-options":
        return [given for kind in types.all_kinds() for given in _of_kind(kind, page)]
    if name == "items:serial":
        units = SerialUnit.objects.order_by("item", "id").distinct()[:40:7]
        return [{"item_id": unit.item_id, "number": unit.number} for unit in units]
    if name == "imports:template":
        return [{"kind": "items", "form": "csv"}]
    if name == "reports:profitability-item":
        return [{"item_id": Item.objects.latest("id").pk}]
    if name == "admin-log-in":  # for staff, besides
        return []
    wanted = next(p for n, p in patterns() if n == name).pattern.converters
    if set(wanted) <= NOBODYS.keys():
        return [{name: NOBODYS[name] for name in wanted}]
    return [{"pk": record.pk} for record in _records(app or name)]


def _of_kind(kind: Any, page: str) -> list[dict[str, Any]]:
    slug = {"kind": kind.slug}
    if page in ("list", "new"):
        return [slug]
    if page == "queue":
        return [slug] if kind.queue else []
    document = Transaction.objects.of(kind.name).latest("id")
    if page == "count-line":
        counts = Transaction.objects.of("inventory_count")
        return [{"pk": counts.latest("id").pk, "line_no": 1}]
    if page == "line-serials":
        return [{**slug, "pk": document.pk, "line_no": 1}] if kind.has_lines else []
    return [{**slug, "pk": document.pk}]


def _records(app: str) -> list[Any]:
    models: dict[str, Any] = {
        "items": Item,
        "customers": Customer,
        "vendors": Vendor,
        "accounts": Account,
        "periods": AccountingPeriod,
        "locations": Location,
        "imports": Import,
        "user": User,
        "invite-again": Invitation,
        "invite-withdraw": Invitation,
    }
    return list(models[app].objects.order_by("-pk")[:1])
