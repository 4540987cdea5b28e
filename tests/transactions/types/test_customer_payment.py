from decimal import Decimal

import pytest

from tests.books import nov
from tests.factories import CustomerFactory


@pytest.mark.parametrize(
    ("account", "status"), [("1010", "Not Deposited"), ("1000", "Deposited")]
)  # fmt: skip
def test_money_comes_in_and_the_customer_owes_less(books, ht9000, account, status):
    books.adjust(ht9000, 1, "S1", on=nov(2), rate="600.00")
    line = books.line(ht9000, 1, "999.00", "S1")
    invoice = books.post("invoice", [line], nov(4), customer=CustomerFactory())
    paid = books.pay((invoice, "900.00"), on=nov(5), account=account)
    assert (paid.number, books.status(paid)) == ("PAY-1", status)
    assert books.balance(account) == Decimal("900.00")
    assert books.balance("1100") == Decimal("99.00")
    assert books.status(invoice) == "Open"
    books.pay((invoice, "99.00"), on=nov(6), account=account)
    assert (books.balance("1100"), books.status(invoice)) == (0, "Paid In Full")
