"""Orders: what is on order, who gets scarce stock, and the statuses that follow (SPEC §3.3, §4)."""

from decimal import Decimal
from types import SimpleNamespace

import pytest

from company.models import Company
from items.models import Item
from items.refusals import Refused
from tests.books import Books, nov


def test_back_orders_are_served_oldest_first_when_stock_arrives(books: Books, ht9000: Item) -> None:
    """SPEC §8 example 31, without the items' other documents."""
    books.have(ht9000, "600.00", "B1")
    first = books.sell(ht9000, 3, "999.00", on=nov(5))
    second = books.sell(ht9000, 1, "999.00", on=nov(6))
    assert [(o.lines.get().committed, o.lines.get().back_ordered) for o in (first, second)] == [
        (1, 2),
        (0, 1),
    ]
    found = books.quantities(ht9000)
    assert (found["CM"], found["BO"], found["AV"]) == (1, 3, 0)

    order = books.order(ht9000, 2, "600.00", on=nov(7))
    books.receive(order, "B2 B3", on=nov(7))
    assert [(o.lines.get().committed, o.lines.get().back_ordered) for o in (first, second)] == [
        (3, 0),
        (0, 1),
    ]
    books.fulfill(first, "B1 B2 B3", on=nov(8))
    found = books.quantities(ht9000)
    assert (found["OH"], found["CM"], found["BO"]) == (0, 0, 1)
    with pytest.raises(Refused) as refused:
        books.fulfill(second, "B1", on=nov(8))
    assert "only 0" in refused.value.messages[0]


def test_taking_committed_stock_out_cuts_the_newest_order_and_says_so(
    books: Books, ht9000: Item
) -> None:
    books.have(ht9000, "600.00", "B1 B2")
    older = books.sell(ht9000, 1, "999.00", on=nov(5))
    newer = books.sell(ht9000, 1, "999.00", on=nov(6))
    books.adjust(ht9000, -1, "B1", on=nov(7))
    assert older.lines.get().committed == 1
    assert newer.lines.get().back_ordered == 1
    assert [n.message for n in books.result.notices] == [f"1 unit becomes back ordered on {newer}."]


def test_a_pending_order_commits_nothing_until_it_is_approved(books: Books, ht9000: Item) -> None:
    books.have(ht9000, "600.00", "B1")
    Company.objects.update(approve_sales_orders=True, approve_purchase_orders=True)
    sale = books.sell(ht9000, 2, "999.00", on=nov(5))
    order = books.order(ht9000, 4, "600.00", on=nov(5))
    found = books.quantities(ht9000)
    assert (found["CM"], found["BO"], found["OO"]) == (0, 0, 0)
    assert sale.status_label == "Pending Approval"
    books.advance(sale, "pending_fulfillment")
    books.advance(order, "pending_receipt")
    found = books.quantities(ht9000)
    assert (found["CM"], found["BO"], found["OO"]) == (1, 1, 4)


def test_a_rejected_purchase_order_is_never_on_order(books: Books, ht9000: Item) -> None:
    Company.objects.update(approve_purchase_orders=True)
    order = books.advance(books.order(ht9000, 4, "600.00"), "rejected")
    assert order.status_label == "Rejected by Supervisor"
    assert books.quantities(ht9000)["OO"] == 0
    with pytest.raises(Refused):
        books.advance(order, "pending_receipt")


def test_closing_an_order_releases_what_is_open_and_reopening_restores_it(
    books: Books, ht9000: Item
) -> None:
    books.have(ht9000, "600.00", "B1")
    sale = books.sell(ht9000, 2, "999.00", on=nov(5))
    order = books.order(ht9000, 4, "600.00", on=nov(5))
    books.receive(order, "B2", on=nov(6))
    books.advance(order, "closed")
    books.advance(sale, "closed")
    found = books.quantities(ht9000)
    assert (found["CM"], found["BO"], found["OO"], found["AV"]) == (0, 0, 0, 2)
    books.advance(order, "pending_receipt")
    books.advance(sale, "pending_fulfillment")
    found = books.quantities(ht9000)
    assert (found["CM"], found["BO"], found["OO"]) == (2, 0, 3)
    assert books.status(order) == "Pending Billing/Partially Received"


