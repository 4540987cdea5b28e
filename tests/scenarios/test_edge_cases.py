"""Returns, corrections, voids and dates at their edges (SPEC §5.4 to §5.7, §6.5)."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from accounting.models import AccountingPeriod
from items.models import Item, SerialUnit
from tests.books import TODAY, Books, nov
from tests.factories import CustomerFactory, VendorFactory
from tests.scenarios.desk import correct, figures, invoice_of, refused, served, statuses
from transactions import histories
from transactions.models import Transaction


def worth(amount: str) -> dict[str, Any]:
    return {"override_rate": Decimal(amount)}


class TestWhatAReturnPutsBack:
    """SPEC §5.4."""

    @pytest.mark.parametrize("elsewhere", [False, True])
    def test_of_a_sale_each_units_own_cost_wherever_it_arrives(
        self, books: Books, ht9000: Item, place: SimpleNamespace, elsewhere: bool
    ) -> None:
        books.have(ht9000, "600.00", "A1")
        books.have(ht9000, "640.00", "A2")
        invoice = invoice_of(books.sold(ht9000, "A1 A2"))
        authorized = books.make("return_authorization", invoice, on=nov(5))
        at = place.east if elsewhere else place.main
        books.make("return_receipt", authorized, "A2", on=nov(6), line={"at": at})
        assert (books.value(ht9000, at), books.balance("5000")) == (640, 600)
        assert SerialUnit.objects.get(number="A2").location == at

    def test_of_an_ordinary_item_what_it_left_with_to_the_cent(
        self, books: Books, cable: Item, place: SimpleNamespace
    ) -> None:
        books.adjust(cable, 3, on=nov(2), rate="3.3333")  # 10.00
        order = books.sell(cable, 3, "25.00", on=nov(3))
        shipped = books.fulfill(order, quantity=3, on=nov(3))
        books.adjust(cable, 5, on=nov(4), rate="9.00")
        authorized = books.make("return_authorization", books.invoice(shipped), on=TODAY)
        values = []
        for _ in range(3):
            at = place.east
            books.make("return_receipt", authorized, quantity=1, on=TODAY, line={"at": at})
            values.append(books.value(cable, place.east))
        assert values == [Decimal("3.33"), Decimal("6.67"), Decimal("10.00")]
        assert (books.balance("5000"), books.value(cable, place.main)) == (0, 45)

    def test_without_a_sale_the_override_rate_is_asked_for_and_zero_confirmed(
        self, books: Books, ht9000: Item
    ) -> None:
        authorized = books.post(
            "return_authorization", [books.line(ht9000, 3, "500.00")], nov(5),
            customer=CustomerFactory(name="Maple"), status="pending_receipt",
        )  # fmt: skip

        def receive(serial: str, *confirmed: str, **line: Any) -> Transaction:
            return books.make(
                "return_receipt", authorized, serial, nov(6), confirmed=confirmed, line=line
            )

        receive("X1", "SER-11", **worth("200.00"))
        assert "override rate" in refused(lambda: receive("X2", "SER-11")).messages[0]
        refused(lambda: receive("X2", "SER-11", **worth("-1.00")))
        assert refused(lambda: receive("X2", "SER-11", **worth("0.00"))).codes == {"COST-0"}
        receive("X2", "SER-11", "COST-0", **worth("0.00"))
        written_off = refused(lambda: receive("X3", "SER-11", restock=False, **worth("200.00")))
        assert "only be restocked" in written_off.messages[0]
        assert books.balances() == {"1300": Decimal(200), "5000": Decimal(-200)}

    def test_what_another_customer_brings_is_a_unit_of_its_own(
        self, books: Books, ht9000: Item
    ) -> None:
        """Sold to A, returned by B: SER-10; A's sale stays as it is."""
        books.have(ht9000, "600.00", "A1")
        books.sold(ht9000, "A1")
        line = books.line(ht9000, 1, "250.00", "A1", **worth("600.00"))

        def bring(*confirmed: str) -> Transaction:
            ridge = CustomerFactory(name="Ridge")
            return books.post("credit_memo", [line], nov(5), confirmed, customer=ridge)

        found = refused(bring)
        assert found.codes == {"SER-10"}
        assert "Maple" in found.messages[0]
        assert "Ridge" in found.messages[0]
        bring("SER-10")
        units = SerialUnit.objects.filter(number="A1").order_by("pk")
        assert [(u.status, u.unit_cost) for u in units] == [("sold", 600), ("on_hand", 600)]
        [sale] = histories.sales()
        assert (sale.revenue, sale.returned, sale.profit) == (999, False, 399)

    def test_the_first_buyer_returns_after_the_number_came_and_went_again(
        self, books: Books, ht9000: Item
    ) -> None:
        books.have(ht9000, "600.00", "A1")
        first = invoice_of(books.sold(ht9000, "A1", on=nov(3)))
        order = books.order(ht9000, 1, "620.00", on=nov(4))
        books.receive(order, "A1", on=nov(4))
        authorized = books.make("return_authorization", first, on=nov(5))

        def bring_back() -> Transaction:
            return books.make("return_receipt", authorized, "A1", on=nov(7))

        assert refused(bring_back).codes == {"SER-03"}
        books.sold(ht9000, "A1", on=nov(6))
        bring_back()
        assert SerialUnit.objects.on_hand().get().unit_cost == 600
        assert (books.balance("1300"), books.balance("5000")) == (600, 620)


