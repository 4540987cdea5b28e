"""Open orders edited and posted documents corrected, on the pages (SPEC §5.6)."""

from __future__ import annotations

from decimal import Decimal

from items.models import SerialUnit
from tests.books import nov
from tests.factories import CustomerFactory, VendorFactory
from tests.journals import write
from tests.pages import FormPage
from transactions.models import Transaction


class TestEdit:
    def test_an_open_order_grows_and_keeps_what_it_has_committed(self, client, books, ht9000):
        books.have(ht9000, "600.00", "S1 S2")
        order = books.sell(ht9000, 1, "999.00", on=nov(5))
        page = FormPage(client, f"{order.get_absolute_url()}edit/")
        page.press("edit-line:1")
        page.fill(entry__quantity="3", entry__rate="950").press("add-line")
        page.fill(memo="wants more").press("save")
        assert page.leads_to == order.get_absolute_url()
        line = order.lines.get()
        assert (line.quantity, line.committed, line.back_ordered) == (3, 2, 1)
        order.refresh_from_db()
        assert (order.total, order.memo) == (Decimal("2850.00"), "wants more")
        assert "Changed" in client.get(order.get_absolute_url()).content.decode()
        assert "Changed" in client.get("/").content.decode()
        books.void(order)
        assert "Voided: Changed" in client.get(order.get_absolute_url()).content.decode()

    def test_not_below_what_was_received(self, client, books, ht9000):
        order = books.order(ht9000, 3, "600.00")
        books.receive(order, "S1 S2")
        page = FormPage(client, f"{order.get_absolute_url()}edit/")
        page.press("edit-line:1")
        page.fill(entry__quantity="1").press("add-line")
        page.press("save")
        assert "2 of it were moved already, so it cannot be less" in page.text
        assert order.lines.get().quantity == 3

    def test_lines_are_added_taken_off_and_closed(self, client, books, ht9000, tk100):
        order = books.order(ht9000, 3, "600.00")
        books.receive(order, "S1")
        page = FormPage(client, f"{order.get_absolute_url()}edit/")
        page.fill(entry__item="TK100", entry__quantity="2", entry__rate="850").press("add-line")
        page.press("close-line:1")
        page.press("save")
        assert books.quantities(ht9000)["OO"] == 0
        assert books.quantities(tk100)["OO"] == 2
        page = FormPage(client, f"{order.get_absolute_url()}edit/")
        page.press("reopen-line:1")
        page.press("remove-line:2")
        page.press("save")
        assert books.quantities(ht9000)["OO"] == 2
        assert books.quantities(tk100)["OO"] == 0

    def test_a_line_something_was_made_from_cannot_be_taken_off(self, client, books, ht9000):
        order = books.order(ht9000, 3, "600.00")
        books.receive(order, "S1")
        page = FormPage(client, f"{order.get_absolute_url()}edit/")
        page.press("remove-line:1")
        page.fill(entry__item="HT9000", entry__quantity="2", entry__rate="600").press("add-line")
        page.press("save")
        assert "other documents were made from this line. Close it." in page.text

    def test_an_authorization_may_take_again_what_it_had(self, client, books, ht9000):
        books.have(ht9000, "600.00", "S1 S2")
        order = books.sell(ht9000, 2, "999.00", on=nov(4))
        invoice = books.invoice(books.fulfill(order, "S1 S2", on=nov(4)))
        authorized = books.make("return_authorization", invoice, quantity=1)
        page = FormPage(client, f"{authorized.get_absolute_url()}edit/")
        page.press("edit-line:1")
        page.fill(entry__quantity="2").press("add-line")
        page.press("save")
        assert authorized.lines.get().quantity == 2
        assert authorized.lines.get().created_from_line == invoice.lines.get()

    def test_a_finished_order_is_not_edited(self, client, books, ht9000):
        order = books.have(ht9000, "600.00", "S1").created_from
        assert client.get(f"{order.get_absolute_url()}edit/").status_code == 404
        assert f"{order.pk}/edit/" not in client.get(order.get_absolute_url()).content.decode()

    def test_the_second_of_two_tabs_is_told_and_overwrites_nothing(self, client, books, ht9000):
        order = books.order(ht9000, 3, "600.00")
        first, second = (FormPage(client, f"{order.get_absolute_url()}edit/") for _ in range(2))
        first.fill(memo="by noon").press("save")
        assert first.leads_to == order.get_absolute_url()
        second.press("edit-line:1")
        second.fill(entry__quantity="5").press("add-line")
        second.fill(memo="by night").press("save")
        assert "robin did something else with" in second.text
        assert f'href="{order.get_absolute_url()}"' in second.response.content.decode()
        assert second.value("memo") == "by night"
        order.refresh_from_db()
        assert (order.memo, order.lines.get().quantity) == ("by noon", 3)
        second.press("save")
        order.refresh_from_db()
        assert (order.memo, order.lines.get().quantity) == ("by night", 5)

    def test_a_form_sent_twice_changes_an_order_once(self, client, books, ht9000):
        order = books.order(ht9000, 3, "600.00")
        page = FormPage(client, f"{order.get_absolute_url()}edit/")
        again = FormPage(client, page.url)
        again.fields = page.fill(memo="by noon").fields
        page.press("save")
        again.press("save")
        assert again.leads_to == page.leads_to == order.get_absolute_url()
        assert order.postings.count() == 2

    def test_a_closed_order_is_not_changed_by_a_page_that_was_open(self, client, books, ht9000):
        order = books.order(ht9000, 3, "600.00")
        page = FormPage(client, f"{order.get_absolute_url()}edit/")
        books.receive(order, "S1 S2 S3")
        page.fill(memo="late").press("save")
        assert f"{order} is Pending Bill; look at it again." in page.text
        assert page.value("memo") == "late"
        order.refresh_from_db()
        assert order.memo == ""


