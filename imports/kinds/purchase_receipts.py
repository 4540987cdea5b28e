from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from imports.kinds.base import Column, Plan, Record, spoiled
from imports.kinds.drafts import Draft, DraftLine
from imports.kinds.lookups import orders_numbered
from imports.kinds.stock import ITEM, NUMBER, QUANTITY, StockCheck, StockKind
from inventory import sets
from items import numbers
from items.models import Item
from transactions.models import StockMove, Transaction, TransactionLine

ORDER = Column(
    "order",
    "Purchase Order",
    "The number of the order that the goods come in on.",
    "PO-12",
    ("po", "po #", "po number", "order number", "order no", "purchase order number",
     "created from", "document"),
    required=True,
)  # fmt: skip
RECEIPT = "item_receipt"


class Source:
    """What a line of an order has left to receive, and the receipt's line that takes of it."""

    def __init__(self, line: TransactionLine) -> None:
        self.line, self.left = line, line.on_order
        self.draft: DraftLine | None = None

    def take(self, record: Record, number: str, quantity: Decimal) -> None:
        self.left -= quantity
        if self.draft is None:
            line = TransactionLine(
                item=self.line.item,
                location=self.line.location,
                quantity=Decimal(0),
                rate=self.line.rate,
                created_from_line=self.line,
            )
            self.draft = DraftLine(line)
        self.draft.add(record, number, quantity)


class Rows(StockCheck):
    def __init__(self, records: Sequence[Record], day: date) -> None:
        super().__init__(records, day)
        self.orders = orders_numbered(record["order"] for record in records)
        self.by_id = {order.pk: order for order in self.orders.values()}
        self.sources: dict[tuple[int, int], list[Source]] = {}
        self._read_orders()
        self.received = self._received()

    def row(self, record: Record) -> None:
        order, item = self._order(record), self.item(record)
        if order is None or item is None:
            return
        if (order.pk, item.pk) not in self.sources:
            url = order.get_absolute_url()
            self.plan.wrong(record, ITEM, f"{item} is not on {order}.", url=url)
        elif item.is_serialized:
            self._unit(record, order, item)
        elif quantity := self.quantity(record, item):
            self._take(record, order, item, "", quantity)

    def finish(self) -> Plan:
        """Ask posting about the receipts that the rows come to."""
        drafts = self._drafts()
        for draft in drafts:
            self.plan.findings += draft.problems(self.by_id)
        self.plan.counts = {
            "New units": self.units(drafts),
            "Already received": self.known,
            "Item receipts": len(drafts),
        }
        self.plan.work, self.plan.has_work = drafts, bool(drafts)
        return self.plan

    # One row

    def _order(self, record: Record) -> Transaction | None:
        number = record["order"]
        order = self.orders.get(number.casefold())
        if order is None:
            why = spoiled(number)
            text = f"“{number}” {why}." if why else f"There is no purchase order “{number}”."
            self.plan.wrong(record, ORDER, text if number else "The purchase order is missing.")
        return order

    def _unit(self, record: Record, order: Transaction, item: Item) -> None:
        number = self.number(record, item)
        if not number:
            return
        if (order.pk, item.pk, numbers.key(number)) in self.received:
            text = f"It was received on {order} before, and is left as it is."
            self.recognize(record, number, text)
        else:
            self._take(record, order, item, number, Decimal(1))

    def _take(
        self, record: Record, order: Transaction, item: Item, number: str, quantity: Decimal
    ) -> None:
        """Take it from the first line of the order that has enough left."""
        sources = self.sources[order.pk, item.pk]
        source = next((source for source in sources if source.left >= quantity), None)
        if source:
            source.take(record, number, quantity)
            return
        left = max(source.left for source in sources)
        only = f"Only {left} more" if left else "No more"
        text = f"{only} of {item} can be received on {order}, which is {order.status_label}."
        self.plan.wrong(record, ITEM, text, url=order.get_absolute_url())

    # All rows

    def _read_orders(self) -> None:
        """What each line of the orders has left; a line that is done has nothing left."""
        lines = TransactionLine.objects.filter(transaction__in=sets.ids(self.by_id))
        for line in lines.select_related("item", "location").order_by("transaction", "line_no"):
            line.transaction = self.by_id[line.transaction_id]
            key = (line.transaction_id, line.item_id)
            self.sources.setdefault(key, []).append(Source(line))

    def _received(self) -> set[tuple[int, int, str]]:
        """What was received on the orders already: order, item and number key."""
        moves = StockMove.objects.standing().filter(
            line__transaction__created_from__in=sets.ids(self.by_id),
            line__transaction__type=RECEIPT,
            unit__isnull=False,
        )
        order = "line__transaction__created_from"
        return set(moves.values_list(order, "item_id", "unit__number_key"))

    def _drafts(self) -> list[Draft]:
        """A receipt for each order, in the order of the ids: so everybody locks them."""
        taken: dict[int, list[DraftLine]] = {}
        for (order, _), sources in self.sources.items():
            taken.setdefault(order, []).extend(s.draft for s in sources if s.draft)
        return [
            Draft(self._receipt(self.by_id[pk]), lines)
            for pk, lines in sorted(taken.items())
            if lines
        ]

    def _receipt(self, order: Transaction) -> Transaction:
        return Transaction(type=RECEIPT, date=self.day, vendor=order.vendor, created_from=order)


class PurchaseReceipts(StockKind):
    """Ordered goods arrive. Dr Inventory Asset, Cr Accrued Purchases (R1)."""

    name = "purchase_receipts"
    label = "Purchase Receipts"
    text = (
        "One row for each unit: purchase order, item, serial number. Posted as one item receipt "
        "for each order, at the order's rates and locations. Items without serial numbers: one "
        "row with the quantity received."
    )
    columns = (ORDER, ITEM, NUMBER, QUANTITY)
    rows = Rows


kind = PurchaseReceipts()
