"""What files that bring stock in have in common: a row a unit, posted as documents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from imports.kinds.base import (
    KNOWN,
    Column,
    Finding,
    ImportKind,
    Plan,
    Record,
    RowsRefused,
    Tick,
    spoiled,
)
from imports.kinds.drafts import Draft, Numbers
from imports.kinds.figures import NotAFigure, figure
from imports.kinds.lookups import items_named
from items.models import Item
from items.refusals import Refused
from transactions.models import Transaction
from transactions.posting import Joined

ITEM = Column(
    "item",
    "Item",
    "Its name/number, or its UPC.",
    "ST4000DM000",
    ("item name", "item number", "item name/number", "name", "sku", "product", "model",
     "part number"),
    required=True,
)  # fmt: skip
NUMBER = Column(
    "serial_number",
    "Serial Number",
    "One row for each unit; leave it empty for items without serial numbers.",
    "00123A",
    ("serial", "serial no", "serial #", "serials", "serial numbers", "sn", "s/n", "number",
     "imei", "inventory number"),
)  # fmt: skip
QUANTITY = Column(
    "quantity",
    "Quantity",
    "How many; for items without serial numbers.",
    "",
    ("qty", "count", "on hand", "quantity on hand", "received", "quantity received"),
)
STEP = 1_000  # rows between two signs of progress


class StockCheck:
    """Rows taken one by one: each is wrong, known already, or part of a document to be posted."""

    def __init__(self, records: Sequence[Record], day: date) -> None:
        self.day, self.plan = day, Plan()
        self.items = items_named(record["item"] for record in records)
        self.numbers = Numbers(NUMBER, self.plan)
        self.known = 0

    def row(self, record: Record) -> None:
        raise NotImplementedError

    def finish(self) -> Plan:
        raise NotImplementedError

    def item(self, record: Record) -> Item | None:
        name = record["item"]
        item = self.items.get(name.casefold())
        if item is None:
            why = spoiled(name)
            text = f"“{name}” {why}." if why else f"There is no item “{name}”. Import it first."
            self.plan.wrong(record, ITEM, text if name else "The item is missing.")
        return item

    def number(self, record: Record, item: Item) -> str:
        """The serial number of a row of a serialized item, or "" where that is wrong."""
        quantity = record["quantity"]
        if quantity == "0":  # an exported list has numbers that were sold, too
            text = "It is not on hand. Leave out the row."
            self.plan.wrong(record, QUANTITY, text)
        elif quantity not in ("", "1", "1.0"):
            self.plan.wrong(record, QUANTITY, f"{item} has serial numbers: one row for each unit.")
        elif not record["serial_number"]:
            self.plan.wrong(record, NUMBER, f"{item} needs a serial number in every row.")
        else:
            return self.numbers.take(record, item)
        return ""

    def quantity(self, record: Record, item: Item) -> Decimal | None:
        """The quantity of a row of an ordinary item, or None where that is wrong."""
        text = record["quantity"]
        if record["serial_number"]:
            self.plan.wrong(record, NUMBER, f"{item} has no serial numbers.")
            return None
        try:
            quantity = figure(text)
        except NotAFigure as error:
            said = f"The quantity “{text}” {error}." if text else f"How many of {item}?"
            self.plan.wrong(record, QUANTITY, said)
            return None
        if quantity <= 0:
            self.plan.wrong(record, QUANTITY, "Enter a quantity above zero.")
            return None
        return quantity

    def units(self, drafts: Iterable[Draft]) -> int:
        """How many units the documents bring in, those of wrong rows left out."""
        wrong = self.plan.wrong_rows
        return sum(
            record.row not in wrong
            for draft in drafts
            for line in draft.lines
            if line.numbers
            for record in line.records
        )

    def recognize(self, record: Record, what: str, text: str) -> None:
        """A row that changes nothing: what it says came in before."""
        self.known += 1
        found = Finding(record.row, text, column=NUMBER.label, value=what, weight=KNOWN)
        self.plan.findings.append(found)


class StockKind(ImportKind):
    """A kind whose rows become documents."""

    rows: ClassVar[type[StockCheck]]

    def check(self, records: Iterable[Record], day: date, tick: Tick) -> Plan:
        records = list(records)
        rows = self.rows(records, day)
        for position, record in enumerate(records):
            if position % STEP == 0:
                tick("Checking rows", position, len(records))
            rows.row(record)
        tick("Comparing with what is in stock", 0, 0)
        return rows.finish()

    def write(self, plan: Plan, day: date, memo: str, by: Any, post: Joined) -> list[Transaction]:
        made = []
        drafts: Sequence[Draft] = plan.work
        for draft in drafts:
            draft.document.memo = memo
            lines = [each.line for each in draft.lines]
            try:
                made.append(post(draft.document, lines, by=by).document)
            except Refused as refused:
                raise RowsRefused(draft.explain(refused.refusals)) from None
        return made
