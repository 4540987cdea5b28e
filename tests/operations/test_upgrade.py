"""A company's data comes through every migration since the first.

No release was tagged before this test. So the state to come from is that of the first migrations,
with what that version could hold: bought, billed, sold, shipped, invoiced and adjusted units. The
documents are posted, then the tables taken back to that state, columns and all, and brought forward
as `manage.py migrate` does it. A later release adds its own state to STATES.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.processes import empty_database, manage, run

FIRST = "0001_initial"
STATES: dict[str, dict[str, str | None]] = {
    "the first migrations": {
        **dict.fromkeys(("accounting", "company", "items", "locations", "parties"), FIRST),
        "transactions": FIRST, "imports": None, "reports": None,
    },
    "before every document": {"transactions": FIRST, "imports": None},
    "before imports": {"items": "0003_levels_have_a_history", "imports": None},
}  # fmt: skip

COMPANY = """
from decimal import Decimal
from django.utils import timezone
from company.setup import open_year
from tests.books import Books
from tests.factories import ItemFactory

day = timezone.localdate()
books, item = Books(), ItemFactory(name="HT9000", base_price="999.00")
cable = ItemFactory(ordinary=True, name="CBL")
order = books.order(item, 5, "600.00", on=day)
receipt = books.receive(order, "A1 A2 A3", on=day)
books.bill(receipt, on=day, rate="610.00")
sale = books.sell(item, 2, "999.00", on=day)
shipped = books.fulfill(sale, "A1 A2", on=day)
books.invoice(shipped, on=day)
books.adjust(item, 1, "B1", rate="580.00", on=day)
books.adjust(cable, 40, rate="9.9875", on=day)
waiting = books.sell(item, 4, "950.00", on=day)
books.fulfill(waiting, "A3", on=day, to="picked")
"""
BACK = """
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

MigrationExecutor(connection).migrate(list(%r.items()))
"""
FIGURES = """
from operations.totals import totals
from transactions import audit
from transactions.models import Transaction
print(totals("default"))
print(list(Transaction.objects.order_by("pk").values_list("number", "status", "total")))
print(audit.offenders())
"""


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The address of the company, and its figures; every test leaves them as they were."""
    with empty_database(tmp_path_factory.mktemp("company")) as database:
        assert manage(database, "migrate", "--verbosity", "0").returncode == 0
        run(database, COMPANY)
        figures = run(database, FIGURES)
        assert figures.endswith("[]")
        yield database, figures


@pytest.mark.parametrize("state", STATES)
def test_a_companys_data_comes_through_every_migration(
    company: tuple[str, str], state: str
) -> None:
    database, before = company
    run(database, BACK % STATES[state])
    assert manage(database, "migrate", "--check").returncode == 1
    done = manage(database, "migrate", "--noinput")
    assert done.returncode == 0, done.stderr
    assert run(database, FIGURES) == before
    assert manage(database, "audit").returncode == 0
