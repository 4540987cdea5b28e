"""Serial numbers: the subtab of an item, and the page of one number."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views import View

from company.models import Company
from inventory.columns import ListTable
from inventory.listing import Listing
from inventory.menus import trail
from items import numbers
from items.filters import ALL, ALL_WITH_INACTIVE, SerialFilter
from items.forms import MemoForm
from items.models import Item, SerialUnit, SerialUnitQuerySet
from items.tables import SerialTable
from locations.models import Location
from transactions.histories import history_of, with_histories
from transactions.models import VOIDED, StockMove


class SerialListing(Listing):
    """The serial numbers of an item (SPEC §7.3)."""

    filterset: SerialFilter

    def __init__(self, request: HttpRequest, item: Item, company: Company) -> None:
        units = item.units.listed().select_related("location")
        super().__init__(
            request,
            with_histories(units),
            SerialTable,
            SerialFilter,
            title=f"Serial numbers of {item}",
            search=holding_fragment,
            search_hint="Number, or a part of it",
            order=("number",),
            defaults=SerialFilter.DEFAULTS,
            empty=self._empty(item),
            exclude=() if company.multi_location_inventory else ("location",),
        )

    @property
    def is_narrowed(self) -> bool:
        place = self.request.GET.get("location") or ALL
        return self.term != "" or place not in (ALL, ALL_WITH_INACTIVE)

    @property
    def table(self) -> ListTable:
        table = super().table
        table.foot = self.foot
        return table

    @property
    def note(self) -> dict[str, str] | None:
        """What Location All leaves out, and where to see it (SPEC §6.6)."""
        hidden = self.filterset.hidden
        if not hidden:
            return None
        text = (
            "1 serial number at inactive locations is hidden."
            if hidden == 1
            else f"{hidden:,} serial numbers at inactive locations are hidden."
        )
        url = self.address(location=ALL_WITH_INACTIVE, page="")
        return {"text": text, "url": url, "link": "Show All (including Inactive)"}

    @cached_property
    def foot(self) -> str:
        """How many rows there are; on hand it is the quantity on hand, so it is counted out."""
        if self.request.GET.get("filter_by") == ALL:
            return self.page.summary
        count = self.rows.order_by().count()
        return "1 row" if count == 1 else f"{count:,} rows"

    @staticmethod
    def _empty(item: Item) -> dict[str, str]:
        if item.units.listed().exists():
            return {
                "title": "None on hand",
                "text": "Filter By All lists every number this item ever had.",
                "url": f"{item.get_absolute_url()}?tab=serials&filter_by=all",
                "action": "Show all numbers",
            }
        return {
            "title": "No serial numbers yet",
            "text": "They come in with a receipt of a purchase order, or by Adjust Inventory.",
            "url": f"{reverse('transactions:new', args=['purchase-order'])}?item={item.pk}",
            "action": "New Purchase Order",
        }


def holding_fragment(units: SerialUnitQuerySet, text: str) -> SerialUnitQuerySet:
    """The units whose number holds one of the fragments typed, in any spelling."""
    found = Q()
    for fragment in numbers.split(text):
        found |= Q(number_key__contains=numbers.key(fragment))
    return units.filter(found)


@dataclass(frozen=True)
class Movement:
    """One row of a number's movements, in words."""

    move: StockMove
    unit_no: int
    step: str
    source: str
    target: str
    is_void: bool


class SerialNumberPage(View):
    """Everything about one serial number of an item: its units, and every move they made.

    Any spelling leads here; the address is that of the stored one (SPEC §6.4).
    """

    def get(self, request: HttpRequest, item_id: int, number: str) -> HttpResponse:
        item = get_object_or_404(Item, pk=item_id)
        units = self._units(item, number)
        if not units:
            return never_seen(request, item, number)
        shown = latest(units)
        if shown.number != number:
            return redirect(shown)
        return render(request, "items/serial.html", self._context(item, units, shown))

    def post(self, request: HttpRequest, item_id: int, number: str) -> HttpResponse:
        """Save the memo; nothing else of a unit is anybody's to edit."""
        units = self._units(get_object_or_404(Item, pk=item_id), number)
        if not units:
            raise Http404
        shown, form = latest(units), MemoForm(request.POST)
        if form.is_valid():
            SerialUnit.objects.filter(pk=shown.pk).update(memo=form.cleaned_data["memo"])
            messages.success(request, "The memo is saved.")
        else:
            messages.error(request, "The memo is longer than 200 characters; nothing was saved.")
        return redirect(shown)

    @staticmethod
    def _units(item: Item, number: str) -> list[SerialUnit]:
        """All that ever carried the number, those of voided receipts too, in order of arrival."""
        carriers = item.units.numbered(number).select_related("location")
        return list(with_histories(carriers).order_by("id"))

    def _context(self, item: Item, units: list[SerialUnit], shown: SerialUnit) -> dict[str, Any]:
        way = [*trail(self.request.resolver_match), (str(item), item.get_absolute_url())]
        return {
            "title": shown.number,
            "item": item,
            "shown": shown,
            "units": [(n, unit, history_of(unit)) for n, unit in enumerate(units, start=1)],
            "movements": movements(units),
            "memo_form": MemoForm(initial={"memo": shown.memo}),
            "trail": way,
        }


def latest(units: list[SerialUnit]) -> SerialUnit:
    """The unit a number stands for: the one we hold, else the one that moved last."""
    standing = [unit for unit in units if unit.status != SerialUnit.Status.VOIDED]
    return max(standing or units, key=lambda unit: (unit.is_held, unit.last_posting, unit.pk))


def movements(units: list[SerialUnit]) -> list[Movement]:
    """Every move of the units in the order of posting, those of voided documents marked."""
    numbers_of = {unit.pk: n for n, unit in enumerate(units, start=1)}
    with_places = Company.current().multi_location_inventory
    moves = (
        StockMove.objects.filter(unit__in=numbers_of)
        .select_related("posting__by", "posting__reversed_by", "line__transaction")
        .select_related("source_location", "target_location")
        .order_by("id")
    )
    return [_movement(move, numbers_of[move.unit_id or 0], with_places) for move in moves]


def _movement(move: StockMove, unit_no: int, with_places: bool) -> Movement:
    step = move.posting.step
    statuses = move.line.transaction.kind.statuses
    return Movement(
        move,
        unit_no,
        "Voided" if step == VOIDED else str(statuses(step).label),
        _place(move.source_status, move.source_location if with_places else None),
        _place(move.target_status, move.target_location if with_places else None),
        is_void=step == VOIDED or hasattr(move.posting, "reversed_by"),
    )


def _place(status: str, location: Location | None) -> str:
    """ "On Hand at MAIN", "Sold", or nothing for the outside world."""
    label = str(SerialUnit.Status(status).label) if status else ""
    return f"{label} at {location}" if location else label


def never_seen(request: HttpRequest, item: Item, number: str) -> HttpResponse:
    """Says that the item never had such a number, and who else has."""
    others = SerialUnit.objects.one_per_number().numbered(number).select_related("item")
    context = {"title": number, "item": item, "number": number, "others": others}
    return render(request, "items/serial_never_seen.html", context, status=404)
