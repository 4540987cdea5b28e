"""The pages of documents: each kind's list, new and view page, its steps and its void."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.books import nov
from tests.factories import ItemFactory, VendorFactory
from tests.pages import FormPage
from transactions.models import Posting, Transaction


def queries(action: Callable[[], object]) -> int:
    action()  # what is read once a process (content types and the like) is not the page's
    with CaptureQueriesContext(connection) as captured:
        action()
    return len(captured)


class TestLists:
    def test_open_narrows_to_documents_still_to_act_on(self, client, books, ht9000, trade):
        books.bill(books.receive(trade["purchase-order"], "A3"))
        books.order(ht9000, 1, "600.00")
        listed = client.get("/transactions/purchase-order/?open=true").content.decode()
        assert ("PO-2" in listed, "PO-1" in listed) == (True, False)
        listed = client.get("/transactions/purchase-order/?open=1").content.decode()
        assert ("PO-2" in listed, "PO-1" in listed) == (True, False)

    def test_an_item_narrows_to_what_its_figures_count(self, client, books, ht9000, tk100):
        books.order(ht9000, 1, "600.00")
        books.order(tk100, 1, "850.00")
        received = books.order(ht9000, 1, "600.00")
        books.receive(received, "R1")
        listed = client.get(f"/transactions/purchase-order/?item={ht9000.pk}").content.decode()
        assert [n for n in ("PO-1<", "PO-2<", "PO-3<") if n in listed] == ["PO-1<", "PO-3<"]
        listed = client.get(
            f"/transactions/purchase-order/?open=1&item={ht9000.pk}"
        ).content.decode()
        assert [n for n in ("PO-1<", "PO-2<", "PO-3<") if n in listed] == ["PO-1<"]

    def test_search_finds_by_number_party_and_serial(self, client, trade):
        for slug, text, found in (
            ("item-receipt", "a1", True),
            ("item-receipt", "ir-1", True),
            ("item-receipt", "acme", True),
            ("item-receipt", "A9", False),
            ("item-fulfillment", "A1", True),
            ("item-fulfillment", "A2", False),
            ("sales-order", "A2", True),
            ("invoice", "A1", True),
            ("invoice", "maple", True),
            ("inventory-adjustment", "N1", True),
        ):
            listed = client.get(f"/transactions/{slug}/?q={text}").content.decode()
            assert (f">{trade[slug].number}<" in listed) == found, (slug, text)

    def test_filters_by_status_day_and_party(self, client, books, ht9000):
        books.order(ht9000, 1, "600.00", on=nov(2))
        other = books.order(ht9000, 1, "600.00", on=nov(9), vendor=VendorFactory(name="Bolt"))
        for query in ("since=2026-11-05", f"vendor={other.vendor_id}"):
            listed = client.get(f"/transactions/purchase-order/?{query}").content.decode()
            assert (">PO-1<" in listed, ">PO-2<" in listed) == (False, True)
        listed = client.get("/transactions/purchase-order/?status=closed").content.decode()
        assert "Nothing matches" in listed

    def test_takes_the_same_number_of_queries_for_few_rows_and_for_many(
        self, client, books, ht9000
    ):
        def more(count: int) -> None:
            for number in range(count):
                order = books.order(ht9000, 2, "600.00")
                books.receive(order, f"S{order.pk}-{number}")

        pages = [
            f"/transactions/{slug}/{page}"
            for slug in ("purchase-order", "item-receipt", "vendor-bill")
            for page in ("", "new/")
        ]
        more(3)
        few = {page: queries(lambda page=page: client.get(page)) for page in pages}
        more(9)
        assert {page: queries(lambda page=page: client.get(page)) for page in pages} == few

    def test_with_one_location_no_page_speaks_of_locations(self, client, books):
        item = ItemFactory(name="HT1")
        order = books.order(item, 1, "600.00")
        for page in ("", "new/", f"{order.pk}/"):
            shown = client.get(f"/transactions/purchase-order/{page}").content.decode()
            assert "ocation" not in shown.split("<main")[1], page
        page = FormPage(client, f"/transactions/item-receipt/new/?from={order.pk}")
        assert "ocation" not in page.response.content.decode().split("<main")[1]


class TestQueues:
    def test_receive_orders_lists_what_is_still_on_order(self, client, books, ht9000):
        books.receive(books.order(ht9000, 1, "600.00"), "S1")
        waiting = books.order(ht9000, 1, "600.00")
        page = client.get("/transactions/item-receipt/new/").content.decode()
        assert "Receive Orders" in page
        assert f"/transactions/item-receipt/new/?from={waiting.pk}" in page
        assert ">PO-1<" not in page

    def test_fulfill_orders_lists_what_is_committed(self, client, books, ht9000):
        books.have(ht9000, "600.00", "S1")
        books.sell(ht9000, 1, "999.00")
        books.sell(ht9000, 1, "999.00")  # back ordered
        page = client.get("/transactions/item-fulfillment/new/").content.decode()
        assert (">SO-1<" in page, ">SO-2<" in page) == (True, False)

    def test_bill_orders_lists_what_was_received_and_not_billed(self, client, books, ht9000):
        books.have(ht9000, "600.00", "S1")  # PO-1, billed
        books.receive(books.order(ht9000, 2, "600.00"), "S2")
        books.order(ht9000, 1, "600.00")
        page = client.get("/transactions/vendor-bill/queue/").content.decode()
        assert [n for n in ("PO-1", "PO-2", "PO-3") if f">{n}<" in page] == ["PO-2"]

    def test_invoice_orders_lists_what_was_shipped_not_what_is_only_picked(
        self, client, books, ht9000
    ):
        books.have(ht9000, "600.00", "S1 S2")
        shipped, picked = (books.sell(ht9000, 1, "999.00") for _ in range(2))
        books.fulfill(shipped, "S1")
        books.fulfill(picked, "S2", to="picked")
        page = client.get("/transactions/invoice/queue/").content.decode()
        assert (">SO-1<" in page, ">SO-2<" in page) == (True, False)


class TestViewing:
    def test_shows_debits_and_credits_and_the_reversal(self, client, books, trade):
        bill = trade["vendor-bill"]
        seen = client.get(bill.get_absolute_url()).content.decode()
        assert seen.count("2010 Accrued Purchases") == 1
        assert seen.count("2000 Accounts Payable") == 1
        books.void(bill)
        seen = client.get(bill.get_absolute_url()).content.decode()
        assert seen.count("2010 Accrued Purchases") == 2
        assert "Voided: Open" in seen

    def test_shows_related_documents_both_ways(self, client, trade):
        for slug, others in {
            "purchase-order": ("item-receipt", "vendor-bill"),
            "vendor-bill": ("purchase-order", "item-receipt"),
            "sales-order": ("item-fulfillment", "invoice"),
            "invoice": ("sales-order", "item-fulfillment"),
        }.items():
            seen = client.get(trade[slug].get_absolute_url()).content.decode()
            related = seen.split("Related Documents")[1]
            for other in others:
                assert f'href="{trade[other].get_absolute_url()}"' in related, (slug, other)

    def test_links_each_serial_number(self, client, ht9000, trade):
        for slug, serial in {
            "item-receipt": "A1",
            "vendor-bill": "A2",
            "sales-order": "A2",
            "item-fulfillment": "A1",
            "invoice": "A1",
            "inventory-adjustment": "N1",
        }.items():
            seen = client.get(trade[slug].get_absolute_url()).content.decode()
            assert f'href="/serials/{ht9000.pk}/{serial}/"' in seen, slug

    def test_offers_what_can_be_done_next(self, client, books, ht9000, trade):
        order = trade["purchase-order"]  # 2 of 3 received and billed
        seen = client.get(order.get_absolute_url()).content.decode()
        assert f"/transactions/item-receipt/new/?from={order.pk}" in seen
        assert f"/transactions/vendor-bill/new/?from={order.pk}" not in seen
        books.receive(order, "A3")
        seen = client.get(order.get_absolute_url()).content.decode()
        assert f"/transactions/item-receipt/new/?from={order.pk}" not in seen
        assert f"/transactions/vendor-bill/new/?from={order.pk}" in seen

    def test_steps_are_taken_and_dated(self, client, books, ht9000):
        books.have(ht9000, "600.00", "S1")
        order = books.sell(ht9000, 1, "999.00", on=nov(3))
        picked = books.fulfill(order, "S1", on=nov(4), to="picked")
        page = picked.get_absolute_url()
        answer = client.post(f"{page}advance/", {"to": "shipped", "date": "2026-11-05"})
        assert answer.headers["Location"] == page
        assert books.status(picked) == "Shipped"
        assert Posting.objects.filter(document=picked).latest("id").date == nov(5)
        seen = client.get(page).content.decode()
        assert "is now Shipped" in seen
        client.post(f"{page}advance/", {"to": "shipped"})
        assert "look at it again" in client.get(page).content.decode()

    def test_a_step_that_needs_an_untouched_order_is_not_offered_later(self, client, books, ht9000):
        books.have(ht9000, "600.00", "S1")
        order = books.sell(ht9000, 1, "999.00")
        assert "Cancel Order" in client.get(order.get_absolute_url()).content.decode()
        books.fulfill(order, "S1", to="picked")
        assert "Cancel Order" not in client.get(order.get_absolute_url()).content.decode()

    def test_units_that_become_back_ordered_are_told(self, client, books, ht9000):
        books.have(ht9000, "600.00", "S1")
        books.sell(ht9000, 1, "999.00", on=nov(3))
        page = FormPage(client, "/transactions/inventory-adjustment/new/").fill(reason="theft")
        page.fill(entry__item="S1").press("save")
        assert "1 unit becomes back ordered on SO-1." in client.get(page.leads_to).content.decode()

    def test_shows_ten_numbers_and_leads_to_all(self, client, books, ht9000):
        receipt = books.have(ht9000, "600.00", " ".join(f"S{n:02}" for n in range(25)))
        seen = client.get(receipt.get_absolute_url()).content.decode()
        assert seen.count(f'href="/serials/{ht9000.pk}/') == 10
        every = f"{receipt.get_absolute_url()}serials/1/"
        assert every in seen
        listed = client.get(every).content.decode()
        assert listed.count(f'href="/serials/{ht9000.pk}/') == 25

    def test_a_picked_and_shipped_fulfillment_shows_each_number_once(self, client, books, ht9000):
        books.have(ht9000, "600.00", "S1 S2")
        picked = books.fulfill(books.sell(ht9000, 2, "999.00"), "S1 S2", to="picked")
        books.advance(picked, "shipped")
        seen = client.get(picked.get_absolute_url()).content.decode()
        assert seen.count(f"/serials/{ht9000.pk}/S1/") == 1

    def test_takes_the_same_queries_for_1_serial_and_for_1000(self, client, books, ht9000):
        few = books.have(ht9000, "600.00", "X1")
        many = books.have(ht9000, "600.00", " ".join(f"S{n}" for n in range(1000)))
        small = queries(lambda: client.get(few.get_absolute_url()))
        assert queries(lambda: client.get(many.get_absolute_url())) == small
        assert len(client.get(many.get_absolute_url()).content) < 40_000

    def test_entering_takes_the_same_queries_for_1_line_and_for_10(self, client, books, place):
        def order(lines: int) -> Transaction:
            items = [ItemFactory() for _ in range(lines)]
            made = [books.line(item, 1, "1.00") for item in items]
            return books.post("purchase_order", made, vendor=VendorFactory(name="Acme"))

        pages = [f"/transactions/item-receipt/new/?from={order(lines).pk}" for lines in (1, 10)]
        one, ten = (queries(lambda page=page: client.get(page)) for page in pages)
        assert one == ten
