"""The rows of the truth table: operations on serial number X1 in any state (SPEC §6.2)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from tests.books import TODAY, nov
from tests.counts import Counts
from tests.factories import VendorFactory
from tests.scenarios.desk import correct
from tests.scenarios.states import X1, State
from transactions.models import Transaction

# What may be taken in X1's place: a new number, one on hand at MAIN, one that was sold or sent.
OTHERS = {
    **dict.fromkeys(["receive", "bill_alone", "adjust_in", "count_surplus"], "N1"),
    **dict.fromkeys(
        ["return_unlinked", "return_unlinked_ridge", "trade_in", "trade_in_ridge"], "N1"
    ),
    **dict.fromkeys(
        ["pick", "ship", "invoice_alone", "sell_for_cash", "transfer", "ship_transfer",
         "ship_to_vendor", "adjust_out"], "Z1"
    ),
    **dict.fromkeys(
        ["return_linked", "return_other_sale", "receive_other_transfer", "expect",
         "expect_other_sale"], "Y1"
    ),
}  # fmt: skip


class Operations:
    """The rows: each a function that does the operation with X1, after the state was set up."""

    def __init__(self, state: State, name: str) -> None:
        self.state, self.books, self.item, self.place = state, state.books, state.item, state.place
        self.name = name
        self.number = X1  # what is typed

    def prepare(self, column: str) -> Callable[[list[str]], Any]:
        """Bring about the state; what then does the operation, given confirmed codes."""
        setting: Callable[[str], Any] = getattr(self, f"_{self.name}")
        return setting(column)

    def post(self, kind: str, lines: list[Any], confirmed: list[str], **header: Any) -> Any:
        return self.books.post(kind, lines, TODAY, confirmed, **header)

    def line(self, at: Any = None, **more: Any) -> Any:
        quantity = more.pop("quantity", 1)
        at = at or self.place.main
        return self.books.line(self.item, quantity, "500.00", self.number, at=at, **more)

    def take_another(self) -> None:
        """Type a number instead that may be taken."""
        self.number = OTHERS[self.name]

    def leaving(self, column: str) -> Any:
        """Where goods are taken out: from the inactive location itself, else from MAIN."""
        return self.place.old if column == "inactive" else self.place.main

    # In

    def _receive(self, column: str) -> Any:
        self.state.bring(column)
        order = self.books.order(self.item, 1, "500.00", on=TODAY)
        return lambda confirmed: self.books.receive(order, self.number)

    def _bill_alone(self, column: str) -> Any:
        self.state.bring(column)
        acme = VendorFactory(name="Acme")
        return lambda c: self.post("vendor_bill", [self.line()], c, vendor=acme)

    def _adjust_in(self, column: str) -> Any:
        self.state.bring(column)
        account = self.books.account("6500")
        return lambda c: self.post("inventory_adjustment", [self.line()], c, account=account)

    def _count_surplus(self, column: str) -> Any:
        """X1 was seen at MAIN; the count waits for approval."""
        self.state.bring(column)
        counts = Counts(self.books)
        count = counts.start(self.place.main, self.item)
        counts.see(count, X1, cost=Decimal("500.00"))
        counts.complete(count)

        def approve(confirmed: list[str]) -> Any:
            if self.number != X1:
                counts.see(count, self.number, remove=[X1])
            return self.books.advance(count, "approved")

        return approve

    # Back

    def _return_linked(self, column: str) -> Any:
        """X1 was sold; then a second unit of the number came into the column's state."""
        invoice = self.state.invoice_of(self.state.sell("X1 Y1"))
        if column == "w/o":  # that very unit was returned already; Y1 may still be
            once = self.books.make("return_authorization", invoice, "X1", on=nov(5))
            self.books.make("return_receipt", once, X1, on=nov(5), line={"restock": False})
        authorized = self.books.make("return_authorization", invoice, quantity=1, on=nov(6))
        if column not in ("sold", "w/o"):
            State(self.books, self.item, self.place, start=7).bring(column)
        return lambda confirmed: self.receive_return(authorized, confirmed)

    def _return_other_sale(self, column: str) -> Any:
        invoice = self.state.invoice_of(self.state.sell("Y1"))
        State(self.books, self.item, self.place, start=7).bring(column)
        authorized = self.books.make("return_authorization", invoice, on=nov(12))
        return lambda confirmed: self.receive_return(authorized, confirmed)

    def receive_return(self, authorized: Transaction, confirmed: list[str]) -> Any:
        line = {"override_rate": Decimal("300.00")}
        return self.books.make(
            "return_receipt", authorized, self.number, on=TODAY, confirmed=confirmed, line=line
        )

    def _return_unlinked(self, column: str, customer: Any = None) -> Any:
        self.state.bring(column)
        customer = customer or self.state.maple
        authorized = self.books.post(
            "return_authorization", [self.books.line(self.item, 1, "500.00")], nov(12),
            customer=customer, status="pending_receipt",
        )  # fmt: skip
        return lambda confirmed: self.receive_return(authorized, confirmed)

    def _return_unlinked_ridge(self, column: str) -> Any:
        return self._return_unlinked(column, self.state.ridge)

    def _trade_in(self, column: str, customer: Any = None) -> Any:
        self.state.bring(column)
        customer = customer or self.state.maple
        rate = Decimal("300.00")
        return lambda c: self.post(
            "credit_memo", [self.line(override_rate=rate)], c, customer=customer
        )

    def _trade_in_ridge(self, column: str) -> Any:
        return self._trade_in(column, self.state.ridge)

    def _receive_transfer(self, column: str) -> Any:
        shipment = self.state.bring(column)
        return lambda confirmed: self.books.make("transfer_receipt", shipment, on=TODAY)

    def _receive_other_transfer(self, column: str) -> Any:
        """Y1 was sent, and X1 is typed."""
        self.state.bring(column)
        main, third = self.place.main, self.place.third
        self.state.buy(main, "Y1")
        order = self.books.order_transfer(self.item, 1, at=main, to=third, on=nov(12))
        sent = self.books.make("transfer_shipment", order, "Y1", on=nov(12), status="shipped")
        return lambda c: self.books.make("transfer_receipt", sent, self.number, on=TODAY)

    # Named on orders

    def _designate(self, column: str) -> Any:
        self.state.bring(column)
        return lambda c: self.post("sales_order", [self.line()], c, customer=self.state.ridge)

    def _designate_transfer(self, column: str) -> Any:
        self.state.bring(column)
        ends = {"location": self.place.main, "to_location": self.place.east}
        return lambda c: self.post(
            "transfer_order", [self.line()], c, status="pending_fulfillment", **ends
        )

    def _expect(self, column: str) -> Any:
        """As on a linked return, but named on the authorization; `never`: sold was another."""
        if column == "never":
            invoice = self.state.invoice_of(self.state.sell("Y1"))
        else:
            invoice = self.state.invoice_of(self.state.sell("X1 Y1"))
        if column == "w/o":
            once = self.books.make("return_authorization", invoice, "X1", on=nov(5))
            self.books.make("return_receipt", once, X1, on=nov(5), line={"restock": False})
        elif column not in ("sold", "never"):
            State(self.books, self.item, self.place, start=7).bring(column)
        return lambda c: self.expect_back(invoice, c)

    def _expect_other_sale(self, column: str) -> Any:
        invoice = self.state.invoice_of(self.state.sell("Y1"))
        State(self.books, self.item, self.place, start=7).bring(column)
        return lambda c: self.expect_back(invoice, c)

    def expect_back(self, invoice: Transaction, confirmed: list[str]) -> Any:
        return self.books.make(
            "return_authorization", invoice, self.number, on=TODAY, confirmed=confirmed
        )

    # Out

    def stock(self, column: str) -> None:
        """X1 in its state, and something at MAIN that can be committed and taken."""
        self.state.bring(column)
        if column != "here":
            self.state.buy(self.place.main, "Z1")

    def _pick(self, column: str, to: str = "picked") -> Any:
        self.stock(column)
        order = self.books.sell(self.item, 1, "999.00", on=nov(12))
        return lambda confirmed: self.books.fulfill(order, self.number, to=to)

    def _ship(self, column: str) -> Any:
        return self._pick(column, "shipped")

    def _invoice_alone(self, column: str) -> Any:
        self.stock(column)
        return lambda c: self.post("invoice", [self.line()], c, customer=self.state.ridge)

    def _sell_for_cash(self, column: str) -> Any:
        self.stock(column)
        till = {"customer": self.state.ridge, "account": self.books.account("1010")}
        return lambda c: self.post("cash_sale", [self.line()], c, **till)

    def _ship_the_pick(self, column: str) -> Any:
        pick = self.state.bring(column)
        return lambda confirmed: self.books.advance(pick, "shipped")

    def _transfer(self, column: str) -> Any:
        self.stock(column)
        start = self.leaving(column)
        ends = {"location": start, "to_location": self.place.third}
        return lambda c: self.post("inventory_transfer", [self.line(at=start)], c, **ends)

    def _ship_transfer(self, column: str) -> Any:
        self.stock(column)
        main, third = self.place.main, self.place.third
        order = self.books.order_transfer(self.item, 1, at=main, to=third, on=nov(12))
        return lambda c: self.books.make(
            "transfer_shipment", order, self.number, on=TODAY, status="shipped"
        )

    def _ship_to_vendor(self, column: str) -> Any:
        self.stock(column)
        line = self.books.line(self.item, 1, "500.00", at=self.place.main)
        authorized = self.books.post(
            "vendor_return_authorization", [line], nov(12), vendor=VendorFactory(name="Acme"),
            status="pending_return",
        )  # fmt: skip
        return lambda c: self.books.make(
            "vendor_return_shipment", authorized, self.number, on=TODAY
        )

    def _adjust_out(self, column: str) -> Any:
        self.stock(column)
        place = self.leaving(column)
        why = {"account": self.books.account("6500"), "reason": "damage"}
        return lambda c: self.post(
            "inventory_adjustment", [self.line(at=place, quantity=-1)], c, **why
        )

    # Undone

    def _void_its_receipt(self, column: str) -> Any:
        """The document that brought X1 in, and what else was made from it but moves."""
        if column == "other":  # received at MAIN, and moved on
            self.state.buy(self.place.main)
            self.books.transfer(self.item, 1, X1, at=self.place.main, to=self.place.east, on=nov(4))
        else:
            self.state.bring(column)
        bill = Transaction.objects.of("vendor_bill").get()
        self.books.void(bill)
        receipt = Transaction.objects.of("item_receipt").get()
        return lambda confirmed: self.books.void(receipt)

    def _correct_its_receipt(self, column: str) -> Any:
        self._void_its_receipt(column)
        receipt = Transaction.objects.of("item_receipt").get()
        return lambda confirmed: correct(self.books, receipt, rate="610.00")

    def _void_its_sale(self, column: str) -> Any:
        """The fulfillment that sold the first unit, its invoice voided."""
        self.state.buy(self.place.main)
        order = self.books.sell(self.item, 1, "999.00", on=nov(4))
        fulfillment = self.books.fulfill(order, X1, on=nov(4))
        if column == "w/o":
            invoice = self.books.invoice(fulfillment, on=nov(4))
            authorized = self.books.make("return_authorization", invoice, on=nov(5))
            self.books.make("return_receipt", authorized, X1, on=nov(5), line={"restock": False})
        elif column != "sold":
            State(self.books, self.item, self.place, start=7).bring(column)
        return lambda confirmed: self.books.void(fulfillment)

    def _void_its_return(self, column: str) -> Any:
        """X1 was sold and came back; then it went on into the column's state."""
        invoice = self.state.invoice_of(self.state.sell())
        authorized = self.books.make("return_authorization", invoice, on=nov(5))
        receipt = self.books.make(
            "return_receipt", authorized, X1, on=nov(5), line={"restock": column != "w/o"}
        )
        self._moves_on(column)
        return lambda confirmed: self.books.void(receipt)

    def _moves_on(self, column: str) -> None:
        """The unit on hand at MAIN comes into another state."""
        books, main = self.books, self.place.main
        if column in ("other", "inactive"):
            goal = self.leaving(column) if column == "inactive" else self.place.east
            books.transfer(self.item, 1, X1, at=main, to=goal, on=nov(6))
        elif column in ("picked", "sold"):
            order = books.sell(self.item, 1, "999.00", on=nov(6))
            books.fulfill(order, X1, on=nov(6), to="picked" if column == "picked" else "shipped")
        elif column == "transit":
            order = books.order_transfer(self.item, 1, at=main, to=self.place.east, on=nov(6))
            books.make("transfer_shipment", order, X1, on=nov(6), status="shipped")
        elif column == "adj":
            books.adjust(self.item, -1, X1, on=nov(6))
        elif column == "vendor":
            self._ship_to_vendor("never")([])
