from decimal import Decimal

from tests.books import nov
from tests.factories import VendorFactory


def test_bills_are_paid_less_the_credit_for_what_was_sent_back(books, ht9000):
    acme = VendorFactory(name="Acme")
    bill = books.post(
        "vendor_bill", [books.line(ht9000, 2, "600.00", "S1 S2")], nov(2), vendor=acme
    )
    back = [books.line(ht9000, 1, "600.00")]
    returned = books.post(
        "vendor_return_authorization", back, nov(3), vendor=acme, status="pending_return"
    )
    books.make("vendor_return_shipment", returned, "S2", on=nov(3))
    credit = books.make("bill_credit", returned, on=nov(3))
    assert books.balance("2000") == Decimal("-600.00")
    paid = books.pay((bill, "1200.00"), (credit, "600.00"), on=nov(4))
    assert (paid.number, books.status(paid)) == ("VPAY-1", "Paid")
    assert books.balances() == {"1300": Decimal("600.00"), "1000": Decimal("-600.00")}
    assert (books.status(bill), books.status(credit)) == ("Paid In Full", "Fully Applied")
