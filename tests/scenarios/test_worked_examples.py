"""The worked examples of SPEC §8, in its words and numbers.

Balances: + is a debit, − a credit. The chain, 1 to 16, runs on one set of books.
"""

from decimal import Decimal
from types import SimpleNamespace

import pytest

from items.models import Item, SerialUnit
from items.refusals import Refused
from reports.statements import income_statement
from tests.books import Books, nov
from tests.factories import CustomerFactory, VendorFactory
from transactions import histories
from transactions.models import Transaction


class Chain:
    """The chain's steps; each asserts its numbers and leaves the books to the next."""

    def __init__(self, books: Books, ht9000: Item, tk100: Item) -> None:
        self.books, self.ht9000, self.tk100 = books, ht9000, tk100
        self.acme = VendorFactory(name="Acme")
        self.maple = CustomerFactory(name="Maple")

    def has(self, **expected: int) -> None:
        found = self.books.quantities(self.ht9000)
        assert {name: found[name] for name in expected} == expected

    def stands_at(self, **expected: str) -> None:
        found = {f"a{number}": total for number, total in self.books.balances().items()}
        assert {name: found.get(name, 0) for name in expected} == {
            name: Decimal(total) for name, total in expected.items()
        }

    def example_1_purchase_order(self) -> None:
        self.po1 = self.books.order(self.ht9000, 5, "600.00", on=nov(2), vendor=self.acme)
        self.has(OO=5, OH=0, CM=0)
        assert self.po1.status_label == "Pending Receipt"
        assert self.books.balances() == {}

    def example_2_partial_receipt(self) -> None:
        self.ir1 = self.books.receive(self.po1, "A1234, A1235, A1236", on=nov(3))
        self.has(OH=3, OO=2)
        assert self.books.status(self.po1) == "Pending Billing/Partially Received"
        self.stands_at(a1300="1800", a2010="-1800")

    def example_3_warning_and_prompt(self) -> None:
        with pytest.raises(Refused) as refused:
            self.books.receive(self.po1, "A1234 A1237", on=nov(4))
        [refusal] = refused.value.refusals
        assert (refusal.code, refusal.number) == ("SER-01", "A1234")
        assert refusal.message == (
            "Serial number A1234 is already on hand for HT9000 at MAIN. "
            "Enter a different serial number."
        )
        assert refusal.url == f"/serials/{self.ht9000.pk}/A1234/"
        self.has(OH=3, OO=2)
        assert Transaction.objects.of("item_receipt").count() == 1

        self.books.receive(self.po1, "A1238 A1237", on=nov(4))
        self.has(OH=5, OO=0)
        assert self.books.status(self.po1) == "Pending Bill"
        self.stands_at(a1300="3000", a2010="-3000")

    def example_4_bill(self) -> None:
        bill = self.books.bill(self.po1, on=nov(5))
        assert sum(line.quantity for line in bill.lines.all()) == 5
        assert self.books.status(self.po1) == "Fully Billed"
        self.stands_at(a2010="0", a2000="-3000")
        assert not bill.lines.filter(moves__isnull=False).exists()  # its serials move nothing
        self.has(OH=5)

    def example_5_same_serial_other_item(self) -> None:
        po2 = self.books.order(self.tk100, 1, "850.00", on=nov(5), vendor=self.acme)
        self.books.receive(po2, "A1234", on=nov(5))
        assert self.books.result.notices == []
        assert self.books.quantities(self.tk100)["OH"] == 1
        assert SerialUnit.objects.get(item=self.ht9000, number="A1234").status == "on_hand"
        self.stands_at(a1300="3850", a2010="-850")
        offered = SerialUnit.objects.held().numbered("A1234")
        assert {unit.item.name for unit in offered.select_related("item")} == {"HT9000", "TK100"}

    def example_6_sales_order(self) -> None:
        self.so1 = self.books.sell(
            self.ht9000, 2, "999.00", on=nov(6), customer=self.maple, serials="A1236"
        )
        self.has(CM=2, OH=5, AV=3, BO=0)
        self.stands_at(a1300="3850", a2010="-850")
        assert self.so1.lines.get().line_units.get().number == "A1236"
        assert SerialUnit.objects.get(item=self.ht9000, number="A1236").status == "on_hand"

    def example_7_pick(self) -> None:
        self.if1 = self.books.fulfill(self.so1, "A1234 A1235", on=nov(7), to="picked")
        self.has(OH=3, PK=2, CM=0, AV=3)
        assert self.books.on_hand(self.ht9000) == ["A1236", "A1237", "A1238"]
        self.stands_at(a1300="3850", a2010="-850")
        assert self.books.status(self.so1) == "Pending Fulfillment"
        other = self.books.order(self.ht9000, 1, "600.00", on=nov(7), vendor=self.acme)
        with pytest.raises(Refused) as refused:
            self.books.receive(other, "A1234", on=nov(7))
        [refusal] = refused.value.refusals
        assert refusal.code == "SER-02"
        assert f"picked for {self.so1}" in refusal.message
        self.books.void(other)

    def example_8_ship(self) -> None:
        self.if1 = self.books.advance(self.if1, "shipped", on=nov(8))
        self.has(PK=0, OH=3)
        assert self.books.status(self.so1) == "Pending Billing"
        self.stands_at(a5000="1200", a1300="2650")

    def example_9_invoice_and_profit(self) -> None:
        invoice = self.inv1 = self.books.invoice(self.if1, on=nov(8))
        self.stands_at(a1100="1998", a4000="-1998")
        assert self.books.status(self.so1) == "Billed"
        shares = invoice.lines.get().line_units.select_related("unit")
        profits = {s.unit.number: s.amount - s.unit.unit_cost for s in shares}
        assert profits == {"A1234": Decimal("399.00"), "A1235": Decimal("399.00")}
        november = income_statement(nov(1), nov(30))
        assert november.income.total == Decimal("1998.00")
        assert november.cost_of_sales.total == Decimal("1200.00")
        assert november.gross_profit == Decimal("798.00")

    def example_10_reuse_after_sale(self) -> None:
        po3 = self.books.order(self.ht9000, 1, "620.00", on=nov(10), vendor=self.acme)
        self.books.receive(po3, "A1234", on=nov(10))
        assert [notice.code for notice in self.books.result.notices] == ["SER-19"]
        self.has(OH=4)
        units = SerialUnit.objects.filter(item=self.ht9000, number="A1234").order_by("id")
        assert [(u.unit_cost, u.status) for u in units] == [
            (Decimal("600.00"), "sold"),
            (Decimal("620.00"), "on_hand"),
        ]
        self.stands_at(a1300="3270", a2010="-1470")

    def example_11_return_blocked(self) -> None:
        self.rma1 = self.books.make(
            "return_authorization", self.inv1, "A1234", on=nov(11), confirmed=["SER-03"]
        )
        with pytest.raises(Refused) as refused:
            self.books.make("return_receipt", self.rma1, "A1234", on=nov(11))
        [refusal] = refused.value.refusals
        assert refusal.code == "SER-03"
        assert refusal.message == (
            "You can't receive the return of HT9000 A1234: this serial number is currently "
            "on hand at MAIN."
        )
        self.has(OH=4)
        assert self.books.status(self.rma1) == "Pending Receipt"

    def example_12_return_accepted(self) -> None:
        self.rma2 = self.books.make("return_authorization", self.inv1, "A1235", on=nov(11))
        self.rr1 = self.books.make("return_receipt", self.rma2, "A1235", on=nov(11))
        self.has(OH=5)
        unit = SerialUnit.objects.get(item=self.ht9000, number="A1235")
        assert (unit.status, unit.unit_cost) == ("on_hand", Decimal("600.00"))
        self.stands_at(a1300="3870", a5000="600")
        assert self.books.status(self.rma2) == "Pending Refund"

    def example_13_credit(self) -> None:
        self.books.make("credit_memo", self.rma2, on=nov(11))
        self.stands_at(a1100="999", a4000="-999")
        assert self.books.status(self.rma2) == "Refunded"
        self.has(OH=5)
        assert self.profits()["A1235"] == Decimal("0.00")
        assert income_statement(nov(1), nov(30)).gross_profit == Decimal("399.00")

    def example_14_adjust_out_frees_the_number(self) -> None:
        document = self.books.adjust(self.ht9000, -1, "A1234", on=nov(12))
        line = document.lines.get()
        assert (line.rate, document.total) == (Decimal("620.00"), Decimal("-620.00"))
        self.has(OH=4)
        self.stands_at(a1300="3250", a6500="620")
        unit = SerialUnit.objects.filter(item=self.ht9000, number="A1234").latest("id")
        assert unit.status == "adjusted_out"

    def example_15_blocked_return_now_accepted(self) -> None:
        self.books.make("return_receipt", self.rma1, "A1234", on=nov(12))
        unit = SerialUnit.objects.on_hand().get(item=self.ht9000, number="A1234")
        assert unit.unit_cost == Decimal("600.00")
        self.has(OH=5)
        self.stands_at(a1300="3850", a5000="0")

    def example_16_credit_and_statement(self) -> None:
        self.books.make("credit_memo", self.rma1, on=nov(12))
        self.stands_at(a1100="0", a4000="0")
        november = income_statement(nov(1), nov(30))
        assert november.income.total == 0
        assert november.cost_of_sales.total == 0
        assert november.expense.total == Decimal("620.00")
        assert november.net_income == Decimal("-620.00")
        self.stands_at(a1300="3850")
        worth = {item: self.books.value(item) for item in (self.ht9000, self.tk100)}
        assert worth == {self.ht9000: Decimal("3000.00"), self.tk100: Decimal("850.00")}

    def profits(self) -> dict[str, Decimal | None]:
        """By serial number, the profit of its latest sale."""
        sales = histories.sales().filter(item=self.ht9000).order_by("id")
        return {sale.unit.number: sale.profit for sale in sales.select_related("unit")}


