"""Serials On Hand: every unit that was in stock at the end of any day, past or present (§7.8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    ExpressionWrapper,
    F,
    Field,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounting.fields import MoneyField, QuantityField
from items import numbers
from items.models import Item, SerialUnit, SerialUnitQuerySet
from locations.models import Location
from reports.stock.as_of import Amount, Stock, lies
from transactions.models import StockMove, StockMoveQuerySet

HELD = SerialUnit.HELD


def units_held(
    units: SerialUnitQuerySet,
    day: date,
    location: int | None = None,
    statuses: Sequence[str] = HELD,
) -> SerialUnitQuerySet:
    """The units that were in stock at the end of a day, by the sum of their moves.

    With the state they were in (`was`) and where (`place`), what they cost then (`cost`) and the
    document that brought them (`receipt_id`, `_number`, `_type`).

    A unit that was sold, taken back by a void of a later date and sold again in between counts
    as gone twice on the days between, in the books and so here: its `cost` is negative.
    """
    moves = StockMove.objects.filter(unit=OuterRef("pk"), date__lte=day)
    return (
        _candidates(units, day)
        .annotate(net=_change(moves, "quantity", QuantityField(), location, statuses))
        .filter(Q(net__gt=0) | Q(net__lt=0))
        .annotate(
            cost=_change(moves, "cost", MoneyField(), location, statuses),
            **_whereabouts(moves),
            **_receipt(),
        )
        .select_related("item")
    )


def _candidates(units: SerialUnitQuerySet, day: date) -> SerialUnitQuerySet:
    """Those held now, or moved after the day: all others were then what they are today.

    What moved after the day is read once, through the index by item and date where the items
    are few; the moves of a unit are summed up for these candidates alone.
    """
    if day >= timezone.localdate():  # nothing is dated in the future
        return units.held()
    later = StockMove.objects.filter(
        date__gt=day, item__in=units.order_by().values("item"), unit__isnull=False
    )
    return units.filter(Q(location__isnull=False) | Q(pk__in=later.values("unit")))


def _change(
    moves: StockMoveQuerySet,
    name: str,
    output: Field,
    location: int | None,
    statuses: Sequence[str],
) -> Subquery:
    """What a unit's moves add up to."""
    came, went = (
        Case(
            When(lies(side, location, statuses), then=F(name)),
            default=Value(0, output),
            output_field=output,
        )
        for side in ("target", "source")
    )
    change = Sum(ExpressionWrapper(came - went, output), output_field=output)
    sums = moves.order_by().values("unit").annotate(change=change).values("change")
    return Subquery(sums, output_field=output)


def _whereabouts(moves: StockMoveQuerySet) -> dict[str, Any]:
    """State and location after the last move that was made by the day."""
    last = moves.order_by("-id")
    place = last.annotate(
        name=Coalesce(F("target_location__name"), F("source_location__name"))
    ).values("name")
    return {"was": Subquery(last.values("target_status")[:1]), "place": Subquery(place[:1])}


def _receipt() -> dict[str, Any]:
    """The document that brought the unit in."""
    first = StockMove.objects.filter(unit=OuterRef("pk"), source_status="").order_by("id")
    path = "line__transaction"
    return {
        "receipt_id": Subquery(first.values(f"{path}_id")[:1]),
        "receipt_number": Subquery(first.values(f"{path}__number")[:1]),
        "receipt_type": Subquery(first.values(f"{path}__type")[:1]),
    }


@dataclass(frozen=True)
class LocationTotal:
    """How many units were at a location, and what they cost."""

    location: Location
    units: Decimal
    value: Decimal


def by_location(
    stock: Stock, location: int | None = None, statuses: Sequence[str] = HELD
) -> list[LocationTotal]:
    """The totals of each location where anything was: one statement."""
    sums: dict[int, Amount] = {}
    for spot, amount in stock.items():
        if spot.status in statuses and location in (None, spot.location):
            sums[spot.location] = sums.get(spot.location, Amount()).plus(amount)
    places = Location.objects.filter(pk__in=sums)
    return [LocationTotal(place, *sums[place.pk]) for place in places if any(sums[place.pk])]


def unit_moves(day: date, item: Item | None = None, number: str = "") -> StockMoveQuerySet:
    """Every move of units until a day: of one item's, of those whose number begins so."""
    moves = StockMove.objects.filter(date__lte=day, unit__isnull=False)
    if item is not None:
        moves = moves.filter(item=item)
    return moves.filter(unit__number_key__startswith=numbers.key(number)) if number else moves
