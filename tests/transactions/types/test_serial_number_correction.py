"""A number typed wrongly is put right on a unit that has moved on (SPEC §6.5)."""

from __future__ import annotations

import pytest
from django.test import Client

from items.models import Item, SerialUnit
from items.refusals import Refused
from tests.books import Books, nov
from tests.pages import FormPage
from transactions.models import LineUnit, NumberChange, Transaction


def correct(
    books: Books, unit: SerialUnit, right: str, why: str = "read from the box"
) -> Transaction:
    return books.rename(unit, right, why, on=nov(20))


@pytest.fixture
def sold(books: Books, ht9000: Item) -> SerialUnit:
    """A unit that was bought as O123 and is sold, while N1 is on hand."""
    books.have(ht9000, "600.00", "O123 N1")
    books.sold(ht9000, "O123")
    return SerialUnit.objects.get(number="O123")


def test_a_sold_unit_is_renamed_everywhere_and_nothing_else_changes(
    books: Books, sold: SerialUnit, client: Client
) -> None:
    before = books.balances()
    correct(books, sold, "0123")
    sold.refresh_from_db()
    assert (sold.number, sold.number_key, sold.status) == ("0123", "0123", "sold")
    assert books.balances() == before
    for kind in ("item_receipt", "item_fulfillment", "invoice"):
        page = client.get(Transaction.objects.of(kind).get().get_absolute_url()).content.decode()
        assert ">0123<" in page
        assert "O123" not in page


def test_both_numbers_are_found_for_ever(books: Books, sold: SerialUnit, client: Client) -> None:
    correct(books, sold, "0123")
    old = client.get(f"/serials/{sold.item_id}/O123/")
    assert old.headers["Location"] == f"/serials/{sold.item_id}/0123/"
    page = client.get(old.headers["Location"]).content.decode()
    assert "was corrected to" in page
    assert "read from the box" in page
    for term in ("O123", "0123"):
        assert "0123" in client.get("/search/", {"q": term}, follow=True).content.decode()


def test_not_to_a_number_that_is_held(books: Books, sold: SerialUnit) -> None:
    with pytest.raises(Refused) as refused:
        correct(books, sold, "n1")
    [refusal] = refused.value.refusals
    assert refusal.code == "SER-01"
    assert refusal.url == f"/serials/{sold.item_id}/N1/"
    sold.refresh_from_db()
    assert sold.number == "O123"
    books.sold(sold.item, "N1", on=nov(5))
    correct(books, sold, "n1")  # once its unit has left


def test_not_without_a_reason_nor_to_what_is_no_number_nor_to_what_it_is(
    books: Books, sold: SerialUnit
) -> None:
    for right, why, code in (("0123", " ", None), ("a b", "x", "SER-08"), ("O123", "x", None)):
        with pytest.raises(Refused) as refused:
            correct(books, sold, right, why)
        assert refused.value.codes == ({code} if code else set())
    assert not NumberChange.objects.exists()
    correct(books, sold, "o123", "spelled so")  # the same number, as it is written


def test_a_number_on_hand_is_free_once_its_unit_has_another(books: Books, ht9000: Item) -> None:
    books.have(ht9000, "600.00", "A1")
    correct(books, SerialUnit.objects.get(number="A1"), "A2")
    books.receive(books.order(ht9000, 1, "610.00"), "A1")
    assert books.on_hand(ht9000) == ["A1", "A2"]


def test_orders_that_name_the_unit_name_its_new_number(books: Books, ht9000: Item) -> None:
    books.have(ht9000, "600.00", "A1")
    order = books.sell(ht9000, 1, "999.00", serials="A1")
    correct(books, SerialUnit.objects.get(number="A1"), "A2")
    assert LineUnit.objects.get(line__transaction=order).number == "A2"
    books.fulfill(order, "A2")


def test_a_void_gives_the_old_number_back_unless_it_is_held_by_now(
    books: Books, ht9000: Item
) -> None:
    books.have(ht9000, "600.00", "A1")
    unit = SerialUnit.objects.get(number="A1")
    correction = correct(books, unit, "A2")
    order = books.order(ht9000, 1, "610.00")
    receipt = books.receive(order, "A1")
    with pytest.raises(Refused) as refused:
        books.void(correction)
    assert refused.value.codes == {"SER-01"}
    books.void(receipt)
    books.void(correction)
    unit.refresh_from_db()
    assert unit.number == "A1"


def test_corrections_of_one_unit_are_voided_in_reverse(books: Books, ht9000: Item) -> None:
    books.have(ht9000, "600.00", "A1")
    unit = SerialUnit.objects.get(number="A1")
    first = correct(books, unit, "A2")
    unit.refresh_from_db()
    second = correct(books, unit, "A3")
    with pytest.raises(Refused) as refused:
        books.void(first)
    assert [str(second) in r.message for r in refused.value.refusals] == [True]
    books.void(second)
    books.void(first)
    unit.refresh_from_db()
    assert unit.number == "A1"


def test_on_the_page_the_unit_is_found_by_its_number(
    books: Books, sold: SerialUnit, client: Client
) -> None:
    page = FormPage(client, "/transactions/serial-number-correction/new/")
    page.fill(number="o123", right="0123").press("find")
    assert "HT9000" in page.text
    page.press("save")
    assert "Say how the number came to be wrong." in page.text
    page.fill(memo="misread").press("save")
    sold.refresh_from_db()
    assert sold.number == "0123"
    seen = client.get(page.leads_to).content.decode()
    assert "O123" in seen
    assert "misread" in seen


def test_the_page_asks_which_unit_where_several_carry_the_number(
    books: Books, ht9000: Item, tk100: Item, client: Client
) -> None:
    for item in (ht9000, tk100):
        books.receive(books.order(item, 1, "600.00"), "A1")
    page = FormPage(client, "/transactions/serial-number-correction/new/")
    page.fill(number="A1", right="B1", memo="misread").press("save")
    assert "Say which of them it is." in page.text
    unit = SerialUnit.objects.get(item=tk100)
    page.tick("unit", str(unit.pk)).press("save")
    unit.refresh_from_db()
    assert unit.number == "B1"


def test_the_serial_page_leads_to_it(books: Books, sold: SerialUnit, client: Client) -> None:
    new = f"/transactions/serial-number-correction/new/?unit={sold.pk}"
    assert new in client.get(sold.get_absolute_url()).content.decode()
    page = FormPage(client, new)
    assert page.value("number") == "O123"
    page.fill(right="N1", memo="misread").press("save")
    assert "already on hand" in page.text
    assert page.value("right") == "N1"
