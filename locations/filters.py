from __future__ import annotations

from django.forms import CheckboxInput
from django_filters import BooleanFilter, FilterSet

from locations.models import LocationQuerySet


class LocationFilter(FilterSet):
    """Inactive locations are hidden unless asked for."""

    inactive = BooleanFilter(label="Show inactive", widget=CheckboxInput, method="with_inactive")

    def with_inactive(self, rows: LocationQuerySet, name: str, value: bool) -> LocationQuerySet:
        return rows if value else rows.active()
