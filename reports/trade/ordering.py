"""Orders what is low: one purchase order for each preferred vendor.

Each order is posted by itself, so one vendor's refusal does not hold up the others; what was made
and what was not is told vendor by vendor. The id of the page and the vendor together make the
request's id: the same page sent twice orders once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from django.utils import timezone

from items.refusals import Refusal, Refused
from parties.models import Vendor
from reports.trade.reorder import Need
from transactions.models import Posting, Transaction, TransactionLine
from transactions.posting import post
from transactions.types import purchase_order

Chosen = Sequence[tuple[Need, Decimal]]


@dataclass(frozen=True)
class Outcome:
    """What became of one vendor's order: a document, or the reasons why there is none."""

    vendor: Vendor
    document: Transaction | None = None
    made_before: bool = False
    refusals: Sequence[Refusal] = ()


def order(chosen: Chosen, page_id: UUID, by: Any) -> list[Outcome]:
    """Post a purchase order for each vendor of the chosen needs, by name of the vendor.

    The needs must have a vendor and a rate (`Need.problem` is None).
    """
    by_vendor: dict[Vendor, list[tuple[Need, Decimal]]] = {}
    for need, quantity in chosen:
        if need.vendor:
            by_vendor.setdefault(need.vendor, []).append((need, quantity))
    ids = {vendor: uuid5(page_id, str(vendor.pk)) for vendor in by_vendor}
    known = Posting.objects.filter(request_id__in=ids.values())
    before = set(known.values_list("request_id", flat=True))
    return [
        _order(vendor, by_vendor[vendor], ids[vendor], ids[vendor] in before, by)
        for vendor in sorted(by_vendor, key=str)
    ]


def _order(vendor: Vendor, chosen: Chosen, request_id: UUID, before: bool, by: Any) -> Outcome:
    places = {need.location for need, _ in chosen}
    document = Transaction(
        type=purchase_order.kind.name,
        date=timezone.localdate(),
        vendor=vendor,
        location=places.pop() if len(places) == 1 else None,
        memo="Items to reorder",
    )
    lines = [_line(need, quantity) for need, quantity in chosen]
    try:
        made = post(document, lines, by=by, request_id=request_id).document
    except Refused as refused:
        return Outcome(vendor, refusals=refused.refusals)
    return Outcome(vendor, made, before)


def _line(need: Need, quantity: Decimal) -> TransactionLine:
    return TransactionLine(
        item=need.item,
        description=need.item.title,
        location=need.location,
        quantity=quantity,
        rate=need.rate or Decimal(0),
    )
