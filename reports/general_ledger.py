"""The general ledger: every account's lines between two days, with a running balance.

A journal line is a pair, so it stands here twice: once under the account it debits, once under
the one it credits. The lines of all accounts are one long sequence, account after account, that
can be cut into pages anywhere; whatever the page, its balances are right (SPEC §7.8).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Count, F, Q, Sum

from accounting.models import Account, JournalLine, JournalLineQuerySet
from reports.dates import DateRange, before
from reports.ledger_lines import CHUNK, Key, LedgerLine, booked_at

ZERO = Decimal("0.00")


@dataclass
class AccountTotals:
    """What an account had before the days, and what the days brought."""

    account: Account
    opening: Decimal = ZERO
    debits: Decimal = ZERO
    credits: Decimal = ZERO
    count: int = 0
    first: int = 0  # the place of its first line in the sequence of all

    @property
    def closing(self) -> Decimal:
        return self.opening + self.debits - self.credits

    @property
    def end(self) -> int:
        return self.first + self.count


@dataclass(frozen=True)
class Block:
    """An account's lines on one page; it may begin on an earlier one and end on a later one.

    `before` and `after` are the balances at its upper and its lower edge.
    """

    totals: AccountTotals
    lines: Sequence[LedgerLine]
    begins: bool
    ends: bool
    before: Decimal
    after: Decimal


class GeneralLedger:
    """All ledger lines as one sequence; a slice of it is a list of blocks.

    A slice costs the same few statements wherever it lies. Of one kind of document alone balances
    begin at zero, because they are sums of what is listed and not the account's.
    """

    def __init__(
        self,
        dates: DateRange,
        account: Account | None = None,
        kind: str = "",
        newest_first: bool = False,
    ) -> None:
        self.dates, self.account, self.kind = dates, account, kind
        self.newest_first = newest_first

    def __len__(self) -> int:
        return sum(totals.count for totals in self.accounts)

    def __getitem__(self, cut: slice) -> list[Block]:
        """The blocks between two places; accounts without lines stand where they fall."""
        start, stop = cut.start, cut.stop
        shown = [totals for totals in self.accounts if self._is_between(totals, start, stop)]
        keys = self._keys(shown, start, stop)
        balances = self._first_balances(shown, keys, start)
        edges = dict(balances)
        lines: dict[int, list[LedgerLine]] = {}
        for line in self._walk(keys, balances):
            lines.setdefault(line.account.pk, []).append(line)
        return [
            Block(
                totals=totals,
                lines=lines.get(pk, []),
                begins=totals.first >= start,
                ends=totals.end <= stop,
                before=edges[pk],
                after=balances[pk],
            )
            for totals in shown
            for pk in (totals.account.pk,)
        ]

    def lines(self) -> Iterator[LedgerLine]:
        """Every line, account after account, read in chunks."""
        rows = self._ordered(self.accounts).iterator(CHUNK)
        return self._walk((row[1:] for row in rows), self._first_balances(self.accounts, [], 0))

    @cached_property
    def accounts(self) -> list[AccountTotals]:
        """The accounts that had a balance or got lines, by number: five statements."""
        chosen = [self.account] if self.account else list(self._every_account.values())
        openings = self._openings()
        found = {a.pk: AccountTotals(a, openings.get(a.pk, ZERO)) for a in chosen}
        for side in ("debit", "credit"):
            rows = self._side(side).values_list(side).annotate(Sum("amount"), Count("pk"))
            for account, amount, count in rows.order_by():
                setattr(found[account], f"{side}s", amount)
                found[account].count += count
        shown = [totals for totals in found.values() if totals.opening or totals.count]
        place = 0
        for totals in shown:
            totals.first = place
            place += totals.count
        return shown

    @property
    def edge_labels(self) -> tuple[str, str]:
        """What the balances above and below an account's lines are called."""
        opening, closing = "Opening balance", "Closing balance"
        if self.kind:
            opening, closing = "Sums begin at", "Total listed"
        return (closing, opening) if self.newest_first else (opening, closing)

    @property
    def debits(self) -> Decimal:
        return sum((totals.debits for totals in self.accounts), ZERO)

    @property
    def credits(self) -> Decimal:
        return sum((totals.credits for totals in self.accounts), ZERO)

    @cached_property
    def _every_account(self) -> dict[int, Account]:
        return {account.pk: account for account in Account.objects.order_by("number")}

    def _openings(self) -> dict[int, Decimal]:
        if self.kind or self.dates.start is None:
            return {}
        return JournalLine.objects.until(before(self.dates)).balances()

    def _side(self, side: str) -> JournalLineQuerySet:
        """The journal lines asked for, as the lines of the accounts they debit or credit."""
        lines = JournalLine.objects.between(self.dates.first, self.dates.last)
        if self.kind:
            lines = lines.filter(entry__posting__document__type=self.kind)
        return lines.filter(**{side: self.account}) if self.account else lines

    def _is_between(self, totals: AccountTotals, start: int, stop: int) -> bool:
        if totals.count:
            return totals.first < stop and totals.end > start
        return start <= totals.first < stop or totals.first == stop == len(self)

    def _ordered(self, accounts: Iterable[AccountTotals]) -> Any:
        """(account's number, account, day, journal line) of the accounts' lines, in order.

        Nothing else is read, so that the database sorts little.
        """
        ids = [totals.account.pk for totals in accounts if totals.count]
        debited, credited = (
            self._side(side)
            .filter(**{f"{side}__in": ids})
            .annotate(by_number=F(f"{side}__number"), of=F(side), day=F("entry__date"))
            .values_list("by_number", "of", "day", "pk")
            for side in ("debit", "credit")
        )
        within = ("-day", "-pk") if self.newest_first else ("day", "pk")
        return debited.union(credited, all=True).order_by("by_number", *within)

    def _keys(self, shown: Sequence[AccountTotals], start: int, stop: int) -> list[Key]:
        if not shown or start >= stop:
            return []
        first = shown[0].first  # only the accounts shown are sorted, so count from the first
        return [row[1:] for row in self._ordered(shown)[start - first : stop - first]]

    def _first_balances(
        self, shown: Sequence[AccountTotals], keys: Sequence[Key], start: int
    ) -> dict[int, Decimal]:
        """The balance of each account at the upper edge of what is shown of it."""
        found = {t.account.pk: t.closing if self.newest_first else t.opening for t in shown}
        if shown and shown[0].first < start:
            passed = self._passed(keys[0])
            found[shown[0].account.pk] += -passed if self.newest_first else passed
        return found

    def _passed(self, key: Key) -> Decimal:
        """Debits minus credits of the account's lines that stand before a key."""
        account, day, pk = key
        then = "gt" if self.newest_first else "lt"
        earlier = Q(**{f"entry__date__{then}": day}) | Q(**{"entry__date": day, f"pk__{then}": pk})
        debited, credited = (
            self._side(side).filter(earlier, **{side: account}).aggregate(total=Sum("amount"))
            for side in ("debit", "credit")
        )
        return (debited["total"] or ZERO) - (credited["total"] or ZERO)

    def _walk(self, keys: Iterable[Key], balances: dict[int, Decimal]) -> Iterator[LedgerLine]:
        """The lines at some keys; `balances` are those before and become those after."""
        for pk, journal, source, note in booked_at(keys):
            debited = journal.debit_id == pk
            amount = journal.amount if debited else -journal.amount
            other = journal.credit_id if debited else journal.debit_id
            earlier = balances[pk]
            balances[pk] += -amount if self.newest_first else amount
            yield LedgerLine(
                account=self._every_account[pk],
                other=self._every_account[other],
                journal=journal,
                source=source,
                note=note,
                balance=earlier if self.newest_first else balances[pk],
            )
