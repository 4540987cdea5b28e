"""Inventory Activity Detail: every change of stock, document by document (SPEC §7.8)."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, ExpressionWrapper, F, Q, QuerySet, Value, When

from accounting.fields import QuantityField
from items.models import ItemLocation
from reports.stock.as_of import VALUED

MOVE = "item__moves"
COLUMNS = {
    "move": "id",
    "date": "date",
    "unit_number": "unit__number",
    "number_key": "unit__number_key",
    "document": "line__transaction_id",
    "document_number": "line__transaction__number",
    "kind": "line__transaction__type",
    "undoes": "posting__reverses_id",
}


def activity() -> QuerySet[ItemLocation]:
    """One row for each time that stock on hand or picked changed at a place, with the `quantity`.

    The rows are places, joined with the moves that touched them: a transfer is two rows, one
    where it left and one where it came. Picking changes nothing. Narrow by the annotations
    (`date`, `kind`…) alone: a filter through `item__moves` would join the moves once more.
    """
    field = QuantityField()
    moved = Case(When(_at("target"), then=F(f"{MOVE}__quantity")), **_else(field))
    gone = Case(When(_at("source"), then=F(f"{MOVE}__quantity")), **_else(field))
    return (
        ItemLocation.objects.annotate(
            **{name: F(f"{MOVE}__{path}") for name, path in COLUMNS.items()},
            quantity=ExpressionWrapper(moved - gone, field),
        )
        .filter(Q(quantity__gt=0) | Q(quantity__lt=0))
        .select_related("item", "location")
    )


def _at(side: str) -> Q:
    """Whether one side of the move is stock at the row's place."""
    return Q(**{f"{MOVE}__{side}_status__in": VALUED, f"{MOVE}__{side}_location": F("location_id")})


def _else(field: QuantityField) -> dict[str, Any]:
    return {"default": Value(0, field), "output_field": field}
