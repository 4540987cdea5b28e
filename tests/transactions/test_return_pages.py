"""Returns on the pages: from a customer with and without a sale, and to a vendor."""

from __future__ import annotations

from decimal import Decimal

from items.models import SerialUnit
from tests.books import nov
from tests.factories import CustomerFactory, VendorFactory
from tests.pages import FormPage
from transactions.models import Transaction


def sold(books, item, numbers="A1 A2"):
    books.have(item, "600.00", numbers)
    return books.invoice(
        books.fulfill(books.sell(item, 2, "999.00", on=nov(4)), numbers, on=nov(4))
    )


def line_of(document):
    return f"line-{document.lines.get().pk}"


class TestCustomers:
    def test_an_invoice_leads_to_its_return_and_that_to_receipt_and_credit(
        self, client, books, ht9000
    ):
        invoice = sold(books, ht9000)
        seen = client.get(invoice.get_absolute_url()).content.decode()
        assert f"/transactions/return-authorization/new/?from={invoice.pk}" in seen
        page = FormPage(client, f"/transactions/return-authorization/new/?from={invoice.pk}")
        line = line_of(invoice)
        page.press(f"list:{line}")
        assert "A1" in page.text
        assert "A2" in page.text
        page.set(f"{line}-quantity", "1").tick("ticked", "A2").press("save")
        authorized = Transaction.objects.of("return_authorization").get()
        assert page.leads_to == authorized.get_absolute_url()

        page = FormPage(client, f"/transactions/return-receipt/new/?from={authorized.pk}")
        line = line_of(authorized)
        assert page.value(f"{line}-serials") == "A2"
        assert page.value(f"{line}-restock") == "on"
        assert "override_rate" not in page.response.content.decode()  # its own cost is known
        page.press("save-and:credit-memo")
        assert books.on_hand(ht9000) == ["A2"]
        receipt = Transaction.objects.of("return_receipt").get()
        assert page.leads_to == f"/transactions/credit-memo/new/?from={receipt.pk}"
        FormPage(client, page.leads_to).press("save")
        assert books.status(authorized) == "Refunded"
        assert books.balance("1100") == Decimal("999.00")

    def test_a_return_may_come_to_another_place_and_be_written_off(
        self, client, books, place, ht9000
    ):
        invoice = sold(books, ht9000)
        authorized = books.make("return_authorization", invoice)
        page = FormPage(client, f"/transactions/return-receipt/new/?from={authorized.pk}")
        line = line_of(authorized)
        page.set(f"{line}-location", str(place.east.pk)).set(f"{line}-quantity", "1")
        page.set(f"{line}-serials", "A1").press("save")
        unit = SerialUnit.objects.get(number="A1")
        assert (unit.status, unit.location) == ("on_hand", place.east)
        page = FormPage(client, f"/transactions/return-receipt/new/?from={authorized.pk}")
        page.clear(f"{line}-restock").set(f"{line}-serials", "A2").press("save")
        assert SerialUnit.objects.get(number="A2").status == "written_off"
        assert books.balance("6510") == Decimal("600.00")

    def test_a_number_on_hand_is_asked_for_anew_and_nothing_typed_is_lost(
        self, client, books, ht9000
    ):
        invoice = sold(books, ht9000)
        authorized = books.make("return_authorization", invoice)
        books.receive(books.order(ht9000, 1, "610.00"), "A1")
        page = FormPage(client, f"/transactions/return-receipt/new/?from={authorized.pk}")
        line = line_of(authorized)
        page.set(f"{line}-serials", "A1 A2").press("save")
        assert "You can't receive the return of HT9000 A1" in page.text
        assert page.value(f"{line}-serials") == "A1 A2"
        assert f"/serials/{ht9000.pk}/A1/" in page.response.content.decode()

    def test_without_a_sale_the_cost_is_asked_for_and_confirmed(self, client, books, ht9000):
        customer = CustomerFactory(name="Ridge")
        page = FormPage(client, "/transactions/return-authorization/new/")
        page.fill(customer=str(customer.pk), entry__item="HT9000", entry__quantity="1")
        page.press("add-line")
        page.press("save")
        authorized = Transaction.objects.of("return_authorization").get()
        page = FormPage(client, f"/transactions/return-receipt/new/?from={authorized.pk}")
        line = line_of(authorized)
        page.set(f"{line}-serials", "X1").press("save")
        assert "enter the override rate" in page.text
        page.set(f"{line}-override_rate", "200").press("save")
        assert "X1 has no recorded sale to a customer" in page.text
        page.press("save+anyway")
        assert SerialUnit.objects.get(number="X1").unit_cost == Decimal("200.00")

    def test_a_trade_in_is_a_credit_memo_of_its_own(self, client, books, ht9000):
        customer = CustomerFactory(name="Ridge")
        page = FormPage(client, "/transactions/credit-memo/new/")
        page.fill(customer=str(customer.pk), entry__item="HT9000", entry__quantity="1")
        page.fill(entry__rate="250", entry__override_rate="200").set("entry-serials", "X1")
        page.press("add-line")
        assert "X1 has no recorded sale to a customer" in page.text
        page.press("add-line+anyway")
        assert page.values("line-override_rate") == ["200.00"]
        page.press("save")
        assert books.balance("1300") == Decimal("200.00")

    def test_the_cost_of_the_numbers_last_unit_is_proposed(self, client, books, ht9000):
        """SPEC §5.4: unless the item, or its place, has a default of its own."""
        sold(books, ht9000)
        page = FormPage(client, "/transactions/credit-memo/new/")
        page.fill(customer=str(CustomerFactory().pk), entry__item="HT9000", entry__rate="250")
        page.set("entry-serials", "A1").press("enter")
        assert page.value("entry-override_rate") == "600.00"

        row = ht9000.item_locations.get()
        for record, cost in ((ht9000, "150"), (row, "120")):
            record.default_return_cost = Decimal(cost)
            record.save()
            page.set("entry-override_rate", "").press("enter")
            assert Decimal(page.value("entry-override_rate")) == Decimal(cost)

    def test_an_unlinked_receipt_proposes_what_the_expected_number_cost(
        self, client, books, ht9000
    ):
        sold(books, ht9000)
        page = FormPage(client, "/transactions/return-authorization/new/")
        page.fill(customer=str(CustomerFactory().pk), entry__item="HT9000", entry__quantity="1")
        page.set("entry-serials", "A1").press("add-line")
        page.press("save")
        authorized = Transaction.objects.of("return_authorization").get()
        page = FormPage(client, f"/transactions/return-receipt/new/?from={authorized.pk}")
        assert page.value(f"{line_of(authorized)}-override_rate") == "600.00"


