"""Rows gathered into the lines of a document, and refusals led back to their rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from dataclasses import replace as changed
from decimal import Decimal

from imports.kinds.base import NOTE, WRONG, Column, Finding, Plan, Record, finding_of, spoiled
from items import numbers
from items.models import Item
from items.refusals import Refusal, refuse
from transactions import checks
from transactions.models import Transaction, TransactionLine

_LINE = re.compile(r"^Line \d+(, [^:]+)?: ")

Pair = tuple[int, str]  # item id, number key


@dataclass
class DraftLine:
    """A line to be posted and the rows it comes from: one a unit, or one of a quantity."""

    line: TransactionLine
    records: list[Record] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)

    def add(self, record: Record, number: str = "", quantity: Decimal = Decimal(1)) -> None:
        self.records.append(record)
        self.line.quantity += quantity
        if number:
            self.numbers.append(number)
            self.line.serials = self.numbers

    def about(self, refusal: Refusal) -> Iterator[Record]:
        """The rows a refusal of this line is about: that of its number, or all of them."""
        if not (refusal.number and self.numbers):
            yield from self.records
            return
        key = numbers.key(refusal.number)
        for record, number in zip(self.records, self.numbers, strict=True):
            if numbers.key(number) == key:
                yield record


@dataclass
class Draft:
    """A document to be posted: its header and its lines."""

    document: Transaction
    lines: list[DraftLine] = field(default_factory=list)

    def problems(self, family: Mapping[int, Transaction]) -> Iterator[Finding]:
        """What posting would say of it, row by row."""
        lines = [draft.line for draft in self.lines]
        refusals, notices = checks.document_refusals(self.document, lines, family)
        yield from self.explain(refusals, WRONG)
        yield from self.explain(notices, NOTE)

    def explain(self, refusals: Iterable[Refusal], weight: str = WRONG) -> Iterator[Finding]:
        for refusal in refusals:
            said = changed(refusal, message=_LINE.sub("", refusal.message))
            if refusal.line is None:
                yield Finding(None, said.message, said.code, url=said.url, weight=weight)
                continue
            draft = self.lines[refusal.line - 1]
            for record in draft.about(refusal):
                yield changed(finding_of(said, record), weight=weight)


class Numbers:
    """The serial numbers of a file: each well formed, and once for its item."""

    def __init__(self, column: Column, plan: Plan) -> None:
        self.column, self.plan = column, plan
        self.rows: dict[Pair, int] = {}

    def take(self, record: Record, item: Item) -> str:
        """The row's number if it can be taken; if not, the plan says why (SER-07, SER-08)."""
        number = numbers.tidy(record[self.column.name])
        problem = spoiled(record[self.column.name]) or numbers.problem(number)
        if problem:
            refusal = refuse("SER-08", sn=number, problem=problem)
        else:
            first = self.rows.setdefault((item.pk, numbers.key(number)), record.row)
            if first == record.row:
                return number
            where = f"rows {first:,} and {record.row:,}"
            refusal = refuse("SER-07", sn=number, item=item, lines=where)
        self.plan.findings.append(finding_of(refusal, record, self.column.label))
        return ""
