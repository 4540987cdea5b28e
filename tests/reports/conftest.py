from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounting.models import AccountingPeriod
from items.models import Item
from parties.models import Customer
from tests.books import Books, nov
from tests.factories import CustomerFactory


@pytest.fixture
def queries_of(client: Client) -> Callable[[str], int]:
    """Counts the queries of a page."""

    def count(url: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    return count


@pytest.fixture
def maple(db: None) -> Customer:
    return CustomerFactory(name="Maple")


@pytest.fixture
def october(books: Books) -> None:
    """October is open again."""
    AccountingPeriod.objects.filter(start=date(2026, 10, 1)).update(closed=False)


@pytest.fixture
def two_sold(books: Books, ht9000: Item) -> None:
    """Two of three computers bought at 600.00, sold and invoiced at 999.00 on 2026-11-08."""
    books.have(ht9000, "600.00", "A1234 A1235 A1236")
    books.sold(ht9000, "A1234 A1235", "999.00", on=nov(8))
