"""The worked examples of SPEC §8, in its words and numbers.

Balances: + is a debit, − a credit. The chain, 1 to 10 and then 14, runs on one set of books.
"""

from decimal import Decimal
from types import SimpleNamespace

import pytest

from items.models import Item, SerialUnit
from items.refusals import Refused
from tests.books import Books, nov
from tests.factories import CustomerFactory, VendorFactory
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
        invoice = self.books.invoice(self.if1, on=nov(8))
        self.stands_at(a1100="1998", a4000="-1998")
        assert self.books.status(self.so1) == "Billed"
        shares = invoice.lines.get().line_units.select_related("unit")
        profits = {s.unit.number: s.amount - s.unit.unit_cost for s in shares}
        assert profits == {"A1234": Decimal("399.00"), "A1235": Decimal("399.00")}
        from reports.statements import income_statement

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

    def example_14_adjust_out_frees_the_number(self) -> None:
        """Straight after 10: OH 3, 1300 +2,650, 6500 +620."""
        document = self.books.adjust(self.ht9000, -1, "A1234", on=nov(12))
        line = document.lines.get()
        assert (line.rate, document.total) == (Decimal("620.00"), Decimal("-620.00"))
        self.has(OH=3)
        self.stands_at(a1300="2650", a6500="620")
        unit = SerialUnit.objects.filter(item=self.ht9000, number="A1234").latest("id")
        assert unit.status == "adjusted_out"


@pytest.mark.parametrize("last", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 14])
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
