from decimal import Decimal

import pytest

from items.refusals import Refused
from tests.books import nov
from tests.factories import CustomerFactory


def sell(books, item, account="1010", serials="S1"):
    line = books.line(item, 1, "950.00", serials)
    customer = CustomerFactory(name="Maple")
    return books.post(
        "cash_sale", [line], nov(5), customer=customer, account=books.account(account)
    )


def test_it_takes_the_unit_and_the_money_at_once(books, ht9000):
    books.have(ht9000, "600.00", "S1")
    sale = sell(books, ht9000)
    assert books.on_hand(ht9000) == []
    assert books.balances() == {
        "1010": Decimal("950.00"), "2000": Decimal("-600.00"),
        "4000": Decimal("-950.00"), "5000": Decimal("600.00"),
    }  # fmt: skip
    assert (sale.status_label, sale.total) == ("Not Deposited", Decimal("950.00"))


def test_money_that_goes_to_the_bank_is_deposited(books, ht9000):
    books.have(ht9000, "600.00", "S1")
    assert sell(books, ht9000, "1000").status_label == "Deposited"


def test_money_goes_neither_to_income_nor_to_stocks_own_accounts(books, ht9000):
    books.have(ht9000, "600.00", "S1")
    for account in ("4000", "1300", "1310"):
        with pytest.raises(Refused):
            sell(books, ht9000, account)
    sell(books, ht9000)


def test_of_an_order_it_asks_money_for_what_was_shipped_and_moves_nothing(books, ht9000):
    books.have(ht9000, "600.00", "S1")
    order = books.sell(ht9000, 1, "999.00", on=nov(4))
    books.fulfill(order, "S1", on=nov(4))
    cost = books.balance("5000")
    books.make("cash_sale", order, on=nov(5), account=books.account("1000"))
    assert (books.balance("1000"), books.balance("5000")) == (Decimal("999.00"), cost)
    assert books.status(order) == "Billed"


def test_a_sale_may_take_what_an_order_had_committed(books, ht9000):
    books.have(ht9000, "600.00", "S1")
    order = books.sell(ht9000, 1, "999.00", on=nov(4))
    sell(books, ht9000)
    line = order.lines.get()
    assert (line.committed, line.back_ordered) == (0, 1)
    assert "1 unit becomes back ordered on SO-1." in [n.message for n in books.result.notices]


def test_a_void_brings_unit_and_money_back(books, ht9000):
    books.have(ht9000, "600.00", "S1")
    before = books.balances()
    books.void(sell(books, ht9000))
    assert books.on_hand(ht9000) == ["S1"]
    assert books.balances() == before
