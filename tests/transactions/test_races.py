"""Races, with real threads on PostgreSQL: exactly one wins, and nobody is shown a deadlock.

SQLite lets one writer in at a time, so there is nothing to race for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from threading import Barrier, Thread
from time import sleep
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from accounting.models import AccountingPeriod, JournalEntry
from company.setup import ensure_company, open_year
from items.models import Item, SerialUnit
from items.refusals import Refused
from locations.models import Location
from tests.books import Books
from tests.factories import ItemFactory, LocationFactory
from transactions import audit
from transactions.models import Transaction
from transactions.posting import advance, record

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


def test_a_receipt_sent_again_while_it_is_written_is_not_refused(shop: Books) -> None:
    """The second waits for the order's lock and then finds nothing left to receive: its own."""
    for _ in range(ATTEMPTS):
        item, request = ItemFactory(), uuid4()
        order = shop.order(item, 1, "600.00", on=shop.day)
        line = partial(shop.line, item, 1, "600.00", "A1", created_from_line=order.lines.get())

        def send(order: Transaction = order, line: Any = line, request: Any = request) -> Any:
            return shop.post(
                "item_receipt", [line()], shop.day, vendor=order.vendor, created_from=order,
                request_id=request,
            )  # fmt: skip

        results = race(*[send] * 4)
        assert outcome(results) == {"won": 4}
        assert len({document.pk for document in results}) == 1
        assert order.children.count() == 1


def test_a_step_sent_again_while_it_is_taken_is_not_refused(shop: Books) -> None:
    for _ in range(ATTEMPTS):
        item, request = ItemFactory(), uuid4()
        shop.adjust(item, 1, "A1", rate="600.00", on=shop.day)
        sale = shop.sell(item, 1, "999.00", on=shop.day)
        pick = shop.fulfill(sale, "A1", on=shop.day, to="picked")
        ship = partial(advance, pick, to="shipped", by=shop.user, on=shop.day, request_id=request)
        assert outcome(race(*[ship] * 4)) == {"won": 4}
        assert pick.postings.count() == 2


def test_document_numbers_have_no_gaps_under_load(shop: Books, item: Item) -> None:
    outcome(race(*[lambda: shop.order(item, 1, "600.00", on=shop.day) for _ in range(8)]))
    numbers = Transaction.objects.of("purchase_order").values_list("number", flat=True)
    assert sorted(numbers) == [f"PO-{n}" for n in range(1, 9)]


# Inventory counts


def count_of(shop: Books, item: Item, at: Location, seen: str = "") -> Transaction:
    """A count of one item that is started, with what was seen, or already completed."""
    lines = [shop.line(item, 0, at=at)]
    account = shop.account("6500")
    count = shop.post("inventory_count", lines, shop.day, location=at, account=account)
    shop.advance(count, "started", on=shop.day)
    if seen:
        line = count.lines.get()
        record(line, by=shop.user, add=seen.split(), cost=Decimal("500.00"))
        shop.advance(count, "pending_approval", on=shop.day)
    return count


def test_a_count_and_a_receipt_bring_in_a_number_once(shop: Books) -> None:
    for _ in range(ATTEMPTS):
        item = ItemFactory()
        count = count_of(shop, item, shop.company.default_location, "N1 N2")
        order = shop.order(item, 1, "600.00", on=shop.day, at=LocationFactory())
        found = outcome(
            race(
                partial(shop.advance, count, "approved", on=shop.day),
                partial(shop.receive, order, "N1", on=shop.day),
            )
        )
        # Received first, the number is at the other location: the count transfers it from there.
        moved = Transaction.objects.filter(created_from=count, type="inventory_transfer").exists()
        assert found["won"] == (2 if moved else 1)
        assert set(found) <= {"won", "SER-16", "SER-01"}
        assert SerialUnit.objects.filter(item=item, number="N1").count() == 1


def test_two_clerks_scanning_into_one_count_lose_nothing(shop: Books, item: Item) -> None:
    count = count_of(shop, item, shop.company.default_location)
    line = count.lines.get()
    scans = [[f"{clerk}{n}" for n in range(10)] + ["BOTH"] for clerk in "AB"]
    for pair in zip(*scans, strict=True):
        outcome(race(*[partial(record, line, by=shop.user, add=[number]) for number in pair]))
    line.refresh_from_db()
    assert line.quantity == line.line_units.count() == 21


def test_two_counts_of_one_item_are_not_opened_at_once(shop: Books) -> None:
    place = shop.company.default_location
    for _ in range(ATTEMPTS):
        item = ItemFactory()
        found = outcome(race(*[partial(count_of, shop, item, place)] * 2))
        assert found == {"won": 1, "refused": 1}


def test_counts_that_transfer_to_each_other_never_deadlock(shop: Books) -> None:
    for _ in range(ATTEMPTS):
        item, west, east = ItemFactory(), LocationFactory(), LocationFactory()
        shop.adjust(item, 2, "W1 W2", rate="1.00", on=shop.day, at=west)
        shop.adjust(item, 2, "E1 E2", rate="1.00", on=shop.day, at=east)
        counts = [
            count_of(shop, item, west, "W1 W2 E1"),
            count_of(shop, item, east, "E2 E1 W1"),
        ]
        found = outcome(race(*[partial(shop.advance, c, "approved", on=shop.day) for c in counts]))
        assert found["won"] == 2
        assert SerialUnit.objects.held().filter(item=item).count() == 4


def test_nothing_is_posted_into_a_period_that_was_closed_meanwhile(shop: Books) -> None:
    """What a closed period holds when it is closed is what it holds for good (SER-15)."""
    items = [ItemFactory() for _ in range(4)]  # nobody waits for another but at the counter
    found: Counter = Counter()

    def close() -> int:
        for _ in range(2_000):
            if JournalEntry.objects.count() > before:
                break
            sleep(0.001)
        period = AccountingPeriod.objects.get(start__lte=shop.day, end__gte=shop.day)
        period.closed = True
        period.save()
        return JournalEntry.objects.count()

    def post(item: Item) -> None:
        for _ in range(5):  # the first may all hold the period before it can be closed
            shop.adjust(item, 1, uuid4().hex, rate="1.00", on=shop.day)

    for _ in range(ATTEMPTS):
        AccountingPeriod.objects.update(closed=False)
        before = JournalEntry.objects.count()
        sealed, *results = race(close, *[partial(post, item) for item in items])
        assert JournalEntry.objects.count() == sealed > before
        found += outcome(results)
    assert found["SER-15"]
    AccountingPeriod.objects.update(closed=False)
