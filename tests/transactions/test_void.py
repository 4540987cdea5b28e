"""Void undoes a document by its mirror image, and only while nothing depends on it (SPEC §5.6)."""

from datetime import date
from decimal import Decimal

import pytest

from accounting.models import AccountingPeriod, JournalLine
from items.models import Item, SerialUnit
from items.refusals import Refused
from tests.books import Books, nov
from transactions.models import Posting, StockMove


def test_a_voided_receipt_leaves_nothing_on_hand_and_restores_the_order(
    books: Books, ht9000: Item
) -> None:
    order = books.order(ht9000, 3, "600.00", on=nov(2))
    receipt = books.receive(order, "A1 A2", on=nov(3))
    receipt = books.void(receipt)
    assert receipt.status_label == "Voided"
    assert books.quantities(ht9000) == {
        "OH": 0, "PK": 0, "IT": 0, "CM": 0, "BO": 0, "OO": 3, "AV": 0
    }  # fmt: skip
    assert books.balances() == {}
    assert books.status(order) == "Pending Receipt"
    assert not SerialUnit.objects.listed().exists()
    books.receive(order, "A1 A2", on=nov(4))
    assert books.on_hand(ht9000) == ["A1", "A2"]


def test_a_receipt_cannot_be_voided_once_a_unit_has_moved_on(books: Books, ht9000: Item) -> None:
    order = books.order(ht9000, 2, "600.00", on=nov(2))
    receipt = books.receive(order, "A1 A2", on=nov(2))
    sale = books.sell(ht9000, 1, "999.00", on=nov(3))
    shipped = books.fulfill(sale, "A1", on=nov(3))
    with pytest.raises(Refused) as refused:
        books.void(receipt)
    [refusal] = refused.value.refusals
    assert (refusal.code, refusal.number) == ("SER-13", "A1")
    assert str(shipped) in refusal.message
    assert refusal.url == shipped.get_absolute_url()

    books.void(shipped)
    books.void(receipt)
    assert books.quantities(ht9000)["OH"] == 0


def test_a_billed_receipt_cannot_be_voided_until_the_bill_is(books: Books, ht9000: Item) -> None:
    receipt = books.have(ht9000, "600.00", "A1")
    [bill] = receipt.children.all()
    with pytest.raises(Refused) as refused:
        books.void(receipt)
    assert refused.value.codes == {"SER-13"}
    assert str(bill) in refused.value.messages[0]
    books.void(bill)
    books.void(receipt)
    assert books.balances() == {}


def test_voiding_a_picked_and_shipped_fulfillment_puts_the_unit_on_hand_again(
    books: Books, ht9000: Item
) -> None:
    books.have(ht9000, "600.00", "A1 A2")
    sale = books.sell(ht9000, 1, "999.00", on=nov(4))
    fulfillment = books.fulfill(sale, "A1", on=nov(5), to="picked")
    fulfillment = books.advance(fulfillment, "packed", on=nov(6))
    fulfillment = books.advance(fulfillment, "shipped", on=nov(7))
    assert books.balance("5000") == Decimal("600.00")
    books.void(fulfillment)
    unit = SerialUnit.objects.get(number="A1")
    assert (unit.status, unit.left_on, unit.moved_on) == ("on_hand", None, nov(2))
    assert books.balance("5000") == 0
    found = books.quantities(ht9000)
    assert (found["OH"], found["CM"], found["PK"], found["BO"]) == (2, 1, 0, 0)
    assert books.status(sale) == "Pending Fulfillment"


def test_a_voided_pick_gives_its_commitment_back_to_the_same_line_first(
    books: Books, ht9000: Item
) -> None:
    books.have(ht9000, "600.00", "A1")
    newer = books.sell(ht9000, 1, "999.00", on=nov(5))
    pick = books.fulfill(newer, "A1", on=nov(5), to="picked")
    older = books.sell(ht9000, 1, "999.00", on=nov(4))
    assert older.lines.get().back_ordered == 1
    books.void(pick)
    assert newer.lines.get().committed == 1
    assert older.lines.get().back_ordered == 1


