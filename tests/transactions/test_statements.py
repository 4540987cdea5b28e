"""Posting costs the same number of SQL statements for one unit and for a thousand."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from items.models import Item
from tests.books import Books
from tests.factories import LocationFactory


def numbers(count: int, prefix: str) -> str:
    return " ".join(f"{prefix}{n:05}" for n in range(count))


def receive(books: Books, item: Item, count: int) -> Callable[[], object]:
    order = books.order(item, count, "10.00")
    return lambda: books.receive(order, numbers(count, f"R{count}-"))


def stocked(books: Books, item: Item, count: int) -> str:
    typed = numbers(count, f"S{count}-")
    books.adjust(item, count, typed, rate="10.00")
    return typed


def pick(books: Books, item: Item, count: int) -> Callable[[], object]:
    typed = stocked(books, item, count)
    sale = books.sell(item, count, "20.00")
    return lambda: books.fulfill(sale, typed, to="picked")


def ship(books: Books, item: Item, count: int) -> Callable[[], object]:
    document = pick(books, item, count)()
    return lambda: books.advance(document, "shipped")


def invoice(books: Books, item: Item, count: int) -> Callable[[], object]:
    typed = stocked(books, item, count)
    shipped = books.fulfill(books.sell(item, count, "20.00"), typed)
    return lambda: books.invoice(shipped)


def transfer(books: Books, item: Item, count: int) -> Callable[[], object]:
    typed = stocked(books, item, count)
    here, there = books.company.default_location, LocationFactory()
    return lambda: books.transfer(item, count, typed, at=here, to=there)


def ship_transfer(books: Books, item: Item, count: int) -> Callable[[], object]:
    typed = stocked(books, item, count)
    here, there = books.company.default_location, LocationFactory()
    order = books.order_transfer(item, count, at=here, to=there)
    return lambda: books.make("transfer_shipment", order, typed)


def receive_transfer(books: Books, item: Item, count: int) -> Callable[[], object]:
    shipment = ship_transfer(books, item, count)()
    return lambda: books.make("transfer_receipt", shipment)


def adjust_out(books: Books, item: Item, count: int) -> Callable[[], object]:
    typed = stocked(books, item, count)
    return lambda: books.adjust(item, -count, typed)


def void_receipt(books: Books, item: Item, count: int) -> Callable[[], object]:
    document = receive(books, item, count)()
    return lambda: books.void(document)


def void_transfer(books: Books, item: Item, count: int) -> Callable[[], object]:
    document = transfer(books, item, count)()
    return lambda: books.void(document)


def void_adjustment(books: Books, item: Item, count: int) -> Callable[[], object]:
    document = adjust_out(books, item, count)()
    return lambda: books.void(document)


def void_shipped(books: Books, item: Item, count: int) -> Callable[[], object]:
    document = ship(books, item, count)()
    return lambda: books.void(document)


@pytest.mark.parametrize(
    "prepare",
    [
        receive,
        pick,
        ship,
        invoice,
        transfer,
        ship_transfer,
        receive_transfer,
        adjust_out,
        void_receipt,
        void_transfer,
        void_adjustment,
        void_shipped,
    ],
)
def test_statements_do_not_grow_with_the_units(
    books: Books, ht9000: Item, prepare: Callable[..., Callable[[], object]]
) -> None:
    prepare(books, ht9000, 2)()  # the number series exists from here on
    counts = {}
    for count in (1, 1000):
        act = prepare(books, ht9000, count)
        with CaptureQueriesContext(connection) as queries:
            act()
        counts[count] = len(queries)
    assert counts[1] == counts[1000]