def test_what_was_shipped_stays_billable_on_a_closed_order(books: Books, ht9000: Item) -> None:
    books.have(ht9000, "600.00", "B1")
    sale = books.sell(ht9000, 2, "999.00", on=nov(5))
    books.fulfill(sale, "B1", on=nov(5))
    books.advance(sale, "closed")
    books.invoice(sale, on=nov(6))
    assert books.balance("4000") == Decimal("-999.00")
    assert books.status(sale) == "Closed"


def test_an_order_is_cancelled_only_while_nothing_was_picked(books: Books, ht9000: Item) -> None:
    books.have(ht9000, "600.00", "B1")
    sale = books.sell(ht9000, 1, "999.00", on=nov(5))
    pick = books.fulfill(sale, "B1", on=nov(5), to="picked")
    with pytest.raises(Refused) as refused:
        books.advance(sale, "cancelled")
    assert str(pick) in refused.value.messages[0]
    books.void(pick)
    books.advance(sale, "cancelled")
    assert books.quantities(ht9000)["AV"] == 1


def test_nothing_is_received_beyond_its_order(books: Books, ht9000: Item) -> None:
    order = books.order(ht9000, 2, "600.00")
    with pytest.raises(Refused) as refused:
        books.receive(order, "A1 A2 A3")
    assert "only 2 can still be taken" in refused.value.messages[0]
    books.receive(order, "A1 A2")
    with pytest.raises(Refused):
        books.receive(order, "A3")


def test_a_bill_price_variance_never_touches_the_units_cost(books: Books, ht9000: Item) -> None:
    order = books.order(ht9000, 2, "600.00", on=nov(2))
    receipt = books.receive(order, "A1 A2", on=nov(2))
    books.bill(receipt, on=nov(3), rate="610.00")
    assert books.balances() == {
        "1300": Decimal("1200.00"), "2000": Decimal("-1220.00"), "5010": Decimal("20.00")
    }  # fmt: skip


def test_a_receipt_billed_in_parts_clears_its_accrual_to_the_cent(
    books: Books, cable: Item
) -> None:
    order = books.order(cable, 3, "3.3333", on=nov(2))
    receipt = books.receive(order, quantity=3, on=nov(2))
    line = receipt.lines.get()
    for quantity in (1, 1, 1):
        books.post(
            "vendor_bill",
            [books.line(cable, quantity, "3.33", created_from_line=line)],
            nov(3),
            vendor=order.vendor,
            created_from=receipt,
        )
    assert books.balance("2010") == 0


def test_ordinary_items_move_at_their_moving_average(books: Books, cable: Item) -> None:
    """SPEC §8 example 28, up to its return."""
    for rate, day, count in (("10.00", 2, 20), ("15.00", 3, 20)):
        order = books.order(cable, count, rate, on=nov(day))
        books.bill(books.receive(order, quantity=count, on=nov(day)), on=nov(day))
    assert books.balance("1300") == Decimal("500.00")
    sale = books.sell(cable, 5, "25.00", on=nov(4))
    books.invoice(books.fulfill(sale, quantity=5, on=nov(4)), on=nov(4))
    assert books.balance("5000") == Decimal("62.50")
    assert books.balance("4000") == Decimal("-125.00")
    order = books.order(cable, 15, "20.00", on=nov(5))
    books.receive(order, quantity=15, on=nov(5))
    row = cable.item_locations.get()
    assert (row.on_hand, row.value, row.average_cost) == (50, Decimal("737.50"), Decimal("14.75"))


def test_a_pick_of_an_ordinary_item_ships_at_the_average_of_the_day(
    books: Books, cable: Item
) -> None:
    order = books.order(cable, 10, "10.00", on=nov(2))
    books.receive(order, quantity=10, on=nov(2))
    pick = books.fulfill(
        books.sell(cable, 4, "25.00", on=nov(3)), quantity=4, on=nov(3), to="picked"
    )
    assert books.quantities(cable)["PK"] == 4
    books.advance(pick, "shipped", on=nov(4))
    assert books.balance("5000") == Decimal("40.00")


