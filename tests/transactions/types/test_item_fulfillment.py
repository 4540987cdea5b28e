"""Item fulfillment (SPEC §4.5, R3)."""

from decimal import Decimal

import pytest

from company.models import Company
from items.models import Item, SerialUnit
from items.refusals import Refused
from tests.books import Books, nov


@pytest.mark.parametrize(
    "path", [["shipped"], ["picked", "shipped"], ["packed", "shipped"],
             ["picked", "packed", "shipped"]],
)  # fmt: skip
def test_every_way_to_shipped_books_the_units_own_cost_once(
    books: Books, ht9000: Item, path: list[str]
) -> None:
    books.have(ht9000, "600.00", "A1")
    books.have(ht9000, "640.00", "A2")
    sale = books.sell(ht9000, 1, "999.00", on=nov(5))
    document = books.fulfill(sale, "A2", on=nov(5), to=path[0])
    for step in path[1:]:
        assert books.balance("5000") == 0
        document = books.advance(document, step, on=nov(6))
    assert books.balance("5000") == Decimal("640.00")
    unit = SerialUnit.objects.get(number="A2")
    assert (unit.status, unit.location) == ("sold", None)


def test_a_picked_unit_is_held_and_not_on_hand(books: Books, ht9000: Item) -> None:
    books.have(ht9000, "600.00", "A1 A2")
    sale = books.sell(ht9000, 1, "999.00", on=nov(5))
    books.fulfill(sale, "A1", on=nov(5), to="packed")
    found = books.quantities(ht9000)
    assert (found["OH"], found["PK"], found["CM"], found["AV"]) == (1, 1, 0, 1)
    assert SerialUnit.objects.held().count() == 2
    assert books.balance("1300") == Decimal("1200.00")


def test_it_begins_at_the_companys_default_stage(books: Books, ht9000: Item) -> None:
    Company.objects.update(default_fulfillment_stage="packed")
    books.have(ht9000, "600.00", "A1")
    sale = books.sell(ht9000, 1, "999.00", on=nov(5))
    assert books.fulfill(sale, "A1", on=nov(5), to="").status == "packed"


def test_it_never_goes_back(books: Books, ht9000: Item) -> None:
    books.have(ht9000, "600.00", "A1")
    packed = books.fulfill(books.sell(ht9000, 1, "9.00", on=nov(5)), "A1", on=nov(5), to="packed")
    for step in ("picked", "packed"):
        with pytest.raises(Refused):
            books.advance(packed, step)
    shipped = books.advance(packed, "shipped")
    with pytest.raises(Refused):
        books.advance(shipped, "shipped")
