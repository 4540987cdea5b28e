"""Profit by serial number: one row per unit and sale (SPEC §5.2 rule 5, §7.8)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum

from transactions import histories
from transactions.models import StockMoveQuerySet

ZERO = Decimal("0.00")


class DaysBetween(Func):
    """Whole days from the second date to the first."""

    arg_joiner = " - "
    template = "(%(expressions)s)"
    output_field = IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        whole = self.copy()
        whole.set_source_expressions(
            [Func(day, function="julianday") for day in self.get_source_expressions()]
        )
        return whole.as_sql(compiler, connection, template="CAST(%(expressions)s AS integer)")


def sales() -> StockMoveQuerySet:
    """Every sale of a unit that stands, net of its return: see `histories.sales`.

    With the document that brought the unit in (`receipt_id`, `_number`, `_type`), its invoice or
    cash sale (`invoice_id`, `_number`, `_type`) and the `days` it was in stock.
    """
    shares = histories.shares().filter(unit=OuterRef("unit"), sale=OuterRef("line"))
    arrival = histories.arrivals().filter(unit=OuterRef("unit")).order_by("id")
    return (
        histories.sales()
        .select_related("item", "unit")
        .annotate(
            **_document("receipt", arrival),
            **_document("invoice", shares.order_by("id")),
            days=DaysBetween(F("date"), F("unit__received_on")),
        )
    )


def _document(name: str, lines: QuerySet) -> dict[str, Subquery]:
    """The document of the first of some rows that have a line."""
    path = "line__transaction"
    return {
        f"{name}_id": Subquery(lines.values(f"{path}_id")[:1]),
        f"{name}_number": Subquery(lines.values(f"{path}__number")[:1]),
        f"{name}_type": Subquery(lines.values(f"{path}__type")[:1]),
    }


@dataclass(frozen=True)
class Totals:
    """The sums over a set of sales, net of returns.

    Those that wait to be invoiced, or credited, have revenue and cost, but no profit yet.
    """

    units: int
    cost: Decimal
    revenue: Decimal
    waiting: int
    waiting_cost: Decimal
    waiting_revenue: Decimal

    @property
    def settled_cost(self) -> Decimal:
        return self.cost - self.waiting_cost

    @property
    def settled_revenue(self) -> Decimal:
        return self.revenue - self.waiting_revenue

    @property
    def profit(self) -> Decimal:
        """Of the sales that wait for nothing."""
        return self.settled_revenue - self.settled_cost


def totals(rows: StockMoveQuerySet) -> Totals:
    """The sums over all the rows, in one statement."""
    waiting = Q(profit__isnull=True)
    sums = rows.order_by().aggregate(
        units=Count("pk"),
        total_cost=Sum("kept"),
        total_revenue=Sum("revenue"),
        waiting=Count("pk", filter=waiting),
        waiting_cost=Sum("kept", filter=waiting),
        waiting_revenue=Sum("revenue", filter=waiting),
    )
    return Totals(
        units=sums["units"],
        cost=sums["total_cost"] or ZERO,
        revenue=sums["total_revenue"] or ZERO,
        waiting=sums["waiting"],
        waiting_cost=sums["waiting_cost"] or ZERO,
        waiting_revenue=sums["waiting_revenue"] or ZERO,
    )
