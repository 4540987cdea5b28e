"""Back orders, and open purchase orders (SPEC §3.2, §3.3, §7.8)."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from company.models import Company
from reports.trade import orders
from tests.books import TODAY, Books, nov
from tests.factories import CustomerFactory, VendorFactory
from transactions.posting import advance

BACK, OPEN = "/reports/back-orders/", "/reports/open-purchase-orders/"


def shown(client: Client, url: str, **asked: Any) -> list[Any]:
    return [row.record for row in client.get(url, asked).context["listing"].table.rows]


def text_of(client: Client, url: str, **asked: Any) -> str:
    return client.get(url, asked).content.decode()


@pytest.fixture
def waiting(books: Books, ht9000, place) -> Any:
    """SO-1 has 1 of 3, SO-2 none of 1; PO-2 and PO-3 bring more, PO-4 brings it elsewhere."""
    books.have(ht9000, "600.00", "B1")
    first = books.sell(ht9000, 3, "999.00", on=nov(5))
    ridge = CustomerFactory(name="Ridge")
    second = books.sell(ht9000, 1, "999.00", on=nov(6), customer=ridge)
    books.order(ht9000, 1, "600.00", on=nov(7))
    books.order(ht9000, 2, "600.00", on=nov(8), expected_date=date(2026, 12, 1))
    books.order(ht9000, 4, "600.00", on=nov(8), at=place.east)
    return first, second


class TestBackOrders:
    def test_the_oldest_order_comes_first_with_what_it_has_and_lacks(self, client, waiting):
        first, second = shown(client, BACK)
        assert first.transaction == waiting[0]
        assert (first.quantity, first.fulfilled, first.committed, first.back_ordered) == (
            3,
            0,
            1,
            2,
        )
        assert (second.transaction, second.back_ordered) == (waiting[1], 1)

    def test_fulfilled_is_what_was_shipped_and_picked_stands_apart(self, client, books, waiting):
        order = waiting[0]
        books.fulfill(order, "B1", on=nov(9), to="picked")
        line = shown(client, BACK)[0]
        assert (line.fulfilled, line.picked, line.committed, line.back_ordered) == (0, 1, 0, 2)
        books.advance(order.children.get(), "shipped", on=nov(10))
        line = shown(client, BACK)[0]
        assert (line.fulfilled, line.picked, line.committed, line.back_ordered) == (1, 0, 0, 2)

    def test_what_is_coming_to_the_place_stands_beside_it_soonest_first(self, client, waiting):
        coming = orders.coming_for(shown(client, BACK)[0])
        assert [(line.transaction.number, line.on_order) for line in coming] == [
            ("PO-3", Decimal(2)),
            ("PO-2", Decimal(1)),
        ]
        html = text_of(client, BACK)
        assert "expected 2026-12-01" in html
        assert "PO-4" not in html

    def test_a_transfer_order_waits_for_stock_and_brings_it(self, client, books, ht9000, place):
        order = books.order_transfer(ht9000, 2, at=place.main, to=place.east, on=nov(4))
        books.sell(ht9000, 1, "999.00", on=nov(5), at=place.east)
        transfer, sale = shown(client, BACK)
        assert (transfer.transaction, transfer.back_ordered) == (order, 2)
        assert orders.coming_for(transfer) == []
        assert [line.transaction for line in orders.coming_for(sale)] == [order]
        assert "Transfer to EAST" in text_of(client, BACK)
        assert "Transfer to EAST" in client.get(BACK, {"export": "csv"}).getvalue().decode()

    def test_nothing_on_order_is_said(self, client, books, ht9000):
        books.sell(ht9000, 1, "999.00", on=nov(5))
        assert "Nothing on order" in text_of(client, BACK)

    def test_an_order_that_is_served_leaves_the_list(self, client, books, waiting, ht9000):
        receipt = books.receive(books.order(ht9000, 2, "600.00", on=nov(9)), "B2 B3", on=nov(9))
        assert [line.transaction for line in shown(client, BACK)] == [waiting[1]]
        books.void(receipt)
        assert len(shown(client, BACK)) == 2

    def test_a_row_leads_to_item_order_customer_and_purchase_orders(self, client, waiting, ht9000):
        html = text_of(client, BACK)
        for record in (ht9000, *waiting, waiting[1].customer):
            assert f'href="{record.get_absolute_url()}"' in html

    def test_the_list_narrows_by_customer_item_and_words(self, client, waiting, tk100):
        assert len(shown(client, BACK, customer=waiting[1].customer_id)) == 1
        assert shown(client, BACK, item=tk100.pk) == []
        assert len(shown(client, BACK, q="Ridge")) == 1
        assert len(shown(client, BACK, q="SO-1")) == 1

    def test_the_file_names_the_purchase_orders(self, client, waiting):
        answer = client.get(BACK, {"export": "csv"}).getvalue().decode("utf-8-sig").splitlines()
        assert answer[1] == (
            "HT9000,SO-1,2026-11-05,Maple,MAIN,3,0,0,1,2,3,"
            '"PO-3: 2, expected 2026-12-01; PO-2: 1, no date"'
        )
        assert len(answer) == 3

    def test_without_locations_the_list_does_not_speak_of_them(self, client, waiting):
        assert "MAIN" in text_of(client, BACK)
        Company.objects.update(multi_location_inventory=False)
        assert "MAIN" not in text_of(client, BACK)

    def test_nobody_waits(self, client, books):
        assert "Nobody waits for stock" in text_of(client, BACK)

    def test_more_back_orders_cost_no_more_queries(self, queries_of, books, waiting, ht9000, tk100):
        before = queries_of(BACK)
        for n in range(5):
            books.sell(ht9000, 2, "999.00", on=nov(9), customer=CustomerFactory())
            books.sell(tk100, n + 1, "999.00", on=nov(9))
            books.order(tk100, 1, "850.00", on=nov(10))
        assert queries_of(BACK) == before


@pytest.fixture
def owed(books: Books, ht9000, tk100) -> dict[str, Any]:
    """PO-1 late and partly received, PO-2 for December, PO-3 received and not billed."""
    late = books.order(ht9000, 5, "600.00", on=nov(2), expected_date=nov(20))
    books.bill(books.receive(late, "A1", on=nov(3)), on=nov(4))
    books.receive(late, "A2", on=nov(5))
    bolt, december = VendorFactory(name="Bolt"), date(2026, 12, 3)
    coming = books.order(tk100, 2, "850.00", on=nov(6), expected_date=december, vendor=bolt)
    unbilled = books.order(tk100, 1, "840.00", on=nov(6))
    books.receive(unbilled, "T1", on=nov(7))
    return {"late": late, "coming": coming, "unbilled": unbilled}


class TestOpenPurchaseOrders:
    def test_a_line_tells_ordered_received_on_order_and_billed(self, client, owed):
        line = shown(client, OPEN)[0]
        assert line.transaction == owed["late"]
        assert (line.quantity, line.moved, line.on_order, line.billed) == (5, 2, 3, 1)
        assert orders.to_come(line) == Decimal("1800.00")

    def test_the_first_expected_comes_first_and_what_has_no_date_last(self, client, owed):
        found = [line.transaction for line in shown(client, OPEN)]
        assert found == [owed["late"], owed["coming"], owed["unbilled"]]

    def test_overdue_is_said_in_words_as_well_as_color(self, client, owed):
        html = text_of(client, OPEN)
        assert html.count("3 days late") == 1
        assert len(re.findall(r'<tr[^>]*class="[^"]*is-error', html)) == 1
        assert [line.transaction for line in shown(client, OPEN, overdue="on")] == [owed["late"]]

    def test_an_order_expected_today_is_not_overdue(self, client, books, ht9000):
        order = books.order(ht9000, 1, "600.00", on=nov(2), expected_date=TODAY)
        assert orders.days_late(order.lines.get(), TODAY) == 0
        assert orders.days_late(order.lines.get(), date(2026, 11, 24)) == 1
        assert shown(client, OPEN, overdue="on") == []

    def test_what_was_received_is_not_overdue_though_its_day_has_passed(
        self, client, books, ht9000
    ):
        order = books.order(ht9000, 1, "600.00", on=nov(2), expected_date=nov(3))
        assert "days late" in text_of(client, OPEN)
        books.receive(order, "A1", on=nov(4))
        assert "days late" not in text_of(client, OPEN)

    def test_the_value_to_come_is_summed_and_drawn_by_month(self, client, owed):
        found = client.get(OPEN).context["expected"]
        assert (found.value, found.late) == (Decimal("3500.00"), Decimal("1800.00"))
        assert [point for point in found.by_month if point[1]] == [
            ("Overdue", Decimal("1800.00")),
            ("Dec 2026", Decimal("1700.00")),
        ]
        assert sum(value for _, value in found.by_month) == found.value
        narrowed = client.get(OPEN, {"vendor": owed["coming"].vendor_id}).context["expected"]
        assert narrowed.value == Decimal("1700.00")

    def test_what_is_far_off_or_without_a_date_is_drawn_too(self, books, ht9000):
        books.order(ht9000, 1, "10.00", on=nov(2), expected_date=date(2028, 1, 1))
        books.order(ht9000, 1, "20.00", on=nov(2))
        found = orders.expected(orders.open_lines(), TODAY)
        assert found.by_month[-2:] == [("Later", Decimal("10.00")), ("No date", Decimal("20.00"))]

    def test_show_narrows_to_what_is_waited_for(self, client, owed):
        def waiting(value: str) -> list[Any]:
            return [line.transaction for line in shown(client, OPEN, waiting=value)]

        assert waiting("receive") == [owed["late"], owed["coming"]]
        assert waiting("bill") == [owed["late"], owed["unbilled"]]
        assert waiting("approve") == []

    def test_an_order_pending_approval_is_open_but_nothing_is_to_come(self, client, books, ht9000):
        Company.objects.update(approve_purchase_orders=True)
        order = books.order(ht9000, 1, "600.00", on=nov(2))
        assert [line.transaction for line in shown(client, OPEN, waiting="approve")] == [order]
        assert client.get(OPEN).context["expected"].value == 0
        advance(order, to="rejected", by=books.user)
        assert shown(client, OPEN) == []

    def test_closed_and_finished_orders_leave_the_list(self, client, books, owed):
        books.advance(owed["coming"], "closed")
        books.bill(owed["unbilled"], on=nov(8))
        assert [line.transaction for line in shown(client, OPEN)] == [owed["late"]]

    def test_a_row_leads_to_order_vendor_and_item(self, client, owed, ht9000):
        html = text_of(client, OPEN)
        for record in (owed["late"], owed["coming"].vendor, ht9000):
            assert f'href="{record.get_absolute_url()}"' in html

    def test_the_file_has_the_words_and_the_value(self, client, owed):
        lines = client.get(OPEN, {"export": "csv"}).getvalue().decode("utf-8-sig").splitlines()
        assert len(lines) == 4
        assert next(line for line in lines if line.startswith("PO-1,")) == (
            "PO-1,Acme,HT9000,MAIN,5,2,3,1,2026-11-20,3 days late,1800.00,600.00,"
            "Pending Billing/Partially Received"
        )

    @pytest.mark.parametrize(
        "sort", ["vendor", "-item", "on_order", "-billed", "-expected", "rate"]
    )
    def test_the_list_sorts(self, client, owed, sort):
        assert len(shown(client, OPEN, sort=sort)) == 3

    def test_no_order_is_open(self, client, books):
        assert "No purchase order is open" in text_of(client, OPEN)

    def test_more_orders_cost_no_more_queries(self, queries_of, books, owed, ht9000):
        before = queries_of(OPEN)
        for _ in range(5):
            books.order(ht9000, 2, "600.00", on=nov(9), vendor=VendorFactory())
        assert queries_of(OPEN) == before


@pytest.mark.parametrize("url", [BACK, OPEN])
def test_strangers_are_sent_to_log_in(stranger: Client, books, url):
    assert "/login/" in stranger.get(url).url