def test_stock_of_an_ordinary_item_never_goes_negative(books: Books, cable: Item) -> None:
    books.adjust(cable, 3, rate="10.00", on=nov(2))
    with pytest.raises(Refused) as refused:
        books.adjust(cable, -4, on=nov(3))
    assert "only 3" in refused.value.messages[0]
    books.adjust(cable, -3, on=nov(3))
    assert books.balance("1300") == 0


def test_each_location_has_its_own_quantities(
    books: Books, ht9000: Item, place: SimpleNamespace
) -> None:
    books.have(ht9000, "600.00", "M1", at=place.main)
    books.have(ht9000, "600.00", "E1 E2", at=place.east)
    books.sell(ht9000, 2, "999.00", on=nov(5), at=place.main)
    assert books.quantities(ht9000, place.main)["BO"] == 1
    assert books.quantities(ht9000, place.east)["AV"] == 2


def test_a_line_must_come_from_the_documents_own_parent(books: Books, ht9000: Item) -> None:
    one, other = books.order(ht9000, 1, "600.00"), books.order(ht9000, 1, "610.00")
    line = books.line(ht9000, 1, "600.00", "A1", created_from_line=other.lines.get())
    with pytest.raises(Refused) as refused:
        books.post("item_receipt", [line], vendor=one.vendor, created_from=one)
    assert f"{other} does not belong to {one}" in refused.value.messages[0]
    books.post("item_receipt", [line], vendor=other.vendor, created_from=other)


def test_nothing_is_invoiced_before_it_is_shipped(books: Books, ht9000: Item) -> None:
    books.have(ht9000, "600.00", "B1 B2")
    sale = books.sell(ht9000, 2, "999.00", on=nov(5))
    books.fulfill(sale, "B1", on=nov(5))
    pick = books.fulfill(sale, "B2", on=nov(5), to="picked")
    line = books.line(ht9000, 1, "999.00", created_from_line=pick.lines.get())
    with pytest.raises(Refused) as refused:
        books.post("invoice", [line], nov(6), customer=sale.customer, created_from=sale)
    assert f"{pick} is Picked" in refused.value.messages[0]
    books.advance(pick, "shipped", on=nov(6))
    books.post("invoice", [line], nov(6), customer=sale.customer, created_from=sale)


@pytest.mark.parametrize("account", ["1300", "1310", "2010"])
def test_stock_is_not_adjusted_against_its_own_accounts(
    books: Books, ht9000: Item, account: str
) -> None:
    books.adjust(ht9000, 1, "A1", rate="1.00")
    with pytest.raises(Refused, match="kept by stock itself"):
        books.adjust(ht9000, 1, "A2", rate="1.00", account=account)


def test_part_bills_of_a_receipt_are_voided_in_reverse(books: Books, cable: Item) -> None:
    order = books.order(cable, 3, "3.3333", on=nov(2))
    receipt = books.receive(order, quantity=3, on=nov(2))
    bills = [
        books.post(
            "vendor_bill",
            [books.line(cable, 1, "3.33", created_from_line=receipt.lines.get())],
            nov(3),
            vendor=order.vendor,
            created_from=receipt,
        )
        for _ in range(3)
    ]
    with pytest.raises(Refused) as refused:
        books.void(bills[0])
    assert [r.url for r in refused.value.refusals] == [
        bills[2].get_absolute_url(), bills[1].get_absolute_url()
    ]  # fmt: skip
    for bill in reversed(bills):
        books.void(bill)
    assert books.balance("2010") == Decimal("-10.00")


def test_the_last_unit_takes_the_value_that_remains_over_several_lines(
    books: Books, cable: Item
) -> None:
    books.adjust(cable, 3, rate="3.3333", on=nov(2))
    assert books.balance("1300") == Decimal("10.00")
    lines = [books.line(cable, -1) for _ in range(3)]
    books.post(
        "inventory_adjustment", lines, nov(3), account=books.account("6500"), reason="miscount"
    )
    assert books.balance("1300") == 0
    assert cable.item_locations.get().value == 0
