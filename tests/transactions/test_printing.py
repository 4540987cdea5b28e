"""Documents on paper: what each says, and what it must not say."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from html import unescape

import pytest
from django.test import Client

from company.models import Company
from items.models import Item
from parties.models import Customer, Vendor
from tests.books import Books, nov
from tests.factories import CustomerFactory, ItemFactory, VendorFactory
from transactions import types
from transactions.models import Application, Transaction
from transactions.posting import post
from transactions.views.printing import PrintedLine

PRICES = ("600", "999", "1,998", "1,200", "Rate", "Amount", "Total", "Cost", "USD")


def url(document: Transaction) -> str:
    return f"{document.get_absolute_url()}print/"


def sheet(client: Client, document: Transaction) -> str:
    """What the paper says, without markup; the buttons above it are not on it."""
    html = client.get(url(document)).content.decode()
    assert html.count("<h1") == 1
    body = html.split('<article class="sheet">')[1].split("</article>")[0]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))


def listed(client: Client, document: Transaction) -> list[str]:
    """The serial numbers on the paper, in order."""
    html = client.get(url(document)).content.decode().split('<article class="sheet">')[1]
    return re.findall(r"<li>(.*?)</li>", html)


@pytest.fixture
def maple(db: None) -> Customer:
    return CustomerFactory(name="Maple", address="12 Elm Street\nSpringfield")


@pytest.fixture
def acme(db: None) -> Vendor:
    return VendorFactory(name="Acme", address="1 Dock Road\nPortland")


@pytest.fixture
def trade(books: Books, ht9000: Item, maple: Customer, acme: Vendor) -> dict[str, Transaction]:
    """One document of each kind, by name: two computers bought at 600.00, sold at 999.00."""
    order = books.order(ht9000, 3, "600.00", on=nov(2), expected_date=nov(9), memo="Ring twice.")
    receipt = books.receive(order, "A1 A2", on=nov(3))
    bill = books.bill(receipt, on=nov(4), due_date=nov(30))
    sale = books.sell(ht9000, 2, "999.00", on=nov(5), serials="A2", reference="PO 4711")
    shipment = books.fulfill(sale, "A2 A1", on=nov(6), to="picked")
    books.advance(shipment, "packed", on=nov(6))
    books.advance(shipment, "shipped", on=nov(7))
    invoice = books.invoice(shipment, on=nov(7), due_date=nov(28))
    adjustment = books.adjust(ht9000, 1, "N1", on=nov(8), rate="580.00")
    documents = (order, receipt, bill, sale, shipment, invoice, adjustment)
    return {document.type: document for document in documents}


class TestEveryKind:
    def test_prints_its_title_number_date_and_company(self, client, trade):
        Company.objects.update(name="Platter & Spindle")
        for kind, document in trade.items():
            said = sheet(client, document)
            title = types.get(kind).printed_as or types.get(kind).label
            assert f"Platter & Spindle {title} {document.number}" in said
            assert f"Date {document.date}" in said

    def test_can_be_printed_from_its_page_and_leads_back_to_it(self, client, trade):
        for document in trade.values():
            seen = client.get(document.get_absolute_url()).content.decode()
            assert f'href="{url(document)}"' in seen
            printed = client.get(url(document)).content.decode()
            assert f'href="{document.get_absolute_url()}"' in printed
            assert "js/print.js" in printed
            assert "onclick" not in printed

    def test_names_the_item_as_it_prints_and_how_many(self, client, trade):
        for document in trade.values():
            said = sheet(client, document)
            line = document.lines.get()
            assert "Hi-Tech 9000 2Ghz Computer" in said
            assert re.search(rf"\b{line.quantity:.0f}\b", said)

    def test_sends_a_stranger_to_the_log_in(self, stranger, db):
        for kind in types.all_kinds():
            answer = stranger.get(f"/transactions/{kind.slug}/1/print/")
            assert answer.headers["Location"].startswith("/login/")

    def test_is_found_at_its_own_address_only(self, client, trade):
        order = trade["purchase_order"]
        assert client.get(url(order)).status_code == 200
        assert client.get(f"/transactions/invoice/{order.pk}/print/").status_code == 404

    def test_is_marked_void_once_it_is_voided(self, client, books, trade):
        invoice = trade["invoice"]
        assert "VOID" not in sheet(client, invoice)
        books.void(invoice)
        assert "VOID" in sheet(client, invoice)

    def test_takes_the_same_number_of_queries_for_one_line_and_for_many(
        self, client, books, acme, maple, place, queries_of: Callable[[str], int]
    ):
        def bought_and_sold(lines: int) -> list[Transaction]:
            items = [ItemFactory(name=f"Q{lines}-{n}") for n in range(lines)]
            order = books.post(
                "purchase_order", [books.line(item, 2, "1.00") for item in items], vendor=acme
            )
            receipt = books.post(
                "item_receipt",
                [
                    books.line(s.item, 2, s.rate, "X1 X2", created_from_line=s)
                    for s in order.lines.select_related("item")
                ],
                vendor=acme,
                created_from=order,
            )
            sale = books.post(
                "sales_order",
                [books.line(item, 2, "2.00", "X1") for item in items],
                customer=maple,
            )
            shipment = books.post(
                "item_fulfillment",
                [
                    books.line(s.item, 2, s.rate, "X1 X2", created_from_line=s)
                    for s in sale.lines.select_related("item")
                ],
                customer=maple,
                created_from=sale,
                status="shipped",
            )
            bill, invoice = books.bill(receipt), books.invoice(shipment)
            return [order, receipt, bill, sale, shipment, invoice]

        one, many = bought_and_sold(1), bought_and_sold(7)
        for few, more in zip(one, many, strict=True):
            client.get(url(few))
            assert queries_of(url(more)) == queries_of(url(few)), few.type
            assert len(listed(client, more)) == 7 * len(listed(client, few))


class TestPackingSlip:
    def test_says_to_whom_and_what_and_leaves_room_to_sign(self, client, trade):
        said = sheet(client, trade["item_fulfillment"])
        assert "Packing Slip IF-1" in said
        assert "Ship To Maple 12 Elm Street Springfield" in said
        assert "Sales Order SO-1" in said
        assert "Received by" in said

    @pytest.mark.parametrize("kind", ["item_fulfillment", "item_receipt"])
    def test_leaks_no_price_and_no_cost(self, client, trade, kind):
        everything = client.get(url(trade[kind])).content.decode().split("<main")[1]
        everything = everything.replace(f"/{trade[kind].pk}/", "/")  # its id may read like a price
        assert not [word for word in PRICES if word in everything]
        assert "A1" in everything

    def test_the_same_words_are_on_the_invoice(self, client, trade):
        said = sheet(client, trade["invoice"])
        assert [w for w in PRICES if w in said] == [
            "999",
            "1,998",
            "Rate",
            "Amount",
            "Total",
            "USD",
        ]


class TestOrdersAndBills:
    def test_an_invoice_says_who_pays_how_much_until_when(self, client, trade):
        said = sheet(client, trade["invoice"])
        assert "Bill To Maple 12 Elm Street Springfield" in said
        assert "Due Date 2026-11-28" in said
        assert "2 999.00 1,998.00" in said
        assert "Total (USD) 1,998.00" in said
        assert "Received by" not in said

    def test_an_invoice_names_what_the_customer_got(self, client, trade):
        assert sorted(listed(client, trade["invoice"])) == ["A1", "A2"]

    def test_a_purchase_order_is_addressed_to_the_vendor(self, client, trade):
        said = sheet(client, trade["purchase_order"])
        assert "Vendor Acme 1 Dock Road Portland" in said
        assert "Expected Date 2026-11-09" in said
        assert "3 600.00 1,800.00" in said
        assert "Ring twice." in said
        assert listed(client, trade["purchase_order"]) == []

    def test_a_sales_order_calls_its_numbers_a_wish(self, client, trade):
        said = sheet(client, trade["sales_order"])
        assert "Reference PO 4711" in said
        assert "Requested serial numbers ( 1 ) A2" in said

    def test_a_bill_names_the_numbers_of_its_receipt(self, client, trade):
        assert listed(client, trade["vendor_bill"]) == ["A1", "A2"]

    def test_an_adjustment_is_a_record_for_the_company_itself(self, client, trade):
        said = sheet(client, trade["inventory_adjustment"])
        for words in ("6500", "Reason Correction", "Estimated Total Value (USD) 580.00", "MAIN"):
            assert words in said
        assert "Approved by" in said
        assert "6500" not in sheet(client, trade["invoice"])


class TestReturnsTransfersAndPayments:
    @pytest.fixture
    def invoice(self, books: Books, ht9000: Item, maple: Customer) -> Transaction:
        books.have(ht9000, "600.00", "A1 A2")
        return books.invoice(books.fulfill(books.sell(ht9000, 2, "999.00"), "A1 A2"))

    def authorize(self, books: Books, invoice: Transaction) -> Transaction:
        [sold] = invoice.lines.select_related("item", "location")
        line = books.line(sold.item, 1, sold.rate, "A1", created_from_line=sold)
        return books.post(
            "return_authorization", [line], customer=invoice.customer, created_from=invoice
        )

    def test_a_return_receipt_says_what_came_back_and_no_price(self, client, books, invoice):
        authorization = self.authorize(books, invoice)
        [expected] = authorization.lines.select_related("item", "location")
        line = books.line(expected.item, 1, "999.00", "A1", created_from_line=expected)
        receipt = books.post(
            "return_receipt", [line], customer=invoice.customer, created_from=authorization
        )
        assert listed(client, authorization) == listed(client, receipt) == ["A1"]
        assert "999.00" in sheet(client, authorization)
        said = sheet(client, receipt)
        assert "Received by" in said
        assert not [word for word in PRICES if word in said]

    def test_a_sales_receipt_names_the_goods_and_what_was_paid(self, client, books, ht9000, maple):
        books.have(ht9000, "600.00", "A1")
        sale = books.post(
            "cash_sale",
            [books.line(ht9000, 1, "999.00", "A1")],
            customer=maple,
            account=books.company.undeposited_funds_account,
        )
        said = sheet(client, sale)
        assert "Sales Receipt CS-1" in said
        assert "Total (USD) 999.00" in said
        assert listed(client, sale) == ["A1"]
        assert "600" not in said
        assert "Undeposited" not in said

    def test_a_payment_has_no_lines_and_names_what_it_pays(self, client, books, invoice):
        payment = Transaction(
            type="customer_payment",
            date=nov(23),
            customer=invoice.customer,
            account=books.company.undeposited_funds_account,
        )
        payment.applications = [Application(document=invoice, amount=Decimal("500.00"))]
        payment = post(payment, [], by=books.user).document
        said = sheet(client, payment)
        assert "Payment Receipt PAY-1" in said
        assert "Invoice INV-1 2026-11-23 500.00" in said
        assert "Total (USD) 500.00" in said
        assert "Paid (USD) 500.00 Balance Due (USD) 1,498.00" in sheet(client, invoice)

    def test_a_transfer_goes_from_a_place_to_a_place(self, client, books, ht9000, place):
        books.have(ht9000, "600.00", "A1")
        transfer = books.post(
            "inventory_transfer",
            [books.line(ht9000, 1, "0.00", "A1")],
            location=place.main,
            to_location=place.east,
        )
        said = sheet(client, transfer)
        assert "From MAIN" in said
        assert "To EAST" in said
        assert listed(client, transfer) == ["A1"]
        assert not [word for word in PRICES if word in said]

    def test_a_transfer_shipment_goes_where_its_order_says(self, client, books, ht9000, place):
        books.have(ht9000, "600.00", "A1")
        ends = {"location": place.main, "to_location": place.east}
        order = books.post("transfer_order", [books.line(ht9000, 1)], **ends)
        [wanted] = order.lines.select_related("item", "location")
        line = books.line(ht9000, 1, "0.00", "A1", created_from_line=wanted)
        shipment = books.post("transfer_shipment", [line], created_from=order, status="shipped")
        said = sheet(client, shipment)
        assert "Packing Slip TS-1 From MAIN To EAST Date" in said
        assert listed(client, shipment) == ["A1"]
        assert not [word for word in PRICES if word in said]


class TestSerialNumbers:
    def test_each_is_named_once_however_many_steps_moved_it(self, client, trade):
        assert listed(client, trade["item_fulfillment"]) == ["A2", "A1"]

    def test_ten_thousand_are_all_printed(self, client, books, ht9000):
        numbers = [f"SN-{n:05}" for n in range(0, 20_000, 2)]
        adjustment = books.adjust(ht9000, 10_000, " ".join(numbers), rate="1.00")
        assert sorted(listed(client, adjustment)) == numbers
        said = sheet(client, adjustment)
        assert "Serial numbers ( 10,000 )" in said
        assert said.count("Inventory Adjustment ADJ-1") == 2  # and at the head of every page
        short = sheet(client, books.adjust(ht9000, 1, "N1"))
        assert short.count("Inventory Adjustment ADJ-2") == 1

    def test_many_that_follow_one_another_print_as_a_range_with_its_count(
        self, client, books, ht9000
    ):
        adjustment = books.adjust(ht9000, 122, "ZA14C300..ZA14C419 X1 X5", rate="1.00")
        assert sorted(listed(client, adjustment)) == ["X1", "X5", "ZA14C300..ZA14C419 (120)"]
        few = books.adjust(ht9000, 3, "F1..F3", rate="1.00")
        assert listed(client, few) == ["F1", "F2", "F3"]

    def test_a_voided_document_still_says_what_it_moved(self, client, books, trade):
        adjustment = trade["inventory_adjustment"]
        books.void(adjustment)
        assert listed(client, adjustment) == ["N1"]

    def test_markup_in_a_number_is_only_text(self, client, books, ht9000):
        adjustment = books.adjust(ht9000, 1, "<b>7", rate="1.00")
        assert listed(client, adjustment) == ["&lt;b&gt;7"]

    @pytest.mark.parametrize(
        ("length", "columns"), [(1, 8), (9, 8), (10, 7), (12, 6), (21, 4), (44, 2), (100, 1)]
    )
    def test_stand_in_as_many_columns_as_the_longest_leaves_room_for(self, length, columns):
        assert PrintedLine(None, ["1", "9" * length]).columns == columns


class TestLocations:
    def test_a_customer_need_not_know_them(self, client, trade):
        assert "MAIN" not in sheet(client, trade["invoice"])
        assert "MAIN" not in sheet(client, trade["item_fulfillment"])

    def test_a_vendor_is_told_where_to_deliver(self, client, books, ht9000, acme, place):
        place.east.address = "7 Quay"
        place.east.save()
        order = books.order(ht9000, 1, "600.00", location=place.east)
        assert "Deliver To EAST 7 Quay" in sheet(client, order)

    def test_with_one_location_no_paper_speaks_of_locations(self, client, books, acme):
        item = ItemFactory(name="HT1")
        main = Company.current().default_location
        order = books.order(item, 1, "600.00", location=main)
        receipt = books.receive(order, "A1")
        adjustment = books.adjust(item, 1, "A2", rate="1.00")
        for document in (order, receipt, adjustment):
            said = sheet(client, document)
            assert main.name not in said
            assert "ocation" not in said
