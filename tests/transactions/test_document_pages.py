"""The pages of documents: each kind's list, new and view page, its steps and its void."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.books import nov
from tests.factories import ItemFactory, VendorFactory
from tests.pages import FormPage
from transactions import types
from transactions.models import Posting, Transaction

KINDS = [kind.slug for kind in types.all_kinds()]


@pytest.fixture
def trade(books, ht9000) -> dict[str, Transaction]:
    """One document of each kind, by slug."""
    order = books.order(ht9000, 3, "600.00", on=nov(2))
    receipt = books.receive(order, "A1 A2", on=nov(3))
    bill = books.bill(receipt, on=nov(4))
    sale = books.sell(ht9000, 1, "999.00", on=nov(5), serials="A2")
    shipment = books.fulfill(sale, "A1", on=nov(6))
    invoice = books.invoice(shipment, on=nov(7))
    adjustment = books.adjust(ht9000, 1, "N1", on=nov(8), rate="580.00")
    documents = (order, receipt, bill, sale, shipment, invoice, adjustment)
    return {document.kind.slug: document for document in documents}


def queries(action: Callable[[], object]) -> int:
    action()  # what is read once a process (content types and the like) is not the page's
    with CaptureQueriesContext(connection) as captured:
        action()
    return len(captured)


class TestEveryKind:
    def test_has_a_list_a_view_and_a_way_to_a_new_one(self, client, trade):
        for slug, document in trade.items():
            listed = client.get(f"/transactions/{slug}/").content.decode()
            assert document.number in listed
            assert f"/transactions/{slug}/new/" in listed
            seen = client.get(document.get_absolute_url()).content.decode()
            assert f"{document.kind.label} {document}" in seen
            assert client.get(f"/transactions/{slug}/new/").status_code == 200

    @pytest.mark.parametrize("slug", KINDS)
    def test_sends_a_stranger_to_the_log_in(self, stranger, db, slug):
        for page in ("", "new/", "1/", "1/void/", "1/serials/1/"):
            answer = stranger.get(f"/transactions/{slug}/{page}")
            assert answer.headers["Location"].startswith("/login/"), page

    def test_exports_its_list(self, client, trade):
        for slug, document in trade.items():
            answer = client.get(f"/transactions/{slug}/?export=csv")
            text = b"".join(answer.streaming_content).decode("utf-8-sig")
            [row] = csv.DictReader(io.StringIO(text))
            assert row["Number"] == document.number
            document.refresh_from_db()
            assert row["Status"] == document.status_label

    @pytest.mark.parametrize("slug", KINDS)
    def test_can_be_voided_or_says_what_stands_in_the_way(self, client, trade, slug):
        document = trade[slug]
        page = f"{document.get_absolute_url()}void/"
        assert "This field is required" in client.post(page, {"why": ""}).content.decode()
        last = slug in ("invoice", "vendor-bill", "inventory-adjustment")
        answer = client.post(page, {"why": "entered twice"})
        document.refresh_from_db()
        assert document.is_voided == last
        if last:
            seen = client.get(answer.headers["Location"]).content.decode()
            assert "Voided: entered twice" in seen
            assert page not in seen
        else:
            assert "Void those first." in answer.content.decode()

    @pytest.mark.parametrize("slug", ["no-such-kind", "purchase_order"])
    def test_is_in_the_registry(self, client, books, slug):
        assert client.get(f"/transactions/{slug}/").status_code == 404
        assert client.get(f"/transactions/{slug}/new/").status_code == 404

    def test_shows_its_documents_at_its_own_address_only(self, client, trade):
        order = trade["purchase-order"]
        assert client.get(f"/transactions/invoice/{order.pk}/").status_code == 404


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
        page = client.get("/transactions/vendor-bill/new/").content.decode()
        assert [n for n in ("PO-1", "PO-2", "PO-3") if f">{n}<" in page] == ["PO-2"]

    def test_invoice_orders_lists_what_was_shipped_not_what_is_only_picked(
        self, client, books, ht9000
    ):
        books.have(ht9000, "600.00", "S1 S2")
        shipped, picked = (books.sell(ht9000, 1, "999.00") for _ in range(2))
        books.fulfill(shipped, "S1")
        books.fulfill(picked, "S2", to="picked")
        page = client.get("/transactions/invoice/new/").content.decode()
        assert (">SO-1<" in page, ">SO-2<" in page) == (True, False)


class TestEntering:
    def test_a_purchase_order_line_by_line(self, client, books, ht9000, cable):
        vendor = VendorFactory(name="Acme")
        page = FormPage(client, "/transactions/purchase-order/new/")
        assert page.value("date") == "2026-11-23"
        page.fill(vendor=str(vendor.pk), entry__item="ht9000", entry__quantity="5")
        page.press("add-line")
        assert page.values("line-rate") == ["600.00"]  # the item's purchase price
        page.fill(entry__item="CBL", entry__quantity="40", entry__rate="9.9875").press("add-line")
        page.press("save")
        order = Transaction.objects.get()
        assert page.leads_to == order.get_absolute_url()
        assert [(line.item, line.quantity, line.amount) for line in order.lines.all()] == [
            (ht9000, 5, Decimal("3000.00")),
            (cable, 40, Decimal("399.50")),
        ]

    def test_the_rate_defaults_to_the_last_purchase_price(self, client, books, ht9000):
        books.have(ht9000, "612.50", "S1")
        ht9000.purchase_price = None
        ht9000.save()
        page = FormPage(client, "/transactions/purchase-order/new/")
        page.fill(entry__item="HT9000", entry__quantity="1").press("add-line")
        assert page.values("line-rate") == ["612.50"]

    def test_add_line_without_a_quantity_first_shows_what_the_item_proposes(
        self, client, books, ht9000
    ):
        page = FormPage(client, "/transactions/sales-order/new/")
        page.fill(entry__item="HT9000").press("add-line")
        assert page.value("entry-rate") == "999.00"
        assert page.value("entry-description") == "Hi-Tech 9000 2Ghz Computer"
        assert "0 on hand" in page.text
        assert "This field is required" not in page.text

    def test_lines_can_be_changed_and_removed(self, client, books, ht9000, cable):
        page = FormPage(client, "/transactions/purchase-order/new/")
        for item in ("HT9000", "CBL"):
            page.fill(entry__item=item, entry__quantity="1").press("add-line")
        page.press("edit-line:1")
        assert page.value("entry-item") == "HT9000"
        page.fill(entry__quantity="7").press("add-line")
        assert page.values("line-quantity") == ["7", "1"]
        page.press("remove-line:1")
        assert page.values("line-item") == [str(cable.pk)]

    def test_saving_takes_along_the_line_still_in_the_entry_row(self, client, books, ht9000):
        page = FormPage(client, "/transactions/purchase-order/new/")
        page.fill(vendor=str(VendorFactory().pk), entry__item="HT9000", entry__quantity="2")
        page.press("save")
        assert Transaction.objects.get().lines.get().quantity == 2

    def test_what_is_wrong_with_the_header_is_said_on_saving(self, client, books, ht9000):
        page = FormPage(client, "/transactions/purchase-order/new/")
        page.fill(entry__item="HT9000", entry__quantity="2").press("add-line")
        assert "This field is required" not in page.text
        page.press("save")
        assert "Vendor : This field is required" in page.text
        page.fill(vendor=str(VendorFactory().pk), date="2026-11-24").press("save")
        assert "The date 2026-11-24 lies in the future." in page.text
        page.fill(date="2026-10-31").press("save")
        assert "Posting period Oct 2026 is closed." in page.text
        assert page.values("line-quantity") == ["2"]
        page.fill(date="2026-11-02").press("save")
        assert Transaction.objects.get().date == nov(2)

    def test_an_order_without_lines_is_refused(self, client, books):
        page = FormPage(client, "/transactions/purchase-order/new/")
        page.fill(vendor=str(VendorFactory().pk)).press("save")
        assert "Add at least one line." in page.text

    def test_saving_twice_saves_once(self, client, books, ht9000):
        page = FormPage(client, "/transactions/purchase-order/new/")
        page.fill(vendor=str(VendorFactory().pk), entry__item="HT9000", entry__quantity="2")
        page.press("add-line")
        first = page.response
        page.press("save")
        address = page.leads_to
        page.response = first
        page.press("save")
        assert page.leads_to == address
        assert Transaction.objects.count() == 1

    def test_a_refused_form_can_be_mended_and_saved(self, client, books, ht9000):
        """Its request id has saved nothing yet."""
        order = books.order(ht9000, 1, "600.00")
        page = FormPage(client, f"/transactions/item-receipt/new/?from={order.pk}")
        page.press("save")
        assert "Quantity is 1 but 0 serial numbers were entered." in page.text
        page.set(f"line-{order.lines.get().pk}-serials", "S1").press("save")
        assert books.on_hand(ht9000) == ["S1"]

    def test_forged_lines_are_a_bad_request(self, client, books, ht9000):
        page = FormPage(client, "/transactions/purchase-order/new/")
        page.fill(entry__item="HT9000", entry__quantity="2").press("add-line")
        page.set("line-item", "999999")
        assert page.press("save").status_code == 400

    def test_a_saved_form_is_not_kept_by_the_browser(self, client, books):
        page = client.get("/transactions/purchase-order/new/")
        assert "no-store" in page.headers["Cache-Control"]


class TestTheItemField:
    def entering(self, client, text: str, kind: str = "sales-order") -> FormPage:
        page = FormPage(client, f"/transactions/{kind}/new/")
        page.fill(entry__item=text).press("enter")
        return page

    def test_finds_by_name_display_name_upc_and_fragment(self, client, books, ht9000, tk100):
        ht9000.upc = "0123456789012"
        ht9000.save()
        for text in ("ht9000", "Hi-Tech 9000 2Ghz Computer", "0123456789012", "hi-tech"):
            assert self.entering(client, text).value("entry-item") == "HT9000"

    def test_example_5_a_serial_of_two_items_offers_both(self, client, books, ht9000, tk100, place):
        books.have(ht9000, "600.00", "A1234")
        books.have(tk100, "850.00", "A1234", at=place.east)
        page = self.entering(client, "a1234")
        assert "Serial number A1234 , On Hand at MAIN" in page.text
        assert "Serial number A1234 , On Hand at EAST" in page.text
        page.press(f"choose:{tk100.pk}")
        assert page.value("entry-item") == "TK100"
        assert page.value("entry-serials") == "A1234"
        assert page.value("entry-location") == str(place.east.pk)

    def test_a_serial_of_one_item_fills_it_in(self, client, books, ht9000):
        books.have(ht9000, "600.00", "A1234 A1235")
        page = self.entering(client, "A1235")
        assert page.value("entry-item") == "HT9000"
        assert (page.value("entry-serials"), page.value("entry-quantity")) == ("A1235", "1")

    def test_a_serial_on_hand_is_proposed_to_be_adjusted_out(self, client, books, ht9000):
        books.have(ht9000, "600.00", "A1234")
        page = self.entering(client, "A1234", "inventory-adjustment")
        assert (page.value("entry-quantity"), page.value("entry-rate")) == ("-1", "")
        page.fill(reason="damage").press("save")
        assert books.on_hand(ht9000) == []

    def test_a_designated_unit_decides_where_the_line_is(self, client, books, ht9000, place):
        books.have(ht9000, "600.00", "E1 E2", at=place.east)
        page = FormPage(client, "/transactions/sales-order/new/")
        page.fill(entry__item="HT9000", entry__quantity="2", entry__serials="E1 E2")
        page.press("add-line")
        assert page.values("line-location") == [str(place.east.pk)]
        assert "HT9000: the line is at EAST, where its serial numbers are." in page.text

    def test_units_to_take_out_are_picked_from_the_list(self, client, books, ht9000):
        books.have(ht9000, "600.00", "S1 S2 S3")
        page = FormPage(client, "/transactions/inventory-adjustment/new/").fill(reason="sample")
        page.fill(entry__item="HT9000", entry__quantity="-2").press("enter")
        page.set("entry-serials", "S3")
        assert "Quantity is 2 but 0 serial numbers were entered." in page.text
        page.press("list:entry")
        page.press("oldest:entry")
        assert page.value("entry-serials").split() == ["S3", "S1"]
        page.press("save")
        assert books.on_hand(ht9000) == ["S2"]

    def test_a_forged_item_or_location_is_no_server_error(self, client, books, ht9000):
        page = FormPage(client, "/transactions/sales-order/new/")
        page.fill(entry__item="HT9000", entry__known="x", entry__editing="9")
        page.set("entry-location", "x").press("enter")
        assert page.response.status_code == 200

    def test_a_text_that_means_nothing_is_said_so(self, client, books, ht9000):
        page = FormPage(client, "/transactions/sales-order/new/")
        page.fill(entry__item="nonsense", entry__quantity="1").press("add-line")
        assert "No item has this name, UPC or serial number." in page.text
        assert page.value("entry-item") == "nonsense"

    def test_its_list_offers_active_items(self, client, books, ht9000, tk100):
        tk100.inactive = True
        tk100.save()
        offered = client.get("/transactions/item-options/?entry-item=00").content.decode()
        assert "HT9000" in offered
        assert "TK100" not in offered

    def test_a_link_from_an_item_names_it(self, client, books, ht9000):
        page = FormPage(client, f"/transactions/purchase-order/new/?item={ht9000.pk}")
        assert page.value("entry-item") == "HT9000"
        assert page.value("entry-rate") == "600.00"


class TestAdjusting:
    def test_estimated_total_value_is_worked_out_from_the_units(self, client, books, ht9000, cable):
        books.have(ht9000, "620.00", "A1234")
        books.adjust(cable, 10, rate="10.00")
        page = FormPage(client, "/transactions/inventory-adjustment/new/").fill(reason="damage")
        for item, quantity, rate, serials in (
            ("HT9000", "-1", "", "A1234"),
            ("HT9000", "1", "580.00", "N1"),
            ("CBL", "-4", "", ""),
        ):
            page.fill(entry__item=item, entry__quantity=quantity, entry__rate=rate)
            page.fill(entry__serials=serials).press("add-line")
        assert "Estimated Total Value −80.00" in page.text
        page.press("save")
        seen = client.get(page.leads_to).content.decode()
        assert "−80.00" in seen
        assert books.balance("6500") == Decimal("80.00") - Decimal("100.00")

    def test_a_reason_is_wanted_for_what_is_taken_out(self, client, books, ht9000):
        books.have(ht9000, "620.00", "A1234")
        page = FormPage(client, "/transactions/inventory-adjustment/new/")
        page.fill(entry__item="A1234").press("save")
        assert "Choose a reason: stock is being taken out." in page.text

    def test_stock_of_an_ordinary_item_never_goes_below_zero(self, client, books, cable):
        page = FormPage(client, "/transactions/inventory-adjustment/new/")
        page.fill(entry__item="CBL", entry__quantity="-1").press("add-line")
        assert "only 0 of CBL on hand at MAIN" in page.text


class TestFromAParent:
    def test_a_partial_receipt_takes_only_what_is_ticked(self, client, books, ht9000, cable):
        order = books.post(
            "purchase_order",
            [books.line(ht9000, 2, "600.00"), books.line(cable, 9, "10.00")],
            vendor=VendorFactory(),
        )
        serialized, ordinary = order.lines.order_by("line_no")
        page = FormPage(client, f"/transactions/item-receipt/new/?from={order.pk}")
        assert page.value(f"line-{ordinary.pk}-quantity") == "9"
        page.clear(f"line-{serialized.pk}-take").set(f"line-{ordinary.pk}-quantity", "4")
        page.press("save")
        assert books.quantities(cable)["OH"] == 4
        assert books.quantities(ht9000)["OO"] == 2
        page = FormPage(client, f"/transactions/item-receipt/new/?from={order.pk}")
        assert page.value(f"line-{ordinary.pk}-quantity") == "5"

    def test_save_and_bill_goes_on_to_the_bill(self, client, books, ht9000):
        order = books.order(ht9000, 1, "600.00")
        page = FormPage(client, f"/transactions/item-receipt/new/?from={order.pk}")
        page.set(f"line-{order.lines.get().pk}-serials", "S1").press("save-and:vendor-bill")
        receipt = Transaction.objects.of("item_receipt").get()
        assert page.leads_to == f"/transactions/vendor-bill/new/?from={receipt.pk}"
        bill = FormPage(client, page.leads_to)
        bill.set(f"line-{receipt.lines.get().pk}-rate", "590.00").press("save")
        assert books.balance("5010") == Decimal("-10.00")
        assert books.status(order) == "Fully Billed"

    def test_save_and_invoice_of_what_is_only_picked_stays_with_the_pick(
        self, client, books, ht9000
    ):
        books.have(ht9000, "600.00", "S1")
        order = books.sell(ht9000, 1, "999.00", serials="S1")
        page = FormPage(client, f"/transactions/item-fulfillment/new/?from={order.pk}")
        assert page.value(f"line-{order.lines.get().pk}-serials") == "S1"  # designated
        page.clear("status").tick("status", "picked").press("save-and:invoice")
        picked = Transaction.objects.of("item_fulfillment").get()
        assert page.leads_to == picked.get_absolute_url()
        assert picked.status == "picked"

    def test_an_order_is_billed_for_all_that_was_received(self, client, books, ht9000):
        order = books.order(ht9000, 3, "600.00")
        books.receive(order, "S1")
        books.receive(order, "S2 S3")
        page = FormPage(client, f"/transactions/vendor-bill/new/?from={order.pk}")
        page.press("save")
        assert books.balance("2000") == Decimal("-1800.00")
        assert books.status(order) == "Fully Billed"

    def test_an_order_is_invoiced_for_what_was_shipped_only(self, client, books, ht9000):
        books.have(ht9000, "600.00", "S1 S2")
        order = books.sell(ht9000, 2, "999.00")
        books.fulfill(order, "S1")
        books.fulfill(order, "S2", to="picked")
        page = FormPage(client, f"/transactions/invoice/new/?from={order.pk}")
        page.press("save")
        assert Transaction.objects.of("invoice").get().lines.get().quantity == 1
        assert books.balance("1100") == Decimal("999.00")

    def test_a_designated_number_that_was_shipped_is_not_proposed_again(
        self, client, books, ht9000
    ):
        books.have(ht9000, "600.00", "S1 S2 S3")
        order = books.sell(ht9000, 3, "999.00", serials="S1 S2")
        books.fulfill(order, "S1")
        page = FormPage(client, f"/transactions/item-fulfillment/new/?from={order.pk}")
        assert page.value(f"line-{order.lines.get().pk}-serials") == "S2"

    def test_units_are_picked_from_the_list_without_javascript(self, client, books, ht9000):
        books.have(ht9000, "600.00", " ".join(f"S{n}" for n in range(1, 7)))
        order = books.sell(ht9000, 3, "999.00")
        key = f"line-{order.lines.get().pk}"
        page = FormPage(client, f"/transactions/item-fulfillment/new/?from={order.pk}")
        page.press(f"list:{key}")
        page.tick("ticked", "S5").press(f"list:{key}")
        assert page.value(f"{key}-serials") == "S5"
        page.press(f"oldest:{key}")
        assert page.value(f"{key}-serials").split() == ["S5", "S1", "S2"]
        page.fields = [f for f in page.fields if f != ["ticked", "S1"]]
        page.set("find", "S6").press(f"list:{key}")
        assert page.value(f"{key}-serials").split() == ["S5", "S2"]
        assert page.values("listed") == ["S6 "]
        page.tick("ticked", "S6").press("save")
        assert sorted(books.on_hand(ht9000)) == ["S1", "S3", "S4"]

    def test_nothing_left_says_so(self, client, books, ht9000):
        order = books.order(ht9000, 1, "600.00")
        books.receive(order, "S1")
        page = client.get(f"/transactions/item-receipt/new/?from={order.pk}").content.decode()
        assert "Nothing is left" in page

    def test_a_parent_of_another_kind_is_not_found(self, client, trade):
        pk = trade["invoice"].pk
        assert client.get(f"/transactions/item-receipt/new/?from={pk}").status_code == 404

    def test_ten_thousand_pasted_numbers_are_one_field(self, client, books, ht9000):
        order = books.order(ht9000, 10_000, "1.00")
        page = FormPage(client, f"/transactions/item-receipt/new/?from={order.pk}")
        key = f"line-{order.lines.get().pk}-serials"
        few = len(page.fields)
        page.set(key, "\n".join(f"S{n:05}" for n in range(9_999))).press("save")
        assert "Quantity is 10000 but 9999 serial numbers were entered." in page.text
        assert len(page.fields) == few
        page.set(key, f"{page.value(key)} S99999").press("save")
        assert books.quantities(ht9000)["OH"] == 10_000


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