def test_a_sale_cannot_be_voided_while_its_number_is_held_again(books: Books, ht9000: Item) -> None:
    books.have(ht9000, "600.00", "A1")
    sale = books.sell(ht9000, 1, "999.00", on=nov(4))
    shipped = books.fulfill(sale, "A1", on=nov(4))
    again = books.order(ht9000, 1, "620.00", on=nov(5))
    bought_back = books.receive(again, "A1", on=nov(5))
    with pytest.raises(Refused) as refused:
        books.void(shipped)
    assert refused.value.codes == {"SER-13"}
    assert str(bought_back) in refused.value.messages[0]
    books.void(bought_back)
    books.void(shipped)
    assert books.on_hand(ht9000) == ["A1"]


def test_a_voided_adjustment_out_brings_the_unit_back_at_its_cost(
    books: Books, ht9000: Item
) -> None:
    books.have(ht9000, "600.00", "A1 A2")
    document = books.adjust(ht9000, -1, "A1", on=nov(4))
    assert books.balance("6500") == Decimal("600.00")
    books.void(document)
    assert books.balance("6500") == 0
    assert books.on_hand(ht9000) == ["A1", "A2"]


def test_a_void_writes_the_mirror_image_and_changes_no_row(books: Books, ht9000: Item) -> None:
    document = books.adjust(ht9000, 2, "A1 A2", rate="10.00", on=nov(4))
    before = set(StockMove.objects.values_list("id", flat=True))
    books.void(document)
    assert before < set(StockMove.objects.values_list("id", flat=True))
    reversal = Posting.objects.get(reverses__document=document)
    assert reversal.date == nov(4)
    lines = JournalLine.objects.filter(entry__posting__document=document).order_by("id")
    assert [(x.debit.number, x.credit.number, x.amount) for x in lines] == [
        ("1300", "6500", Decimal("20.00")),
        ("6500", "1300", Decimal("20.00")),
    ]


def test_a_reversal_is_dated_today_once_the_period_is_closed(books: Books, ht9000: Item) -> None:
    AccountingPeriod.objects.filter(start=date(2026, 10, 1)).update(closed=False)
    document = books.adjust(ht9000, 1, "A1", rate="10.00", on=date(2026, 10, 30))
    AccountingPeriod.objects.filter(start=date(2026, 10, 1)).update(closed=True)
    books.void(document)
    assert Posting.objects.get(reverses__document=document).date == date(2026, 11, 23)


def test_an_order_with_a_receipt_cannot_be_voided(books: Books, ht9000: Item) -> None:
    order = books.order(ht9000, 1, "600.00")
    receipt = books.receive(order, "A1")
    with pytest.raises(Refused):
        books.void(order)
    books.void(receipt)
    books.void(order)
    assert books.quantities(ht9000)["OO"] == 0


def test_a_void_wants_a_reason_and_happens_once(books: Books, ht9000: Item) -> None:
    order = books.order(ht9000, 1, "600.00")
    with pytest.raises(Refused):
        books.void(order, why=" ")
    books.void(order)
    with pytest.raises(Refused):
        books.void(order)


def test_an_ordinary_items_receipt_cannot_be_voided_after_some_of_it_left(
    books: Books, cable: Item
) -> None:
    order = books.order(cable, 20, "10.00", on=nov(2))
    receipt = books.receive(order, quantity=20, on=nov(2))
    sale = books.sell(cable, 5, "25.00", on=nov(4))
    shipped = books.fulfill(sale, quantity=5, on=nov(4))
    with pytest.raises(Refused) as refused:
        books.void(receipt)
    assert refused.value.codes == {"SER-13"}
    books.void(shipped)
    books.void(receipt)
    assert books.balances() == {}
