"""Every movement of serial numbers, across items and time, in the order of posting (SPEC §7.8)."""

from __future__ import annotations

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from items import numbers
from items.models import SerialUnit
from locations.models import Location
from transactions.models import VOIDED, NumberChange, StockMove


def movements() -> QuerySet[StockMove]:
    """The moves of all units, those of voided documents and their reversals too.

    `unit_no` says which unit of its number moved: a number bought again belongs to a second one.
    """
    earlier = SerialUnit.objects.filter(
        item=OuterRef("item"), number_key=OuterRef("unit__number_key"), pk__lte=OuterRef("unit")
    )
    count = earlier.order_by().values("item").annotate(count=Count("pk")).values("count")
    return (
        StockMove.objects.filter(unit__isnull=False)
        .annotate(unit_no=Subquery(count))
        .select_related("unit", "item", "posting__by", "posting__reversed_by")
        .select_related("line__transaction__vendor", "line__transaction__customer")
        .select_related("source_location", "target_location")
    )


def numbered(rows: QuerySet[StockMove], text: str) -> QuerySet[StockMove]:
    """The moves of a number in any spelling; of those that begin so, if there is none.

    A number that was corrected finds its unit under the old one, too.
    """
    key = numbers.key(text)
    corrected = NumberChange.objects.filter(old_key=key).values("unit")
    units = SerialUnit.objects.filter(Q(number_key=key) | Q(pk__in=corrected))
    if units.exists():
        return rows.filter(unit__in=units)
    return rows.filter(unit__number_key__startswith=key)


def is_void(move: StockMove) -> bool:
    """Whether the move no longer counts: it was voided, or is a void's mirror image."""
    return move.posting.step == VOIDED or hasattr(move.posting, "reversed_by")


def step(move: StockMove) -> str:
    """What was done, in the words of the document's status."""
    if move.posting.step == VOIDED:
        return "Void"
    return str(move.line.transaction.kind.statuses(move.posting.step).label)


def place(status: str, location: Location | None) -> str:
    """ "On Hand at MAIN", "Sold", or nothing for the outside world."""
    label = str(SerialUnit.Status(status).label) if status else ""
    return f"{label} at {location}" if location else label
