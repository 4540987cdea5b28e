"""Orders that are not done: who waits for what, and what vendors still owe (SPEC §3.2, §7.8)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import ExpressionWrapper, F, Prefetch, Q, Sum

from accounting.fields import QuantityField, cents
from reports.dates import month_of
from transactions.models import TransactionLine, TransactionLineQuerySet
from transactions.types import purchase_order

ZERO = Decimal("0.00")
ORDER = purchase_order.kind.name
Status = purchase_order.Status
MONTHS = 6  # drawn from this one on


def back_orders() -> TransactionLineQuerySet:
    """The order lines that wait for stock, with `fulfilled` and `picked`.

    Each one's item knows the lines of orders that will bring more of it: `item.coming`.
    """
    waiting = TransactionLine.objects.filter(back_ordered__gt=0).with_progress()
    shipped = ExpressionWrapper(F("moved") - F("picked"), QuantityField())
    lines = waiting.annotate(fulfilled=shipped)  # type: ignore[no-redef]
    return lines.select_related(
        "item", "location", "transaction__customer", "transaction__to_location"
    ).prefetch_related(Prefetch("item__lines", _coming(), to_attr="coming"))


def _coming() -> TransactionLineQuerySet:
    lines = TransactionLine.objects.filter(on_order__gt=0)
    expected = F("transaction__expected_date").asc(nulls_last=True)
    return lines.select_related("transaction").order_by(expected, "transaction__date", "pk")


def coming_for(line: TransactionLine) -> list[TransactionLine]:
    """The order lines that bring a back order's item to its location, soonest first."""
    known: list[TransactionLine] = line.item.coming  # type: ignore[attr-defined]
    return [other for other in known if _comes_to(other) == line.location_id]


def _comes_to(line: TransactionLine) -> int:
    """Where the goods of a purchase or transfer order's line arrive, as a location's id."""
    return line.transaction.to_location_id or line.location_id


def total_back_ordered(lines: TransactionLineQuerySet) -> Decimal:
    sums = lines.order_by().aggregate(total=Sum("back_ordered"))
    return sums["total"] or Decimal(0)


TO_RECEIVE = Q(on_order__gt=0)
TO_BILL = Q(moved__gt=F("billed"))
TO_APPROVE = Q(transaction__status=Status.PENDING_APPROVAL)


def open_lines() -> TransactionLineQuerySet:
    """The purchase order lines of which something is to be received, billed or approved."""
    lines = TransactionLine.objects.filter(transaction__type=ORDER).live().with_progress()
    return lines.filter(TO_RECEIVE | TO_BILL | TO_APPROVE).select_related(
        "item", "location", "transaction__vendor"
    )


def overdue(today: date) -> Q:
    """Lines expected before today of which something has not come."""
    return TO_RECEIVE & Q(transaction__expected_date__lt=today)


def days_late(line: TransactionLine, today: date) -> int:
    """How many days a line is overdue; 0 if it is not."""
    expected = line.transaction.expected_date
    return max((today - expected).days, 0) if expected and line.on_order else 0


def to_come(line: TransactionLine) -> Decimal:
    """What the units still on order will cost."""
    return cents(line.on_order * line.rate)


@dataclass(frozen=True)
class Expected:
    """What is still to come, and of it what is late; by month for the picture."""

    value: Decimal
    late: Decimal
    by_month: list[tuple[str, Decimal]]


def expected(lines: TransactionLineQuerySet, today: date) -> Expected:
    """One statement; the sums in Python, because a product of two columns may outgrow one."""
    rows = lines.filter(TO_RECEIVE).order_by()
    found = [
        (cents(quantity * rate), day)
        for quantity, rate, day in rows.values_list(
            "on_order", "rate", "transaction__expected_date"
        )
    ]
    late = sum((value for value, day in found if day and day < today), ZERO)
    return Expected(sum((value for value, _ in found), ZERO), late, list(_drawn(found, today)))


def _drawn(
    found: Iterable[tuple[Decimal, date | None]], today: date
) -> Iterator[tuple[str, Decimal]]:
    """Late, the months from this one on, later, and without a date, as far as there is any."""
    labels = _labels(today)
    sums = dict.fromkeys(labels.values(), ZERO) | {"Later": ZERO, "No date": ZERO}
    sums = {"Overdue": ZERO, **sums}
    for value, day in found:
        if day is None:
            label = "No date"
        elif day < today:
            label = "Overdue"
        else:
            label = labels.get(month_of(day).first, "Later")
        sums[label] += value
    last = max((n for n, value in enumerate(sums.values()) if value), default=-1)
    yield from list(sums.items())[: last + 1]


def _labels(today: date) -> dict[date, str]:
    """The names of the months drawn, by their first day."""
    labels, month = {}, month_of(today)
    for _ in range(MONTHS):
        labels[month.first] = f"{month.first:%b %Y}"
        month = month_of(date.fromordinal(month.last.toordinal() + 1))
    return labels
