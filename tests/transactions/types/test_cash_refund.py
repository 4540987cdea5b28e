from decimal import Decimal

import pytest

from items.refusals import Refused
from tests.books import nov
from tests.factories import CustomerFactory
from transactions import histories


def test_money_for_what_came_back_on_an_authorization(books, ht9000):
    books.have(ht9000, "600.00", "S1")
    till = books.account("1010")
    line = books.line(ht9000, 1, "950.00", "S1")
    maple = CustomerFactory(name="Maple")
    sale = books.post("cash_sale", [line], nov(4), customer=maple, account=till)
    authorized = books.make("return_authorization", sale, on=nov(5))
    with pytest.raises(Refused):  # nothing came back yet
        books.make("cash_refund", authorized, on=nov(5), account=till)
    books.make("return_receipt", authorized, "S1", on=nov(5))
    books.make("cash_refund", authorized, on=nov(5), account=till)
    assert books.status(authorized) == "Refunded"
    assert books.balances() == {"1300": Decimal("600.00"), "2000": Decimal("-600.00")}
    [sold] = histories.sales()
    assert (sold.revenue, sold.profit) == (Decimal("0.00"), Decimal("0.00"))


def test_a_unit_bought_over_the_counter_comes_in_at_its_override_rate(books, ht9000):
    line = books.line(ht9000, 1, "250.00", "X1", override_rate=Decimal("200.00"))
    books.post(
        "cash_refund", [line], nov(5), customer=CustomerFactory(), confirmed=["SER-11"],
        account=books.account("1000"),
    )  # fmt: skip
    assert books.on_hand(ht9000) == ["X1"]
    assert books.balances() == {
        "1000": Decimal("-250.00"), "1300": Decimal("200.00"),
        "4000": Decimal("250.00"), "5000": Decimal("-200.00"),
    }  # fmt: skip
