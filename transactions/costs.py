"""What ordinary items cost when they come back: from a customer, or out of transit.

They come in at the cost they left with (SPEC §5.3): the line that moved them has a cost, and each
return takes its part of what is left of it, the last one the rest. Reads only.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db.models import Max, Q, Sum

from accounting.fields import cents
from items.refusals import Refusal
from transactions.models import StockMove, StockMoveQuerySet, TransactionLine
from transactions.serials import Take
from transactions.types.base import Kind

ZERO = Decimal("0.00")
AWAY = ("sold", "in_transit")
# From a line up to the one whose goods it brings back: a transfer's receipt comes straight from
# the shipment; a return from its authorization, that from the sale, which may have been shipped.
UP = "line__created_from_line"
ORIGINS = (UP, f"{UP}__created_from_line", f"{UP}__created_from_line__created_from_line")


class Origins:
    """What is left, in quantity and cost, of the lines that goods come back from."""

    def __init__(self, takes: Sequence[Take], kind: Kind) -> None:
        self.left: dict[int, tuple[Decimal, Decimal]] = {}
        if lines := set(_ordinary_origins(takes, kind)):
            self._read(lines)

    def _read(self, lines: set[int]) -> None:
        """Two statements: what left by the lines, and what came back to them since."""
        went = _went(lines).values_list("line").annotate(Sum("quantity"), Sum("cost"))
        for line, quantity, cost in went.order_by():
            self.left[line] = (quantity, cost)
        back = _came_back(lines).values_list(*ORIGINS).annotate(Sum("quantity"), Sum("cost"))
        for *origins, quantity, cost in back.order_by():
            line = next(origin for origin in origins if origin in lines)
            left, worth = self.left[line]
            self.left[line] = (left - quantity, worth - cost)

    def draw(self, origin: TransactionLine, quantity: Decimal) -> Decimal:
        """The cost of a quantity that comes back."""
        left, cost = self.left[origin.pk]
        part = cost if quantity >= left else cents(cost * quantity / left)
        self.left[origin.pk] = (left - quantity, cost - part)
        return part


def too_early(takes: Sequence[Take], kind: Kind, day: date) -> list[Refusal]:
    """Ordinary goods cannot come back before they left; units say so themselves (SER-14)."""
    origins = _ordinary_origins(takes, kind)
    if not origins:
        return []
    left = dict(_went(set(origins)).values_list("line").annotate(Max("date")).order_by())
    return [
        Refusal(
            f"Line {line.line_no}, {line.item}: it left on {left[pk]}, after {day}. "
            "Choose a later date.",
            line=line.line_no,
        )
        for pk, line in origins.items()
        if left.get(pk, day) > day
    ]


def _ordinary_origins(takes: Sequence[Take], kind: Kind) -> dict[int, TransactionLine]:
    """By the id of the line it comes back from, each line of an ordinary item."""
    return {
        origin.pk: take.line
        for take in takes
        if not take.line.item.is_serialized and (origin := kind.origin(take.line))
    }


def _went(lines: set[int]) -> StockMoveQuerySet:
    return StockMove.objects.standing().filter(line__in=lines, target_status__in=AWAY)


def _came_back(lines: set[int]) -> StockMoveQuerySet:
    origin = Q(pk__in=[])
    for path in ORIGINS:
        origin |= Q(**{f"{path}__in": lines})
    return StockMove.objects.standing().filter(origin, source_status__in=AWAY)
