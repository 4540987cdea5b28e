"""A document is voided."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from items.refusals import Refused
from transactions import ledger, renaming, rules, serials, verdicts
from transactions.models import VOIDED, Posting, Transaction
from transactions.posting.work import Work, stored_lines


class Undo(Work):
    """A document is voided: each of its standing postings is reversed, the latest first."""

    def __init__(self, document: Transaction, why: str, by: Any) -> None:
        super().__init__(document, by)
        self.why = why

    def work(self) -> None:
        self.document = Transaction.objects.get(pk=self.document.pk)
        self.document.applications = list(self.document.settles.all())
        self.lines = stored_lines(self.document)
        self.lock_documents(self.lines)
        self.document = self.family[self.document.pk]
        back = renaming.undone(self.document)
        if refusals := rules.voiding(self.document, self.why) + renaming.later(self.document):
            raise Refused(refusals)
        self.lock_balances(self.lines)
        postings = list(self.document.postings.standing().order_by("-id"))
        self._check_units(postings)
        self.document.status = VOIDED
        self.document.void_reason = self.why
        self.document.save(update_fields=["status", "void_reason", "modified_at"])
        self.document.renames = back
        if refusals := renaming.refusals(self.document):
            raise Refused(refusals)
        ledger.rename(back)
        for posting in postings:
            self._reverse(posting)
            self.request_id = None  # one request, several postings: the first carries its id
        self.draw(+1)
        self.settle_orders()
        self.settle_debts()

    def _check_units(self, postings: Sequence[Posting]) -> None:
        """Refuse when a number, whichever unit carries it, has moved since."""
        latest = postings[0].pk if postings else 0
        units = serials.moved_since(self.document, latest)
        if later := verdicts.later_documents(units):
            raise Refused(later)
        if used := rules.used_since(self.document, latest):
            raise Refused(used)

    def _reverse(self, posting: Posting) -> None:
        mirror = self.write_posting(VOIDED, rules.reversal_date(posting), reverses=posting)
        ledger.reverse(posting, mirror, self.balances)
