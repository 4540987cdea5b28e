"""The GL Impact of a document: what each of its postings debited and credited (SPEC §7)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Sum

from accounting.models import Account, JournalLine
from transactions.models import Posting

ZERO = Decimal("0.00")


@dataclass
class Side:
    """One account in an entry, in ordinary debit and credit columns."""

    account: Account
    debit: Decimal = ZERO
    credit: Decimal = ZERO


@dataclass
class Entry:
    """What one posting booked; its columns have the same total by construction."""

    posting: Posting
    sides: dict[int, Side] = field(default_factory=dict)

    @property
    def rows(self) -> list[Side]:
        """Debits first, as a bookkeeper writes them."""
        return sorted(self.sides.values(), key=lambda side: (not side.debit, side.account.number))

    @property
    def total(self) -> Decimal:
        return sum((side.debit for side in self.sides.values()), ZERO)


def entries(postings: Sequence[Posting]) -> list[Entry]:
    """The journal entries of the postings: two statements, however many lines."""
    booked = {posting.entry_id: Entry(posting) for posting in postings if posting.entry_id}
    pairs = (
        JournalLine.objects.filter(entry__in=booked)
        .order_by("entry")
        .values_list("entry", "debit", "credit")
        .annotate(Sum("amount"))
    )
    accounts = Account.objects.in_bulk(_accounts(pairs))
    for entry, debit, credit, amount in pairs:
        sides = booked[entry].sides
        sides.setdefault(debit, Side(accounts[debit])).debit += amount
        sides.setdefault(credit, Side(accounts[credit])).credit += amount
    return list(booked.values())


def _accounts(pairs: Iterable[tuple[int, int, int, Decimal]]) -> set[int]:
    return {account for _, debit, credit, _ in pairs for account in (debit, credit)}
