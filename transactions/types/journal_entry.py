from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from django.db.models import TextChoices

from accounting.fields import cents
from company.models import Company
from transactions.models import JournalRow, Transaction, TransactionLine
from transactions.types.base import ZERO, Kind, Pair, Stage


class Status(TextChoices):
    POSTED = "posted", "Posted"


class JournalEntry(Kind):
    """The books alone are written, row by row as it is typed (SPEC §2.4). Dr as typed, Cr as typed.

    Stock's own accounts are refused: they move with stock alone.
    """

    name = "journal_entry"
    label = "Journal Entry"
    plural = "Journal Entries"
    prefix = "JE"
    order = 90
    stage = Stage.SETTLEMENT
    statuses = Status
    verb = "Make Journal Entry"
    has_lines = False
    header = ("reference",)
    rate_label = ""
    finished = (Status.POSTED,)

    def total(self, document: Transaction, lines: Sequence[TransactionLine]) -> Decimal:
        return sum((row.debit for row in document.journal_rows), Decimal("0.00"))

    def entry(self, document: Transaction, company: Company) -> Sequence[Pair]:
        return paired(document.journal_rows)

    def problems(self, document: Transaction, lines: Sequence[TransactionLine]) -> Sequence[str]:
        rows = document.journal_rows
        found = [text for number, row in enumerate(rows, start=1) for text in _wrong(number, row)]
        if len(rows) < 2:
            return [*found, "Enter at least two rows: a debit and a credit."]
        debits = sum((row.debit for row in rows), ZERO)
        difference = debits - sum((row.credit for row in rows), ZERO)
        if difference:
            side = "debit" if difference > 0 else "credit"
            text = f"Debits and credits differ by {abs(difference):,f}: the {side} side has more."
            return [*found, text]
        if not found and not paired(rows):
            return ["Each account is credited as much as it is debited: that changes nothing."]
        return found


def _wrong(number: int, row: JournalRow) -> Iterator[str]:
    """What is wrong with one row."""
    if (row.debit > 0) == (row.credit > 0) or row.debit < 0 or row.credit < 0:
        yield f"Row {number}: enter either a debit or a credit, above zero."
    if any(amount != cents(Decimal(amount)) for amount in (row.debit, row.credit)):
        yield f"Row {number}: give the amount in whole cents."


def paired(rows: Sequence[JournalRow]) -> tuple[Pair, ...]:
    """Balanced rows as pairs, which come to the same debits and credits of every account.

    Nothing is paired within one account. So where an account has more on both sides than all the
    others can take, the excess cancels out.
    """
    debited, credited = _by_account(rows)
    rest = sum(debited.values(), ZERO)
    for account in debited:
        # Two accounts cannot both hold more than all there is on one side, so the order is free.
        excess = debited[account] + credited[account] - rest
        if excess > 0:
            debited[account] -= excess
            credited[account] -= excess
            rest -= excess
    pairs = []
    while rest > 0:
        pair = _next_pair(debited, credited, rest)
        debited[pair.debit] -= pair.amount
        credited[pair.credit] -= pair.amount
        rest -= pair.amount
        pairs.append(pair)
    return tuple(pairs)


def _by_account(rows: Sequence[JournalRow]) -> tuple[dict[int, Decimal], dict[int, Decimal]]:
    """Debits and credits by account id, every account in both, in the order of the rows."""
    debited: dict[int, Decimal] = defaultdict(Decimal)
    credited: dict[int, Decimal] = defaultdict(Decimal)
    for row in rows:
        debited[row.account_id] += row.debit
        credited[row.account_id] += row.credit
    return debited, credited


def _next_pair(debited: dict[int, Decimal], credited: dict[int, Decimal], rest: Decimal) -> Pair:
    """The pair of the two busiest accounts that fit.

    As long as no account has more on both its sides than is left on one side of the entry, it
    finds others for all it has. So the busiest goes first, and no pair is so large that one of
    the accounts outside of it would come to have more.
    """
    load = {account: debited[account] + credited[account] for account in debited}
    busiest = sorted(load, key=lambda account: -load[account])  # stable: ties as typed
    first = busiest[0]
    if debited[first]:
        debit, credit = first, next(a for a in busiest[1:] if credited[a])
    else:
        debit, credit = next(a for a in busiest[1:] if debited[a]), first
    most = min(debited[debit], credited[credit])
    outside = [rest - load[account] for account in load if account not in (debit, credit)]
    return Pair(debit, credit, min([most, *outside]))


kind = JournalEntry()
