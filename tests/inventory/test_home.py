"""The home page: what waits this morning, and what came and went."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from inventory import home
from items.models import Item
from tests.books import TODAY, Books, nov
from tests.factories import VendorFactory
from users.access import EVERYTHING


def text(client: Client) -> str:
    return client.get("/").content.decode()


def test_strangers_are_sent_to_log_in(stranger: Client, db):
    assert stranger.get("/").url == "/login/?next=/"


def test_a_new_company_is_shown_its_first_steps(client: Client, today):
    html = text(client)
    assert "First steps" in html
    assert "Make an item" in html
    assert "Nothing is on its way to you." in html
    assert "Nothing was entered yet." in html


def test_a_company_at_work_needs_no_first_steps(client: Client, books, ht9000):
    books.order(ht9000, 1, "600.00")
    assert "First steps" not in text(client)


def test_open_purchase_orders_wait_to_be_received_the_overdue_first(books, ht9000):
    late = books.order(ht9000, 5, "600.00", on=nov(2), expected_date=nov(9))
    books.receive(late, "A1 A2", on=nov(3))
    soon = books.order(ht9000, 4, "600.00", on=nov(1), expected_date=nov(30))
    whenever = books.order(ht9000, 1, "600.00", on=nov(1))
    books.receive(books.order(ht9000, 1, "600.00"), "Z1")
    books.void(books.order(ht9000, 9, "600.00"))
    queue = home.to_receive(EVERYTHING, TODAY)
    assert (queue.documents, queue.units, queue.overdue) == (3, 8, 1)
    assert queue.first == [late, soon, whenever]
    assert queue.first[0].units == 3


def test_an_order_with_two_lines_counts_once_with_the_units_of_both(books, ht9000, tk100):
    lines = [books.line(ht9000, 2, "600.00"), books.line(tk100, 3, "850.00")]
    books.post("purchase_order", lines, vendor=VendorFactory(name="Acme"))
    queue = home.to_receive(EVERYTHING, TODAY)
    assert (queue.documents, queue.units, len(queue.first)) == (1, 5, 1)


def test_only_orders_with_committed_stock_wait_to_be_picked(books, ht9000):
    books.have(ht9000, "600.00", "A1 A2")
    ready = books.sell(ht9000, 3, "999.00", on=nov(3))
    books.sell(ht9000, 1, "999.00", on=nov(4))  # back ordered
    queue = home.to_pick(EVERYTHING, TODAY)
    assert (queue.documents, queue.units, queue.first) == (1, 2, [ready])
    assert home.stock(EVERYTHING).back_ordered == 2


def test_picked_and_packed_fulfillments_wait_to_be_shipped(books, ht9000):
    books.have(ht9000, "600.00", "A1 A2 A3")
    order = books.sell(ht9000, 3, "999.00", on=nov(3))
    picked = books.fulfill(order, "A1", on=nov(3), to="picked")
    packed = books.fulfill(order, "A2", on=nov(4), to="packed")
    books.fulfill(order, "A3", on=nov(5))
    queue = home.to_ship(EVERYTHING, TODAY)
    assert (queue.documents, queue.units, queue.first) == (2, 2, [picked, packed])


def test_what_was_received_waits_to_be_billed_and_what_was_shipped_to_be_invoiced(books, ht9000):
    order = books.order(ht9000, 2, "600.00", on=nov(2))
    receipt = books.receive(order, "A1", on=nov(2))
    sale = books.sell(ht9000, 1, "999.00", on=nov(3))
    fulfillment = books.fulfill(sale, "A1", on=nov(3))
    assert home.to_bill(EVERYTHING, TODAY).first == [order]
    assert home.to_invoice(EVERYTHING, TODAY).first == [sale]
    books.bill(receipt, on=nov(3))
    books.invoice(fulfillment, on=nov(3))
    assert (
        home.to_bill(EVERYTHING, TODAY).documents
        == home.to_invoice(EVERYTHING, TODAY).documents
        == 0
    )


def test_the_page_links_each_waiting_document_to_its_next_step(client: Client, books, ht9000):
    order = books.order(ht9000, 2, "600.00", on=nov(2))
    books.receive(order, "A1", on=nov(2))
    sale = books.sell(ht9000, 1, "999.00", on=nov(3))
    html = text(client)
    assert f'href="/transactions/item-receipt/new/?from={order.pk}"' in html
    assert f'href="/transactions/vendor-bill/new/?from={order.pk}"' in html
    assert f'href="/transactions/item-fulfillment/new/?from={sale.pk}"' in html


def test_items_at_or_below_their_reorder_point_are_low(client: Client, books, ht9000, tk100):
    books.have(ht9000, "600.00", "A1 A2 A3")  # reorder point 3
    books.have(tk100, "850.00", "T1 T2 T3")  # reorder point 2
    Item.objects.create(
        name="No reorder point",
        income_account=ht9000.income_account,
        cogs_account=ht9000.cogs_account,
        asset_account=ht9000.asset_account,
    )
    low = home.low_stock(EVERYTHING, by_location=True)
    assert (low.items, low.first) == (1, [ht9000])
    assert f'href="/transactions/purchase-order/new/?item={ht9000.pk}"' in text(client)
    books.adjust(tk100, -1, "T1", on=nov(4))
    assert home.low_stock(EVERYTHING, by_location=True).items == 2


def test_units_in_and_out_by_day(books, ht9000, cable):
    books.receive(books.order(cable, 7, "1.00", on=nov(9)), quantity=7, on=nov(9))  # a day too old
    books.receive(books.order(ht9000, 4, "600.00", on=nov(10)), "A1 A2 A3 A4", on=nov(10))
    books.fulfill(books.sell(ht9000, 1, "999.00", on=nov(12)), "A1", on=nov(12))
    order = books.sell(ht9000, 1, "999.00", on=nov(13))
    books.advance(books.fulfill(order, "A2", on=nov(13), to="picked"), "shipped", on=nov(14))
    books.void(books.adjust(ht9000, -1, "A3", on=nov(15)))
    books.adjust(ht9000, -1, "A4", on=nov(23))
    days = {day.date: (day.came, day.went) for day in home.comings_and_goings(EVERYTHING, TODAY)}
    assert len(days) == 14
    assert next(iter(days)) == date(2026, 11, 10)
    assert {day: moved for day, moved in days.items() if any(moved)} == {
        nov(10): (4, 0),
        nov(12): (0, 1),
        nov(14): (0, 1),
        nov(23): (0, 1),
    }


def test_serial_numbers_on_hand_and_their_value(books, ht9000, cable):
    books.have(ht9000, "600.00", "A1 A2 A3")
    books.receive(books.order(cable, 7, "1.00", on=nov(9)), quantity=7, on=nov(9))
    books.fulfill(books.sell(ht9000, 1, "999.00", on=nov(12)), "A1", on=nov(12), to="picked")
    stock = home.stock(EVERYTHING)
    assert (stock.serials, stock.picked, stock.value) == (2, 1, Decimal("1800.00"))


def test_the_latest_events_say_what_was_done_voids_too(books, ht9000):
    order = books.order(ht9000, 1, "600.00")
    receipt = books.receive(order, "A1")
    books.void(receipt)
    events = [
        (str(event.posting.document), event.status) for event in home.latest_events(EVERYTHING)
    ]
    assert events == [
        (str(receipt), "Voided"),
        (str(receipt), "Received"),
        (str(order), "Pending Receipt"),
    ]


def test_a_busier_company_costs_no_more_queries(client: Client, books: Books, ht9000, tk100):
    def work(number: int) -> None:
        for item in (ht9000, tk100):
            order = books.order(item, 3, "600.00", on=nov(2), expected_date=nov(number))
            books.receive(order, f"N{number}A N{number}B", on=nov(2))
            books.fulfill(books.sell(item, 1, "999.00", on=nov(3)), f"N{number}A", on=nov(3))
            books.sell(item, 1, "999.00", on=nov(4))

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/")
        return len(captured)

    Item.objects.update(reorder_point=100)  # low at first as at last
    work(1)
    before = queries()
    for number in range(2, 9):
        work(number)
    assert queries() == before


@pytest.mark.parametrize("number", range(3))
def test_lists_are_cut_off_and_say_so(client: Client, books: Books, ht9000, number: int):
    for _ in range(5 + number):
        books.order(ht9000, 1, "600.00")
    assert len(home.to_receive(EVERYTHING, TODAY).first) == 5
    assert ("</span> more</a>" in text(client)) == bool(number)
