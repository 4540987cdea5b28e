"""What every test may ask for: a user, a browser-less client logged in as them, a stranger."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from string import ascii_lowercase
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group, User
from django.core.management.commands import flush
from django.db import connection, connections
from django.middleware import csrf
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, settings

from accounting.models import AccountingPeriod
from company.models import Company
from company.setup import open_year
from items.models import Item, ItemLocation, SerialUnit
from tests.books import TODAY, Books
from tests.factories import ItemFactory, LocationFactory
from transactions import audit, triggers
from transactions.models import Transaction
from users.roles import ADMINISTRATOR

# Whether something is right does not depend on how busy the machine is.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

# A token in a page must not read like a serial number or an amount that should not be there.
csrf.CSRF_ALLOWED_CHARS = ascii_lowercase


@pytest.fixture(scope="session", autouse=True)
def flushing_past_the_triggers() -> Iterator[None]:
    """Let a transactional test's flush empty the ledger, which its triggers forbid on SQLite.

    They are back before the next test: Django's post_migrate after the flush creates them, and
    so does this, should a test have asked for a flush without it.
    """
    handle = flush.Command.handle

    def flush_without_triggers(command: flush.Command, **options: Any) -> None:
        connection = connections[options["database"]]
        triggers.drop(connection)
        handle(command, **options)
        triggers.create(connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flush.Command, "handle", flush_without_triggers)
        yield


@pytest.fixture
def user(db: None) -> User:
    """Somebody who works here, and may do everything."""
    user = User.objects.create_user("robin", "robin@example.com", "secret", first_name="Robin")
    user.groups.add(Group.objects.get(name=ADMINISTRATOR))
    return user


@pytest.fixture
def administrator(db: None) -> User:
    """Somebody who may use the admin site for everything."""
    return User.objects.create_superuser("admin", "admin@example.com", "secret")


@pytest.fixture
def client(user: User) -> Client:
    """A client logged in as `user`; every page wants that."""
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def admin_client(administrator: User) -> Client:
    """A client logged in as `administrator`."""
    client = Client()
    client.force_login(administrator)
    return client


@pytest.fixture
def queries_of(client: Client) -> Callable[[str], int]:
    """Counts the queries of a page."""

    def count(url: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    return count


@pytest.fixture
def stranger() -> Client:
    """A client that has not logged in."""
    return Client()


@pytest.fixture
def today() -> Iterator[date]:
    """The day on which the worked examples stand still (SPEC §8)."""
    with time_machine.travel(datetime(2026, 11, 23, 12, tzinfo=UTC), tick=False):
        yield TODAY


@pytest.fixture
def books(db: None, today: date) -> Iterator[Books]:
    """A bookkeeper over the base data's accounts and periods; whatever they book is audited."""
    open_year(2026)
    AccountingPeriod.objects.filter(end__lt=date(2026, 11, 1)).update(closed=True)
    yield Books()
    if any(rows.objects.exists() for rows in (Transaction, ItemLocation, SerialUnit)):
        assert audit.offenders() == []


@pytest.fixture
def place(books: Books) -> SimpleNamespace:
    """MAIN and EAST, active, with Multi-Location Inventory on; OLD, to be made inactive."""
    main = Company.current().default_location
    main.name = "MAIN"
    main.save()
    Company.objects.update(multi_location_inventory=True)
    return SimpleNamespace(
        main=main, east=LocationFactory(name="EAST"), old=LocationFactory(name="OLD")
    )


@pytest.fixture
def ht9000(books: Books, place: SimpleNamespace) -> Item:
    return ItemFactory(
        name="HT9000",
        display_name="Hi-Tech 9000 2Ghz Computer",
        base_price=Decimal("999.00"),
        reorder_point=3,
    )


@pytest.fixture
def tk100(books: Books, place: SimpleNamespace) -> Item:
    return ItemFactory(
        name="TK100",
        display_name="Tek-Know 100 3Ghz Computer",
        base_price=Decimal("1299.00"),
        reorder_point=2,
    )


@pytest.fixture
def cable(books: Books, place: SimpleNamespace) -> Item:
    """CBL, an ordinary item."""
    return ItemFactory(
        ordinary=True, name="CBL", display_name="Cable", base_price=Decimal("25.00"),
        reorder_point=20,
    )  # fmt: skip