@pytest.mark.parametrize("last", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16])
def test_the_chain_up_to_example(last: int, books: Books, ht9000: Item, tk100: Item) -> None:
    chain = Chain(books, ht9000, tk100)
    for name in [name for name in vars(Chain) if name.startswith("example_")]:
        if int(name.split("_")[1]) <= last:
            getattr(chain, name)()


def test_example_20_inactive_location_and_filters(
    books: Books, ht9000: Item, place: SimpleNamespace
) -> None:
    """Receive O1 at MAIN while it is on hand at OLD, inactive → SER-01 naming OLD.

    The rows of the subtab are in tests/items/test_serial_subtab.py.
    """
    books.have(ht9000, "600.00", "M1 M2 S1", at=place.main)
    books.have(ht9000, "600.00", "E1", at=place.east)
    books.have(ht9000, "600.00", "O1", at=place.old)
    books.sold(ht9000, "S1")
    place.old.inactive = True
    place.old.save()
    assert books.quantities(ht9000)["OH"] == 4
    order = books.order(ht9000, 2, "600.00", at=place.main)
    books.receive(order, "O2")
    with pytest.raises(Refused) as refused:
        books.receive(order, "O1")
    [refusal] = refused.value.refusals
    assert refusal.code == "SER-01"
    assert "at OLD" in refusal.message