class TestCorrect:
    def test_a_receipt_of_a_mistyped_number_is_posted_anew(self, client, books, ht9000):
        order = books.order(ht9000, 2, "600.00", on=nov(3))
        receipt = books.receive(order, "S1 S3", on=nov(3))
        page = FormPage(client, f"{receipt.get_absolute_url()}correct/")
        line = f"line-{order.lines.get().pk}"
        assert (page.value("date"), page.value(f"{line}-serials")) == ("2026-11-03", "S1\nS3")
        page.set(f"{line}-serials", "S1 S2")
        page.press("save")
        assert "Say why it is voided." in page.text
        page.fill(why="S3 was a typing error").press("save")
        anew = Transaction.objects.of("item_receipt").live().get()
        assert page.leads_to == anew.get_absolute_url()
        assert (anew.corrects, books.on_hand(ht9000)) == (receipt, ["S1", "S2"])
        assert books.balance("2010") == Decimal("-1200.00")
        seen = client.get(receipt.get_absolute_url()).content.decode()
        assert f"{anew}</a> was posted in its place." in seen
        assert SerialUnit.objects.get(number="S3").status == "voided"

    def test_what_was_used_since_is_named_and_the_document_stands(self, client, books, ht9000):
        receipt = books.receive(books.order(ht9000, 1, "600.00", on=nov(3)), "S1", on=nov(3))
        bill = books.bill(receipt, on=nov(4))
        page = FormPage(client, f"{receipt.get_absolute_url()}correct/")
        page.fill(why="wrong").press("save")
        assert f"used later on {bill}" in page.text
        assert books.status(receipt) == "Received"

    def test_a_stand_alone_document_brings_its_lines(self, client, books, ht9000):
        adjusted = books.adjust(ht9000, 1, "N1", rate="580.00", on=nov(3))
        page = FormPage(client, f"{adjusted.get_absolute_url()}correct/")
        assert page.values("line-serials") == ["N1"]
        page.press("edit-line:1")
        page.fill(entry__rate="560").press("add-line")
        page.fill(why="the price was 560").press("save")
        assert books.balance("1300") == Decimal("560.00")

    def test_a_fulfillment_is_corrected_within_what_was_committed(self, client, books, ht9000):
        books.have(ht9000, "600.00", "S1 S2")
        order = books.sell(ht9000, 1, "999.00", on=nov(4))
        shipped = books.fulfill(order, "S1", on=nov(4))
        page = FormPage(client, f"{shipped.get_absolute_url()}correct/")
        page.set(f"line-{order.lines.get().pk}-serials", "S2").fill(why="the other one went")
        page.press("save")
        assert books.on_hand(ht9000) == ["S1"]
        assert books.status(order) == "Pending Billing"

    def test_orders_and_voided_documents_are_not_corrected(self, client, books, ht9000):
        order = books.order(ht9000, 1, "600.00")
        assert client.get(f"{order.get_absolute_url()}correct/").status_code == 404
        receipt = books.receive(order, "S1")
        books.void(receipt)
        assert client.get(f"{receipt.get_absolute_url()}correct/").status_code == 404

    def test_a_payment_is_corrected_within_what_it_settled(self, client, books, ht9000):
        books.have(ht9000, "600.00", "S1")
        order = books.sell(ht9000, 1, "999.00", on=nov(4))
        invoice = books.invoice(books.fulfill(order, "S1", on=nov(4)), on=nov(4))
        paid = books.pay((invoice, "999.00"), on=nov(5))
        page = FormPage(client, f"{paid.get_absolute_url()}correct/")
        assert page.value(f"amount-{invoice.pk}") == "999.00"
        page.set(f"amount-{invoice.pk}", "900").fill(why="they paid less").press("save")
        anew = Transaction.objects.of("customer_payment").live().get()
        assert (anew.corrects, anew.total) == (paid, Decimal("900.00"))
        assert invoice.open_balance == Decimal("99.00")
        assert books.balance("1000") == Decimal("900.00")

    def test_a_journal_entry_is_corrected_with_its_rows(self, client, books):
        entry = write(books, ("6500", "25.00", 0), ("1000", 0, "25.00"), on=nov(5))
        page = FormPage(client, f"{entry.get_absolute_url()}correct/")
        assert (page.value("row-1-debit"), page.value("row-2-credit")) == ("25.00", "25.00")
        page.set("row-1-debit", "30").set("row-2-credit", "30").fill(why="misread").press("save")
        assert books.balance("6500") == Decimal("30.00")
        assert Transaction.objects.of("journal_entry").live().get().corrects == entry


