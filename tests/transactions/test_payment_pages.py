"""Accept Customer Payments and Pay Bills: what is open is listed, ticked, paid; and seen after."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

import pytest

from parties.models import Customer
from tests.books import Books, nov
from tests.factories import CustomerFactory, VendorFactory
from tests.pages import FormPage
from transactions.models import Application, Transaction

NEW = "/transactions/customer-payment/new/"
PAY_BILLS = "/transactions/vendor-payment/new/"


@pytest.fixture
def owed(books: Books, ht9000, place) -> SimpleNamespace:
    """Maple owes 1,250.00 and 500.00, and has 200.00 of credit."""
    books.adjust(ht9000, 3, "S1 S2 S3", on=nov(2), rate="600.00")
    maple = CustomerFactory(name="Maple")
    lines = [books.line(ht9000, 1, "1250.00", "S1")]
    first = books.post(
        "invoice", lines, nov(5), customer=maple, due_date=nov(20), reference="PO 77"
    )
    second = books.post("invoice", [books.line(ht9000, 1, "500.00", "S2")], nov(6), customer=maple)
    line = books.line(ht9000, 1, "200.00", "T1", override_rate=Decimal("150.00"))
    credit = books.post("credit_memo", [line], nov(7), customer=maple, confirmed=["SER-11"])
    return SimpleNamespace(maple=maple, first=first, second=second, credit=credit)


def chosen(client, owed: SimpleNamespace, *, htmx: bool = False) -> FormPage:
    """The page after Maple was chosen and sent."""
    page = FormPage(client, NEW, htmx=htmx)
    page.set("customer", str(owed.maple.pk)).press("refresh")
    return page


def saved(page: FormPage) -> Transaction:
    payment = Transaction.objects.of("customer_payment", "vendor_payment").get()
    assert page.leads_to == payment.get_absolute_url()
    return payment


def amount(document: Transaction) -> str:
    return f"amount-{document.pk}"


class TestWhatIsOpen:
    @pytest.mark.parametrize("htmx", [False, True])
    def test_is_listed_once_the_customer_is_chosen(self, client, owed, htmx):
        page = FormPage(client, NEW, htmx=htmx)
        assert "Choose a customer" in page.text
        assert "INV-1" not in page.text
        page.set("customer", str(owed.maple.pk)).press("refresh")
        assert "2026-11-05 2026-11-20 PO 77 1,250.00 1,250.00" in page.text
        assert "INV-2" in page.text
        assert "Open Credit Memos to Use" in page.text
        assert page.values("pay") == []
        assert "This field is required" not in page.text
        assert ("<html" in page.response.content.decode()) is not htmx

    def test_is_listed_for_the_customer_of_the_address(self, client, owed):
        page = FormPage(client, f"{NEW}?customer={owed.maple.pk}")
        assert page.value("customer") == str(owed.maple.pk)
        assert "INV-1" in page.text

    @pytest.mark.parametrize("asked", ["0", "x", "999999", "9" * 40])
    def test_is_nothing_for_a_customer_there_is_not(self, client, owed, asked):
        assert "Choose a customer" in FormPage(client, f"{NEW}?customer={asked}").text

    def test_may_be_nothing(self, client, owed):
        page = FormPage(client, f"{NEW}?customer={CustomerFactory(name='Oak').pk}")
        assert "Oak has no open invoices or credit memos." in page.text

    def test_is_forgotten_when_another_customer_is_chosen(self, client, owed):
        page = chosen(client, owed).tick("pay", str(owed.first.pk))
        page.set("customer", str(CustomerFactory(name="Oak").pk)).press("refresh")
        assert "Oak has no open" in page.text

    def test_leaves_out_what_is_paid_and_shows_what_is_left(self, books, client, owed):
        books.pay((owed.first, "1000.00"), (owed.second, "500.00"), on=nov(9))
        page = chosen(client, owed)
        assert "1,250.00 250.00" in page.text
        assert "INV-2" not in page.text

    def test_of_an_inactive_customer_can_still_be_paid(self, client, owed):
        Customer.objects.update(inactive=True)
        assert "INV-1" in chosen(client, owed).text


class TestTicksAndAmounts:
    def test_a_tick_pays_all_of_it(self, client, owed):
        page = chosen(client, owed).tick("pay", str(owed.first.pk))
        page.press("refresh")
        assert page.value(amount(owed.first)) == "1250.00"
        assert "Payment 1,250.00" in page.text

    def test_an_amount_sets_the_tick(self, client, owed):
        page = chosen(client, owed).set(amount(owed.second), "120.5")
        page.press("refresh")
        assert page.values("pay") == [str(owed.second.pk)]
        assert "Payment 120.50" in page.text

    def test_a_tick_taken_away_takes_the_amount_away(self, client, owed):
        page = chosen(client, owed).tick("pay", str(owed.first.pk))
        page.press("refresh")
        page.clear("pay").press("refresh")
        assert page.value(amount(owed.first)) == ""
        assert "Payment 0.00" in page.text

    @pytest.mark.parametrize("text", ["", "0", "0.00"])
    def test_an_amount_taken_away_takes_the_tick_away(self, client, owed, text):
        page = chosen(client, owed).tick("pay", str(owed.first.pk))
        page.press("refresh")
        page.set(amount(owed.first), text).press("refresh")
        assert page.values("pay") == []

    def test_everything_open_can_be_paid_at_once(self, client, owed):
        page = chosen(client, owed)
        page.press("pay-all")
        assert "Payment 1,750.00" in page.text
        assert page.value(amount(owed.credit)) == ""

    def test_credits_lessen_the_total(self, client, owed):
        page = chosen(client, owed).set(amount(owed.first), "1,250.00")
        page.set(amount(owed.credit), "200").press("refresh")
        assert "Credits used 200.00 Payment 1,050.00" in page.text


class TestSaving:
    @pytest.mark.parametrize("htmx", [False, True])
    def test_a_payment_of_two_invoices_with_a_credit(self, client, books, owed, htmx):
        page = chosen(client, owed, htmx=htmx)
        page.fill(date="2026-11-09", reference="Check 12", memo="Thanks")
        page.set("account", str(books.account("1000").pk))
        page.tick("pay", str(owed.first.pk)).set(amount(owed.second), "100.00")
        page.set(amount(owed.credit), "50").press("save")
        payment = saved(page)
        assert (payment.date, payment.reference, payment.memo) == (nov(9), "Check 12", "Thanks")
        assert payment.customer == owed.maple
        assert payment.total == books.balance("1000") == Decimal("1300.00")
        assert {(p.document, p.amount) for p in payment.settles.all()} == {
            (owed.first, Decimal("1250.00")),
            (owed.second, Decimal("100.00")),
            (owed.credit, Decimal("50.00")),
        }
        assert payment.location is None

    def test_money_goes_to_the_till_unless_a_bank_is_chosen(self, client, books, owed):
        page = chosen(client, owed)
        assert page.value("account") == str(books.account("1010").pk)
        html = page.response.content.decode()
        assert "1000 Checking" in html
        assert not [name for name in ("1300", "1310", "4000") if f">{name} " in html]
        page.press("pay-all")
        page.press("save")
        assert books.balance("1010") == Decimal("1750.00")

    def test_saving_twice_saves_once(self, client, owed):
        page = chosen(client, owed).tick("pay", str(owed.first.pk))
        first = page.response
        page.press("save")
        address = page.leads_to
        page.response = first
        page.press("save")
        assert page.leads_to == address
        assert Application.objects.count() == 1

    def test_nothing_chosen_is_refused(self, client, owed):
        page = chosen(client, owed)
        page.press("save")
        assert "Choose what is paid, and enter how much of it." in page.text

    def test_what_is_wrong_is_said_at_its_row_and_nothing_typed_is_lost(self, client, owed):
        page = chosen(client, owed).fill(reference="Check 12")
        page.set(amount(owed.first), "1250.01").set(amount(owed.second), "12.5O").press("save")
        assert "Please correct the rows marked below." in page.text
        assert "Enter a number." in page.text
        page.set(amount(owed.second), "12.50").press("save")
        row = page.response.content.decode().split(f'id="part-{owed.first.pk}"')[1]
        assert "Only 1,250.00 of INV-1 is open, not 1,250.01." in row.split("</tr>")[0]
        assert page.value("reference") == "Check 12"
        assert page.values("pay") == [str(owed.first.pk), str(owed.second.pk)]
        page.set(amount(owed.first), "1250.00").press("save")
        assert saved(page).total == Decimal("1262.50")

    @pytest.mark.parametrize("text", ["-5", "1.005", "1,2,3", "NaN", "1e400", "12,50"])
    def test_what_is_no_amount_is_refused(self, client, owed, text):
        page = chosen(client, owed).set(amount(owed.first), text)
        page.press("save")
        assert "Please correct the rows marked below." in page.text
        assert page.value(amount(owed.first)) == text
        assert not Application.objects.exists()

    def test_what_somebody_else_settled_meanwhile_is_refused(self, client, books, owed):
        page = chosen(client, owed).tick("pay", str(owed.second.pk))
        books.pay((owed.second, "500.00"), on=nov(9))
        page.press("save")
        assert "Only 0.00 of INV-2 is open" in page.text
        assert Application.objects.count() == 1

    def test_what_somebody_else_voided_meanwhile_is_refused(self, client, books, owed):
        page = chosen(client, owed).tick("pay", str(owed.second.pk))
        books.void(owed.second)
        page.press("save")
        assert "Only 0.00 of INV-2 is open" in page.text
        page.clear("pay").press("refresh")
        assert "INV-2" not in page.text

    def test_a_date_before_the_invoice_or_in_a_closed_period_is_refused(self, client, owed):
        page = chosen(client, owed).tick("pay", str(owed.second.pk)).fill(date="2026-11-05")
        page.press("save")
        assert "INV-2 is of 2026-11-06, after this payment." in page.text
        page.fill(date="2026-10-30").press("save")
        assert "Posting period Oct 2026 is closed." in page.text
        page.fill(date="").press("save")
        assert "Date : This field is required." in page.text
        page.fill(date="2026-11-06").press("save")
        assert saved(page).date == nov(6)

    def test_a_forged_tick_of_what_another_owes_pays_nothing(self, client, books, ht9000, owed):
        lines = [books.line(ht9000, 1, "700.00", "S3")]
        theirs = books.post("invoice", lines, nov(8), customer=CustomerFactory(name="Oak"))
        page = chosen(client, owed).tick("pay", str(theirs.pk)).tick("pay", "x")
        page.press("save")
        assert "Choose what is paid" in page.text


class TestFromADocument:
    def test_an_open_invoice_leads_to_its_payment(self, client, owed):
        url = f"{NEW}?from={owed.second.pk}"
        assert f'href="{url}"' in client.get(owed.second.get_absolute_url()).content.decode()
        page = FormPage(client, url)
        assert page.value("customer") == str(owed.maple.pk)
        assert page.values("pay") == [str(owed.second.pk)]
        page.press("save")
        assert [p.document for p in saved(page).settles.all()] == [owed.second]
        seen = client.get(owed.second.get_absolute_url()).content.decode()
        assert f'href="{url}"' not in seen

    def test_a_credit_is_used_up_on_the_oldest_invoice(self, client, books, owed):
        url = f"{NEW}?from={owed.credit.pk}"
        assert f'href="{url}"' in client.get(owed.credit.get_absolute_url()).content.decode()
        page = FormPage(client, url)
        assert page.value(amount(owed.first)) == page.value(amount(owed.credit)) == "200.00"
        assert "Credits used 200.00 Payment 0.00" in page.text
        page.press("save")
        assert saved(page).total == 0
        assert books.status(owed.credit) == "Fully Applied"

    def test_a_credit_is_used_on_as_much_as_is_owed(self, client, books, owed):
        books.pay((owed.first, "1200.00"), (owed.second, "400.00"), on=nov(9))
        page = FormPage(client, f"{NEW}?from={owed.credit.pk}")
        values = [page.value(amount(d)) for d in (owed.first, owed.second, owed.credit)]
        assert values == ["50.00", "100.00", "150.00"]

    def test_a_bill_leads_to_its_payment_out_of_the_bank(self, client, books, ht9000):
        books.have(ht9000, "600.00", "S1 S2")
        bill = Transaction.objects.of("vendor_bill").get()
        url = f"{PAY_BILLS}?from={bill.pk}"
        assert f'href="{url}"' in client.get(bill.get_absolute_url()).content.decode()
        page = FormPage(client, url)
        assert page.value("account") == str(books.account("1000").pk)
        assert "Pay Bills" in page.text
        page.press("save")
        assert saved(page).vendor == bill.vendor
        assert books.balance("1000") == Decimal("-1200.00")

    @pytest.mark.parametrize("asked", ["{order}", "{bill}", "999999"])
    def test_what_it_does_not_settle_leads_nowhere(self, client, books, ht9000, asked):
        books.have(ht9000, "600.00", "S1")
        ids = {d.kind.name: d.pk for d in Transaction.objects.all()}
        asked = asked.format(order=ids["purchase_order"], bill=ids["vendor_bill"])
        assert client.get(f"{NEW}?from={asked}").status_code == 404


class TestSeenAfter:
    def test_the_payment_says_what_it_settles(self, client, books, owed):
        paid = books.pay((owed.first, "1250.00"), (owed.credit, "200.00"), on=nov(9))
        seen = FormPage(client, paid.get_absolute_url())
        assert "Deposit To 1000 Checking Total 1,050.00" in seen.text
        assert "Invoice INV-1 2026-11-05 Paid In Full 1,250.00 1,250.00" in seen.text
        assert "Credit Memo CM-1 2026-11-07 Fully Applied 200.00 \N{MINUS SIGN}200.00" in seen.text
        html = seen.response.content.decode()
        assert f'href="{owed.first.get_absolute_url()}"' in html
        assert "1,050.00" in client.get("/transactions/customer-payment/").content.decode()

    def test_the_invoice_and_the_credit_show_the_payment_and_what_is_left(
        self, client, books, owed
    ):
        paid = books.pay((owed.first, "1000.00"), (owed.credit, "150.00"), on=nov(9))
        seen = FormPage(client, owed.first.get_absolute_url())
        assert "PAY-1 2026-11-09 Deposited 1,000.00 Open Balance 250.00" in seen.text
        assert f'href="{paid.get_absolute_url()}"' in seen.response.content.decode()
        credit = FormPage(client, owed.credit.get_absolute_url())
        assert "PAY-1 2026-11-09 Deposited 150.00 Open Balance 50.00" in credit.text

    def test_a_void_from_its_page_opens_the_invoice_again(self, client, books, owed):
        paid = books.pay((owed.first, "1250.00"), on=nov(9))
        refused = client.post(f"{owed.first.get_absolute_url()}void/", {"why": "wrong"})
        assert f'href="{paid.get_absolute_url()}"' in refused.content.decode()
        assert "PAY-1. Void those first." in refused.content.decode()
        client.post(f"{paid.get_absolute_url()}void/", {"why": "bounced"})
        assert books.status(paid) == "Voided"
        seen = FormPage(client, owed.first.get_absolute_url()).text
        assert "Invoice INV-1 Open" in seen
        assert "Open Balance 1,250.00" in seen
        client.post(f"{owed.first.get_absolute_url()}void/", {"why": "wrong"})
        assert books.status(owed.first) == "Voided"


def test_pages_take_the_same_number_of_queries_for_few_invoices_and_for_many(
    client, books, ht9000, queries_of
):
    maple = CustomerFactory(name="Maple")

    def invoices(count: int) -> list[Transaction]:
        made = []
        for number in range(count):
            serial = f"Q{Transaction.objects.count()}-{number}"
            books.adjust(ht9000, 1, serial, on=nov(2), rate="1.00")
            lines = [books.line(ht9000, 1, "9.00", serial)]
            made.append(books.post("invoice", lines, nov(5), customer=maple))
        return made

    one = books.pay(*((i, "1.00") for i in invoices(2)), on=nov(9))
    new, view = f"{NEW}?customer={maple.pk}", one.get_absolute_url()
    queries_of(new)
    few = queries_of(new), queries_of(view)
    many = books.pay(*((i, "1.00") for i in invoices(7)), on=nov(9))
    assert (queries_of(new), queries_of(many.get_absolute_url())) == few


def test_bills_of_a_vendor_are_listed_with_their_credits(client, books, ht9000):
    acme = VendorFactory(name="Acme")
    books.post("vendor_bill", [books.line(ht9000, 1, "600.00", "S1")], nov(2), vendor=acme)
    page = FormPage(client, f"{PAY_BILLS}?vendor={acme.pk}")
    assert "Open Vendor Bills" in page.text
    assert "Open Bill Credits" not in page.text
    page.press("pay-all")
    page.press("save")
    assert saved(page).total == Decimal("600.00")