class TestCorrect:
    """SPEC §5.5, §5.6: void and repost in one step."""

    def test_a_wrong_rate_before_anything_moved(self, books: Books, ht9000: Item) -> None:
        order = books.order(ht9000, 2, "600.00", on=nov(2))
        receipt = books.receive(order, "A1 A2", on=nov(3))
        anew = correct(books, receipt, rate="650.00")
        receipt.refresh_from_db()
        assert (receipt.status_label, receipt.void_reason) == ("Voided", "typed wrongly")
        assert anew.corrects == receipt
        assert books.balances() == {"1300": Decimal(1300), "2010": Decimal(-1300)}
        assert list(SerialUnit.objects.on_hand().values_list("unit_cost", flat=True)) == [650, 650]
        assert books.status(order) == "Pending Bill"
        again = correct(books, anew, "A1 A3")
        assert (books.on_hand(ht9000), again.corrects) == (["A1", "A3"], anew)
        assert "already voided" in refused(lambda: correct(books, anew)).messages[0]

    def test_is_refused_once_billed_or_moved_and_names_what_came_later(
        self, books: Books, ht9000: Item
    ) -> None:
        order = books.order(ht9000, 2, "600.00", on=nov(2))
        receipt = books.receive(order, "A1 A2", on=nov(3))
        bill = books.bill(receipt, on=nov(4))
        found = refused(lambda: correct(books, receipt, rate="650.00"))
        assert (found.codes, str(bill) in found.messages[0]) == ({"SER-13"}, True)
        books.void(bill)
        shipped = books.fulfill(books.sell(ht9000, 1, "999.00", on=nov(4)), "A2", on=nov(5))
        found = refused(lambda: correct(books, receipt, rate="650.00"))
        assert [(r.code, r.number) for r in found.refusals] == [("SER-13", "A2")]
        assert str(shipped) in found.messages[0]
        books.void(shipped)
        correct(books, receipt, rate="650.00")

    def test_the_document_stands_where_the_new_one_is_refused(
        self, books: Books, ht9000: Item
    ) -> None:
        books.have(ht9000, "600.00", "B1")
        order = books.order(ht9000, 1, "600.00", on=nov(2))
        receipt = books.receive(order, "A1", on=nov(3))
        assert refused(lambda: correct(books, receipt, "B1")).codes == {"SER-01"}
        assert refused(lambda: correct(books, receipt, quantity=2)).codes >= {"SER-06"}
        found = refused(lambda: correct(books, receipt, on=nov(24)))
        assert "future" in found.messages[0]
        correct(books, receipt, "A9")
        assert books.on_hand(ht9000) == ["A9", "B1"]

    def test_the_new_one_may_be_dated_before_what_was_voided(
        self, books: Books, ht9000: Item
    ) -> None:
        receipt = books.receive(books.order(ht9000, 1, "600.00", on=nov(2)), "A1", on=nov(9))
        correct(books, receipt, on=nov(3))
        assert SerialUnit.objects.on_hand().get().received_on == nov(3)
        books.adjust(ht9000, -1, "A1", on=nov(4))

    def test_a_fulfillment_takes_another_unit(self, books: Books, ht9000: Item) -> None:
        books.have(ht9000, "600.00", "A1")
        books.have(ht9000, "640.00", "A2")
        order = books.sell(ht9000, 1, "999.00", on=nov(4))
        shipped = books.fulfill(order, "A1", on=nov(5))
        correct(books, shipped, "A2", on=nov(5))
        assert (books.on_hand(ht9000), books.balance("5000")) == (["A1"], 640)
        assert statuses(order, shipped) == ["Pending Billing", "Voided"]

    def test_a_receipt_whose_stock_is_committed(self, books: Books, ht9000: Item) -> None:
        order = books.order(ht9000, 2, "600.00", on=nov(2))
        receipt = books.receive(order, "A1 A2", on=nov(3))
        older = books.sell(ht9000, 1, "999.00", on=nov(4))
        newer = books.sell(ht9000, 1, "999.00", on=nov(5))
        anew = correct(books, receipt, "A1 A3")
        assert served(older, newer) == [(1, 0), (1, 0)]
        books.void(anew)
        assert served(older, newer) == [(0, 1), (0, 1)]


