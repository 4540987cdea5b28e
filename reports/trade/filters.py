from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.forms import CheckboxInput
from django.utils import timezone
from django_filters import BooleanFilter, ChoiceFilter, DateFilter, FilterSet, ModelChoiceFilter

from company.models import Company
from items.models import Item
from locations.models import Location
from parties.models import Customer, Vendor
from reports.dates import DateRange
from reports.forms import DAY, DateRangeForm
from reports.trade import orders
from transactions.models import TransactionLineQuerySet


class PeriodFilter(FilterSet):
    """From when to when; the rows come with the sums of the dates asked for."""

    start = DateFilter(label="From", widget=DAY, method="as_they_are")
    end = DateFilter(label="To", widget=DAY, method="as_they_are")

    class Meta:
        form = DateRangeForm

    @property
    def dates(self) -> DateRange:
        return self.form.dates

    def as_they_are(self, rows: QuerySet, name: str, value: Any) -> QuerySet:
        return rows


class PlacedFilter(FilterSet):
    """Filters of which the location shows with Multi-Location Inventory alone."""

    location = ModelChoiceFilter(queryset=Location.objects.all(), empty_label="All locations")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not Company.current().multi_location_inventory:
            del self.filters["location"]


class BackOrderFilter(PlacedFilter):
    """Back orders by item, customer and location."""

    item = ModelChoiceFilter(queryset=Item.objects.only("name"), empty_label="All items")
    customer = ModelChoiceFilter(
        field_name="transaction__customer",
        queryset=Customer.objects.all(),
        label="Customer",
        empty_label="All customers",
    )


class OpenPurchaseFilter(PlacedFilter):
    """Open purchase orders by what they wait for, vendor, item and location."""

    WAITING = {
        "receive": orders.TO_RECEIVE,
        "bill": orders.TO_BILL,
        "approve": orders.TO_APPROVE,
    }

    waiting = ChoiceFilter(
        label="Show",
        method="by_what_they_wait_for",
        choices=[
            ("receive", "To receive"),
            ("bill", "Received, not billed"),
            ("approve", "Pending approval"),
        ],
        empty_label="All open",
    )
    vendor = ModelChoiceFilter(
        field_name="transaction__vendor",
        queryset=Vendor.objects.all(),
        label="Vendor",
        empty_label="All vendors",
    )
    item = ModelChoiceFilter(queryset=Item.objects.only("name"), empty_label="All items")
    overdue = BooleanFilter(label="Overdue only", widget=CheckboxInput, method="only_overdue")

    def by_what_they_wait_for(
        self, rows: TransactionLineQuerySet, name: str, value: str
    ) -> TransactionLineQuerySet:
        return rows.filter(self.WAITING[value])

    def only_overdue(
        self, rows: TransactionLineQuerySet, name: str, value: bool
    ) -> TransactionLineQuerySet:
        return rows.filter(orders.overdue(timezone.localdate())) if value else rows


class MovementFilter(FilterSet):
    """Movements by day and item."""

    start = DateFilter("date", "gte", label="From", widget=DAY)
    end = DateFilter("date", "lte", label="To", widget=DAY)
    item = ModelChoiceFilter(
        queryset=Item.objects.serialized().only("name"), empty_label="All items"
    )

    class Meta:
        form = DateRangeForm

    @property
    def dates(self) -> DateRange:
        return self.form.dates
