"""Stock Ledger: what was there, what came, what went and what remained (SPEC §7.8).

Beginning and what came, less what went, is the ending: in quantity and in value, line by line. A
void counts against what it undoes: a voided receipt is so much less received. Picking moves
nothing, since what is picked is still in stock; a transfer goes out here and comes in there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Sum

from items.models import Item, ItemQuerySet
from locations.models import Location
from reports.dates import DateRange
from reports.stock.as_of import SIDES, VALUED, Amount, Status, lies
from transactions import types
from transactions.models import Posting, StockMove, StockMoveQuerySet

NOTHING = Amount()


@dataclass
class LedgerLine:
    """An item at a location, or at all, between two days."""

    item: Item
    location: Location | None
    beginning: Amount = NOTHING
    receipts: Amount = NOTHING  # from vendors
    other_inputs: Amount = NOTHING
    sales: Amount = NOTHING
    other_outputs: Amount = NOTHING
    last: dict[str, date] = field(default_factory=dict)

    @property
    def inputs(self) -> Amount:
        return self.receipts.plus(self.other_inputs)

    @property
    def outputs(self) -> Amount:
        return self.sales.plus(self.other_outputs)

    @property
    def ending(self) -> Amount:
        return self.beginning.plus(self.inputs).plus(self.outputs, -1)

    def __bool__(self) -> bool:
        """Whether there was, or is, or moved anything."""
        figures = (self.beginning, self.receipts, self.other_inputs, self.sales, self.other_outputs)
        return any(any(amount) for amount in figures)


def ledger(
    items: ItemQuerySet, dates: DateRange, location: int | None = None, by_location: bool = True
) -> list[LedgerLine]:
    """The lines of the items between two days: four statements, however many moves.

    By item and location, or by item alone for a company that does not speak of locations.
    """
    moves = _moves(items, dates.last)
    named = {item.pk: item for item in items}
    places = {place.pk: place for place in Location.objects.all()}
    lines: dict[tuple[int, int | None], LedgerLine] = {}
    for side, sign in SIDES:
        for group in _groups(moves.filter(lies(side, location)), side, dates):
            place = group["place"] if by_location else None
            line = lines.setdefault(
                (group["item_id"], place),
                LedgerLine(named[group["item_id"]], places[place] if place else None),
            )
            _add(line, group, sign)
    found = [line for line in lines.values() if line]
    return sorted(found, key=lambda x: (x.item.name, x.location.name if x.location else ""))


def _moves(items: ItemQuerySet, day: date) -> StockMoveQuerySet:
    """Every move until a day that brought stock to a place or took it from there."""
    reversal = Posting.objects.filter(pk=OuterRef("posting"), reverses__isnull=False)
    undone = Posting.objects.filter(reverses=OuterRef("posting"), date__lte=day)
    stays = Q(
        source_status__in=VALUED, target_status__in=VALUED, source_location=F("target_location")
    )
    return (
        StockMove.objects.filter(date__lte=day, item__in=items.order_by().values("pk"))
        .exclude(stays)
        .annotate(is_void=Exists(reversal), is_undone=Exists(undone))
    )


def _groups(moves: QuerySet[Any], side: str, dates: DateRange) -> Iterable[dict[str, Any]]:
    """The moves' one side, summed up by all that tells a receipt from a sale."""
    earlier, within = Q(date__lt=dates.first), Q(date__gte=dates.first)
    return (
        moves.values(
            "item_id", "source_status", "target_status", "is_void", place=F(f"{side}_location"),
            type=F("line__transaction__type"),
        )
        .annotate(
            quantity_before=Sum("quantity", filter=earlier),
            cost_before=Sum("cost", filter=earlier),
            quantity_within=Sum("quantity", filter=within),
            cost_within=Sum("cost", filter=within),
            latest=Max("date", filter=Q(is_void=False, is_undone=False)),
        )
        .order_by()
    )  # fmt: skip


def _add(line: LedgerLine, group: dict[str, Any], sign: int) -> None:
    """Put a group's figures where they belong."""
    line.beginning = line.beginning.plus(_amount(group, "before"), sign)
    name = column(
        group["source_status"], group["target_status"], group["type"], sign, group["is_void"]
    )
    direction = -1 if group["is_void"] else 1
    setattr(line, name, getattr(line, name).plus(_amount(group, "within"), direction))
    if group["latest"]:
        line.last[name] = max(group["latest"], line.last.get(name, date.min))


def column(source: str, target: str, type_: str, sign: int, is_void: bool) -> str:
    """Where one side of a move is shown; a void's where the move that it undoes is.

    `sign` is +1 for the side that stock came to, −1 for the one it went from.
    """
    if is_void:
        source, target, sign = target, source, -sign
    if sign < 0:
        return "sales" if target == Status.SOLD else "other_outputs"
    from_outside = source in ("", Status.VOIDED)
    return "receipts" if from_outside and type_ in _purchases() else "other_inputs"


def _purchases() -> set[str]:
    return {kind.name for kind in types.all_kinds() if kind.party == "vendor"}


def _amount(group: dict[str, Any], when: str) -> Amount:
    return Amount(group[f"quantity_{when}"] or Decimal(0), group[f"cost_{when}"] or Decimal("0.00"))


def sums(lines: Iterable[LedgerLine]) -> dict[str, Amount]:
    """The totals of every pair of columns."""
    names = ("beginning", "receipts", "other_inputs", "inputs", "sales", "other_outputs",
             "outputs", "ending")  # fmt: skip
    found = dict.fromkeys(names, NOTHING)
    for line in lines:
        for name in names:
            found[name] = found[name].plus(getattr(line, name))
    return found
