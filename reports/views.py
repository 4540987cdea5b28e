"""The reports: read-only questions over the ledger, each with its file."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone

from inventory.export import streamed_csv
from inventory.listing import Listing, ListingView
from items import numbers
from reports import profit, statements
from reports.dates import DateRange, months_to_draw, presets
from reports.filters import ProfitFilter
from reports.forms import DateRangeForm, DayForm, default_dates
from reports.layout import income_statement_rows
from reports.reconciliation import reconcile
from reports.tables import ProfitTable
from transactions.models import StockMoveQuerySet


def income_statement(request: HttpRequest) -> HttpResponseBase:
    """Income, cost of sales, expense and what remains, between two days."""
    form = DateRangeForm({**default_dates(request.GET), **request.GET.dict()})
    dates = form.dates
    statement = statements.income_statement(dates.first, dates.last)
    rows = list(income_statement_rows(statement))
    if request.GET.get("export") == "csv":
        lines = [["Account", "Amount"], *([row.label, row.amount] for row in rows)]
        return streamed_csv(lines, "income-statement")
    months = statements.by_month(months_to_draw(dates, timezone.localdate()))
    context = {
        "title": "Income Statement",
        "subtitle": str(dates),
        "form": form,
        "dates": dates,
        "presets": _preset_links(request.GET, dates),
        "statement": statement,
        "rows": rows,
        "months": months,
        **_charts(months),
    }
    return render(request, "reports/income_statement.html", context)


def trial_balance(request: HttpRequest) -> HttpResponseBase:
    """Every account's debit or credit balance at the end of a day."""
    form = DayForm(request.GET)
    day = form.day
    balance = statements.trial_balance(day)
    if request.GET.get("export") == "csv":
        rows = [[line.account, line.debit, line.credit] for line in balance.lines]
        total = ["Total", balance.debits, balance.credits]
        return streamed_csv([["Account", "Debit", "Credit"], *rows, total], "trial-balance")
    context = {
        "title": "Trial Balance",
        "subtitle": f"At the end of {day}",
        "form": DayForm({"date": day}) if form.is_valid() else form,
        "day": day,
        "balance": balance,
    }
    return render(request, "reports/trial_balance.html", context)


class ProfitListing(Listing):
    """Sales as a list whose filters change what stands around it, too."""

    def response(self) -> HttpResponseBase | None:
        answer = super().response()
        if isinstance(answer, HttpResponse):  # the part htmx asked for, not a file
            context = {**_around(self), "swapped": True}
            for part in ("reports/presets.html", "reports/tie_out.html"):
                answer.write(render_to_string(part, context, self.request))
        return answer


class SerializedProfit(ListingView):
    """One row per unit and sale, and how they tie to the income statement."""

    template_name = "reports/serialized_profit.html"
    title = "Profit by Serial Number"
    description = "Each unit sold: what it cost, what it brought."
    table = ProfitTable
    filters = ProfitFilter
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

    def listing(self) -> Listing:
        options = {**self.listing_options(), "defaults": default_dates(self.request.GET)}
        return ProfitListing(self.request, self.rows(), self.table, self.filters, **options)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**_around(kwargs["listing"]), **kwargs)


def _around(listing: ProfitListing) -> dict[str, Any]:
    """What stands above and below the list."""
    dates = listing.filterset.dates
    return {
        "presets": _preset_links(listing.request.GET, dates),
        "reconciliation": reconcile(listing.table.totals, dates),
    }


def _preset_links(parameters: QueryDict, current: DateRange) -> list[tuple[str, str, bool]]:
    """(label, address, whether it is the range shown) of the ranges people ask for most."""
    links = []
    for label, dates in presets(timezone.localdate()):
        query = parameters.copy()
        query.pop("page", None)
        for name, value in dates.parameters.items():
            query[name] = value
        links.append((label, f"?{query.urlencode()}", dates == current))
    return links


def _charts(months: list[statements.MonthFigures]) -> dict[str, Any]:
    """A chart of each figure, month by month, all to one scale."""
    names = {"Income": "income", "Cost of Sales": "cost_of_sales", "Gross Profit": "gross_profit"}
    charts = [
        (title, [(f"{m.month.first:%b %Y}", getattr(m, name)) for m in months])
        for title, name in names.items()
    ]
    return {"charts": charts, "figures": [value for _, points in charts for _, value in points]}
