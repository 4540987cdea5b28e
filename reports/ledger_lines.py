"""A line of the general ledger: a side of a journal line, and the document it was booked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice

from django.db.models import QuerySet
from django.urls import reverse

from accounting.models import Account, JournalLine
from items.models import Item
from parties.models import Customer, Vendor
from transactions.models import JournalRow, Transaction, TransactionLine

CHUNK = 2_000

Key = tuple[int, date, int]  # account, day, journal line: where a ledger line stands


@dataclass(frozen=True)
class LedgerLine:
    """One side of a journal line, under the account of that side."""

    account: Account
    other: Account
    journal: JournalLine
    source: TransactionLine | None  # the document's line it was booked for
    note: str  # what a manual entry's rows say of the account
    balance: Decimal

    @property
    def date(self) -> date:
        return self.journal.entry.date

    @property
    def debit(self) -> Decimal | None:
        return self.journal.amount if self.journal.debit_id == self.account.pk else None

    @property
    def credit(self) -> Decimal | None:
        return None if self.debit else self.journal.amount

    @property
    def document(self) -> Transaction:
        return self.journal.entry.posting.document

    @property
    def is_reversal(self) -> bool:
        return self.journal.entry.posting.reverses_id is not None

    @property
    def document_name(self) -> str:
        """IR-3, or what undid it: Void of IR-3."""
        return f"Void of {self.document}" if self.is_reversal else str(self.document)

    @property
    def party(self) -> Vendor | Customer | None:
        return self.document.party

    @property
    def item(self) -> Item | None:
        return self.source.item if self.source else None

    @property
    def memo(self) -> str:
        """Why it was undone, or what its row, its line or else the document says."""
        if self.is_reversal:
            return self.document.void_reason
        return self.note or (self.source and self.source.memo) or self.document.memo

    @property
    def serials_url(self) -> str:
        """The serial numbers of the document's line, if its item has any."""
        if self.source is None or not (self.item and self.item.is_serialized):
            return ""
        place = [self.document.kind.slug, self.document.pk, self.source.line_no]
        return reverse("transactions:line-serials", args=place)


def booked_at(
    keys: Iterable[Key],
) -> Iterator[tuple[int, JournalLine, TransactionLine | None, str]]:
    """What stands at each key, and what it was booked for: three statements a chunk."""
    keys = iter(keys)
    while chunk := list(islice(keys, CHUNK)):
        found = _journal().in_bulk({pk for _, _, pk in chunk})
        sources = _sources().in_bulk({line.source_line for line in found.values()} - {None})
        notes = _notes({line.entry.posting.document_id for line in found.values()})
        for account, _, pk in chunk:
            line = found[pk]
            note = notes.get((line.entry.posting.document_id, account), "")
            yield account, line, sources.get(line.source_line), note


def _journal() -> QuerySet[JournalLine]:
    """Journal lines with their documents, and no more of them than is shown: files are long."""
    document = "entry__posting__document"
    parties = (f"{document}__vendor", f"{document}__customer")
    shown = ("type", "number", "memo", "void_reason", "vendor__name", "customer__name")
    return JournalLine.objects.select_related(*parties).only(
        "debit_id", "credit_id", "amount", "source_line", "entry__date",
        "entry__posting__entry_id", "entry__posting__reverses_id",
        *(f"{document}__{name}" for name in shown),
    )  # fmt: skip


def _sources() -> QuerySet[TransactionLine]:
    return TransactionLine.objects.select_related("item").only(
        "line_no", "memo", "item__name", "item__item_type"
    )


def _notes(documents: Iterable[int]) -> dict[tuple[int, int], str]:
    """The memos on the rows of manual entries, by document and account."""
    found: dict[tuple[int, int], str] = {}
    rows = JournalRow.objects.filter(transaction__in=documents).exclude(memo="")
    for document, account, memo in rows.values_list("transaction", "account", "memo"):
        earlier = found.get((document, account))
        found[document, account] = f"{earlier}; {memo}" if earlier else memo
    return found