def test_example_21_duplicate_in_one_line(books: Books, ht9000: Item) -> None:
    order = books.order(ht9000, 3, "600.00")
    with pytest.raises(Refused) as refused:
        books.receive(order, "C1, C2, C1")
    assert [(r.code, r.number) for r in refused.value.refusals] == [("SER-07", "C1")]
    assert books.quantities(ht9000)["OH"] == 0
    books.receive(order, "C1, C2, C3")
    assert books.quantities(ht9000)["OH"] == 3


def test_example_25_adjust_in(books: Books, ht9000: Item) -> None:
    books.have(ht9000, "600.00", "M1 S1")
    books.sold(ht9000, "S1")
    with pytest.raises(Refused) as refused:
        books.adjust(ht9000, 1, "M1", rate="580.00")
    assert refused.value.codes == {"SER-01"}

    document = books.adjust(ht9000, 1, "S1", rate="580.00")
    assert [notice.code for notice in books.result.notices] == ["SER-19"]
    assert books.quantities(ht9000)["OH"] == 2
    assert books.balance("1300") == Decimal("1180.00")
    assert books.balance("6500") == Decimal("-580.00")
    assert SerialUnit.objects.get(item=ht9000, number="M1").unit_cost == Decimal("600.00")
    assert document.total == Decimal("580.00")


def test_example_17_inventory_transfer(books: Books, ht9000: Item, place: SimpleNamespace) -> None:
    books.have(ht9000, "600.00", "T1")
    books.have(ht9000, "640.00", "T2")
    books.transfer(ht9000, 1, "T2", at=place.main, to=place.east, on=nov(12))
    assert books.quantities(ht9000, place.main)["OH"] == 1
    assert books.quantities(ht9000, place.east)["OH"] == 1
    assert books.balance("1300") == Decimal("1240.00")
    order = books.sell(ht9000, 1, "999.00", on=nov(13), at=place.main)
    with pytest.raises(Refused) as refused:
        books.fulfill(order, "T2", on=nov(13))
    assert refused.value.codes == {"SER-05"}
    books.fulfill(books.sell(ht9000, 1, "999.00", on=nov(13), at=place.east), "T2", on=nov(13))
    assert books.balance("5000") == Decimal("640.00")


