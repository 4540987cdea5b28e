"""What each item earned between two days, straight from the journal (SPEC §5.2 rule 6, §7.8).

Every journal line knows the document line it was booked for, and that line its item. So what the
items brought and cost, and what was booked without an item, add up to the income statement's
Income and Cost of Sales by construction. The journal counts a void on the day it is booked; the
quantity sold is that of the moves that stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import (
    Case,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    When,
)
from django.db.models.functions import Coalesce

from accounting.fields import MoneyField, QuantityField
from accounting.models import Account, JournalLine
from items.models import Item, ItemQuerySet, SerialUnit
from reports.dates import DateRange
from reports.reconciliation import Reconciling
from reports.statements import income_statement
from transactions.models import StockMove, TransactionLine

ZERO = Decimal("0.00")
INCOME, COGS = Account.Type.INCOME, Account.Type.COGS
SOLD = SerialUnit.Status.SOLD
TENTH = Decimal("0.1")
DRAWN = 12


def items(dates: DateRange) -> ItemQuerySet:
    """The items with anything in income or cost of sales, with `quantity`, `revenue`, `cost`, and
    `profit`."""
    lines = TransactionLine.objects.filter(item=OuterRef(OuterRef("pk")))
    journal = _booked(dates).filter(source_line__in=lines.values("pk"))
    return (
        Item.objects.annotate(
            quantity=_quantity_sold(dates),
            revenue=_total(journal, _revenue()),
            cost=_total(journal, _cost()),
            profit=_total(journal, _less(_revenue(), _cost())),
        )
    ).filter(revenue__isnull=False)


def bookings(dates: DateRange, item: Item | None) -> QuerySet[JournalLine]:
    """The journal lines behind an item's figures, or behind what has no item.

    With the `revenue` and the `cost` of each.
    """
    lines = TransactionLine.objects.filter(item=item)
    journal = _booked(dates)
    own = journal.filter(source_line__in=lines.values("pk")) if item else _without_item(journal)
    return own.annotate(revenue=_revenue(), cost=_cost()).select_related(
        "debit", "credit", "entry__posting__document__vendor", "entry__posting__document__customer"
    )


def _booked(dates: DateRange) -> QuerySet[JournalLine]:
    """What was booked to income or cost of sales."""
    either = Q(debit__type__in=(INCOME, COGS)) | Q(credit__type__in=(INCOME, COGS))
    return JournalLine.objects.between(dates.first, dates.last).filter(either)


def _without_item(journal: QuerySet[JournalLine]) -> QuerySet[JournalLine]:
    lines = TransactionLine.objects.filter(pk=OuterRef("source_line"), item__isnull=False)
    return journal.filter(~Exists(lines))


def _revenue() -> Any:
    return _less(_grown("credit__type", INCOME), _grown("debit__type", INCOME))


def _cost() -> Any:
    return _less(_grown("debit__type", COGS), _grown("credit__type", COGS))


def _grown(side: str, type_: str, name: str = "amount", field: Any = MoneyField) -> Case:
    """A row's amount, if one of its sides is of that type."""
    return Case(When(**{side: type_}, then=F(name)), default=0, output_field=field())


def _less(one: Any, other: Any, field: Any = MoneyField) -> ExpressionWrapper:
    return ExpressionWrapper(one - other, output_field=field())


def _quantity_sold(dates: DateRange) -> Coalesce:
    """Units that left to customers less those that came back from them."""
    moves = StockMove.objects.standing().filter(
        Q(target_status=SOLD) | Q(source_status=SOLD),
        item=OuterRef("pk"),
        date__range=(dates.first, dates.last),
    )
    left = _grown("target_status", SOLD, "quantity", QuantityField)
    came = _grown("source_status", SOLD, "quantity", QuantityField)
    total = _total(moves, _less(left, came, QuantityField), QuantityField)
    return Coalesce(total, 0, output_field=QuantityField())


def _total(rows: QuerySet, amount: Any, field: Any = MoneyField) -> Subquery:
    """The sum over the rows of an outer row; by Func and not Sum, which would group them."""
    total = Func(amount, function="SUM", output_field=field())
    return Subquery(rows.order_by().annotate(sum_of=total).values("sum_of"), output_field=field())


def percent(part: Decimal, whole: Decimal) -> Decimal | None:
    """A share in percent with one decimal; none of what is nothing or less."""
    if whole <= 0:
        return None
    return (part * 100 / whole).quantize(TENTH, rounding=ROUND_HALF_UP)


def most_profitable(rows: QuerySet) -> list[tuple[str, Decimal]]:
    """(item, gross profit) of the items that made most, the best first."""
    return list(rows.order_by("-profit", "name").values_list("name", "profit")[:DRAWN])


@dataclass(frozen=True)
class Tie:
    """How the listed items add up to the income statement's Income and Cost of Sales."""

    dates: DateRange
    listed: Reconciling
    others: Sequence[Reconciling]
    without_item: Reconciling
    statement: Reconciling

    @property
    def difference(self) -> Reconciling:
        """What nothing explains: zero, or the journal is read wrongly."""
        known = [self.listed, *self.others, self.without_item]
        return Reconciling(
            "Unexplained difference",
            self.statement.revenue - sum((line.revenue for line in known), ZERO),
            self.statement.cost - sum((line.cost for line in known), ZERO),
        )


def tie(listed: ItemQuerySet, dates: DateRange) -> Tie:
    """Tie items, as far as search and filters leave them, to the statement of the same dates."""
    shown = _sums("Items listed above", listed, F("revenue"), F("cost"))
    every = _sums("", items(dates), F("revenue"), F("cost"))
    left_out = Reconciling(
        "Items left out by the search", every.revenue - shown.revenue, every.cost - shown.cost
    )
    statement = income_statement(dates.first, dates.last)
    return Tie(
        dates=dates,
        listed=shown,
        others=[left_out] if left_out else [],
        without_item=_sums(
            "Booked without an item", _without_item(_booked(dates)), _revenue(), _cost()
        ),
        statement=Reconciling(
            "Income statement", statement.income.total, statement.cost_of_sales.total
        ),
    )


def _sums(label: str, rows: QuerySet, revenue: Any, cost: Any) -> Reconciling:
    sums = rows.order_by().aggregate(
        total_revenue=Sum(revenue, output_field=MoneyField()),
        total_cost=Sum(cost, output_field=MoneyField()),
    )
    return Reconciling(label, sums["total_revenue"] or ZERO, sums["total_cost"] or ZERO)
