"""Races, with real threads on PostgreSQL: exactly one wins, and nobody is shown a deadlock.

SQLite lets one writer in at a time, so there is nothing to race for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from company.setup import ensure_company, open_year
from items.models import Item, SerialUnit
from items.refusals import Refused
from tests.books import Books
from tests.factories import ItemFactory, LocationFactory
from transactions import audit
from transactions.models import Transaction

ATTEMPTS = 20

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="races want PostgreSQL"),
]


@pytest.fixture
def shop(transactional_db: None) -> Iterator[Books]:
    ensure_company()
    open_year(timezone.localdate().year)
    books = Books()
    books.day = timezone.localdate()
    yield books
    assert audit.offenders() == []


@pytest.fixture
def item(shop: Books) -> Item:
    return ItemFactory(name="HT9000")


def race(*runners: Callable[[], Any]) -> list[Any]:
    """Run all at once, each on a connection of its own; their results or exceptions."""
    barrier, results = Barrier(len(runners)), [None] * len(runners)

    def run(position: int, runner: Callable[[], Any]) -> None:
        try:
            barrier.wait()
            results[position] = runner()
        except Exception as error:  # whatever it is, the test wants to see it
            results[position] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(runners)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def outcome(results: list[Any]) -> Counter:
    """How many won, and with which codes the others were refused."""
    found: Counter = Counter()
    for result in results:
        if isinstance(result, Refused):
            found.update(result.codes or {"refused"})
        elif isinstance(result, Exception):
            raise result
        else:
            found["won"] += 1
    return found


def test_eight_threads_receive_the_same_number(shop: Books, item: Item) -> None:
    orders = [shop.order(item, 1, "600.00", on=shop.day) for _ in range(8)]
    found = outcome(race(*[lambda o=o: shop.receive(o, "A1234", on=shop.day) for o in orders]))
    assert found["won"] == 1
    assert found["SER-01"] + found["SER-16"] == 7
    assert SerialUnit.objects.held().count() == 1


def test_eight_threads_receive_the_same_number_at_eight_locations(shop: Books, item: Item) -> None:
    """No item-location row is shared, so the constraint alone decides: SER-16."""
    orders = [shop.order(item, 1, "600.00", on=shop.day, at=LocationFactory()) for _ in range(8)]
    found = outcome(race(*[lambda o=o: shop.receive(o, "A1234", on=shop.day) for o in orders]))
    assert found["won"] == 1
    assert found["SER-01"] + found["SER-16"] == 7


def test_eight_threads_pick_the_same_unit(shop: Books, item: Item) -> None:
    shop.adjust(item, 8, " ".join(f"A{n}" for n in range(8)), rate="600.00", on=shop.day)
    sales = [shop.sell(item, 1, "999.00", on=shop.day) for _ in range(8)]
    found = outcome(
        race(*[lambda s=s: shop.fulfill(s, "A1", on=shop.day, to="picked") for s in sales])
    )
    assert found == {"won": 1, "SER-12": 7}


def test_overlapping_new_numbers_in_opposite_order_never_deadlock(shop: Books) -> None:
    typed = [f"N{n:03}" for n in range(200)]
    for _ in range(ATTEMPTS):
        item = ItemFactory()
        first, second = (
            shop.order(item, 200, "600.00", on=shop.day, at=LocationFactory()) for _ in range(2)
        )
        found = outcome(
            race(
                partial(shop.receive, first, " ".join(typed), on=shop.day),
                partial(shop.receive, second, " ".join(reversed(typed)), on=shop.day),
            )
        )
        assert found["won"] == 1
        assert set(found) <= {"won", "SER-16", "SER-01"}
        assert shop.quantities(item)["OH"] == 200


def test_two_receipts_of_one_order_never_exceed_it(shop: Books) -> None:
    for _ in range(ATTEMPTS):
        item = ItemFactory()
        order = shop.order(item, 3, "600.00", on=shop.day)
        found = outcome(
            race(
                partial(shop.receive, order, "A1 A2", on=shop.day),
                partial(shop.receive, order, "B1 B2", on=shop.day),
            )
        )
        assert found == {"won": 1, "refused": 1}
        assert shop.quantities(item)["OH"] == 2


def test_a_shipment_races_its_void(shop: Books) -> None:
    for _ in range(ATTEMPTS):
        item = ItemFactory()
        shop.adjust(item, 1, "A1", rate="600.00", on=shop.day)
        sale = shop.sell(item, 1, "999.00", on=shop.day)
        pick = shop.fulfill(sale, "A1", on=shop.day, to="picked")
        ship = partial(shop.advance, pick, "shipped", on=shop.day)
        outcome(race(ship, partial(shop.void, pick)))
        assert shop.on_hand(item) == ["A1"]


def test_two_items_received_crosswise_never_deadlock(shop: Books) -> None:
    def adjust(*items: Item) -> Any:
        lines = [shop.line(i, 1, "1.00", f"X{n}") for n, i in enumerate(items)]
        return shop.post("inventory_adjustment", lines, shop.day, account=shop.account("6500"))

    for _ in range(ATTEMPTS):
        one, two = ItemFactory(), ItemFactory()
        found = outcome(race(partial(adjust, one, two), partial(adjust, two, one)))
        assert found["won"] == 2


def test_one_request_sent_eight_times_posts_once(shop: Books, item: Item) -> None:
    request = uuid4()
    shop.adjust(item, 1, "S", rate="1.00", on=shop.day)

    def send() -> Transaction:
        line = shop.line(item, 1, "1.00", "A1")
        return shop.post(
            "inventory_adjustment", [line], shop.day, account=shop.account("6500"),
            request_id=request,
        )  # fmt: skip

    results = race(*[send] * 8)
    assert len({document.pk for document in results if isinstance(document, Transaction)}) == 1
    assert SerialUnit.objects.filter(number="A1").count() == 1


def test_document_numbers_have_no_gaps_under_load(shop: Books, item: Item) -> None:
    outcome(race(*[lambda: shop.order(item, 1, "600.00", on=shop.day) for _ in range(8)]))
    numbers = Transaction.objects.of("purchase_order").values_list("number", flat=True)
    assert sorted(numbers) == [f"PO-{n}" for n in range(1, 9)]
