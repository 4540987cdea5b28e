"""Inventory adjustment (SPEC §4.9, R10, R11)."""

from decimal import Decimal

import pytest

from items.models import Item, SerialUnit
from items.refusals import Refused
from tests.books import Books, nov


def test_one_adjustment_in_and_out_books_both_ways(books: Books, ht9000: Item, tk100: Item) -> None:
    books.have(ht9000, "600.00", "A1")
    lines = [books.line(ht9000, -1, "0.00", "A1"), books.line(tk100, 2, "850.00", "T1 T2")]
    document = books.post(
        "inventory_adjustment", lines, nov(5), account=books.account("6500"), reason="correction"
    )
    assert document.total == Decimal("1100.00")
    assert books.balance("1300") == Decimal("1700.00")
    assert books.balance("6500") == Decimal("-1100.00")


def test_a_cost_typed_on_a_line_going_out_is_not_believed(books: Books, ht9000: Item) -> None:
    books.have(ht9000, "600.00", "A1")
    document = books.adjust(ht9000, -1, "A1", on=nov(5), rate="5.00")
    assert document.lines.get().rate == Decimal("600.00")
    assert books.balance("6500") == Decimal("600.00")


def test_stock_going_out_wants_a_reason_and_every_adjustment_an_account(
    books: Books, ht9000: Item
) -> None:
    books.have(ht9000, "600.00", "A1")
    with pytest.raises(Refused, match="Choose a reason"):
        books.adjust(ht9000, -1, "A1", reason="")
    with pytest.raises(Refused, match="Choose the adjustment account"):
        books.post("inventory_adjustment", [books.line(ht9000, 1, "1.00", "A2")])
    books.adjust(ht9000, 1, "A2", rate="1.00", reason="")


def test_a_unit_adjusted_in_leaves_the_other_units_costs_alone(books: Books, ht9000: Item) -> None:
    books.have(ht9000, "600.00", "A1")
    books.adjust(ht9000, 1, "A2", rate="1.00", on=nov(5))
    costs = dict(SerialUnit.objects.values_list("number", "unit_cost"))
    assert costs == {"A1": Decimal("600.00"), "A2": Decimal("1.00")}
