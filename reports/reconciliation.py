"""Ties the profit by serial number to the income statement, to the cent (SPEC §5.2 rule 6).

The rows come from the stock ledger and the invoices, the statement from the journal: two roads to
the same figures. What lies between them is told line by line.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, OuterRef, Subquery, Sum

from accounting.models import Account, JournalLine
from items.models import Item
from reports.dates import DateRange
from reports.profit import Totals, totals
from reports.statements import income_statement
from reports.timing import Reconciling, across_the_dates, without_a_sale
from transactions import histories, types
from transactions.models import Posting, TransactionLine

ZERO = Decimal("0.00")
Type = Account.Type


@dataclass(frozen=True)
class Reconciliation:
    """How the rows add up to the income statement's Income, Cost of Sales and Gross Profit.

    `rows` and `timing` give the serialized sales of the ledger, `others` the rest of it.
    """

    dates: DateRange
    rows: Sequence[Reconciling]
    timing: Sequence[Reconciling]
    others: Sequence[Reconciling]
    statement: Reconciling

    @property
    def serialized(self) -> Reconciling:
        return _sum("Sales of serialized items in the ledger", [*self.rows, *self.timing])

    @property
    def difference(self) -> Reconciling:
        """What nothing explains: zero, or the books and the stock ledger disagree."""
        explained = _sum("", [self.serialized, *self.others])
        return Reconciling(
            "Unexplained difference",
            self.statement.revenue - explained.revenue,
            self.statement.cost - explained.cost,
        )


def reconcile(listed: Totals, dates: DateRange) -> Reconciliation:
    """Tie sales shipped within the dates to the statement of the same dates.

    What is listed may be narrowed by more than its dates. Seven statements, however many units.
    """
    shipped = totals(histories.sales().filter(date__range=(dates.first, dates.last)))
    statement = income_statement(dates.first, dates.last)
    return Reconciliation(
        dates=dates,
        rows=[
            Reconciling("Sales listed above", listed.settled_revenue, listed.settled_cost),
            Reconciling(
                "Listed above, not invoiced or not credited yet",
                listed.waiting_revenue,
                listed.waiting_cost,
            ),
        ],
        timing=_needed(
            Reconciling(
                "Units left out by the search and the filters",
                shipped.revenue - listed.revenue,
                shipped.cost - listed.cost,
            ),
            *across_the_dates(dates),
            *without_a_sale(dates),
        ),
        others=_needed(*_others(dates)),
        statement=Reconciling(
            "Income statement", statement.income.total, statement.cost_of_sales.total
        ),
    )


def _needed(*lines: Reconciling) -> list[Reconciling]:
    return [line for line in lines if line]


def _sum(label: str, lines: Iterable[Reconciling]) -> Reconciling:
    lines = list(lines)
    return Reconciling(
        label,
        sum((line.revenue for line in lines), ZERO),
        sum((line.cost for line in lines), ZERO),
    )


def _others(dates: DateRange) -> list[Reconciling]:
    """What the ledger's income and cost of sales hold beside the sales of serialized items."""
    found: dict[str, Reconciling] = {}
    for type_, kind, item_type, stands, balance in _booked(dates):
        if stands and kind in _selling() and item_type == Item.Type.SERIALIZED:
            continue
        label = _label(kind, stands)
        line = (
            Reconciling(label, revenue=-balance)
            if type_ == Type.INCOME
            else Reconciling(label, cost=balance)
        )
        found[label] = _sum(label, [found.get(label, Reconciling(label)), line])
    return list(found.values())


def _booked(dates: DateRange) -> Iterable[tuple[str, str | None, str | None, bool, Decimal]]:
    """Income and cost of sales in the journal, as debits minus credits: two statements.

    By type of account, kind of document, type of item, and whether the posting still stands.
    """
    source = TransactionLine.objects.filter(pk=OuterRef("source_line"))
    lines = JournalLine.objects.between(dates.first, dates.last).annotate(
        kind=Subquery(source.values("transaction__type")),
        item_type=Subquery(source.values("item__item_type")),
        stands=Exists(Posting.objects.standing().filter(entry=OuterRef("entry"))),
    )
    for side, sign in (("debit__type", 1), ("credit__type", -1)):
        rows = lines.filter(**{f"{side}__in": (Type.INCOME, Type.COGS)})
        groups = rows.values_list(side, "kind", "item_type", "stands")
        for *group, amount in groups.annotate(Sum("amount")).order_by("kind", "stands"):
            yield *group, sign * amount


def _selling() -> set[str]:
    """The kinds of document that book a sale."""
    return {kind.name for kind in types.all_kinds() if kind.party == "customer" and kind.posts}


def _label(kind: str | None, stands: bool) -> str:
    if kind is None:
        return "Other journal entries"
    if not stands:
        return "Documents voided in other dates than they were booked in"
    if kind in _selling():
        return "Sales of items without serial numbers"
    return f"Variances and write-offs on {types.get(kind).plural.lower()}"
