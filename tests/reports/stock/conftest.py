from __future__ import annotations

from copy import deepcopy
from datetime import date
from types import SimpleNamespace

import pytest
import time_machine

from accounting.models import AccountingPeriod
from items.models import Item
from tests import stage
from tests.books import Books, nov


def oct_(day: int) -> date:
    return date(2026, 10, day)


@pytest.fixture(scope="module")
def moved_once(lasting: None) -> SimpleNamespace:
    """Stock that came, was moved, sold and voided, worth by the end of each day (1300):

    20 Oct 1,000.00 · 30 Oct 500.00 · 2 Nov 2,300.00 · 3 Nov 3,200.00 · 4 Nov 3,850.00 ·
    5 Nov 4,150.00 · 6 Nov 4,087.50 · 8 Nov 3,487.50 · 15 Nov 2,987.50 with 500.00 in transit ·
    18 Nov 3,487.50 · 23 Nov 3,987.50, when October's shipment is voided.
    """
    with time_machine.travel(stage.NOON, tick=False):
        return move(stage.books(), stage.places(), stage.ht9000(), stage.cable())


@pytest.fixture
def moved(moved_once: SimpleNamespace, books: Books) -> SimpleNamespace:
    """The stock of `moved_once`, the test's own to change."""
    return deepcopy(moved_once)


def move(books: Books, place: SimpleNamespace, ht9000: Item, cable: Item) -> SimpleNamespace:
    AccountingPeriod.objects.filter(start=oct_(1)).update(closed=False)
    books.receive(books.order(ht9000, 2, "500.00", on=oct_(20)), "B1 B2", on=oct_(20))
    shipped = books.fulfill(books.sell(ht9000, 1, "900.00", on=oct_(30)), "B1", on=oct_(30))
    AccountingPeriod.objects.filter(start=oct_(1)).update(closed=True)

    books.have(ht9000, "600.00", "A1 A2 A3")  # on the 2nd
    books.receive(books.order(cable, 20, "10.00", on=nov(3)), quantity=20, on=nov(3))
    east = books.order(ht9000, 1, "650.00", on=nov(4), at=place.east)
    books.receive(east, "A4", on=nov(4))
    books.receive(books.order(cable, 20, "15.00", on=nov(5)), quantity=20, on=nov(5))
    books.fulfill(books.sell(cable, 5, "25.00", on=nov(6)), quantity=5, on=nov(6))
    books.fulfill(books.sell(ht9000, 1, "999.00", on=nov(8)), "A1", on=nov(8))
    books.transfer(ht9000, 1, "A2", at=place.main, to=place.east, on=nov(10))
    books.fulfill(books.sell(ht9000, 1, "999.00", on=nov(12)), "A3", on=nov(12), to="picked")
    order = books.order_transfer(ht9000, 1, at=place.main, to=place.east, on=nov(15))
    books.make("transfer_shipment", order, "B2", on=nov(15), status="shipped")
    books.transfer(cable, 4, "", at=place.main, to=place.east, on=nov(16))
    books.make("transfer_receipt", order, on=nov(18))
    books.adjust(ht9000, 1, "C9", rate="700.00", on=nov(3))  # posted late, dated early
    books.void(shipped)  # October is closed: reversed today, on the 23rd
    return SimpleNamespace(main=place.main, east=place.east, ht9000=ht9000, cable=cable)


DAYS = {
    oct_(19): "0.00", oct_(20): "1000.00", oct_(30): "500.00", nov(2): "2300.00",
    nov(3): "3200.00", nov(4): "3850.00", nov(5): "4150.00", nov(6): "4087.50",
    nov(8): "3487.50", nov(12): "3487.50", nov(15): "2987.50", nov(18): "3487.50",
    nov(22): "3487.50", nov(23): "3987.50",
}  # fmt: skip


@pytest.fixture
def days() -> dict[date, str]:
    """What the stock of `moved` was worth at the end of some days."""
    return DAYS
