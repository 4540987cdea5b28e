"""Vendor bill (SPEC §4.3, R2, R2v)."""

from decimal import Decimal

import pytest

from items.models import Item, SerialUnit
from items.refusals import Refused
from tests.books import Books, nov


@pytest.mark.parametrize(
    ("rate", "balances"),
    [
        ("600.00", {"1300": "1200.00", "2000": "-1200.00"}),
        ("610.00", {"1300": "1200.00", "2000": "-1220.00", "5010": "20.00"}),
        ("590.00", {"1300": "1200.00", "2000": "-1180.00", "5010": "-20.00"}),
    ],
)
def test_a_bill_clears_the_accrual_and_books_the_difference(
    books: Books, ht9000: Item, rate: str, balances: dict[str, str]
) -> None:
    order = books.order(ht9000, 2, "600.00", on=nov(2))
    books.bill(books.receive(order, "A1 A2", on=nov(2)), on=nov(3), rate=rate)
    assert books.balances() == {number: Decimal(total) for number, total in balances.items()}
    assert set(SerialUnit.objects.values_list("unit_cost", flat=True)) == {Decimal("600.00")}


def test_nothing_is_billed_before_it_is_received_or_twice(books: Books, ht9000: Item) -> None:
    order = books.order(ht9000, 2, "600.00", on=nov(2))
    line = books.line(ht9000, 1, "600.00", created_from_line=order.lines.get())
    with pytest.raises(Refused):
        books.post("vendor_bill", [line], nov(3), vendor=order.vendor, created_from=order)
    receipt = books.receive(order, "A1", on=nov(2))
    line = books.line(ht9000, 1, "600.00", created_from_line=receipt.lines.get())
    books.post("vendor_bill", [line], nov(3), vendor=order.vendor, created_from=receipt)
    with pytest.raises(Refused, match="only 0 can still be taken"):
        books.post("vendor_bill", [line], nov(3), vendor=order.vendor, created_from=receipt)


def test_serial_numbers_on_a_bill_move_nothing(books: Books, ht9000: Item) -> None:
    order = books.order(ht9000, 1, "600.00", on=nov(2))
    receipt = books.receive(order, "A1", on=nov(2))
    line = books.line(ht9000, 1, "600.00", "X9", created_from_line=receipt.lines.get())
    books.post("vendor_bill", [line], nov(3), vendor=order.vendor, created_from=receipt)
    assert books.on_hand(ht9000) == ["A1"]