class TestVoidOrder:
    """SPEC §5.6: the latest first."""

    def undo(self, books: Books, *chain: Transaction) -> None:
        """Each can be voided once those before it are, and not while they stand."""
        for position, document in enumerate(chain):
            for earlier in chain[position + 1 :]:
                assert refused(lambda earlier=earlier: books.void(earlier)).codes == {"SER-13"}
            books.void(document)

    def test_of_a_sold_unit(self, books: Books, ht9000: Item) -> None:
        order = books.order(ht9000, 1, "600.00", on=nov(2))
        receipt = books.receive(order, "A1", on=nov(2))
        sale = books.sell(ht9000, 1, "999.00", on=nov(3))
        shipped = books.fulfill(sale, "A1", on=nov(3))
        invoice = books.invoice(shipped, on=nov(3))
        paid = books.pay((invoice, "999.00"))
        self.undo(books, paid, invoice, shipped, receipt, order)
        books.void(sale)
        assert books.balances() == {}
        assert figures(ht9000, "OH PK IT CM BO OO") == [0] * 6

    def test_of_a_return(self, books: Books, ht9000: Item) -> None:
        books.have(ht9000, "600.00", "A1")
        shipped = books.sold(ht9000, "A1")
        invoice = invoice_of(shipped)
        authorized = books.make("return_authorization", invoice, on=nov(5))
        received = books.make("return_receipt", authorized, "A1", on=nov(6))
        credit = books.make("credit_memo", received, on=nov(7))
        self.undo(books, credit, received, authorized, invoice, shipped)
        assert books.balances() == {"1300": Decimal(600), "2000": Decimal(-600)}
        assert books.on_hand(ht9000) == ["A1"]

    def test_of_a_transfer(self, books: Books, ht9000: Item, place: SimpleNamespace) -> None:
        receipt = books.have(ht9000, "600.00", "A1")
        books.void(receipt.children.get())
        moved = books.transfer(ht9000, 1, "A1", at=place.main, to=place.east, on=nov(4))
        order = books.order_transfer(ht9000, 1, at=place.east, to=place.main, on=nov(5))
        sent = books.make("transfer_shipment", order, "A1", on=nov(5), status="shipped")
        arrived = books.make("transfer_receipt", order, on=nov(6))
        self.undo(books, arrived, sent, moved, receipt)
        assert books.balances() == {}