class TestVendors:
    def test_an_order_leads_to_its_return_shipment_and_credit(self, client, books, ht9000):
        order = books.have(ht9000, "600.00", "R1 R2").created_from
        seen = client.get(order.get_absolute_url()).content.decode()
        new = f"/transactions/vendor-return-authorization/new/?from={order.pk}"
        assert new in seen
        page = FormPage(client, new)
        page.set(f"{line_of(order)}-quantity", "1").press("save")
        returned = Transaction.objects.of("vendor_return_authorization").get()
        page = FormPage(client, f"/transactions/vendor-return-shipment/new/?from={returned.pk}")
        page.set(f"{line_of(returned)}-serials", "R2").press("save")
        shipment = Transaction.objects.of("vendor_return_shipment").get()
        page = FormPage(client, f"/transactions/bill-credit/new/?from={shipment.pk}")
        page.set(f"{line_of(shipment)}-rate", "580").press("save")
        assert books.status(returned) == "Credited"
        assert books.balance("5030") == Decimal("20.00")

    def test_a_bill_of_its_own_brings_the_goods_in(self, client, books, ht9000):
        page = FormPage(client, "/transactions/vendor-bill/new/")
        vendor = VendorFactory(name="Acme")
        page.fill(vendor=str(vendor.pk), entry__item="HT9000", entry__quantity="2")
        page.fill(entry__rate="590").set("entry-serials", "B1 B2").press("add-line")
        page.press("save")
        assert books.on_hand(ht9000) == ["B1", "B2"]
        assert books.balance("2000") == Decimal("-1180.00")
