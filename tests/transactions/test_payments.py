"""Payments settle open documents of one customer or vendor, and use up credits (SPEC R13)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from items.refusals import Refused
from tests.books import Books, nov
from tests.factories import CustomerFactory, VendorFactory
from transactions import remaining, settlement, types
from transactions.models import Application, Posting, Transaction


@pytest.fixture
def owed(books: Books, ht9000, place) -> SimpleNamespace:
    """Maple owes 999.00 and 500.00, and has 200.00 of credit; we owe Acme 1,800.00."""
    books.have(ht9000, "600.00", "S1 S2 S3")
    maple = CustomerFactory(name="Maple")
    first = books.post(
        "invoice", [books.line(ht9000, 1, "999.00", "S1")], nov(5), customer=maple
    )  # fmt: skip
    second = books.post("invoice", [books.line(ht9000, 1, "500.00", "S2")], nov(6), customer=maple)
    line = books.line(ht9000, 1, "200.00", "T1", override_rate=Decimal("150.00"))
    credit = books.post("credit_memo", [line], nov(7), customer=maple, confirmed=["SER-11"])
    bill = Transaction.objects.of("vendor_bill").get()
    return SimpleNamespace(maple=maple, first=first, second=second, credit=credit, bill=bill)


def amounts(document: Transaction) -> list[tuple[str, Decimal]]:
    return [(str(part.document), part.amount) for part in document.settles.all()]


def test_a_part_payment_leaves_the_rest_open(books, owed):
    paid = books.pay((owed.first, "400.00"), on=nov(9))
    assert (books.status(owed.first), owed.first.open_balance) == ("Open", Decimal("599.00"))
    assert (paid.total, books.balance("1100")) == (Decimal("400.00"), Decimal("899.00"))
    assert amounts(paid) == [("INV-1", Decimal("400.00"))]


def test_two_payments_settle_an_invoice(books, owed):
    books.pay((owed.first, "400.00"), on=nov(9))
    books.pay((owed.first, "599.00"), on=nov(10))
    assert (books.status(owed.first), owed.first.open_balance) == ("Paid In Full", 0)


def test_one_payment_settles_two_invoices(books, owed):
    paid = books.pay((owed.first, "999.00"), (owed.second, "500.00"), on=nov(9))
    assert paid.total == Decimal("1499.00")
    assert books.status(owed.first) == books.status(owed.second) == "Paid In Full"


def test_a_credit_is_used_up_part_by_part(books, owed):
    paid = books.pay((owed.first, "999.00"), (owed.credit, "150.00"), on=nov(9))
    assert paid.total == books.balance("1000") == Decimal("849.00")
    assert (books.status(owed.credit), owed.credit.open_balance) == ("Open", Decimal("50.00"))
    books.pay((owed.second, "50.00"), (owed.credit, "50.00"), on=nov(10))
    assert (books.status(owed.credit), owed.credit.open_balance) == ("Fully Applied", 0)


def test_a_credit_alone_makes_a_payment_of_nothing_which_books_nothing(books, owed):
    before = books.balances()
    paid = books.pay((owed.second, "200.00"), (owed.credit, "200.00"), on=nov(9))
    assert paid.total == 0
    assert books.balances() == before
    assert Posting.objects.get(document=paid).entry is None
    assert owed.second.open_balance == Decimal("300.00")


def test_credits_beyond_what_is_paid_are_refused(books, owed):
    books.pay((owed.second, "100.00"), (owed.credit, "100.00"), on=nov(9))
    with pytest.raises(Refused, match="credits come to more than what is paid"):
        books.pay((owed.second, "50.00"), (owed.credit, "100.00"), on=nov(9))


def test_nothing_beyond_what_is_open_can_be_paid(books, owed):
    books.pay((owed.first, "998.99"), on=nov(9))
    with pytest.raises(Refused, match=r"Only 0\.01 of INV-1 is open, not 0\.02\."):
        books.pay((owed.first, "0.02"), on=nov(9))
    books.pay((owed.first, "0.01"), on=nov(9))
    with pytest.raises(Refused, match=r"Only 0\.00 of INV-1 is open"):
        books.pay((owed.first, "0.01"), on=nov(9))


@pytest.mark.parametrize("amount", ["0.00", "-1.00"])
def test_nothing_or_less_cannot_be_paid(books, owed, amount):
    books.pay((owed.first, "1.00"), on=nov(9))
    with pytest.raises(Refused, match="is open, not"):
        books.pay((owed.first, amount), on=nov(9))


def test_a_payment_must_pay_something(books, owed):
    document = {"customer": owed.maple, "account": books.account("1000")}
    with pytest.raises(Refused, match="Choose what is paid"):
        books.post("customer_payment", [], nov(9), **document)


def test_what_another_party_owes_is_refused(books, ht9000, owed):
    other = CustomerFactory(name="Oak")
    theirs = books.post("invoice", [books.line(ht9000, 1, "700.00", "S3")], nov(8), customer=other)
    books.pay((owed.first, "1.00"), on=nov(9))
    with pytest.raises(Refused, match="INV-3 is not Maple's to settle"):
        books.pay((owed.first, "1.00"), (theirs, "1.00"), on=nov(9))
    with pytest.raises(Refused, match="BILL-1 is not Maple's to settle"):
        books.pay((owed.first, "1.00"), (owed.bill, "1.00"), on=nov(9))


def test_a_payment_of_a_voided_invoice_is_refused(books, owed):
    books.void(owed.second)
    owed.second.refresh_from_db()
    books.pay((owed.first, "1.00"), on=nov(9))
    with pytest.raises(Refused, match=r"Only 0\.00 of INV-2 is open"):
        books.pay((owed.second, "1.00"), on=nov(9))


def test_a_payment_is_not_dated_before_what_it_pays(books, owed):
    with pytest.raises(Refused, match="INV-1 is of 2026-11-05, after this payment"):
        books.pay((owed.first, "1.00"), on=nov(4))
    books.pay((owed.first, "1.00"), on=nov(5))


def test_nothing_is_paid_in_a_closed_period(books, owed):
    with pytest.raises(Refused) as refused:
        books.pay((owed.first, "1.00"), on=nov(5).replace(month=10))
    assert "SER-15" in refused.value.codes
    books.pay((owed.first, "1.00"), on=nov(5))


@pytest.mark.parametrize(("account", "what"), [("1300", "kept by stock"), ("4000", "type Income")])
def test_money_goes_to_a_bank_or_the_till_only(books, owed, account, what):
    books.pay((owed.first, "1.00"), account="1010")
    with pytest.raises(Refused, match=what):
        books.pay((owed.first, "1.00"), account=account)


def test_voiding_a_payment_opens_again_what_it_settled(books, owed):
    before = books.balances()
    paid = books.pay((owed.first, "999.00"), (owed.credit, "200.00"), on=nov(9))
    books.void(paid)
    assert books.status(owed.first) == books.status(owed.credit) == "Open"
    assert owed.first.open_balance == Decimal("999.00")
    assert owed.credit.open_balance == Decimal("200.00")
    assert books.balances() == before


def test_what_a_payment_settles_cannot_be_voided_before_it(books, owed):
    paid = books.pay((owed.first, "10.00"), (owed.credit, "5.00"), on=nov(9))
    for document in (owed.first, owed.credit):
        with pytest.raises(Refused) as refused:
            books.void(document)
        [refusal] = refused.value.refusals
        assert (refusal.code, refusal.url) == ("SER-13", paid.get_absolute_url())
        assert str(paid) in refusal.message
    books.void(paid)
    books.void(owed.credit)
    books.void(owed.first)


def test_a_payment_and_what_it_settles_are_related(books, owed):
    paid = books.pay((owed.first, "10.00"), (owed.credit, "5.00"), on=nov(9))
    assert list(remaining.ancestors(paid)) == [owed.first, owed.credit]
    assert paid in remaining.descendants(owed.first)
    assert paid in remaining.descendants(owed.credit)
    assert paid not in remaining.descendants(owed.second)


class TestWhatIsOpen:
    def test_is_listed_oldest_first_with_what_is_left(self, books, owed):
        books.pay((owed.first, "400.00"), (owed.credit, "200.00"), on=nov(9))
        books.void(books.pay((owed.second, "500.00"), on=nov(9)))
        payment = types.get("customer_payment")
        open_ones = settlement.unsettled(payment, owed.maple)
        assert [(d, d.left) for d in open_ones] == [
            (owed.first, Decimal("599.00")), (owed.second, Decimal("500.00")),
        ]  # fmt: skip
        also = settlement.unsettled(payment, owed.maple, [owed.credit.pk, owed.bill.pk])
        assert also == [owed.first, owed.second, owed.credit]

    def test_is_of_one_vendor_only(self, books, owed):
        pay = types.get("vendor_payment")
        assert settlement.unsettled(pay, owed.bill.vendor) == [owed.bill]
        assert settlement.unsettled(pay, VendorFactory()) == []

    def test_can_be_settled_by_a_payment_until_nothing_is_left(self, books, owed):
        received, paid = types.get("customer_payment"), types.get("vendor_payment")
        assert settlement.settled_by(owed.first) == [(received, "Accept Payment")]
        assert settlement.settled_by(owed.credit) == [(received, "Apply")]
        assert settlement.settled_by(owed.bill) == [(paid, "Pay")]
        books.pay((owed.bill, "1800.00"), on=nov(9))
        assert settlement.settled_by(owed.bill) == []


def test_posting_takes_the_same_statements_for_a_part_of_one_invoice_and_of_five(
    books: Books, ht9000
):
    maple = CustomerFactory(name="Maple")
    books.adjust(ht9000, 6, "A1 A2 A3 A4 A5 A6", on=nov(2), rate="1.00")
    invoices = [
        books.post("invoice", [books.line(ht9000, 1, "9.00", f"A{n}")], nov(5), customer=maple)
        for n in range(1, 7)
    ]

    def statements(pay: Callable[[], object]) -> int:
        with CaptureQueriesContext(connection) as captured:
            pay()
        return len(captured)

    one = statements(lambda: books.pay((invoices[0], "1.00"), on=nov(9)))
    five = statements(lambda: books.pay(*((i, "1.00") for i in invoices[1:]), on=nov(9)))
    assert Application.objects.count() == 6
    assert five == one
