"""The reports: read-only questions over the ledger, each with its file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from company.models import UserPreference
from inventory.export import streamed_csv, xlsx
from inventory.paging import number_page
from items import numbers
from reports import layout, profit, statements
from reports.balance_sheet import balance_sheets, positions
from reports.comparison import compared_days, range_columns
from reports.dates import (
    month_of,
    months_to_draw,
    year_to,
)
from reports.filters import ProfitFilter
from reports.forms import (
    BalanceSheetForm,
    DayForm,
    GeneralLedgerForm,
    IncomeStatementForm,
    default_dates,
)
from reports.general_ledger import GeneralLedger
from reports.links import address, day_links, export_links, page_links, preset_links
from reports.listing import ReportListing, ReportView
from reports.reconciliation import reconcile
from reports.tables import ProfitTable
from transactions.models import StockMoveQuerySet

INCOME_CHARTS = {
    "Income": "income", "Cost of Sales": "cost_of_sales", "Gross Profit": "gross_profit",
}  # fmt: skip
POSITION_CHARTS = {"Assets": "assets", "Liabilities": "liabilities", "Equity": "equity"}


def income_statement(request: HttpRequest) -> HttpResponseBase:
    """Income, cost of sales, expense and what remains, between two days, beside another time."""
    form = IncomeStatementForm({**default_dates(request.GET), **request.GET.dict()})
    dates = form.dates
    columns = range_columns(dates, form.comparison)
    ranges = [column.dates for column in columns]
    found = statements.income_statements(ranges)
    rows = list(layout.income_statement_rows(found, ranges))
    labels = [column.label for column in columns]
    if file := _file(request, layout.table(rows, labels), "income-statement"):
        return file
    months = statements.by_month(months_to_draw(dates, timezone.localdate()))
    context = {
        "title": "Income Statement",
        "subtitle": str(dates),
        "form": form,
        "dates": dates,
        "presets": preset_links(request.GET, dates),
        "exports": export_links(request.GET),
        "is_empty": all(statement.is_empty for statement in found),
        "labels": labels,
        "rows": rows,
        "months": months,
        **_charts([(f"{m.month.first:%b %Y}", m) for m in months], INCOME_CHARTS),
    }
    return render(request, "reports/income_statement.html", context)


def balance_sheet(request: HttpRequest) -> HttpResponseBase:
    """What is owned, owed and left at the end of a day, beside an earlier one."""
    form = BalanceSheetForm(request.GET)
    days = compared_days(form.day, form.comparison)
    sheets = balance_sheets(days)
    rows = list(layout.balance_sheet_rows(sheets))
    labels = [f"{day}" for day in days]
    if file := _file(request, layout.table(rows, labels), "balance-sheet"):
        return file
    months = months_to_draw(month_of(form.day), form.day)
    ends = positions([min(month.last, form.day) for month in months])
    context = {
        "title": "Balance Sheet",
        "subtitle": f"At the end of {form.day}",
        "form": _shown(form),
        "day": form.day,
        "presets": day_links(request.GET, form.day),
        "exports": export_links(request.GET),
        "is_empty": all(sheet.is_empty for sheet in sheets),
        "labels": labels,
        "rows": rows,
        "difference": next(filter(None, (sheet.difference for sheet in sheets)), None),
        "positions": ends,
        **_charts([(f"{end.day:%b %Y}", end) for end in ends], POSITION_CHARTS),
    }
    return render(request, "reports/balance_sheet.html", context)


def trial_balance(request: HttpRequest) -> HttpResponseBase:
    """Every account's debit or credit balance at the end of a day."""
    form = DayForm(request.GET)
    day = form.day
    balance = statements.trial_balance(day)
    rows = [[line.account, line.debit, line.credit] for line in balance.lines]
    total = ["Total", balance.debits, balance.credits]
    table = [["Account", "Debit", "Credit"], *rows, total]
    if file := _file(request, table, "trial-balance"):
        return file
    context = {
        "title": "Trial Balance",
        "subtitle": f"At the end of {day}",
        "form": _shown(form),
        "day": day,
        "presets": day_links(request.GET, day),
        "exports": export_links(request.GET),
        "balance": balance,
        "lines": [(ln, layout.ledger_url(ln.account, year_to(day))) for ln in balance.lines],
    }
    return render(request, "reports/trial_balance.html", context)


def general_ledger(request: HttpRequest) -> HttpResponseBase:
    """Each account's lines between two days, from its opening to its closing balance."""
    form = GeneralLedgerForm({**default_dates(request.GET), **request.GET.dict()})
    ledger = GeneralLedger(**form.question)
    if file := _file(request, layout.ledger_table(ledger), "general-ledger"):
        return file
    size = UserPreference.of(request.user).rows_per_page
    page = number_page(ledger, request.GET.get("page", ""), size)
    context = {
        "title": "General Ledger",
        "subtitle": f"{ledger.account or 'All accounts'}, {ledger.dates}",
        "form": form,
        "ledger": ledger,
        "edges": ledger.edge_labels,
        "presets": preset_links(request.GET, ledger.dates),
        "exports": export_links(request.GET),
        "page": page,
        "page_links": page_links(request.GET, page),
        "sort_url": address(request.GET, sort=None if ledger.newest_first else "-date", page=None),
        "all_types_url": address(request.GET, type=None, page=None),
    }
    return render(request, "reports/general_ledger.html", context)


def _file(request: HttpRequest, table: Iterable[list[Any]], name: str) -> HttpResponseBase | None:
    """The table as the file the address asks for, if it asks for one."""
    made = {"csv": streamed_csv, "xlsx": xlsx}.get(request.GET.get("export", ""))
    return made(table, name) if made else None


def _shown(form: DayForm) -> DayForm:
    """The form with the day the report stands on, unless there is something to correct."""
    asked = {name: form.data.get(name, "") for name in form.fields}
    return form if form.errors else type(form)({**asked, "date": form.day})


class ProfitListing(ReportListing):
    """Sales as a list whose filters change what stands around it, too."""

    filterset: ProfitFilter
    parts = ("reports/presets.html", "reports/tie_out.html")

    def around(self) -> dict[str, Any]:
        dates = self.filterset.dates
        return {
            "presets": preset_links(self.request.GET, dates),
            "reconciliation": reconcile(self.table.totals, dates),
        }


class SerializedProfit(ReportView):
    """One row per unit and sale, and how they tie to the income statement."""

    template_name = "reports/serialized_profit.html"
    title = "Profit by Serial Number"
    description = "Each unit sold: what it cost, what it brought."
    table = ProfitTable
    filters = ProfitFilter
    listing_class = ProfitListing
    order = ("-date", "number")
    search_hint = "Serial number"
    empty = {
        "title": "No serial numbers were shipped in these dates",
        "text": "A unit is listed here from the day its fulfillment is marked Shipped.",
    }

    def rows(self) -> StockMoveQuerySet:
        return profit.sales()

    def search(self, rows: StockMoveQuerySet, text: str) -> StockMoveQuerySet:
        return rows.filter(unit__number_key__startswith=numbers.key(text))

    def listing_options(self) -> dict[str, Any]:
        return {**super().listing_options(), "defaults": default_dates(self.request.GET)}


def _charts(figures: list[tuple[str, Any]], names: dict[str, str]) -> dict[str, Any]:
    """A chart of each named figure, one column a month, all to one scale."""
    charts = [
        (title, [(month, getattr(of, name)) for month, of in figures])
        for title, name in names.items()
    ]
    return {"charts": charts, "figures": [value for _, points in charts for _, value in points]}
