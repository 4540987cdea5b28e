"""A document takes its next step."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils import timezone

from accounting.fields import scaled
from inventory import sets
from items.refusals import Refused
from transactions import ledger, rules, serials
from transactions.models import Transaction, TransactionLine
from transactions.posting.work import Work, stored_lines
from transactions.serials import Take
from transactions.types.base import Pair


class Next(Work):
    """A document takes its next step: approve, pack, ship, close …"""

    def __init__(self, document: Transaction, to: str, on: date | None, by: Any) -> None:
        super().__init__(document, by)
        self.to = to
        self.on = on or timezone.localdate()

    def work(self) -> None:
        self.document = Transaction.objects.get(pk=self.document.pk)
        self.lines = stored_lines(self.document)
        self.lock_documents(self.lines)
        self.document = self.family[self.document.pk]
        before = self.document.status
        if refusals := rules.step(self.document, self.to, self.on):
            raise Refused(refusals)
        self.lock_balances(self.lines)
        if before == "closed":
            self._open_lines()
        takes = self._takes(before)
        self.document.status = self.to
        self.document.save(update_fields=["status", "modified_at"])
        posting = self.write_posting(self.to, self.on)
        ledger.move(posting, takes, self.balances)
        ledger.book(posting, self._pairs(takes))
        self.settle_orders()

    def _open_lines(self) -> None:
        """An order that was closed line by line has all of them open again once it is reopened."""
        own = [line for line in self.order_lines if line.transaction_id == self.document.pk]
        if all(line.closed for line in own):
            for line in own:
                line.closed = False
            TransactionLine.objects.filter(transaction=self.document).update(closed=False)

    def _takes(self, before: str) -> list[Take]:
        """The units the document moved in the step before move on."""
        takes = [
            Take(line, movement)
            for line in self.lines
            if (movement := self.kind.movement(line, before, self.to))
        ]
        if not takes:
            return []
        own = serials.units_on(self.document, takes[0].movement.source or "")
        for take in takes:
            take.units = own.get(take.line.pk, [])
        self.price(takes)
        sets.update(
            TransactionLine, ("cost",), [(take.line.pk, scaled(take.cost)) for take in takes]
        )
        if early := rules.too_early(takes, self.on):
            raise Refused(early)
        return takes

    def _pairs(self, takes: Sequence[Take]) -> list[tuple[int | None, Pair]]:
        return [
            (take.line.pk, pair)
            for take in takes
            for pair in self.kind.pairs(take.line, self.document, self.company, self.to)
        ]
