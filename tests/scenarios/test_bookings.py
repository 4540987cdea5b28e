"""Every booking of SPEC §5.1, on the item's own accounts, and its exact reversal (R14).

A row of the table: the rule, how to make the document, and the change of balances it brings. The
item's accounts are called asset, income and cogs, the company's go by number; debits are positive.
Two of an item are traded: bought at 600.00, sold at 999.00.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from accounting.models import Account, JournalLine
from items.models import Item, ItemLocation, SerialUnit
from tests.books import Books, nov
from tests.factories import AccountFactory, CustomerFactory, ItemFactory, VendorFactory
from transactions.models import Transaction

Act = Callable[[], Transaction]


class Trade:
    """Two of one item on their way through the house. What prepares gives back the last step."""

    def __init__(self, books: Books, item: Item, place: SimpleNamespace) -> None:
        self.books, self.item, self.main, self.east = books, item, place.main, place.east
        self.maple, self.acme = CustomerFactory(name="Maple"), VendorFactory(name="Acme")

    @property
    def both(self) -> dict[str, Any]:
        """How `make` is told of the two: by number, or by quantity."""
        return {"serials": "A1 A2"} if self.item.is_serialized else {"quantity": 2}

    def line(self, rate: str, quantity: int = 2, **more: Any) -> Any:
        typed = "A1 A2" if self.item.is_serialized else ""
        return self.books.line(self.item, quantity, rate, typed, **more)

    def unnamed(self, rate: str) -> Any:
        return self.books.line(self.item, 2, rate)

    # What is there before

    def ordered(self) -> Transaction:
        return self.books.order(self.item, 2, "600.00", on=nov(2))

    def received(self) -> Transaction:
        return self.books.make("item_receipt", self.ordered(), on=nov(2), **self.both)

    def ordered_and_received(self) -> Transaction:
        order = self.received().created_from
        assert order
        return order

    def bought(self) -> Transaction:
        receipt = self.received()
        self.books.bill(receipt, on=nov(2))
        return receipt

    def sold_order(self) -> Transaction:
        self.bought()
        return self.books.sell(self.item, 2, "999.00", on=nov(3))

    def shipped(self) -> Transaction:
        order = self.sold_order()
        return self.books.make("item_fulfillment", order, on=nov(3), status="shipped", **self.both)

    def invoiced(self) -> Transaction:
        return self.books.invoice(self.shipped(), on=nov(4))

    def authorized(self) -> Transaction:
        return self.books.make("return_authorization", self.invoiced(), on=nov(5))

    def returned(self) -> Transaction:
        return self.books.make("return_receipt", self.authorized(), on=nov(5), **self.both)

    def authorized_without_sale(self) -> Transaction:
        header = {"customer": self.maple, "status": "pending_receipt"}
        return self.books.post("return_authorization", [self.unnamed("999.00")], nov(5), **header)

    def transfer_ordered(self) -> Transaction:
        self.bought()
        return self.books.order_transfer(self.item, 2, at=self.main, to=self.east, on=nov(5))

    def in_transit(self) -> Transaction:
        order = self.transfer_ordered()
        return self.books.make("transfer_shipment", order, on=nov(5), status="shipped", **self.both)

    def vendor_return_authorized(self) -> Transaction:
        order = self.bought().created_from
        assert order
        return self.books.make("vendor_return_authorization", order, on=nov(5))

    def sent_back(self) -> Transaction:
        authorized = self.vendor_return_authorized()
        return self.books.make("vendor_return_shipment", authorized, on=nov(5), **self.both)

    # The last step: what is booked

    def after(self, before: str, kind: str, *, named: bool = False, **more: Any) -> Act:
        """A document of a kind from what was there before."""
        parent: Transaction = getattr(self, before)()
        numbers = self.both if named else {}
        if account := more.pop("account", None):
            more["account"] = self.books.account(account)
        return lambda: self.books.make(kind, parent, on=nov(9), **numbers, **more)

    def alone(self, kind: str, line: Any, before: str = "", **header: Any) -> Act:
        """A document of its own."""
        if before:
            getattr(self, before)()
        if account := header.pop("account", None):
            header["account"] = self.books.account(account)
        return lambda: self.books.post(kind, [line], nov(9), ["SER-10", "SER-11"], **header)

    def picked_then_shipped(self) -> Act:
        order = self.sold_order()

        def act() -> Transaction:
            picked = self.books.make(
                "item_fulfillment", order, on=nov(8), status="picked", **self.both
            )
            return self.books.advance(picked, "shipped", on=nov(9))

        return act

    def transferred(self) -> Act:
        self.bought()
        line = self.line("0.00", at=self.main)
        ends = {"location": self.main, "to_location": self.east}
        return lambda: self.books.post("inventory_transfer", [line], nov(9), **ends)

    def paid(self, before: str, account: str = "1000") -> Act:
        owed = self.invoiced() if before == "invoiced" else self._bill()
        return lambda: self.books.pay((owed, owed.total), on=nov(9), account=account)

    def _bill(self) -> Transaction:
        self.bought()
        return Transaction.objects.of("vendor_bill").get()


WORTH = {"override_rate": Decimal("200.00")}
UNLINKED = {"line": WORTH, "confirmed": ["SER-11"]}

# rule, name, how it is made, and what it books
TABLE: list[tuple[str, str, Callable[[Trade], Act], dict[str, str]]] = [
    ("—", "purchase order", lambda t: t.ordered, {}),
    ("—", "sales order", lambda t: t.alone(
        "sales_order", t.unnamed("999.00"), "bought", customer=t.maple), {}),
    ("—", "return authorization", lambda t: t.after("invoiced", "return_authorization"), {}),
    ("—", "vendor return authorization", lambda t: t.alone(
        "vendor_return_authorization", t.unnamed("600.00"), "bought", vendor=t.acme,
        status="pending_return"), {}),
    ("—", "transfer order", lambda t: t.alone(
        "transfer_order", t.unnamed("0.00"), "bought", status="pending_fulfillment",
        location=t.main, to_location=t.east), {}),
    ("—", "picked", lambda t: t.after(
        "sold_order", "item_fulfillment", named=True, status="picked"), {}),
    ("—", "packed", lambda t: t.after(
        "sold_order", "item_fulfillment", named=True, status="packed"), {}),
    ("—", "picked for a transfer", lambda t: t.after(
        "transfer_ordered", "transfer_shipment", named=True, status="picked"), {}),
    ("R1", "receipt", lambda t: t.after("ordered", "item_receipt", named=True),
        {"asset": "1200", "2010": "-1200"}),
    ("R1a", "stand-alone bill", lambda t: t.alone(
        "vendor_bill", t.line("600.00"), vendor=t.acme), {"asset": "1200", "2000": "-1200"}),
    ("R1b", "opening quantity", lambda t: t.alone(
        "inventory_adjustment", t.line("600.00"), account="3900"),
        {"asset": "1200", "3900": "-1200"}),
    ("R2", "bill", lambda t: t.after("received", "vendor_bill"),
        {"2010": "1200", "2000": "-1200"}),
    ("R2", "bill of the order", lambda t: t.after("ordered_and_received", "vendor_bill"),
        {"2010": "1200", "2000": "-1200"}),
    ("R2v", "dearer bill", lambda t: t.after("received", "vendor_bill", rate="650.00"),
        {"2010": "1200", "5010": "100", "2000": "-1300"}),
    ("R2v", "cheaper bill", lambda t: t.after("received", "vendor_bill", rate="550.00"),
        {"2010": "1200", "5010": "-100", "2000": "-1100"}),
    ("R3", "fulfillment", lambda t: t.after(
        "sold_order", "item_fulfillment", named=True, status="shipped"),
        {"cogs": "1200", "asset": "-1200"}),
    ("R3", "fulfillment picked first", lambda t: t.picked_then_shipped(),
        {"cogs": "1200", "asset": "-1200"}),
    ("R3, R3i", "stand-alone invoice", lambda t: t.alone(
        "invoice", t.line("999.00"), "bought", customer=t.maple),
        {"1100": "1998", "income": "-1998", "cogs": "1200", "asset": "-1200"}),
    ("R3, R3c", "stand-alone cash sale", lambda t: t.alone(
        "cash_sale", t.line("999.00"), "bought", customer=t.maple, account="1010"),
        {"1010": "1998", "income": "-1998", "cogs": "1200", "asset": "-1200"}),
    ("R3i", "invoice", lambda t: t.after("shipped", "invoice"),
        {"1100": "1998", "income": "-1998"}),
    ("R3c", "cash sale of what was shipped", lambda t: t.after(
        "shipped", "cash_sale", account="1010"), {"1010": "1998", "income": "-1998"}),
    ("R3c", "cash sale into a bank", lambda t: t.after(
        "shipped", "cash_sale", account="1000"), {"1000": "1998", "income": "-1998"}),
    ("R4", "linked return", lambda t: t.after("authorized", "return_receipt", named=True),
        {"asset": "1200", "cogs": "-1200"}),
    ("R4", "unlinked return", lambda t: t.after(
        "authorized_without_sale", "return_receipt", named=True, **UNLINKED),
        {"asset": "400", "cogs": "-400"}),
    ("R5", "return not restocked", lambda t: t.after(
        "authorized", "return_receipt", named=True, line={"restock": False}),
        {"6510": "1200", "cogs": "-1200"}),
    ("R6", "transfer shipped", lambda t: t.after(
        "transfer_ordered", "transfer_shipment", named=True, status="shipped"),
        {"1310": "1200", "asset": "-1200"}),
    ("R6", "transfer received", lambda t: t.after("in_transit", "transfer_receipt"),
        {"asset": "1200", "1310": "-1200"}),
    ("R6t", "transfer", lambda t: t.transferred(), {}),
    ("R7", "vendor return", lambda t: t.after(
        "vendor_return_authorized", "vendor_return_shipment", named=True),
        {"2010": "1200", "asset": "-1200"}),
    ("R7c", "bill credit", lambda t: t.after("sent_back", "bill_credit", rate="600.00"),
        {"2000": "1200", "2010": "-1200"}),
    ("R7c", "lesser bill credit", lambda t: t.after("sent_back", "bill_credit", rate="580.00"),
        {"2000": "1160", "2010": "-1200", "5030": "40"}),
    ("R7c", "greater bill credit", lambda t: t.after("sent_back", "bill_credit", rate="620.00"),
        {"2000": "1240", "2010": "-1200", "5030": "-40"}),
    ("R8", "credit memo", lambda t: t.after("returned", "credit_memo"),
        {"income": "1998", "1100": "-1998"}),
    ("R8, R4", "stand-alone credit memo", lambda t: t.alone(
        "credit_memo", t.line("250.00", **WORTH), customer=t.maple),
        {"income": "500", "1100": "-500", "asset": "400", "cogs": "-400"}),
    ("R9", "cash refund", lambda t: t.after("returned", "cash_refund", account="1010"),
        {"income": "1998", "1010": "-1998"}),
    ("R9", "cash refund from a bank", lambda t: t.after(
        "returned", "cash_refund", account="1000"), {"income": "1998", "1000": "-1998"}),
    ("R10", "adjustment in", lambda t: t.alone(
        "inventory_adjustment", t.line("580.00"), account="6500"),
        {"asset": "1160", "6500": "-1160"}),
    ("R11", "adjustment out", lambda t: t.alone(
        "inventory_adjustment", t.line("0.00", -2), "bought", account="6500", reason="damage"),
        {"6500": "1200", "asset": "-1200"}),
    ("R13", "customer payment into the till", lambda t: t.paid("invoiced", "1010"),
        {"1010": "1998", "1100": "-1998"}),
    ("R13", "customer payment into a bank", lambda t: t.paid("invoiced"),
        {"1000": "1998", "1100": "-1998"}),
    ("R13", "vendor payment", lambda t: t.paid("billed"), {"2000": "1200", "1000": "-1200"}),
]  # fmt: skip

ITEMS = ["serialized", "serialized, own accounts", "ordinary", "ordinary, own accounts"]


@pytest.fixture(params=ITEMS)
def item(request: pytest.FixtureRequest, books: Books) -> Item:
    """Serialized or ordinary, on the company's accounts or on its own."""
    own = {
        "income_account": AccountFactory(number="4050", type=Account.Type.INCOME),
        "cogs_account": AccountFactory(number="5050", type=Account.Type.COGS),
        "asset_account": AccountFactory(number="1350", type=Account.Type.CURRENT_ASSET),
    }
    accounts = own if "own" in request.param else {}
    return ItemFactory(ordinary=request.param.startswith("ordinary"), **accounts)


