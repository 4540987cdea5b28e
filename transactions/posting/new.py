"""A new document is saved."""

from __future__ import annotations

import copy
from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import F

from accounting.fields import cents
from inventory import sets
from items import numbers
from items.refusals import Refusal, Refused
from transactions import costs, ledger, renaming, rules, verdicts
from transactions.models import (
    Application,
    JournalRow,
    NumberChange,
    NumberSeries,
    Transaction,
    TransactionLine,
)
from transactions.posting.work import Work
from transactions.serials import Take
from transactions.types.base import Pair, Stage


class New(Work):
    """A new document is saved, and does what its kind says."""

    def __init__(
        self,
        document: Transaction,
        lines: Sequence[TransactionLine],
        by: Any,
        confirmed: Collection[str],
    ) -> None:
        super().__init__(document, by)
        self.lines = [fresh(line, self.document, n) for n, line in enumerate(lines, start=1)]
        self.confirmed = confirmed
        self.document.created_by = by
        self.document.status = self.kind.first_status(self.document, self.company)

    def work(self) -> None:
        document, status = self.document, self.document.status
        self.lock_documents(self.lines)
        if self.kind.internal and (parent := self.family.get(document.created_from_id or 0)):
            document.location, document.to_location = parent.location, parent.to_location
        self._save_header()
        self.lock_balances(self.lines)
        takes = self._takes("", status)
        resolved = self._resolve(takes)  # first: it fills in what nobody types
        resolved += renaming.refusals(document)
        found = rules.entry(document, self.lines, self.family, standing=self._standing())
        found += rules.numbers_typed(self.kind, self.lines)
        said = {numbers.key(refusal.number) for refusal in found if refusal.number}
        found += [r for r in resolved if numbers.key(r.number) not in said]
        self._refuse(found)
        self.price(takes)
        self._save_lines()
        posting = self.write_posting(status, document.date)
        ledger.move(posting, takes, self.balances)
        ledger.rename(document.renames)
        self.draw(-1)
        ledger.book(posting, self._pairs())
        ledger.share(self.kind, self.lines)
        self.settle_orders()
        self.settle_debts()
        self._number()

    def _standing(self) -> set[int]:
        """The numbers of lines that only set right what was posted at their place (SPEC §6.2)."""
        if not self.document.corrects_id:
            return set()
        corrected = TransactionLine.objects.filter(transaction=self.document.corrects_id)
        places = set(corrected.values_list("item", "location"))
        return {x.line_no for x in self.lines if (x.item_id, x.location_id) in places}

    def _resolve(self, takes: Sequence[Take]) -> list[Refusal]:
        """Find the units behind the numbers; what cannot be taken, and why."""
        if self.kind.designates:
            return verdicts.wishes(self.kind.designates, self.lines)
        moving = [take for take in takes if take.line.item.is_serialized]
        refusals, notices = verdicts.resolve(moving, self.document)
        self.notices += notices
        refusals += rules.stock(takes, self.balances.rows)
        return refusals + costs.too_early(takes, self.kind, self.document.date)

    def _takes(self, before: str, after: str) -> list[Take]:
        moves = ((line, self.kind.movement(line, before, after)) for line in self.lines)
        return [Take(line, movement) for line, movement in moves if movement]

    def _refuse(self, refusals: Sequence[Refusal]) -> None:
        """Raise what is not confirmed; warnings count only where nothing else is wrong."""
        refusals = [rules.judged(refusal, self.kind, self.by) for refusal in refusals]
        standing = [r for r in refusals if not (r.asks and r.code in self.confirmed)]
        if standing:
            raise Refused(standing)

    def _save_header(self) -> None:
        self.document.save(force_insert=True)
        self.family[self.document.pk] = self.document

    def _save_lines(self) -> None:
        TransactionLine.objects.bulk_create(self.lines)
        if self.kind.stage is Stage.ORDER:
            self.order_lines = [*self.order_lines, *self.lines]
        self._save_rows()
        self.document.total = self.kind.total(self.document, self.lines)
        self.document.save(update_fields=["total"])

    def _save_rows(self) -> None:
        """What payments and manual journal entries have in place of lines."""
        for application in self.document.applications:
            application.payment = self.document
        Application.objects.bulk_create(self.document.applications)
        for number, row in enumerate(self.document.journal_rows, start=1):
            row.transaction, row.row_no = self.document, number
        JournalRow.objects.bulk_create(self.document.journal_rows)
        for change in self.document.renames:
            change.document = self.document
        NumberChange.objects.bulk_create(self.document.renames)

    def _pairs(self) -> list[tuple[int | None, Pair]]:
        document, company = self.document, self.company
        of_lines = [
            (line.pk, pair)
            for line in self.lines
            for pair in self.kind.pairs(line, document, company, document.status)
        ]
        return [*of_lines, *((None, pair) for pair in self.kind.entry(document, company))]

    def _number(self) -> None:
        """Give the next number of the kind; last, because every posting of it waits here."""
        sets.ensure(NumberSeries, ("type",), [(self.kind.name,)])
        series = NumberSeries.objects.filter(type=self.kind.name)
        series.update(next=F("next") + 1)
        number = series.get().next - 1
        self.document.number = f"{self.kind.prefix}-{number}"
        self.document.save(update_fields=["number"])


def fresh(line: TransactionLine, document: Transaction, number: int) -> TransactionLine:
    """A copy of a line as given, ready to be saved on the document."""
    line = copy.copy(line)
    line.transaction = document
    line.line_no = number
    line.serials = [numbers.tidy(number) for number in line.serials]
    line.amount = cents(line.quantity * line.rate)
    return line
