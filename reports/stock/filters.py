"""What narrows the reports on stock: a day or a range of days, a location, an item."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django_filters import ChoiceFilter, FilterSet, ModelChoiceFilter

from company.models import Company
from items.models import Item, ItemQuerySet, SerialUnit, SerialUnitQuerySet
from locations.models import Location
from reports.dates import DateRange
from reports.forms import DateRangeForm, DayForm
from reports.stock.serials import HELD, units_held
from transactions import types


class StockFilter(FilterSet):
    """The item and the location; a report offers inactive locations too (SPEC §6.6).

    While Multi-Location Inventory is off there is no location to choose.
    """

    location = ChoiceFilter(label="Location", method="as_it_is", empty_label="All locations")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not Company.current().multi_location_inventory:
            del self.filters["location"]
            return
        self.filters["location"].extra["choices"] = [
            (str(place.pk), f"{place} (inactive)" if place.inactive else str(place))
            for place in Location.objects.all()
        ]

    @property
    def with_places(self) -> bool:
        return "location" in self.filters

    @property
    def place(self) -> int | None:
        """The location asked for; nonsense asks for all."""
        asked = self.asked("location")
        return int(asked) if asked else None

    @property
    def told(self) -> list[str]:
        """The days and what else was asked for, for paper: the filters stay off it."""
        form = self.form
        when = f"At the end of {form.day}" if isinstance(form, DayForm) else str(form.dates)
        chosen = [(name, self.asked(name)) for name in self.filters]
        return [when, *(self._word(name, value) for name, value in chosen if value)]

    def _word(self, name: str, value: Any) -> str:
        return dict(self.form.fields[name].choices)[value] if isinstance(value, str) else f"{value}"

    def asked(self, name: str) -> Any:
        self.form.errors  # noqa: B018  reads the fields
        return self.form.cleaned_data.get(name)

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """By the filters; the form's days have none, because they narrow moves."""
        for name, filter_ in self.filters.items():
            queryset = filter_.filter(queryset, self.form.cleaned_data.get(name))
        return queryset

    def as_it_is(self, rows: QuerySet, name: str, value: Any) -> QuerySet:
        """What narrows moves and not rows: the report reads it from the form."""
        return rows


class ItemFilter(StockFilter):
    """Rows are items; one of them may be chosen."""

    item = ModelChoiceFilter(
        label="Item", method="by_item", queryset=Item.objects.only("name"), empty_label="All items"
    )

    def by_item(self, rows: ItemQuerySet, name: str, value: Item) -> ItemQuerySet:
        return rows.filter(pk=value.pk)


class ValuationFilter(ItemFilter):
    """Items as of a day."""

    class Meta:
        form = DayForm

    @property
    def day(self) -> date:
        return self.form.day


class LedgerFilter(ItemFilter):
    """Items between two days."""

    class Meta:
        form = DateRangeForm

    @property
    def dates(self) -> DateRange:
        return self.form.dates


class SerialsFilter(StockFilter):
    """Rows are units; which of them were there is told by their moves."""

    item = ModelChoiceFilter(
        queryset=Item.objects.serialized().only("name"), empty_label="All items"
    )
    status = ChoiceFilter(
        label="Status",
        method="as_it_is",
        choices=[(status.value, SerialUnit.Status(status).label) for status in HELD],
        empty_label="Any",
    )

    class Meta:
        form = DayForm

    @property
    def day(self) -> date:
        return self.form.day

    @property
    def statuses(self) -> Sequence[str]:
        asked = self.asked("status")
        return (asked,) if asked else HELD

    def filter_queryset(self, queryset: SerialUnitQuerySet) -> SerialUnitQuerySet:
        units = super().filter_queryset(queryset)
        return units_held(units, self.day, self.place, self.statuses)


class ActivityFilter(StockFilter):
    """Rows are changes of stock at a place."""

    item = ModelChoiceFilter(
        field_name="item", queryset=Item.objects.only("name"), empty_label="All items"
    )
    type = ChoiceFilter(field_name="kind", label="Type", empty_label="Any")

    class Meta:
        form = DateRangeForm

    @property
    def dates(self) -> DateRange:
        return self.form.dates

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["type"].extra["choices"] = [
            (kind.name, kind.label) for kind in types.all_kinds() if kind.moves_stock
        ]

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        rows, dates = super().filter_queryset(queryset), self.dates
        if self.place:
            rows = rows.filter(location=self.place)
        return rows.filter(Q(date__gte=dates.first), Q(date__lte=dates.last))
