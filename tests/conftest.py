"""What every test may ask for: a user, a browser-less client logged in as them, a stranger."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from datetime import date
from string import ascii_lowercase
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group, User
from django.core.management.commands import flush
from django.db import connection, connections, transaction
from django.middleware import csrf
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, settings

from items.models import Item, ItemLocation, SerialUnit
from tests import stage
from tests.books import TODAY, Books
from transactions import audit, triggers
from transactions.models import Transaction
from users.roles import ADMINISTRATOR

# Whether something is right does not depend on how busy the machine is.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

# A token in a page must not read like a serial number or an amount that should not be there.
csrf.CSRF_ALLOWED_CHARS = ascii_lowercase


def pytest_collection_finish() -> None:
    """Look for garbage rarely, and never in what all tests stand on: a twelfth of their time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


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
    with time_machine.travel(stage.NOON, tick=False):
        yield TODAY


@pytest.fixture
def books(db: None, today: date) -> Iterator[Books]:
    """A bookkeeper over the base data's accounts and periods; whatever they book is audited."""
    yield stage.books()
    if any(rows.objects.exists() for rows in (Transaction, ItemLocation, SerialUnit)):
        assert audit.offenders() == []


@pytest.fixture(scope="module")
def lasting(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """For a world that all tests of a module start from, each in a savepoint of its own.

    Tests that want an empty company stand in another module.
    """
    block = transaction.atomic()
    block._from_testcase = True  # as Django's own tests say of theirs, for durable blocks inside
    with django_db_blocker.unblock(), block:
        yield
        transaction.set_rollback(True)


@pytest.fixture
def place(books: Books) -> SimpleNamespace:
    """MAIN and EAST, active, with Multi-Location Inventory on; OLD, to be made inactive."""
    return stage.places()


@pytest.fixture
def ht9000(books: Books, place: SimpleNamespace) -> Item:
    return stage.ht9000()


@pytest.fixture
def tk100(books: Books, place: SimpleNamespace) -> Item:
    return stage.tk100()


@pytest.fixture
def cable(books: Books, place: SimpleNamespace) -> Item:
    return stage.cable()
