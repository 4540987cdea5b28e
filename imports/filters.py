"""What narrows the list of imports, and that of what was found in a file."""

from __future__ import annotations

from django_filters import ChoiceFilter, FilterSet

from imports import kinds
from imports.models import Import, RowFinding


class ImportFilter(FilterSet):
    kind = ChoiceFilter(label="Type", choices=kinds.choices, empty_label="Any")
    status = ChoiceFilter(label="Status", choices=Import.Status.choices, empty_label="Any")


class FindingFilter(FilterSet):
    weight = ChoiceFilter(label="Result", choices=RowFinding.Weight.choices, empty_label="Any")