def by_number(item: Item, booked: dict[str, str]) -> dict[str, Decimal]:
    """The table's words for the item's accounts, as numbers."""
    own = {
        "asset": item.asset_account.number,
        "income": item.income_account.number,
        "cogs": item.cogs_account.number,
    }
    return {own.get(name, name): Decimal(amount) for name, amount in booked.items()}


def change(before: dict[str, Decimal], after: dict[str, Decimal]) -> dict[str, Decimal]:
    zero = Decimal(0)
    moved = {n: after.get(n, zero) - before.get(n, zero) for n in before.keys() | after.keys()}
    return {number: amount for number, amount in moved.items() if amount}


def standing(books: Books) -> tuple[Any, ...]:
    """Balances, quantities, values, and where each unit is."""
    rows = ItemLocation.objects.order_by("item", "location").values_list(
        "item", "location", "value", *ItemLocation.QUANTITIES
    )
    units = SerialUnit.objects.listed().order_by("pk")
    return (
        books.balances(),
        [row for row in rows if any(row[2:])],
        list(units.values_list("number", "status", "location", "unit_cost", "moved_on", "left_on")),
    )


@pytest.mark.parametrize(
    ("make", "booked"),
    [pytest.param(make, booked, id=f"{rule}: {name}") for rule, name, make, booked in TABLE],
)
def test_books_on_the_items_accounts_and_a_void_restores_all(
    books: Books, item: Item, place: SimpleNamespace, make: Callable[[Trade], Act], booked: Any
) -> None:
    act = make(Trade(books, item, place))
    before = standing(books)
    made = act()
    assert change(before[0], books.balances()) == by_number(item, booked)
    written = JournalLine.objects.filter(entry__posting__document=made).exists()
    assert written == bool(booked)
    books.void(made)
    assert standing(books) == before


