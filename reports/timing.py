"""What lies between the sales of some dates and the journal of the same dates.

A row of the profit report is a sale with all that came of it, whenever that was; the journal has
each thing on its own day. What a sale of these dates brought or gave back later is not in the
journal yet; what came in these dates of an earlier sale is not in the rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import OuterRef, Q, Subquery, Sum

from items.models import Item, SerialUnit
from reports.dates import DateRange
from transactions import types
from transactions.models import LineUnit, StockMove, TransactionLine

ZERO = Decimal("0.00")
SOLD = SerialUnit.Status.SOLD


@dataclass(frozen=True)
class Reconciling:
    """A line on the way from the rows to the income statement."""

    label: str
    revenue: Decimal = ZERO
    cost: Decimal = ZERO

    @property
    def profit(self) -> Decimal:
        return self.revenue - self.cost

    def __bool__(self) -> bool:
        return bool(self.revenue or self.cost)


def across_the_dates(dates: DateRange) -> Iterator[Reconciling]:
    """Invoices, credits and returns on the other side of the dates than the sale itself."""
    for word, sign in (("invoiced", 1), ("credited", -1)):
        later, earlier = _amounts(dates, sign)
        yield Reconciling(f"Shipped in these dates, {word} later", -sign * later)
        yield Reconciling(f"{word.title()} in these dates, shipped earlier", sign * earlier)
    later, earlier = _returns(dates)
    yield Reconciling("Shipped in these dates, returned later", cost=later)
    yield Reconciling("Returned in these dates, shipped earlier", cost=-earlier)


def _amounts(dates: DateRange, sign: int) -> tuple[Decimal, Decimal]:
    """Of invoices (or, by their sign, credits): for sales of the dates, later; and the reverse.

    By the lines: all units of one were sold on one day, by one line.
    """
    shares = LineUnit.objects.filter(line=OuterRef("pk"), sale__isnull=False)
    shipping = StockMove.objects.standing().sales().filter(line=OuterRef("sale"))
    lines = (
        TransactionLine.objects.live()
        .filter(
            transaction__type__in=[k.name for k in types.all_kinds() if k.shares_amount == sign],
            transaction__date__gte=dates.first,
            item__item_type=Item.Type.SERIALIZED,
        )
        .annotate(sale=Subquery(shares.values("sale")[:1]))
        .annotate(shipped_on=Subquery(shipping.order_by("-id").values("date")[:1]))
    )
    later = Q(transaction__date__gt=dates.last, shipped_on__range=(dates.first, dates.last))
    earlier = Q(transaction__date__lte=dates.last, shipped_on__lt=dates.first)
    sums = lines.aggregate(later=Sum("amount", filter=later), earlier=Sum("amount", filter=earlier))
    return sums["later"] or ZERO, sums["earlier"] or ZERO


def _returns(dates: DateRange) -> tuple[Decimal, Decimal]:
    """The cost of units of these dates' sales that came back later; and the reverse."""
    back = StockMove.objects.standing().filter(
        unit__isnull=False, source_status=SOLD, date__gte=dates.first
    )
    later = Q(date__gt=dates.last, source_date__range=(dates.first, dates.last))
    earlier = Q(date__lte=dates.last, source_date__lt=dates.first)
    sums = back.aggregate(
        returned_later=Sum("cost", filter=later), returned_earlier=Sum("cost", filter=earlier)
    )
    return sums["returned_later"] or ZERO, sums["returned_earlier"] or ZERO


def without_a_sale(dates: DateRange) -> Iterator[Reconciling]:
    """Trade-ins, and returns that no sale is known of: an income less, and a cost given back."""
    names = [kind.name for kind in types.all_kinds() if kind.shares_amount < 0]
    of_none = LineUnit.objects.filter(sale=None, amount__isnull=False).values("line")
    credited = TransactionLine.objects.live().filter(
        transaction__type__in=names,
        transaction__date__range=(dates.first, dates.last),
        pk__in=of_none,
    )
    arrivals = StockMove.objects.standing().filter(
        unit__isnull=False,
        source_status="",
        line__transaction__customer__isnull=False,
        date__range=(dates.first, dates.last),
    )
    given = credited.aggregate(sum=Sum("amount"))["sum"] or ZERO
    taken = arrivals.aggregate(sum=Sum("cost"))["sum"] or ZERO
    yield Reconciling("Trade-ins, and returns without a sale", -given, -taken)