class TestDates:
    """SPEC §5.7."""

    def test_nothing_is_dated_before_the_numbers_latest_move(
        self, books: Books, ht9000: Item, place: SimpleNamespace
    ) -> None:
        books.receive(books.order(ht9000, 2, "600.00", on=nov(2)), "A1 A2", on=nov(10))
        sale = books.sell(ht9000, 1, "999.00", on=nov(4))
        transfer = {"at": place.main, "to": place.east}
        early = [
            lambda on: books.adjust(ht9000, -1, "A1", on=on),
            lambda on: books.transfer(ht9000, 1, "A1", **transfer, on=on),
            lambda on: books.fulfill(sale, "A1", on=on),
        ]
        for act in early:
            assert refused(lambda act=act: act(nov(9))).codes == {"SER-14"}
            books.void(act(nov(10)))
        shipped = books.fulfill(sale, "A1", on=nov(12))
        again = books.order(ht9000, 1, "610.00", on=nov(2))
        assert refused(lambda: books.receive(again, "A1", on=nov(11))).codes == {"SER-14"}
        invoice = books.invoice(shipped, on=nov(12))
        authorized = books.make("return_authorization", invoice, on=nov(12))
        back = refused(lambda: books.make("return_receipt", authorized, "A1", on=nov(11)))
        assert back.codes == {"SER-14"}
        books.receive(again, "A1", on=nov(12))

    def test_a_step_is_not_dated_before_the_step_before(self, books: Books, ht9000: Item) -> None:
        books.have(ht9000, "600.00", "A1")
        picked = books.fulfill(
            books.sell(ht9000, 1, "999.00", on=nov(4)), "A1", on=nov(10), to="picked"
        )
        early = refused(lambda: books.advance(picked, "shipped", on=nov(9)))
        assert early.codes == {"SER-14"}
        late = refused(lambda: books.advance(picked, "shipped", on=nov(24)))
        assert "future" in late.messages[0]
        books.advance(picked, "shipped", on=nov(10))

    def test_voided_moves_do_not_count(self, books: Books, ht9000: Item) -> None:
        order = books.order(ht9000, 1, "600.00", on=nov(2))
        books.void(books.receive(order, "A1", on=nov(10)))
        books.receive(order, "A1", on=nov(3))
        books.void(books.adjust(ht9000, -1, "A1", on=nov(9)))
        books.adjust(ht9000, -1, "A1", on=nov(4))
        assert not books.on_hand(ht9000)

    def test_no_verb_writes_into_a_closed_period(self, books: Books, ht9000: Item) -> None:
        books.have(ht9000, "600.00", "A1 A2")
        sale = books.sell(ht9000, 2, "999.00", on=nov(4))
        picked = books.fulfill(sale, "A1", on=nov(5), to="picked")
        AccountingPeriod.objects.update(closed=True)
        acts = [
            lambda: books.fulfill(sale, "A2", on=nov(6)),
            lambda: books.advance(picked, "shipped", on=nov(6)),
            lambda: books.void(picked),
            lambda: correct(books, picked, "A2"),
        ]
        for act in acts:
            assert refused(act).codes == {"SER-15"}
        AccountingPeriod.objects.update(closed=False)
        for act in acts[:2]:
            act()

    def test_an_ordinary_item_back_dated_costs_what_it_costs_now(
        self, books: Books, cable: Item
    ) -> None:
        books.adjust(cable, 10, on=nov(2), rate="10.00")
        books.adjust(cable, 10, on=nov(10), rate="20.00")
        books.adjust(cable, -1, on=nov(5))
        assert (books.value(cable), books.average(cable)) == (285, 15)


def test_a_request_repeated_corrects_once(books: Books, ht9000: Item) -> None:
    receipt = books.receive(books.order(ht9000, 1, "600.00", on=nov(2)), "A1", on=nov(3))
    request = uuid4()
    first, second = (correct(books, receipt, rate="650.00", request_id=request) for _ in range(2))
    assert first == second
    assert Transaction.objects.of("item_receipt").count() == 2


@pytest.mark.parametrize("kind", ["vendor_bill", "invoice"])
def test_part_of_a_serialized_unit_is_refused(books: Books, ht9000: Item, kind: str) -> None:
    books.have(ht9000, "600.00", "A1")
    party: dict[str, Any] = (
        {"vendor": VendorFactory()} if kind == "vendor_bill" else {"customer": CustomerFactory()}
    )
    number = "B1" if kind == "vendor_bill" else "A1"

    def enter(quantity: str) -> Transaction:
        return books.post(kind, [books.line(ht9000, quantity, "10.00", number)], nov(3), **party)

    found = refused(lambda: enter("0.5"))
    assert any("whole units" in message for message in found.messages)
    enter("1")
