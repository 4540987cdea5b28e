from __future__ import annotations

from django.db.models import QuerySet
from django_filters import ChoiceFilter, DateFilter, FilterSet, ModelChoiceFilter

from items.models import Item
from parties.models import Customer
from reports.dates import DateRange
from reports.forms import DAY, DateRangeForm


class ProfitFilter(FilterSet):
    """Sales by the day they were shipped, by item, customer and invoice."""

    start = DateFilter("date", "gte", label="Shipped from", widget=DAY)
    end = DateFilter("date", "lte", label="Shipped to", widget=DAY)
    item = ModelChoiceFilter(
        field_name="item", queryset=Item.objects.serialized().only("name"), empty_label="All items"
    )
    customer = ModelChoiceFilter(
        field_name="line__transaction__customer",
        queryset=Customer.objects.all(),
        label="Customer",
        empty_label="All customers",
    )
    invoiced = ChoiceFilter(
        method="by_invoice",
        label="Invoice",
        choices=[("yes", "Invoiced"), ("no", "Not invoiced")],
        empty_label="Invoiced or not",
    )

    class Meta:
        form = DateRangeForm

    @property
    def dates(self) -> DateRange:
        return self.form.dates

    def by_invoice(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(revenue__isnull=value == "no")