class TestManyNumbersOneReason:
    """Of some hundred numbers the page tells which documents matter, not one after the other."""

    def numbers(self, count: int) -> str:
        return " ".join(f"B{n}" for n in range(count))

    def test_a_void_names_each_later_document_once_and_all_numbers(self, client, books, ht9000):
        bill = books.post(
            "vendor_bill",
            [books.line(ht9000, 70, "600.00", self.numbers(70))],
            vendor=VendorFactory(),
        )
        sales = [
            books.post("invoice", [books.line(ht9000, count, "999.00", some)], customer=customer)
            for customer, count, some in (
                (CustomerFactory(), 60, self.numbers(60)),
                (CustomerFactory(), 1, "B65"),
            )
        ]
        page = client.post(f"{bill.get_absolute_url()}void/", {"why": "a test"}).content.decode()
        for sale in sales:
            assert page.count(f'href="{sale.get_absolute_url()}"') == 1
        assert "Likewise 59 more" in page
        assert "B59" in page
        assert "B60" not in page
        for sale in sales:
            books.void(sale)
        client.post(f"{bill.get_absolute_url()}void/", {"why": "a test"})
        assert books.status(bill) == "Voided"

    def test_a_step_is_refused_in_one_message(self, client, books, ht9000):
        books.have(ht9000, "600.00", self.numbers(20))
        pick = books.fulfill(
            books.sell(ht9000, 20, "999.00", on=nov(5)), self.numbers(20), on=nov(7), to="picked"
        )
        sent = {"to": "shipped", "date": "2026-11-06"}
        page = client.post(f"{pick.get_absolute_url()}advance/", sent, follow=True)
        said = page.content.decode()
        assert said.count("conflicts with this date") == 1
        assert "Likewise B1, B10, B11" in said
        assert "and 9 more." in said
        sent["date"] = "2026-11-07"
        client.post(f"{pick.get_absolute_url()}advance/", sent)
        assert books.status(pick) == "Shipped"
