"""A bookkeeper for tests: posts documents in one line each and reads the figures back.

Quantities, accounts and statuses are spoken of as in SPEC §8.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from accounting.models import Account, JournalLine, balance
from company.models import Company
from items import numbers
from items.models import Item, ItemLocation, SerialUnit
from locations.models import Location
from tests.factories import CustomerFactory, UserFactory, VendorFactory
from transactions import remaining, types
from transactions.models import Application, NumberChange, Transaction, TransactionLine
from transactions.posting import Result, advance, post, void
from users.roles import ADMINISTRATOR

TODAY = date(2026, 11, 23)


def nov(day: int) -> date:
    return date(2026, 11, day)


class Books:
    """One company's documents and figures."""

    def __init__(self, user: Any = None) -> None:
        self.user = user or UserFactory(username="clerk", role=ADMINISTRATOR)
        self.result: Result | None = None

    @property
    def company(self) -> Company:
        return Company.current()

    # Documents

    def post(
        self,
        kind: str,
        lines: Sequence[TransactionLine],
        on: date = TODAY,
        confirmed: Sequence[str] = (),
        request_id: Any = None,
        **header: Any,
    ) -> Transaction:
        document = Transaction(type=kind, date=on, **header)
        self.result = post(
            document, lines, by=self.user, confirmed=confirmed, request_id=request_id
        )
        return self.result.document

    def line(
        self,
        item: Item,
        quantity: Any,
        rate: Any = "0.00",
        serials: str = "",
        at: Location | None = None,
        **more: Any,
    ) -> TransactionLine:
        line = TransactionLine(
            item=item,
            quantity=Decimal(quantity),
            rate=Decimal(rate),
            location=at or self.company.default_location,
            **more,
        )
        line.serials = numbers.split(serials)
        return line

    def order(self, item: Item, quantity: Any, rate: Any, on: date = TODAY, **more: Any):
        """A purchase order of one line."""
        vendor = more.pop("vendor", None) or VendorFactory(name="Acme")
        lines = [self.line(item, quantity, rate, at=more.pop("at", None))]
        return self.post("purchase_order", lines, on, vendor=vendor, **more)

    def receive(
        self, order: Transaction, serials: str = "", on: date = TODAY, quantity: Any = None
    ):
        """A receipt of the order's first line: its numbers, or a quantity of an ordinary item."""
        source = order.lines.first()
        count = quantity or len(numbers.split(serials))
        line = self.line(
            source.item, count, source.rate, serials, at=source.location, created_from_line=source
        )
        return self.post("item_receipt", [line], on, vendor=order.vendor, created_from=order)

    def bill(self, parent: Transaction, on: date = TODAY, rate: Any = None, **more: Any):
        """A bill of everything received and not yet billed."""
        lines = [
            self.line(
                s.item, s.quantity - s.billed, rate or s.rate, at=s.location, created_from_line=s
            )
            for s in self._movements(parent)
            if s.quantity > s.billed
        ]
        return self.post(
            "vendor_bill", lines, on, vendor=parent.vendor, created_from=parent, **more
        )

    def sell(self, item: Item, quantity: Any, rate: Any, on: date = TODAY, **more: Any):
        """A sales order of one line."""
        customer = more.pop("customer", None) or CustomerFactory(name="Maple")
        lines = [self.line(item, quantity, rate, more.pop("serials", ""), at=more.pop("at", None))]
        return self.post("sales_order", lines, on, customer=customer, **more)

    def fulfill(
        self,
        order: Transaction,
        serials: str = "",
        on: date = TODAY,
        to: str = "shipped",
        quantity: Any = None,
    ):
        """A fulfillment of the order's first line."""
        source = order.lines.first()
        count = quantity or len(numbers.split(serials))
        line = self.line(
            source.item, count, source.rate, serials, at=source.location, created_from_line=source
        )
        return self.post(
            "item_fulfillment", [line], on, customer=order.customer, created_from=order, status=to
        )

    def invoice(self, parent: Transaction, on: date = TODAY, **more: Any):
        lines = [
            self.line(s.item, s.quantity, s.rate, at=s.location, created_from_line=s)
            for s in self._movements(parent)
            if not s.billed
        ]
        return self.post(
            "invoice", lines, on, customer=parent.customer, created_from=parent, **more
        )

    def adjust(
        self,
        item: Item,
        quantity: Any,
        serials: str = "",
        on: date = TODAY,
        rate: Any = "0.00",
        account: str = "6500",
        at: Location | None = None,
        reason: str = "correction",
        **more: Any,
    ):
        return self.post(
            "inventory_adjustment",
            [self.line(item, quantity, rate, serials, at=at)],
            on,
            account=self.account(account),
            reason=reason,
            **more,
        )

    def have(self, item: Item, cost: Any, serials: str, at: Location | None = None):
        """Received and billed 2026-11-02 from Acme (SPEC §8)."""
        count = len(numbers.split(serials))
        order = self.order(item, count, cost, on=nov(2), at=at)
        receipt = self.receive(order, serials, on=nov(2))
        self.bill(receipt, on=nov(2))
        return receipt

    def sold(self, item: Item, serials: str, price: Any = "999.00", on: date | None = None):
        """Ordered, shipped and invoiced on one day."""
        day = on or nov(3)
        order = self.sell(item, len(numbers.split(serials)), price, on=day)
        fulfillment = self.fulfill(order, serials, on=day)
        self.invoice(fulfillment, on=day)
        return fulfillment

    def make(
        self,
        kind: str,
        parent: Transaction,
        serials: str = "",
        on: date = TODAY,
        quantity: Any = None,
        rate: Any = None,
        confirmed: Sequence[str] = (),
        line: dict[str, Any] | None = None,
        **header: Any,
    ) -> Transaction:
        """A document of a kind from its parent: all that is left of its lines.

        With numbers or a quantity, so many of the first line; `line` are more of its fields.
        """
        parent.refresh_from_db()
        sources = remaining.lines_left(types.get(kind), parent)
        typed = numbers.split(serials)
        if typed or quantity:
            sources = sources[:1]
        lines = []
        own = types.get(kind)
        for source in sources:
            left = quantity or len(typed) or own.limit(source)
            more = {"at": own.place(source), "created_from_line": source, **(line or {})}
            lines.append(
                self.line(source.item, left, source.rate if rate is None else rate, serials, **more)
            )
        header = {"vendor": parent.vendor, "customer": parent.customer, **header}
        return self.post(kind, lines, on, confirmed, created_from=parent, **header)

    def pay(self, *amounts: tuple[Transaction, Any], on: date = TODAY, account: str = "1000"):
        """A payment that settles documents of one customer or vendor."""
        party = amounts[0][0].party
        side = "vendor" if amounts[0][0].vendor else "customer"
        document = Transaction(
            type=f"{side}_payment", date=on, account=self.account(account), **{side: party}
        )
        document.applications = [
            Application(document=paid, amount=Decimal(amount)) for paid, amount in amounts
        ]
        self.result = post(document, [], by=self.user)
        return self.result.document

    def transfer(
        self, item: Item, quantity: Any, serials: str, at: Location, to: Location, on: date = TODAY
    ):
        """An inventory transfer of one line."""
        lines = [self.line(item, quantity, serials=serials, at=at)]
        return self.post("inventory_transfer", lines, on, location=at, to_location=to)

    def order_transfer(
        self, item: Item, quantity: Any, at: Location, to: Location, on=TODAY, serials: str = ""
    ):
        """A transfer order of one line."""
        lines = [self.line(item, quantity, serials=serials, at=at)]
        return self.post("transfer_order", lines, on, location=at, to_location=to)

    def rename(self, unit: SerialUnit, right: str, why: str = "misread", on: date = TODAY):
        """A correction of a serial number typed wrongly."""
        document = Transaction(type="serial_number_correction", date=on, memo=why)
        document.renames = [
            NumberChange(
                unit=unit, old_number=unit.number, old_key=unit.number_key, new_number=right
            )
        ]
        self.result = post(document, [], by=self.user)
        return self.result.document

    def advance(self, document: Transaction, to: str, on: date = TODAY) -> Transaction:
        self.result = advance(document, to=to, by=self.user, on=on)
        return self.result.document

    def void(self, document: Transaction, why: str = "entered by mistake") -> Transaction:
        self.result = void(document, why, by=self.user)
        return self.result.document

    @staticmethod
    def _movements(parent: Transaction) -> list[TransactionLine]:
        """The receipt's or fulfillment's lines behind a document that is to be billed."""
        own = TransactionLine.objects.filter(transaction=parent)
        theirs = TransactionLine.objects.live().filter(transaction__created_from=parent)
        stock = ("item_receipt", "item_fulfillment")
        lines = own if parent.type in stock else theirs.filter(transaction__type__in=stock)
        return list(lines.with_progress().select_related("item", "location").order_by("pk"))

    # Figures

    @staticmethod
    def account(number: str) -> Account:
        return Account.objects.get(number=number)

    def balance(self, number: str) -> Decimal:
        """Debits minus credits."""
        return balance(self.account(number))

    def balances(self) -> dict[str, Decimal]:
        """Every account that is not at zero, by number."""
        totals = JournalLine.objects.balances()
        numbers_of = dict(Account.objects.values_list("id", "number"))
        return {numbers_of[pk]: total for pk, total in totals.items() if total}

    @staticmethod
    def quantities(item: Item, at: Location | None = None) -> dict[str, Decimal]:
        """OH, PK, IT, CM, BO, OO and AV of an item, at one location or in total."""
        names = {"on_hand": "OH", "picked": "PK", "in_transit": "IT", "committed": "CM",
                 "back_ordered": "BO", "on_order": "OO"}  # fmt: skip
        rows = ItemLocation.objects.filter(item=item)
        rows = list(rows.filter(location=at) if at else rows)
        found = {
            short: sum((getattr(row, name) for row in rows), Decimal(0))
            for name, short in names.items()
        }
        return {**found, "AV": sum((row.available for row in rows), Decimal(0))}

    @staticmethod
    def value(item: Item, at: Location | None = None) -> Decimal:
        """What the item's stock is worth."""
        rows = ItemLocation.objects.filter(item=item)
        rows = rows.filter(location=at) if at else rows
        return sum((row.value for row in rows), Decimal("0.00"))

    @staticmethod
    def average(item: Item) -> Decimal:
        """The moving average where all of an ordinary item lies at one location."""
        return ItemLocation.objects.get(item=item).average_cost

    @staticmethod
    def on_hand(item: Item) -> list[str]:
        """The serial numbers the On Hand filter lists."""
        return list(SerialUnit.objects.filter(item=item).on_hand().values_list("number", flat=True))

    @staticmethod
    def status(document: Transaction) -> str:
        document.refresh_from_db()
        return document.status_label