def test_every_rule_of_the_table_is_there() -> None:
    rules = {rule for row in TABLE for rule in row[0].split(", ")}
    assert rules == {
        "—", "R1", "R1a", "R1b", "R2", "R2v", "R3", "R3i", "R3c", "R4", "R5", "R6", "R6t", "R7",
        "R7c", "R8", "R9", "R10", "R11", "R13",
    }  # fmt: skip


def test_each_line_books_on_its_own_items_accounts(books: Books, place: SimpleNamespace) -> None:
    till, maple = books.account("1010"), CustomerFactory(name="Maple")
    own = ItemFactory(
        income_account=AccountFactory(number="4050", type=Account.Type.INCOME),
        cogs_account=AccountFactory(number="5050", type=Account.Type.COGS),
        asset_account=AccountFactory(number="1350", type=Account.Type.CURRENT_ASSET),
    )
    other = ItemFactory(ordinary=True)
    books.adjust(own, 1, "A1", on=nov(2), rate="600.00")
    books.adjust(other, 4, on=nov(2), rate="10.00")
    before = books.balances()
    lines = [books.line(own, 1, "999.00", "A1"), books.line(other, 3, "25.00")]
    books.post("cash_sale", lines, nov(3), customer=maple, account=till)
    assert change(before, books.balances()) == {
        "1010": Decimal("1074.00"),
        "4050": Decimal("-999.00"), "5050": Decimal("600.00"), "1350": Decimal("-600.00"),
        "4000": Decimal("-75.00"), "5000": Decimal("30.00"), "1300": Decimal("-30.00"),
    }  # fmt: skip


def test_a_void_reverses_on_the_accounts_as_they_were_when_posted(
    books: Books, ht9000: Item
) -> None:
    books.have(ht9000, "600.00", "A1")
    before = books.balances()
    line = books.line(ht9000, 1, "999.00", "A1")
    invoice = books.post("invoice", [line], nov(3), customer=CustomerFactory(name="Maple"))
    ht9000.income_account = AccountFactory(number="4050", type=Account.Type.INCOME)
    ht9000.cogs_account = AccountFactory(number="5050", type=Account.Type.COGS)
    ht9000.save()
    books.void(invoice)
    assert books.balances() == before
    books.post("invoice", [line], nov(4), customer=invoice.customer)
    assert books.balance("4000") == books.balance("5000") == 0
    assert (books.balance("4050"), books.balance("5050")) == (Decimal(-999), Decimal(600))
