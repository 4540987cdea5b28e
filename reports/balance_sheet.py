"""The balance sheet: what is owned, what is owed and what remains, at the end of a day.

No entry closes a year. The net income of the years before the day's own is shown as Retained
Earnings, that of its year as Net Income (SPEC §7.8).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from accounting.models import Account
from reports.dates import DateRange, year_to
from reports.statements import OF_THE_STATEMENT, ZERO, AccountLine, Section, balances_of

Type = Account.Type

ASSETS = (Type.BANK, Type.RECEIVABLE, Type.CURRENT_ASSET)
LIABILITIES = (Type.PAYABLE, Type.CURRENT_LIABILITY)


@dataclass(frozen=True)
class BalanceSheet:
    """What the books say at the end of a day; each side by type of account."""

    day: date
    assets: Mapping[str, Section]
    liabilities: Mapping[str, Section]
    equity: Section
    retained_earnings: Decimal
    net_income: Decimal

    @property
    def total_assets(self) -> Decimal:
        return _total(self.assets.values())

    @property
    def total_liabilities(self) -> Decimal:
        return _total(self.liabilities.values())

    @property
    def total_equity(self) -> Decimal:
        return self.equity.total + self.retained_earnings + self.net_income

    @property
    def total_liabilities_and_equity(self) -> Decimal:
        return self.total_liabilities + self.total_equity

    @property
    def difference(self) -> Decimal:
        """Zero, because every journal line is a pair."""
        return self.total_assets - self.total_liabilities_and_equity

    @property
    def is_empty(self) -> bool:
        sections = (*self.assets.values(), *self.liabilities.values(), self.equity)
        return not any(section.lines for section in sections)


def _total(sections: Iterable[Section]) -> Decimal:
    return sum((section.total for section in sections), ZERO)


def balance_sheets(days: Sequence[date]) -> list[BalanceSheet]:
    """The sheet of each day: three SQL statements for any number of days."""
    accounts = list(Account.objects.order_by("number"))
    so_far = [DateRange(None, day) for day in days]
    balances = balances_of([*so_far, *(year_to(day) for day in days)])
    ever, of_the_year = balances[: len(days)], balances[len(days) :]
    return [
        _sheet(day, accounts, until, in_year)
        for day, until, in_year in zip(days, ever, of_the_year, strict=True)
    ]


def _sheet(
    day: date,
    accounts: Sequence[Account],
    until: Mapping[int, Decimal],
    in_year: Mapping[int, Decimal],
) -> BalanceSheet:
    net_income = _earned(accounts, in_year)
    return BalanceSheet(
        day=day,
        assets={type_: _section(accounts, type_, until, 1) for type_ in ASSETS},
        liabilities={type_: _section(accounts, type_, until, -1) for type_ in LIABILITIES},
        equity=_section(accounts, Type.EQUITY, until, -1),
        retained_earnings=_earned(accounts, until) - net_income,
        net_income=net_income,
    )


def _section(
    accounts: Iterable[Account], type_: str, balances: Mapping[int, Decimal], sign: int
) -> Section:
    """The accounts of a type that are not at zero, positive on the side they belong to."""
    of_type = (account for account in accounts if account.type == type_)
    return Section(
        [
            AccountLine(account, sign * balances[account.pk])
            for account in of_type
            if balances.get(account.pk)
        ]
    )


def _earned(accounts: Iterable[Account], balances: Mapping[int, Decimal]) -> Decimal:
    """The net income in some balances."""
    earning = (account for account in accounts if account.type in OF_THE_STATEMENT)
    return -sum((balances.get(account.pk, ZERO) for account in earning), ZERO)


@dataclass(frozen=True)
class Position:
    """The sheet of a day in three figures."""

    day: date
    assets: Decimal
    liabilities: Decimal

    @property
    def equity(self) -> Decimal:
        return self.assets - self.liabilities


def positions(days: Sequence[date]) -> list[Position]:
    """The figures at the end of each day: two SQL statements for any number of days."""
    balances = balances_of([DateRange(None, day) for day in days], by="type")
    return [
        Position(
            day,
            assets=sum((by_type.get(type_, ZERO) for type_ in ASSETS), ZERO),
            liabilities=-sum((by_type.get(type_, ZERO) for type_ in LIABILITIES), ZERO),
        )
        for day, by_type in zip(days, balances, strict=True)
    ]
