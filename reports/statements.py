"""The income statement and the trial balance, read out of the journal and nothing else.

Balances come from the books as debits minus credits; a statement shows income as a positive
figure. SPEC §5.2 rule 6, §7.8.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum
from django.db.models.functions import TruncMonth

from accounting.models import Account, JournalLine
from reports.dates import DateRange

ZERO = Decimal("0.00")
Type = Account.Type

# Accounts that grow by credits; the others of a statement grow by debits.
CREDITED = (Type.INCOME, Type.OTHER_INCOME)
OF_THE_STATEMENT = (*CREDITED, Type.COGS, Type.EXPENSE, Type.OTHER_EXPENSE)


@dataclass(frozen=True)
class AccountLine:
    """One account and what it adds to its section."""

    account: Account
    amount: Decimal


@dataclass(frozen=True)
class Section:
    """The accounts of one type, by number, and their sum."""

    lines: Sequence[AccountLine]

    @property
    def total(self) -> Decimal:
        return sum((line.amount for line in self.lines), ZERO)


@dataclass(frozen=True)
class IncomeStatement:
    """What was earned and what it took, between two days."""

    income: Section
    cost_of_sales: Section
    expense: Section
    other_income: Section
    other_expense: Section

    @property
    def gross_profit(self) -> Decimal:
        return self.income.total - self.cost_of_sales.total

    @property
    def net_ordinary_income(self) -> Decimal:
        return self.gross_profit - self.expense.total

    @property
    def net_other_income(self) -> Decimal:
        return self.other_income.total - self.other_expense.total

    @property
    def net_income(self) -> Decimal:
        return self.net_ordinary_income + self.net_other_income

    @property
    def is_empty(self) -> bool:
        sections = (
            self.income, self.cost_of_sales, self.expense, self.other_income, self.other_expense
        )  # fmt: skip
        return not any(section.lines for section in sections)


def income_statement(start: date, end: date) -> IncomeStatement:
    """The statement of the days from start to end: three SQL statements for any ledger."""
    return income_statements([DateRange(start, end)])[0]


def income_statements(ranges: Sequence[DateRange]) -> list[IncomeStatement]:
    """The statement of each range: three SQL statements for any number of ranges."""
    accounts = list(Account.objects.of_type(*OF_THE_STATEMENT))
    return [stated(accounts, balances) for balances in balances_of(ranges)]


def balances_of(ranges: Sequence[DateRange], by: str = "id") -> list[dict[Any, Decimal]]:
    """Debits minus credits in each range, by what `by` names of the accounts.

    Two SQL statements for any number of ranges; what had no entries in a range is left out of it.
    """
    lines = JournalLine.objects.between(
        min(dates.first for dates in ranges), max(dates.last for dates in ranges)
    )
    sums = {
        f"in_range_{n}": Sum("amount", filter=Q(entry__date__range=(dates.first, dates.last)))
        for n, dates in enumerate(ranges)
    }
    found: list[dict[Any, Decimal]] = [{} for _ in ranges]
    for side, sign in (("debit", 1), ("credit", -1)):
        for key, *amounts in lines.values_list(f"{side}__{by}").annotate(**sums).order_by():
            for balances, amount in zip(found, amounts, strict=True):
                if amount is not None:
                    balances[key] = balances.get(key, ZERO) + sign * amount
    return found


def stated(accounts: Iterable[Account], balances: Mapping[int, Decimal]) -> IncomeStatement:
    """The statement of the given accounts; those that had no entries are left out."""
    by_type: dict[str, list[AccountLine]] = {type_: [] for type_ in OF_THE_STATEMENT}
    for account in accounts:
        if account.pk in balances:
            balance = balances[account.pk]
            amount = -balance if account.type in CREDITED else balance
            by_type[account.type].append(AccountLine(account, amount))
    return IncomeStatement(
        income=Section(by_type[Type.INCOME]),
        cost_of_sales=Section(by_type[Type.COGS]),
        expense=Section(by_type[Type.EXPENSE]),
        other_income=Section(by_type[Type.OTHER_INCOME]),
        other_expense=Section(by_type[Type.OTHER_EXPENSE]),
    )


@dataclass(frozen=True)
class MonthFigures:
    """One month of the statement in four figures."""

    month: DateRange
    income: Decimal
    cost_of_sales: Decimal
    net_income: Decimal

    @property
    def gross_profit(self) -> Decimal:
        return self.income - self.cost_of_sales


def by_month(months: Sequence[DateRange]) -> list[MonthFigures]:
    """The figures of each month: two SQL statements for any number of months."""
    balances = _balances_by_month(months[0].first, months[-1].last)
    return [_figures(month, balances.get(month.first, {})) for month in months]


def _figures(month: DateRange, by_type: Mapping[str, Decimal]) -> MonthFigures:
    return MonthFigures(
        month=month,
        income=-by_type.get(Type.INCOME, ZERO),
        cost_of_sales=by_type.get(Type.COGS, ZERO),
        net_income=-sum(by_type.values(), ZERO),
    )


def _balances_by_month(start: date, end: date) -> dict[date, dict[str, Decimal]]:
    """Debits minus credits by month and type of account."""
    found: dict[date, dict[str, Decimal]] = {}
    lines = JournalLine.objects.between(start, end).annotate(month=TruncMonth("entry__date"))
    for side, sign in (("debit__type", 1), ("credit__type", -1)):
        rows = lines.filter(**{f"{side}__in": OF_THE_STATEMENT}).values_list("month", side)
        for month, type_, amount in rows.annotate(Sum("amount")).order_by():
            figures = found.setdefault(month, {})
            figures[type_] = figures.get(type_, ZERO) + sign * amount
    return found


@dataclass(frozen=True)
class TrialLine:
    """An account's balance in the column of its sign."""

    account: Account
    balance: Decimal

    @property
    def debit(self) -> Decimal | None:
        return self.balance if self.balance > 0 else None

    @property
    def credit(self) -> Decimal | None:
        return -self.balance if self.balance < 0 else None


@dataclass(frozen=True)
class TrialBalance:
    """Every account that is not at zero on a day; the two columns are equal."""

    lines: Sequence[TrialLine]

    @property
    def debits(self) -> Decimal:
        return sum((line.debit for line in self.lines if line.debit), ZERO)

    @property
    def credits(self) -> Decimal:
        return sum((line.credit for line in self.lines if line.credit), ZERO)


def trial_balance(day: date) -> TrialBalance:
    """The balances at the end of a day: three SQL statements for any ledger."""
    balances = JournalLine.objects.until(day).balances()
    accounts = Account.objects.order_by("number")
    return TrialBalance(
        [
            TrialLine(account, balances[account.pk])
            for account in accounts
            if balances.get(account.pk)
        ]
    )
