"""The rows of a statement as they stand on the page and in the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from accounting.models import Account
from reports.statements import IncomeStatement, Section


@dataclass(frozen=True)
class Row:
    """One row: `style` is its class, and an account's row leads to the account."""

    style: str
    label: str
    amount: Decimal | None = None
    account: Account | None = None


def income_statement_rows(statement: IncomeStatement) -> Iterator[Row]:
    """The statement from Income down to Net Income (SPEC §7.8); empty sections are left out."""
    yield Row("is-heading", "Ordinary Income/Expense")
    yield from _section("Income", statement.income)
    yield from _section("Cost of Sales", statement.cost_of_sales)
    yield Row("is-subtotal", "Gross Profit", statement.gross_profit)
    yield from _section("Expense", statement.expense)
    yield Row("is-subtotal", "Net Ordinary Income", statement.net_ordinary_income)
    yield Row("is-heading", "Other Income and Expenses")
    yield from _section("Other Income", statement.other_income)
    yield from _section("Other Expense", statement.other_expense)
    yield Row("is-subtotal", "Net Other Income", statement.net_other_income)
    yield Row("is-total", "Net Income", statement.net_income)


def _section(title: str, section: Section) -> Iterator[Row]:
    if not section.lines:
        return
    yield Row("is-section", title)
    for line in section.lines:
        yield Row("is-indented", str(line.account), line.amount, line.account)
    yield Row("is-sum", f"Total {title}", section.total)
