"""Who gets stock, who waits for it, and who gives it up (SPEC §3.3)."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from items.models import Item
from tests.books import Books, nov
from tests.factories import CustomerFactory, LocationFactory, VendorFactory
from tests.scenarios.desk import figures, invoice_of, refused, served


def test_arrivals_serve_by_date_and_then_in_the_order_of_entry(books: Books, ht9000: Item) -> None:
    late = books.sell(ht9000, 1, "999.00", on=nov(9))
    first, second = (books.sell(ht9000, 1, "999.00", on=nov(5)) for _ in range(2))
    for number, expected in (("A1", [1, 0, 0]), ("A2", [1, 1, 0]), ("A3", [1, 1, 1])):
        books.adjust(ht9000, 1, number, on=nov(10))
        assert [committed for committed, _ in served(first, second, late)] == expected


def test_a_back_dated_order_takes_nothing_from_one_that_was_served(
    books: Books, ht9000: Item
) -> None:
    books.have(ht9000, "600.00", "A1")
    served_one = books.sell(ht9000, 1, "999.00", on=nov(9))
    earlier = books.sell(ht9000, 1, "999.00", on=nov(3))
    assert served(served_one, earlier) == [(1, 0), (0, 1)]
    books.adjust(ht9000, -1, "A1", on=nov(10))
    assert served(served_one, earlier) == [(0, 1), (0, 1)]
    books.adjust(ht9000, 1, "A1", on=nov(10))
    assert served(served_one, earlier) == [(0, 1), (1, 0)]


def test_transfer_orders_wait_in_the_same_queue(
    books: Books, ht9000: Item, place: SimpleNamespace
) -> None:
    transfer = books.order_transfer(ht9000, 1, at=place.main, to=place.east, on=nov(4))
    sale = books.sell(ht9000, 1, "999.00", on=nov(5))
    books.have(ht9000, "600.00", "A1")
    assert served(transfer, sale) == [(1, 0), (0, 1)]
    books.adjust(ht9000, 1, "A2", on=nov(6))
    assert served(transfer, sale) == [(1, 0), (1, 0)]
    books.adjust(ht9000, -1, "A2", on=nov(7))
    assert [n.message for n in books.result.notices] == [f"1 unit becomes back ordered on {sale}."]
    books.make("transfer_shipment", transfer, "A1", on=nov(7), status="shipped")
    books.make("transfer_receipt", transfer, on=nov(8))
    assert served(sale) == [(0, 1)]  # it waits at MAIN


def test_what_arrives_by_transfer_or_comes_back_serves_the_orders_there(
    books: Books, ht9000: Item, place: SimpleNamespace
) -> None:
    books.have(ht9000, "600.00", "A1 A2")
    sold = books.sold(ht9000, "A2")
    waiting = [books.sell(ht9000, 1, "999.00", on=nov(5), at=place.east) for _ in range(2)]
    books.transfer(ht9000, 1, "A1", at=place.main, to=place.east, on=nov(6))
    assert served(*waiting) == [(1, 0), (0, 1)]
    authorized = books.make("return_authorization", invoice_of(sold), on=nov(6))
    books.make("return_receipt", authorized, "A2", on=nov(6), line={"at": place.east})
    assert served(*waiting) == [(1, 0), (1, 0)]


@pytest.mark.parametrize("how", ["transfer", "adjust", "invoice", "vendor return"])
def test_what_takes_committed_stock_cuts_the_newest_order_and_says_so(
    books: Books, ht9000: Item, place: SimpleNamespace, how: str
) -> None:
    books.have(ht9000, "600.00", "A1 A2 A3")
    older = books.sell(ht9000, 1, "999.00", on=nov(4))
    newer = books.sell(ht9000, 2, "999.00", on=nov(5))
    line = books.line(ht9000, 2, "999.00", "A1 A2")
    if how == "transfer":
        books.transfer(ht9000, 2, "A1 A2", at=place.main, to=place.east, on=nov(6))
    elif how == "adjust":
        books.adjust(ht9000, -2, "A1 A2", on=nov(6))
    elif how == "invoice":
        books.post("invoice", [line], nov(6), customer=CustomerFactory(name="Ridge"))
    else:
        authorized = books.post(
            "vendor_return_authorization", [books.line(ht9000, 2)], nov(6),
            vendor=VendorFactory(name="Acme"), status="pending_return",
        )  # fmt: skip
        assert served(older, newer) == [(1, 0), (2, 0)]
        books.make("vendor_return_shipment", authorized, "A1 A2", on=nov(6))
    assert served(older, newer) == [(1, 0), (0, 2)]
    told = [notice.message for notice in books.result.notices]
    assert told == [f"2 units become back ordered on {newer}."]


def test_a_void_of_what_brought_it_releases_what_is_no_longer_there(
    books: Books, ht9000: Item
) -> None:
    books.adjust(ht9000, 1, "A1", on=nov(2))
    arrival = books.adjust(ht9000, 1, "A2", on=nov(2))
    orders = [books.sell(ht9000, 1, "999.00", on=nov(day)) for day in (4, 5)]
    books.void(arrival)
    assert served(*orders) == [(1, 0), (0, 1)]


def test_a_line_is_cut_in_part(books: Books, ht9000: Item) -> None:
    books.have(ht9000, "600.00", "A1 A2 A3")
    order = books.sell(ht9000, 3, "999.00", on=nov(4))
    books.adjust(ht9000, -1, "A1", on=nov(5))
    assert served(order) == [(2, 1)]
    refused(lambda: books.fulfill(order, "A2 A3 A1", on=nov(6)))
    books.fulfill(order, "A2 A3", on=nov(6))


@pytest.mark.parametrize("to", ["closed", "cancelled"])
def test_what_an_order_gives_up_goes_to_the_next(books: Books, ht9000: Item, to: str) -> None:
    books.have(ht9000, "600.00", "A1")
    older, newer = (books.sell(ht9000, 1, "999.00", on=nov(day)) for day in (4, 5))
    books.advance(older, to)
    assert served(older, newer) == [(0, 0), (1, 0)]


def test_a_designated_unit_is_not_on_hold(books: Books, ht9000: Item) -> None:
    books.have(ht9000, "600.00", "A1 A2")
    wish = books.sell(ht9000, 1, "999.00", on=nov(4), serials="A1")
    books.sold(ht9000, "A1", on=nov(5))
    assert served(wish) == [(1, 0)]
    assert refused(lambda: books.fulfill(wish, "A1", on=nov(6))).codes == {"SER-04"}
    books.fulfill(wish, "A2", on=nov(6))


def test_locations_commit_each_for_itself(
    books: Books, ht9000: Item, place: SimpleNamespace
) -> None:
    third = LocationFactory(name="THIRD")
    books.have(ht9000, "600.00", "E1 E2", at=place.east)
    order = books.sell(ht9000, 1, "999.00", on=nov(4))
    transfer = books.order_transfer(ht9000, 1, at=place.east, to=third, on=nov(4))
    assert served(order, transfer) == [(0, 1), (1, 0)]
    assert figures(ht9000, "CM AV", place.east) == [1, 1]
