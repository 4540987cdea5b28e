"""How units came in, how they went out, and what their sales brought. Reads only.

Three questions, each a fixed number of statements for any number of units:

    arrivals()              the moves that brought units in          (a vendor's serial numbers)
    sales()                 the moves that sold them, with `revenue` and `profit`
                                                       (a customer's serial numbers, profit report)
    with_histories(units)   units whose `history_of(unit)` costs no further statement
                                                       (the Serial Numbers subtab, the serial page)

Moves come with `line.transaction` and its parties, so `move.line.transaction` is the document,
`move.date` its day and `move.cost` the cost it moved the unit at.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import cast

from django.db.models import (
    Count,
    ExpressionWrapper,
    F,
    OuterRef,
    Prefetch,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import Coalesce

from accounting.fields import MoneyField
from items.models import SerialUnit, SerialUnitQuerySet
from parties.models import Customer, Vendor
from transactions.models import (
    VOIDED,
    LineUnit,
    StockMove,
    StockMoveQuerySet,
    Transaction,
)

Status = SerialUnit.Status
ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Sale:
    """One sale of a unit. Its profit is known once it is invoiced (SPEC §5.2 rule 5)."""

    move: StockMove
    invoice: Transaction | None
    revenue: Decimal | None  # None while it is not invoiced

    @property
    def document(self) -> Transaction:
        """The fulfillment that shipped it."""
        return self.move.line.transaction

    @property
    def customer(self) -> Customer | None:
        return self.document.customer

    @property
    def date(self) -> date:
        return self.move.date

    @property
    def cost(self) -> Decimal:
        return self.move.cost

    @property
    def profit(self) -> Decimal | None:
        """Revenue less cost; None before invoicing, never a loss that is only a matter of time."""
        return None if self.revenue is None else self.revenue - self.cost


@dataclass(frozen=True)
class History:
    """A unit's way through the house: how it came, how it left, and its latest sale.

    `departure` is None while the unit is held. A unit that a customer gave back is held, and its
    sale remains the latest.
    """

    arrival: StockMove | None
    departure: StockMove | None
    sale: Sale | None

    @property
    def received_on(self) -> Transaction | None:
        return self.arrival.line.transaction if self.arrival else None

    @property
    def vendor(self) -> Vendor | None:
        return self.received_on.vendor if self.received_on else None

    @property
    def left_on(self) -> Transaction | None:
        return self.departure.line.transaction if self.departure else None

    @property
    def customer(self) -> Customer | None:
        return self.sale.customer if self.sale else None


def arrivals() -> StockMoveQuerySet:
    """The moves that brought units in from outside and still stand."""
    return _unit_moves().filter(source_status="")


def sales() -> StockMoveQuerySet:
    """The moves that sold units and still stand, with the `revenue` and `profit` of each.

    Both are None until the sale is invoiced.
    """
    own = shares().filter(unit=OuterRef("unit"), line__created_from_line=OuterRef("line"))
    revenue = own.order_by().values("unit").annotate(total=Sum("amount")).values("total")
    return (
        _unit_moves()
        .sales()
        .annotate(revenue=Subquery(revenue, output_field=MoneyField()))
        .annotate(profit=ExpressionWrapper(F("revenue") - F("cost"), MoneyField()))
    )


def shares() -> QuerySet[LineUnit]:
    """What of an invoiced amount belongs to each unit, voided invoices left out."""
    return LineUnit.objects.filter(amount__isnull=False).exclude(line__transaction__status=VOIDED)


def with_histories(units: SerialUnitQuerySet) -> SerialUnitQuerySet:
    """The units ready for `history_of`, and `times_used`: how often their number came in."""
    same = SerialUnit.objects.listed().filter(
        item=OuterRef("item"), number_key=OuterRef("number_key")
    )
    uses = same.order_by().values("item").annotate(uses=Count("pk")).values("uses")
    return units.annotate(times_used=Coalesce(Subquery(uses), 0)).prefetch_related(
        Prefetch("moves", _unit_moves().order_by("id"), to_attr="standing_moves"),
        Prefetch("line_units", shares().select_related("line__transaction"), to_attr="shares"),
    )


def history_of(unit: SerialUnit) -> History:
    """The history of a unit that came out of `with_histories`; worked out once."""
    known = vars(unit)
    if "history" not in known:
        known["history"] = _history(unit)
    return cast("History", known["history"])


def _history(unit: SerialUnit) -> History:
    moves: list[StockMove] = unit.standing_moves  # type: ignore[attr-defined]
    sold = [move for move in moves if move.target_status == Status.SOLD]
    return History(
        arrival=next((move for move in moves if not move.source_status), None),
        departure=None if unit.is_held or not moves else moves[-1],
        sale=_sale(sold[-1], unit.shares) if sold else None,  # type: ignore[attr-defined]
    )


def _sale(move: StockMove, all_shares: list[LineUnit]) -> Sale:
    own = [share for share in all_shares if share.line.created_from_line_id == move.line_id]
    if not own:
        return Sale(move, None, None)
    revenue = sum((share.amount or ZERO for share in own), ZERO)
    return Sale(move, own[-1].line.transaction, revenue)


def _unit_moves() -> StockMoveQuerySet:
    return (
        StockMove.objects.standing()
        .filter(unit__isnull=False)
        .select_related("line__transaction__vendor", "line__transaction__customer")
    )
