"""Enters the demo company's documents, one line each, through posting like everybody else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from accounting.models import Account
from demo.company import Records
from items.models import Item
from locations.models import Location
from parties.models import Customer, Vendor
from transactions import remaining, types
from transactions.models import Application, Transaction, TransactionLine
from transactions.posting import advance, post, void

# What is taken of a line: these serial numbers, or so many of an ordinary item.
Part = Sequence[str] | int


class Want(NamedTuple):
    """An item on an order."""

    item: Item
    quantity: int
    rate: Decimal
    place: Location
    numbers: Sequence[str] = ()


class Clerk:
    """The demo user at work."""

    def __init__(self, records: Records) -> None:
        self.records = records

    def order(self, vendor: Vendor, wants: Iterable[Want], on: date, **header: Any) -> Transaction:
        lines = [_line(want) for want in wants]
        return self.post("purchase_order", lines, on, vendor=vendor, **header)

    def receive(self, order: Transaction, parts: Iterable[Part], on: date) -> Transaction:
        """Receive a part of each of the order's lines; none of those whose part is empty."""
        return self._follow("item_receipt", order, _parts(order, parts), on)

    def bill(
        self, receipt: Transaction, on: date, surcharge: Decimal = Decimal(0), **header: Any
    ) -> Transaction:
        """Enter the vendor's bill, which may ask more for a unit than was ordered."""
        lines = _whole(receipt)
        for line in lines:
            line.rate += surcharge
        return self._follow("vendor_bill", receipt, lines, on, **header)

    def sell(
        self, customer: Customer, wants: Iterable[Want], on: date, **header: Any
    ) -> Transaction:
        lines = [_line(want) for want in wants]
        return self.post("sales_order", lines, on, customer=customer, **header)

    def fulfill(
        self, order: Transaction, parts: Iterable[Part], on: date, to: str = "shipped"
    ) -> Transaction:
        """Pick, or pick and ship, a part of each of the order's lines."""
        return self._follow("item_fulfillment", order, _parts(order, parts), on, status=to)

    def invoice(self, fulfillment: Transaction, on: date, **header: Any) -> Transaction:
        return self._follow("invoice", fulfillment, _whole(fulfillment), on, **header)

    def adjust(self, want: Want, on: date, reason: str, memo: str) -> Transaction:
        account = self.records.company.adjustment_account
        lines = [_line(want)]
        return self.post(
            "inventory_adjustment", lines, on, account=account, reason=reason, memo=memo
        )

    def enter(self, kind: str, wants: Iterable[Want], on: date, **header: Any) -> Transaction:
        """A document of its own."""
        return self.post(kind, [_line(want) for want in wants], on, **header)

    def follow(
        self,
        kind: str,
        parent: Transaction,
        on: date,
        numbers: Sequence[str] = (),
        line: dict[str, Any] | None = None,
        **header: Any,
    ) -> Transaction:
        """A document of a kind from all that its parent has left, or these numbers of a line."""
        own, lines = types.get(kind), []
        parent.refresh_from_db()
        for source in remaining.lines_left(own, parent)[: 1 if numbers else None]:
            taken = _after(source, Decimal(len(numbers)) if numbers else own.limit(source), numbers)
            taken.location = own.place(source)
            for name, value in (line or {}).items():
                setattr(taken, name, value)
            lines.append(taken)
        first = {"status": own.first_statuses()[0]} if own.first_statuses() else {}
        return self._follow(kind, parent, lines, on, **{**first, **header})

    def pay(self, documents: Sequence[Transaction], on: date) -> Transaction:
        """All that is open of some documents of one party, by or to the bank."""
        party, side = documents[0].party, "vendor" if documents[0].vendor else "customer"
        bank = Account.objects.of_type(Account.Type.BANK).first()
        payment = Transaction(type=f"{side}_payment", date=on, account=bank, **{side: party})
        payment.applications = [Application(document=d, amount=d.open_balance) for d in documents]
        return post(payment, [], by=self.records.user).document

    def advance(self, document: Transaction, to: str, on: date) -> Transaction:
        return advance(document, to=to, by=self.records.user, on=on).document

    def void(self, document: Transaction, why: str) -> Transaction:
        return void(document, why, by=self.records.user).document

    def post(
        self, kind: str, lines: Sequence[TransactionLine], on: date, **header: Any
    ) -> Transaction:
        given = {name: header.pop(name, ()) for name in ("journal_rows", "renames")}
        document = Transaction(type=kind, date=on, **header)
        document.journal_rows, document.renames = given["journal_rows"], given["renames"]
        return post(document, lines, by=self.records.user).document

    def _follow(
        self,
        kind: str,
        parent: Transaction,
        lines: Sequence[TransactionLine],
        on: date,
        **header: Any,
    ) -> Transaction:
        """A document made from another, with the same party."""
        return self.post(
            kind,
            lines,
            on,
            vendor=parent.vendor,
            customer=parent.customer,
            created_from=parent,
            **header,
        )


def _line(want: Want) -> TransactionLine:
    line = TransactionLine(
        item=want.item, quantity=Decimal(want.quantity), rate=want.rate, location=want.place
    )
    line.serials = want.numbers
    return line


def _sources(parent: Transaction) -> list[TransactionLine]:
    return list(parent.lines.select_related("item", "location", "transaction"))


def _parts(parent: Transaction, parts: Iterable[Part]) -> list[TransactionLine]:
    """A line for the taken part of each of the parent's lines."""
    lines = []
    for source, part in zip(_sources(parent), parts, strict=True):
        if part:
            quantity, serials = (part, ()) if isinstance(part, int) else (len(part), part)
            lines.append(_after(source, Decimal(quantity), serials))
    return lines


def _whole(parent: Transaction) -> list[TransactionLine]:
    return [_after(source, source.quantity) for source in _sources(parent)]


def _after(
    source: TransactionLine, quantity: Decimal, serials: Sequence[str] = ()
) -> TransactionLine:
    line = TransactionLine(
        item=source.item,
        quantity=quantity,
        rate=source.rate,
        location=source.location,
        created_from_line=source,
    )
    line.serials = serials
    return line
