"""How units came in, how they went out, and what their sales brought. Reads only.

Three questions, each a fixed number of statements for any number of units:

    arrivals()              the moves that brought units in          (a vendor's serial numbers)
    sales()                 the moves that sold them, with what came of each: `revenue`, `profit`
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
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
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

# What a list shows of a history. Of a hundred columns Django took a tenth of the page to read.
MOVE = (
    "item", "unit", "quantity", "date", "cost", "posting", "line__item",
    "source_status", "source_posting", "target_status",
)  # fmt: skip
SHARE = ("unit", "amount", "sale", "line__item")
DOCUMENT = ("type", "number", "status", "vendor__name", "customer__name")


@dataclass(frozen=True)
class Sale:
    """One sale of a unit, net of its return (SPEC §5.2 rule 5).

    Its profit is known once it is invoiced and, if the unit came back, credited.
    """

    move: StockMove
    invoice: Transaction | None
    revenue: Decimal | None  # less what was credited; None while it is not invoiced
    returned: StockMove | None = None  # the move that brought the unit back
    credit: Transaction | None = None

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
    def waits_for(self) -> str:
        """What is still to be done before its profit is known: "invoiced", "credited" or nothing.

        So no page shows a loss, or a gain, that is only a matter of time.
        """
        if self.revenue is None:
            return "invoiced"
        return "credited" if self.returned and not self.credit else ""

    @property
    def profit(self) -> Decimal | None:
        """Revenue less cost, which a return gives back; None while it waits for something."""
        if self.revenue is None or self.waits_for:
            return None
        return self.revenue if self.returned else self.revenue - self.cost


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
    """The moves that sold units and still stand, with what came of each.

    `revenue` net of what was credited, None while it is not invoiced; `returned`, whether the unit
    came back on it; `credited`; `profit`, None until it is invoiced and, if returned, credited.
    """
    own = shares().filter(unit=OuterRef("unit"), sale=OuterRef("line")).order_by()
    revenue = own.values("unit").annotate(total=Sum("amount")).values("total")
    back = StockMove.objects.standing().filter(
        unit=OuterRef("unit"), source_posting=OuterRef("posting"), source_status=Status.SOLD
    )
    kept = Case(When(returned=True, then=Value(0)), default=F("cost"), output_field=MoneyField())
    unsettled = Q(revenue=None) | Q(returned=True, credited=False)
    profit = Case(
        When(unsettled, then=None),
        default=ExpressionWrapper(F("revenue") - F("kept"), MoneyField()),
        output_field=MoneyField(),
    )
    return (
        _unit_moves()
        .sales()
        .annotate(
            revenue=Subquery(revenue, output_field=MoneyField()),
            returned=Exists(back),
            credited=Exists(own.filter(amount__lte=0)),
        )
        .annotate(kept=kept)
        .annotate(profit=profit)
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
    moves = _unit_moves().only(*MOVE, *(f"line__transaction__{name}" for name in DOCUMENT))
    own = shares().select_related("line__transaction")
    own = own.only(*SHARE, *(f"line__transaction__{name}" for name in DOCUMENT[:3]))
    return units.annotate(times_used=Coalesce(Subquery(uses), 0)).prefetch_related(
        Prefetch("moves", moves.order_by("id"), to_attr="standing_moves"),
        Prefetch("line_units", own, to_attr="shares"),
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
        sale=_sale(sold[-1], moves, unit.shares) if sold else None,  # type: ignore[attr-defined]
    )


def _sale(move: StockMove, moves: list[StockMove], all_shares: list[LineUnit]) -> Sale:
    own = [share for share in all_shares if share.sale_id == move.line_id]
    back = [m for m in moves if m.source_status == Status.SOLD]
    returned = next((m for m in back if m.source_posting == move.posting_id), None)
    invoiced = [share for share in own if not _is_credit(share)]
    credit = next((share.line.transaction for share in own if _is_credit(share)), None)
    if not invoiced:
        return Sale(move, None, None, returned, credit)
    revenue = sum((share.amount or ZERO for share in own), ZERO)
    return Sale(move, invoiced[-1].line.transaction, revenue, returned, credit)


def _is_credit(share: LineUnit) -> bool:
    return share.line.transaction.kind.shares_amount < 0


def _unit_moves() -> StockMoveQuerySet:
    return (
        StockMove.objects.standing()
        .filter(unit__isnull=False)
        .select_related("line__transaction__vendor", "line__transaction__customer")
    )
