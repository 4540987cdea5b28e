"""Ten thousand pasted numbers checked against a million units, before the line is added.

Against the time to post them: nobody should wait longer for an answer than for the deed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from items import numbers
from items.refusals import Refusal
from tests.benchmarks.lots import Hands, new_item
from tests.benchmarks.measured import Measured
from transactions import remaining, types
from transactions.checks import line_refusals
from transactions.models import Transaction, TransactionLine
from transactions.posting import post

UNITS = 1_000_000
STOCKED_AT_ONCE = 100_000
PASTED = 10_000
TURNS = 3


def main(jobs: Sequence[str], sizes: Sequence[int]) -> None:
    desk = Desk()
    received, picked, refused = [], [], []
    for turn in range(TURNS):
        refused.append(desk.check(*desk.receipt(), paste(desk.lot(turn))))
        received.append(desk.check_and_post(*desk.receipt(), paste(desk.lot(turn, UNITS))))
        picked.append(desk.check_and_post(*desk.pick(), paste(desk.lot(turn))))
    posted = [post for _, post in received]
    report("receive", [check for check, _ in received], posted)
    report("receive, all refused", refused, posted)
    report("pick", [check for check, _ in picked], [post for _, post in picked])


def paste(lot: Iterable[int]) -> str:
    return "\n".join(f"SN-{n:07}" for n in lot)


class Desk:
    """A clerk's desk over one item with a million units at one place."""

    def __init__(self) -> None:
        self.hands, self.item = Hands(), new_item()
        self.books = self.hands.books
        for first in range(0, UNITS, STOCKED_AT_ONCE):
            line = self.books.line(self.item, STOCKED_AT_ONCE, "600.00")
            line.serials = paste(range(first, first + STOCKED_AT_ONCE)).split()
            header = {"account": self.books.account("6500"), "reason": "opening_balance"}
            self.hands.post_later("inventory_adjustment", line, **header)()

    @staticmethod
    def lot(turn: int, start: int = 0) -> range:
        return range(start + turn * PASTED, start + (turn + 1) * PASTED)

    def receipt(self) -> tuple[Transaction, TransactionLine]:
        order = self.books.order(self.item, PASTED, "600.00", on=self.hands.today)
        return self._from(order, "item_receipt", vendor=order.vendor)

    def pick(self) -> tuple[Transaction, TransactionLine]:
        order = self.books.sell(self.item, PASTED, "999.00", on=self.hands.today)
        header = {"customer": order.customer, "status": "picked"}
        return self._from(order, "item_fulfillment", **header)

    def _from(
        self, order: Transaction, kind: str, **header: Any
    ) -> tuple[Transaction, TransactionLine]:
        [source] = remaining.lines_left(types.get(kind), order)
        line = self.books.line(
            self.item, PASTED, source.rate, at=source.location, created_from_line=source
        )
        document = Transaction(type=kind, date=self.hands.today, created_from=order, **header)
        return document, line

    def check(self, document: Transaction, line: TransactionLine, pasted: str) -> Measured:
        def act() -> list[Refusal]:
            line.serials = numbers.split(pasted)
            return line_refusals(document, [line], 1)

        return Measured(act)

    def check_and_post(
        self, document: Transaction, line: TransactionLine, pasted: str
    ) -> tuple[Measured, Measured]:
        check = self.check(document, line, pasted)
        assert not check.outcome, check.outcome[:3]
        return check, Measured(lambda: post(document, [line], by=self.books.user))


def report(job: str, checks: Sequence[Measured], posts: Sequence[Measured]) -> None:
    seconds = min(check.seconds for check in checks)
    post_seconds = min(post.seconds for post in posts)
    line = {
        "job": f"check: {job}",
        "database": connection.vendor,
        "units": UNITS,
        "n": PASTED,
        "seconds": round(seconds, 4),
        "post_seconds": round(post_seconds, 4),
        "ratio": round(seconds / post_seconds, 2),
        "statements": max(check.statements for check in checks),
    }
    print(json.dumps(line), flush=True)
