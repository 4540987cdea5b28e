"""Serial numbers: the subtab of an item, and the page of one number."""

from __future__ import annotations

from collections.abc import Collection
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
from inventory import paging, sets
from inventory.columns import ListTable
from inventory.listing import Jump, Listing
from inventory.menus import trail
from items import numbers
from items.filters import ALL, ALL_WITH_INACTIVE, SerialFilter
from items.forms import MemoForm
from items.models import Item, ItemLocation, SerialUnit, SerialUnitQuerySet
from items.tables import SerialTable
from locations.models import Location
from transactions.histories import history_of, with_histories
from transactions.models import VOIDED, NumberChange, StockMove
from users import access, gates
from users.roles import EDIT


class SerialListing(Listing):
    """The serial numbers of an item (SPEC §7.3)."""

    filterset: SerialFilter

    def __init__(self, request: HttpRequest, item: Item, company: Company) -> None:
        self.item, self.places = item, access.of(request.user).places
        self.units = item.units.listed().within(self.places)
        super().__init__(
            request,
            with_histories(self.units.select_related("location")),  # `item` is known
            SerialTable,
            SerialFilter,
            title=f"Serial numbers of {item}",
            search=self._holding,
            search_hint="Number, or a part of it",
            order=("number",),
            jump=Jump("number", "Go to number", numbers.key),
            defaults=SerialFilter.DEFAULTS,
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
        hidden = self._hidden
        if not hidden:
            return None
        text = (
            "1 serial number at inactive locations is hidden."
            if hidden == 1
            else f"{hidden:,} serial numbers at inactive locations are hidden."
        )
        url = self.address(location=ALL_WITH_INACTIVE, page="", go="")
        return {"text": text, "url": url, "link": "Show All (including Inactive)"}

    @property
    def tools(self) -> list[tuple[str, str, str]]:
        """Labels of what is listed: with the search and filters that are on."""
        query = self.request.GET.copy()
        for name in ("tab", "page", "go", "sort", "export"):
            query.pop(name, None)
        query["item"] = str(self.item.pk)
        return [("barcode", "Labels", f"{reverse('labels:choose')}?{query.urlencode()}")]

    @cached_property
    def summary(self) -> str:
        """How many rows there are, where it can be told for less than counting them costs.

        On hand, a row is a unit, and the quantity on hand says how many. Of all, it is a number,
        and those held at inactive locations are the ones left out.
        """
        asked = self.filterset
        if self.term:
            return ""
        held = int(sum(row.on_hand for row in self._stock if asked.shows(row.location)))
        if asked.only_on_hand:
            return paging.exact_summary(held)
        if asked.at_one_place:
            # Of those on hand each is a row; only the others need be looked at.
            others = self.rows.order_by().exclude(status=SerialUnit.Status.ON_HAND)
            room = max(paging.COUNTED - held, 0) + 1
            return paging.rows_summary(held + others.values("pk")[:room].count())
        return paging.rows_summary(self._known - self._hidden)

    @property
    def unsortable(self) -> Collection[str]:
        """Of All, when they are too many to count, but the number and the day of arrival.

        Those have an index. By another column the database would compare every unit the item
        ever had, to show fifty.
        """
        short = self.filterset.only_on_hand or self.term
        if short or self._known - self._hidden <= paging.COUNTED:
            return ()
        return SerialTable.base_columns.keys() - {"number", "received_on"}

    @cached_property
    def _known(self) -> int:
        """How many numbers the item ever had, so far as they are counted."""
        every = self.units.order_by().values("number_key").distinct()
        return every[: paging.COUNTED + self._hidden + 1].count()

    @property
    def _hidden(self) -> int:
        """How many numbers Location All leaves out because their location is inactive."""
        if not self.filterset.hides_inactive:
            return 0
        names = ("on_hand",) if self.filterset.only_on_hand else SerialUnit.HELD
        away = [row for row in self._stock if row.location.inactive]
        return int(sum(getattr(row, name) for row in away for name in names))

    @cached_property
    def _stock(self) -> list[ItemLocation]:
        """How many units are where: what the audit proves need not be counted out."""
        stock = ItemLocation.objects.within(self.places).filter(item=self.item)
        return list(stock.select_related("location"))

    @cached_property
    def foot(self) -> str:
        return self.page.summary

    def _holding(self, units: SerialUnitQuerySet, text: str) -> SerialUnitQuerySet:
        """The units whose number holds one of the fragments typed, in any spelling.

        They come out of the item's index of numbers alone, read once. Where they are so many that
        the list will not count them, some are on any page of the index, and soon met.
        """
        found = Q()
        for fragment in numbers.split(text):
            found |= Q(number_key__contains=numbers.key(fragment))
        matching = SerialUnit.objects.filter(found, item=self.item).order_by()
        some = list(matching.values_list("number_key", flat=True)[: paging.COUNTED + 1])
        if not some:
            return units.none()  # SQLite would go through the index once more
        if len(some) > paging.COUNTED:
            return units.filter(found)
        # By number, not by id: the index that has them in the order of the list leads to each.
        return units.filter(number_key__in=sets.texts(some))

    def nothing(self) -> dict[str, str]:
        item = self.item
        if self.units.exists():
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
            return self._corrected(item, number) or never_seen(request, item, number)
        shown = latest(units)
        if not access.of(request.user).works_at([shown.last_location_id]):
            raise gates.Missing(gates.PLACE)
        if shown.number != number:
            return redirect(shown)
        return render(request, "items/serial.html", self._context(item, units, shown))

    @staticmethod
    def _corrected(item: Item, number: str) -> HttpResponse | None:
        """The way to the unit that carried the number before it was corrected."""
        changes = NumberChange.objects.filter(unit__item=item, old_key=numbers.key(number))
        change = changes.select_related("unit").order_by("id").last()
        return redirect(change.unit) if change else None

    def post(self, request: HttpRequest, item_id: int, number: str) -> HttpResponse:
        """Save the memo; nothing else of a unit is anybody's to edit."""
        units = self._units(get_object_or_404(Item, pk=item_id), number)
        if not units:
            raise Http404
        shown, form = latest(units), MemoForm(request.POST)
        if not access.of(request.user).works_at([shown.last_location_id]):
            raise gates.Missing(gates.PLACE)
        if form.is_valid():
            SerialUnit.objects.filter(pk=shown.pk).update(memo=form.cleaned_data["memo"])
            messages.success(request, "The memo is saved.")
        else:
            messages.error(request, "The memo is longer than 200 characters; nothing was saved.")
        return redirect(shown)

    @staticmethod
    def _corrections(item: Item, number: str, units: list[SerialUnit]) -> list[NumberChange]:
        """Where units of the item lost this number, or got it, by a correction."""
        lost = Q(unit__item=item, old_key=numbers.key(number))
        changes = NumberChange.objects.filter(lost | Q(unit__in=units))
        return list(changes.select_related("unit", "document__created_by").order_by("id"))

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
            "corrections": self._corrections(item, shown.number, units),
            "memo_form": MemoForm(initial={"memo": shown.memo}),
            "may_write": access.of(self.request.user).may("serial_numbers", EDIT),
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