def test_example_18_transfer_order(books: Books, ht9000: Item, place: SimpleNamespace) -> None:
    books.have(ht9000, "600.00", "T1")
    books.have(ht9000, "640.00", "T2")
    order = books.order_transfer(ht9000, 2, at=place.main, to=place.east, on=nov(12))
    main, east = books.quantities(ht9000, place.main), books.quantities(ht9000, place.east)
    assert (main["CM"], main["AV"], east["OO"]) == (2, 0, 2)
    listed = Item.objects.with_quantities().get(pk=ht9000.pk)
    assert (listed.on_order, listed.committed) == (0, 0)

    shipment = books.make("transfer_shipment", order, "T1 T2", on=nov(13), status="shipped")
    main, east = books.quantities(ht9000, place.main), books.quantities(ht9000, place.east)
    assert (main["OH"], main["CM"], east["IT"]) == (0, 0, 2)
    assert (books.balance("1300"), books.balance("1310")) == (0, Decimal("1240.00"))
    assert books.status(order) == "Pending Receipt"
    purchase = books.order(ht9000, 1, "600.00", on=nov(13))
    with pytest.raises(Refused) as refused:
        books.receive(purchase, "T1", on=nov(14))
    assert refused.value.codes == {"SER-02"}
    books.have(ht9000, "600.00", "T3")
    sale = books.sell(ht9000, 1, "999.00", on=nov(14))
    with pytest.raises(Refused) as refused:
        books.fulfill(sale, "T1", on=nov(14))
    assert refused.value.codes == {"SER-12"}
    with pytest.raises(Refused) as refused:
        books.make("transfer_receipt", order, on=nov(12))
    assert refused.value.codes == {"SER-14"}

    books.make("transfer_receipt", shipment, on=nov(15))
    east = books.quantities(ht9000, place.east)
    assert (east["OH"], east["OO"], east["IT"]) == (2, 0, 0)
    assert (books.balance("1310"), books.balance("5000")) == (0, 0)
    assert books.balance("1300") == Decimal("1840.00")  # with T3
    assert books.status(order) == "Received"


def test_example_28_moving_average(books: Books, cable: Item) -> None:
    for day, cost in ((2, "10.00"), (3, "15.00")):
        books.receive(books.order(cable, 20, cost, on=nov(day)), quantity=20, on=nov(day))
    assert books.average(cable) == Decimal("12.50")
    assert (books.quantities(cable)["OH"], books.value(cable)) == (40, Decimal("500.00"))
    sale = books.sell(cable, 5, "25.00", on=nov(4))
    invoice = books.invoice(books.fulfill(sale, quantity=5, on=nov(4)), on=nov(4))
    assert books.balance("5000") == Decimal("62.50")
    assert books.balance("4000") == Decimal("-125.00")
    assert books.value(cable) == Decimal("437.50")
    books.receive(books.order(cable, 15, "20.00", on=nov(5)), quantity=15, on=nov(5))
    assert (books.quantities(cable)["OH"], books.value(cable)) == (50, Decimal("737.50"))
    assert books.average(cable) == Decimal("14.75")
    returned = books.make("return_authorization", invoice, quantity=2, on=nov(6))
    books.make("return_receipt", returned, on=nov(6))
    assert (books.quantities(cable)["OH"], books.value(cable)) == (52, Decimal("762.50"))
    assert books.average(cable).quantize(Decimal("0.0001")) == Decimal("14.6635")
    assert books.balance("5000") == Decimal("37.50")


def test_example_29_vendor_return(books: Books, ht9000: Item) -> None:
    order = books.have(ht9000, "600.00", "R1").created_from
    assert books.balance("2000") == Decimal("-600.00")
    returned = books.make("vendor_return_authorization", order, on=nov(15))
    assert returned.status_label == "Pending Return"
    books.make("vendor_return_shipment", returned, "R1", on=nov(15))
    unit = SerialUnit.objects.get(item=ht9000, number="R1")
    assert (books.quantities(ht9000)["OH"], unit.status) == (0, "returned_to_vendor")
    assert (books.balance("1300"), books.balance("2010")) == (0, Decimal("600.00"))
    assert books.status(returned) == "Pending Credit"
    books.make("bill_credit", returned, rate="580.00", on=nov(15))
    assert books.balance("2000") == Decimal("-20.00")
    assert (books.balance("2010"), books.balance("5030")) == (0, Decimal("20.00"))
    assert books.status(returned) == "Credited"
    books.receive(books.order(ht9000, 1, "610.00", on=nov(16)), "R1", on=nov(16))
    assert books.quantities(ht9000)["OH"] == 1


