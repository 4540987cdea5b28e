"""What narrows the lists of items and of serial numbers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.forms import CheckboxInput
from django_filters import BooleanFilter, ChoiceFilter, FilterSet

from company.models import Company
from items.models import Item, ItemQuerySet, SerialUnitQuerySet
from locations.models import Location
from transactions import types
from users import access

ALL, ON_HAND, STOCK, ALL_WITH_INACTIVE = "all", "on_hand", "stock", "all_inactive"


class ItemFilter(FilterSet):
    """The Items list's View and filters (SPEC §7.2); inactive items are hidden unless asked for."""

    view = ChoiceFilter(
        label="View", choices=[(ALL, "All"), (STOCK, "Stock")], empty_label=None, method="as_it_is"
    )
    type = ChoiceFilter(
        field_name="item_type", label="Type", choices=Item.Type.choices, empty_label="Any"
    )
    low = BooleanFilter(label="At or below reorder point", widget=CheckboxInput, method="only_low")
    inactive = BooleanFilter(label="Show inactive", widget=CheckboxInput, method="with_inactive")

    def as_it_is(self, rows: ItemQuerySet, name: str, value: str) -> ItemQuerySet:
        """The view chooses columns, not rows."""
        return rows

    def only_low(self, rows: ItemQuerySet, name: str, value: bool) -> ItemQuerySet:
        by_location = Company.current().multi_location_inventory
        at = access.of(self.request.user).places
        return rows.low(by_location=by_location, at=at) if value else rows

    def with_inactive(self, rows: ItemQuerySet, name: str, value: bool) -> ItemQuerySet:
        return rows if value else rows.active()


class LineFilter(FilterSet):
    """Of an item's transactions: those of one type."""

    type = ChoiceFilter(
        field_name="transaction__type", label="Type", choices=types.choices, empty_label="Any"
    )


class SerialFilter(FilterSet):
    """Filter By and Location of the Serial Numbers subtab (SPEC §6.6, §7.3).

    Its rows are an item's units. Filter By All shows one for each number that was ever the
    item's. Numbers that are not held lie at no location: a named one lists those last seen there.
    """

    DEFAULTS: ClassVar[dict[str, str]] = {"filter_by": ON_HAND, "location": ALL}

    filter_by = ChoiceFilter(
        label="Filter By", choices=[(ALL, "All"), (ON_HAND, "On Hand")], empty_label=None
    )
    location = ChoiceFilter(label="Location", empty_label=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not Company.current().multi_location_inventory:
            del self.filters["location"]
            return
        self.filters["location"].extra["choices"] = [
            (ALL, "All"),
            (ALL_WITH_INACTIVE, "All (including Inactive)"),
            *((str(place.pk), _label(place)) for place in self._places()),
        ]

    def _places(self) -> Iterable[Location]:
        """The locations that whoever asks works at."""
        return Location.objects.within(access.of(self.request.user).places)

    def filter_queryset(self, queryset: SerialUnitQuerySet) -> SerialUnitQuerySet:
        rows, place = self._by_stock(queryset), self._asked("location")
        if place == ALL_WITH_INACTIVE or "location" not in self.filters:
            return rows
        if place == ALL:
            return rows.exclude(location__inactive=True)
        return rows.filter(last_location=place)

    @property
    def only_on_hand(self) -> bool:
        return self._asked("filter_by") == ON_HAND

    @property
    def hides_inactive(self) -> bool:
        return "location" in self.filters and self._asked("location") == ALL

    @property
    def at_one_place(self) -> bool:
        asked = self._asked("location")
        return "location" in self.filters and asked not in (ALL, ALL_WITH_INACTIVE)

    def shows(self, place: Location) -> bool:
        """Whether the units held at a location are among the rows."""
        if "location" not in self.filters:
            return True
        asked = self._asked("location")
        return asked in (ALL_WITH_INACTIVE, str(place.pk)) or (asked == ALL and not place.inactive)

    def _by_stock(self, rows: SerialUnitQuerySet) -> SerialUnitQuerySet:
        return rows.on_hand() if self.only_on_hand else rows.one_per_number()

    def _asked(self, name: str) -> str:
        """The choice made, or the default for none and for nonsense."""
        form = self.form
        form.is_valid()
        return form.cleaned_data.get(name) or self.DEFAULTS[name]


def _label(place: Location) -> str:
    return f"{place} (inactive)" if place.inactive else str(place)
