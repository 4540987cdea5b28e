"""The rows of a statement as they stand on the page and in the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from accounting.models import Account
from reports.balance_sheet import BalanceSheet
from reports.dates import DateRange, before, year_of, year_to
from reports.general_ledger import GeneralLedger
from reports.ledger_lines import LedgerLine
from reports.statements import ZERO, AccountLine, IncomeStatement, Section

Type = Account.Type
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Cell:
    """An amount, and the page that tells what is in it."""

    amount: Decimal | None
    url: str = ""


@dataclass(frozen=True)
class Row:
    """One row: `style` is its class; a heading has no cells."""

    style: str
    label: str
    cells: Sequence[Cell] = ()

    @property
    def amount(self) -> Decimal | None:
        """What stands in the first column."""
        return self.cells[0].amount if self.cells else None

    @property
    def change(self) -> Decimal:
        """By how much the first column is more than the second."""
        return (self.cells[0].amount or ZERO) - (self.cells[1].amount or ZERO)

    @property
    def percent(self) -> Decimal | None:
        """The change in percent of the second column, if there is anything in it."""
        base = self.cells[1].amount
        if not base:
            return None
        return (100 * self.change / abs(base)).quantize(CENT, ROUND_HALF_UP)


def ledger_url(account: Account, dates: DateRange) -> str:
    """The general ledger of an account for some days."""
    query = urlencode({"account": account.pk, **dates.parameters})
    return f"{reverse('reports:general-ledger')}?{query}"


def income_url(dates: DateRange) -> str:
    return f"{reverse('reports:income-statement')}?{dates.query}"


def income_statement_rows(
    statements: Sequence[IncomeStatement], ranges: Sequence[DateRange]
) -> Iterator[Row]:
    """The statements from Income down to Net Income (SPEC §7.8); empty sections are left out."""
    layout = _Layout(statements, ranges)
    yield Row("is-heading", "Ordinary Income/Expense")
    yield from layout.section("Income", lambda s: s.income)
    yield from layout.section("Cost of Sales", lambda s: s.cost_of_sales)
    yield layout.sum("is-subtotal", "Gross Profit", lambda s: s.gross_profit)
    yield from layout.section("Expense", lambda s: s.expense)
    yield layout.sum("is-subtotal", "Net Ordinary Income", lambda s: s.net_ordinary_income)
    yield Row("is-heading", "Other Income and Expenses")
    yield from layout.section("Other Income", lambda s: s.other_income)
    yield from layout.section("Other Expense", lambda s: s.other_expense)
    yield layout.sum("is-subtotal", "Net Other Income", lambda s: s.net_other_income)
    yield layout.sum("is-total", "Net Income", lambda s: s.net_income)


def balance_sheet_rows(sheets: Sequence[BalanceSheet]) -> Iterator[Row]:
    """The sheets from Assets down to Total Liabilities and Equity, types without accounts left out.

    Accounts lead to their ledger since the year began; the earnings to their income statement.
    """
    years = [year_to(sheet.day) for sheet in sheets]
    layout = _Layout(sheets, years)
    yield Row("is-heading", "Assets")
    for type_ in sheets[0].assets:
        yield from layout.section(Type(type_).label, _of_type("assets", type_))
    yield layout.sum("is-total", "Total Assets", lambda s: s.total_assets)
    yield Row("is-heading", "Liabilities")
    for type_ in sheets[0].liabilities:
        yield from layout.section(Type(type_).label, _of_type("liabilities", type_))
    yield layout.sum("is-subtotal", "Total Liabilities", lambda s: s.total_liabilities)
    yield Row("is-heading", "Equity")
    yield from layout.accounts(lambda s: s.equity)
    yield _earnings("Retained Earnings", [s.retained_earnings for s in sheets],
                    [DateRange(None, before(year_of(s.day))) for s in sheets])  # fmt: skip
    yield _earnings("Net Income", [s.net_income for s in sheets], years)
    yield layout.sum("is-subtotal", "Total Equity", lambda s: s.total_equity)
    yield layout.sum(
        "is-total", "Total Liabilities and Equity", lambda s: s.total_liabilities_and_equity
    )


def _of_type(side: str, type_: str) -> Callable[[BalanceSheet], Section]:
    return lambda sheet: getattr(sheet, side)[type_]


def _earnings(label: str, amounts: Sequence[Decimal], ranges: Sequence[DateRange]) -> Row:
    cells = [Cell(a, income_url(dates)) for a, dates in zip(amounts, ranges, strict=True)]
    return Row("is-indented", label, cells)


class _Layout:
    """Statements side by side, and the days each account's amount is made of."""

    def __init__(self, statements: Sequence[Any], ranges: Sequence[DateRange]) -> None:
        self.statements, self.ranges = statements, ranges

    def sum(self, style: str, label: str, figure: Callable[[Any], Decimal]) -> Row:
        return Row(style, label, [Cell(figure(statement)) for statement in self.statements])

    def section(self, title: str, of: Callable[[Any], Section]) -> Iterator[Row]:
        rows = list(self.accounts(of))
        if rows:
            yield Row("is-section", title)
            yield from rows
            yield self.sum("is-sum", f"Total {title}", lambda statement: of(statement).total)

    def accounts(self, of: Callable[[Any], Section]) -> Iterator[Row]:
        """A row for each account that stands in any of the columns, by number."""
        columns = [{line.account: line for line in of(s).lines} for s in self.statements]
        accounts = {account for column in columns for account in column}
        for account in sorted(accounts, key=lambda account: account.number):
            lines = [column.get(account) for column in columns]
            yield Row("is-indented", str(account), self._cells(lines))

    def _cells(self, lines: Sequence[AccountLine | None]) -> list[Cell]:
        return [
            Cell(line.amount, ledger_url(line.account, dates)) if line else Cell(None)
            for line, dates in zip(lines, self.ranges, strict=True)
        ]


def table(rows: Sequence[Row], labels: Sequence[str]) -> Iterator[list[Any]]:
    """The rows as a file has them; two columns come with the change between them."""
    compared = len(labels) == 2
    yield ["Account", *labels, *(["Change", "Change %"] if compared else [])]
    for row in rows:
        amounts = [cell.amount for cell in row.cells]
        yield [row.label, *amounts, *([row.change, row.percent] if compared and amounts else [])]


LEDGER_HEAD = (
    "Account", "Date", "Type", "Document", "Party", "Item", "Memo", "Other Account", "Debit",
    "Credit", "Balance",
)  # fmt: skip


def ledger_table(ledger: GeneralLedger) -> Iterator[list[Any]]:
    """The general ledger as a file has it: every account's lines between two balances."""
    yield list(LEDGER_HEAD)
    lines = ledger.lines()
    above, below = ledger.edge_labels
    for totals in ledger.accounts:
        edges = (totals.opening, totals.closing)
        first, last = reversed(edges) if ledger.newest_first else edges
        yield [totals.account, None, above, *[None] * 7, first]
        for line in islice(lines, totals.count):
            yield _ledger_row(line)
        yield [totals.account, None, below, *[None] * 5, totals.debits, totals.credits, last]


def _ledger_row(line: LedgerLine) -> list[Any]:
    return [
        line.account, line.date, line.document.kind.label, line.document_name, line.party,
        line.item, line.memo, line.other, line.debit, line.credit, line.balance,
    ]  # fmt: skip