def test_example_31_back_order_and_auto_commit(books: Books, ht9000: Item) -> None:
    books.have(ht9000, "600.00", "B1")
    first = books.sell(ht9000, 3, "999.00", on=nov(5))
    assert [first.lines.get().committed, first.lines.get().back_ordered] == [1, 2]
    second = books.sell(ht9000, 1, "999.00", on=nov(6))
    assert [second.lines.get().committed, second.lines.get().back_ordered] == [0, 1]
    found = books.quantities(ht9000)
    assert (found["CM"], found["BO"], found["AV"]) == (1, 3, 0)
    books.receive(books.order(ht9000, 2, "600.00", on=nov(7)), "B2 B3", on=nov(7))
    assert [first.lines.get().committed, first.lines.get().back_ordered] == [3, 0]
    assert second.lines.get().back_ordered == 1
    found = books.quantities(ht9000)
    assert (found["OH"], found["CM"], found["AV"]) == (3, 3, 0)
    books.fulfill(first, "B1 B2 B3", on=nov(8))
    found = books.quantities(ht9000)
    assert (found["OH"], found["CM"], found["BO"]) == (0, 0, 1)
    with pytest.raises(Refused):
        books.fulfill(second, "B1", on=nov(8))


def test_example_41_write_off(books: Books, ht9000: Item) -> None:
    books.have(ht9000, "600.00", "W1")
    fulfillment = books.sold(ht9000, "W1")
    [invoice] = Transaction.objects.of("invoice")
    authorized = books.make("return_authorization", invoice, on=nov(4))
    receipt = books.make("return_receipt", authorized, "W1", on=nov(4), line={"restock": False})
    unit = SerialUnit.objects.get(item=ht9000, number="W1")
    assert (books.quantities(ht9000)["OH"], unit.status) == (0, "written_off")
    assert (books.balance("5000"), books.balance("6510")) == (0, Decimal("600.00"))
    assert books.balance("1300") == 0
    credit = books.make("credit_memo", authorized, on=nov(4))
    assert (books.balance("1100"), books.balance("4000")) == (0, 0)
    [sale] = histories.sales().filter(line__transaction=fulfillment)
    assert sale.profit == 0
    with pytest.raises(Refused) as refused:
        books.void(receipt)
    assert refused.value.codes == {"SER-13"}
    books.void(credit)
    books.void(receipt)
    assert (books.balance("5000"), books.balance("6510")) == (Decimal("600.00"), 0)
    unit.refresh_from_db()
    assert (unit.status, unit.last_location) == ("sold", books.company.default_location)


def test_example_42_trade_in(books: Books, ht9000: Item) -> None:
    ridge = CustomerFactory(name="Ridge")
    line = books.line(ht9000, 1, "250.00", "X1", override_rate=Decimal("200.00"))
    with pytest.raises(Refused) as refused:
        books.post("credit_memo", [line], nov(5), customer=ridge)
    [refusal] = refused.value.refusals
    assert (refusal.code, refusal.asks) == ("SER-11", True)
    credit = books.post("credit_memo", [line], nov(5), customer=ridge, confirmed=["SER-11"])
    assert books.quantities(ht9000)["OH"] == 1
    assert books.balances() == {
        "1300": Decimal("200.00"), "5000": Decimal("-200.00"),
        "4000": Decimal("250.00"), "1100": Decimal("-250.00"),
    }  # fmt: skip
    sale = [books.line(ht9000, 1, "900.00", "X1")]
    books.post("invoice", sale, nov(6), customer=CustomerFactory(name="Maple"))
    assert (books.balance("5000"), books.balance("1300")) == (0, 0)
    assert books.balance("4000") == Decimal("-650.00")
    [sold] = histories.sales()
    assert sold.profit == Decimal("700.00")
    assert income_statement(nov(1), nov(30)).gross_profit == Decimal("650.00")
    assert credit.open_balance == Decimal("250.00")
