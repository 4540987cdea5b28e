"""The serial rule at every entrance: what is refused, with which words, and what is not."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from items.models import Item, SerialUnit
from items.refusals import Refused
from tests.books import TODAY, Books, nov


def codes(refused: pytest.ExceptionInfo) -> list[tuple[str, str]]:
    return [(r.code, r.number) for r in refused.value.refusals]


def test_a_serial_on_hand_cannot_be_received_again_at_any_location(
    books: Books, ht9000: Item, place: SimpleNamespace
) -> None:
    books.have(ht9000, "600.00", "A1", at=place.main)
    order = books.order(ht9000, 2, "600.00", at=place.east)
    books.receive(order, "A2")
    with pytest.raises(Refused) as refused:
        books.receive(order, "A1")
    assert codes(refused) == [("SER-01", "A1")]


@pytest.mark.parametrize("spelling", ["a1234", "Ａ1234", "A1234\u200b", " A1234 "])
def test_spellings_of_one_number_are_the_same_serial(
    books: Books, ht9000: Item, spelling: str
) -> None:
    books.have(ht9000, "600.00", "A1234")
    order = books.order(ht9000, 1, "600.00")
    line = books.line(ht9000, 1, "600.00", created_from_line=order.lines.get())
    line.serials = [spelling]
    with pytest.raises(Refused) as refused:
        books.post("item_receipt", [line], vendor=order.vendor, created_from=order)
    [refusal] = refused.value.refusals
    assert (refusal.code, refusal.number) == ("SER-01", "A1234")


def test_a_refusal_names_every_offender_and_stores_nothing(books: Books, ht9000: Item) -> None:
    books.have(ht9000, "600.00", "A1 A2 A3")
    books.fulfill(books.sell(ht9000, 1, "999.00"), "A3", to="picked")
    order = books.order(ht9000, 6, "600.00")
    with pytest.raises(Refused) as refused:
        books.receive(order, "A1 B1 A2 B2 A3 B3")
    assert sorted(codes(refused)) == [("SER-01", "A1"), ("SER-01", "A2"), ("SER-02", "A3")]
    assert order.children.count() == 0
    assert books.quantities(ht9000)["OO"] == 6
    assert SerialUnit.objects.count() == 3


def test_the_same_number_in_two_lines_of_one_item_is_refused_but_not_of_two_items(
    books: Books, ht9000: Item, tk100: Item, place: SimpleNamespace
) -> None:
    def adjust(second: Item):
        lines = [
            books.line(ht9000, 1, "1.00", "A1", at=place.main),
            books.line(second, 1, "1.00", "A1", at=place.east),
        ]
        return books.post("inventory_adjustment", lines, account=books.account("6500"))

    with pytest.raises(Refused) as refused:
        adjust(ht9000)
    [refusal] = refused.value.refusals
    assert refusal.code == "SER-07"
    assert refusal.message.endswith("(lines 1, 2).")
    adjust(tk100)


def test_out_and_in_of_one_number_in_one_adjustment_is_refused(books: Books, ht9000: Item) -> None:
    books.have(ht9000, "600.00", "A1")
    lines = [books.line(ht9000, -1, 0, "A1"), books.line(ht9000, 1, "500.00", "A1")]
    with pytest.raises(Refused) as refused:
        books.post(
            "inventory_adjustment", lines, account=books.account("6500"), reason="correction"
        )
    assert refused.value.codes == {"SER-07"}


def test_one_serial_per_unit(books: Books, ht9000: Item) -> None:
    order = books.order(ht9000, 3, "600.00")
    line = books.line(ht9000, 3, "600.00", "A1 A2", created_from_line=order.lines.get())
    with pytest.raises(Refused) as refused:
        books.post("item_receipt", [line], vendor=order.vendor, created_from=order)
    assert refused.value.messages == [
        "Quantity is 3 but 2 serial numbers were entered. Enter one serial number per unit."
    ]


@pytest.mark.parametrize("number", ["...", "x" * 101, "a\x07b", "3.56E+14", "a\u2028b"])
def test_what_is_not_a_serial_number(books: Books, ht9000: Item, number: str) -> None:
    line = books.line(ht9000, 1, "1.00")
    line.serials = [number]
    with pytest.raises(Refused) as refused:
        books.post("inventory_adjustment", [line], account=books.account("6500"))
    assert refused.value.codes == {"SER-08"}


def test_only_a_unit_on_hand_at_the_place_can_be_picked(
    books: Books, ht9000: Item, place: SimpleNamespace
) -> None:
    books.have(ht9000, "600.00", "M1 M2 M3 S1", at=place.main)
    books.have(ht9000, "600.00", "E1", at=place.east)
    books.have(ht9000, "600.00", "O1", at=place.old)
    place.old.inactive = True
    place.old.save()
    books.sold(ht9000, "S1")
    pick = books.fulfill(books.sell(ht9000, 1, "999.00"), "M1", to="picked")
    sale = books.sell(ht9000, 1, "999.00", at=place.main)
    for number, code in [
        ("X9", "SER-04"), ("S1", "SER-04"), ("E1", "SER-05"), ("O1", "SER-17"), ("M1", "SER-12")
    ]:  # fmt: skip
        with pytest.raises(Refused) as refused:
            books.fulfill(sale, number)
        assert refused.value.codes == {code}, number
        if code == "SER-12":
            assert f"picked for {pick.created_from}" in refused.value.messages[0]
    books.fulfill(sale, "M2")


def test_a_designated_number_is_not_held_and_doubts_are_confirmed(
    books: Books, ht9000: Item
) -> None:
    books.have(ht9000, "600.00", "A1 S1")
    books.sold(ht9000, "S1")
    books.sell(ht9000, 1, "999.00", serials="A1")
    books.sell(ht9000, 1, "999.00", serials="A1")
    with pytest.raises(Refused) as refused:
        books.sell(ht9000, 2, "999.00", serials="S1 X1")
    assert [(r.code, r.asks) for r in refused.value.refusals] == [("SER-04", True)] * 2
    line = books.line(ht9000, 2, "999.00", "S1 X1")
    order = books.post(
        "sales_order", [line], customer=books.sell(ht9000, 1, "1.00").customer,
        confirmed=["SER-04"],
    )  # fmt: skip
    assert [u.number for u in order.lines.get().line_units.all()] == ["S1", "X1"]


def test_a_move_is_not_dated_before_the_numbers_latest_move(books: Books, ht9000: Item) -> None:
    books.have(ht9000, "600.00", "A1 A2")
    sale = books.sell(ht9000, 1, "999.00", on=nov(1))
    with pytest.raises(Refused) as refused:
        books.fulfill(sale, "A1", on=nov(1))
    [refusal] = refused.value.refusals
    assert refusal.code == "SER-14"
    assert "was not on hand; IR-1 on 2026-11-02" in refusal.message
    pick = books.fulfill(sale, "A1", on=nov(5), to="picked")
    with pytest.raises(Refused) as refused:
        books.advance(pick, "shipped", on=nov(4))
    assert refused.value.codes == {"SER-14"}
    books.advance(pick, "shipped", on=nov(5))
    with pytest.raises(Refused) as refused:
        books.adjust(ht9000, 1, "A1", on=nov(4), rate="1.00")
    assert refused.value.codes == {"SER-14"}


def test_nothing_posts_into_a_closed_period_or_the_future(books: Books, ht9000: Item) -> None:
    books.order(ht9000, 1, "600.00", on=TODAY)
    with pytest.raises(Refused) as refused:
        books.order(ht9000, 1, "600.00", on=TODAY.replace(month=10))
    assert refused.value.messages == ["Posting period Oct 2026 is closed."]
    with pytest.raises(Refused) as refused:
        books.order(ht9000, 1, "600.00", on=TODAY + timedelta(days=1))
    assert "lies in the future" in refused.value.messages[0]
    with pytest.raises(Refused) as refused:
        books.order(ht9000, 1, "600.00", on=TODAY.replace(year=1999))
    assert "No accounting period" in refused.value.messages[0]


def test_stock_at_an_inactive_location_may_only_be_adjusted_out_after_confirming(
    books: Books, ht9000: Item, place: SimpleNamespace
) -> None:
    books.have(ht9000, "600.00", "O1", at=place.old)
    place.old.inactive = True
    place.old.save()
    with pytest.raises(Refused) as refused:
        books.adjust(ht9000, 1, "O2", rate="1.00", at=place.old)
    assert [(r.code, r.asks) for r in refused.value.refusals] == [("SER-17", False)]
    with pytest.raises(Refused) as refused:
        books.adjust(ht9000, -1, "O1", at=place.old)
    assert [(r.code, r.asks) for r in refused.value.refusals] == [("SER-17", True)]
    books.adjust(ht9000, -1, "O1", at=place.old, confirmed=["SER-17"])
    assert books.quantities(ht9000)["OH"] == 0


def test_an_inactive_item_is_not_ordered_anew_but_open_orders_finish(
    books: Books, ht9000: Item
) -> None:
    order = books.order(ht9000, 1, "600.00")
    ht9000.inactive = True
    ht9000.save()
    with pytest.raises(Refused) as refused:
        books.order(ht9000, 1, "600.00")
    assert refused.value.codes == {"SER-18"}
    books.receive(order, "A1")
    books.adjust(ht9000, -1, "A1", confirmed=["SER-18"])


def test_one_request_posts_once(books: Books, ht9000: Item) -> None:
    from uuid import uuid4

    request, line = uuid4(), books.line(ht9000, 1, "1.00", "A1")
    account = books.account("6500")
    first = books.post("inventory_adjustment", [line], account=account, request_id=request)
    second = books.post("inventory_adjustment", [line], account=account, request_id=request)
    assert first == second
    assert books.quantities(ht9000)["OH"] == 1


def test_a_number_is_bought_and_sold_any_number_of_times(books: Books, ht9000: Item) -> None:
    for day in range(2, 12):
        order = books.order(ht9000, 1, f"{100 + day}.00", on=nov(day))
        books.receive(order, "A1", on=nov(day))
        books.fulfill(books.sell(ht9000, 1, "999.00", on=nov(day)), "A1", on=nov(day))
    assert SerialUnit.objects.filter(number="A1", status="sold").count() == 10
    assert SerialUnit.objects.one_per_number().get(number="A1").unit_cost == 111
