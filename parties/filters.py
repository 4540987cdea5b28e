"""What narrows the lists of customers and vendors, of their serial numbers and documents."""

from __future__ import annotations

from django.forms import CheckboxInput
from django_filters import BooleanFilter, ChoiceFilter, FilterSet

from parties.models import PartyQuerySet
from transactions import types
from transactions.models import TransactionQuerySet


class PartyFilter(FilterSet):
    """Inactive ones are hidden unless asked for."""

    inactive = BooleanFilter(label="Show inactive", widget=CheckboxInput, method="with_inactive")

    def with_inactive(self, rows: PartyQuerySet, name: str, value: bool) -> PartyQuerySet:
        return rows if value else rows.active()


class DocumentFilter(FilterSet):
    """Of a party's documents: those of one type; voided ones can be left out."""

    type = ChoiceFilter(label="Type", choices=types.choices, empty_label="Any")
    live = BooleanFilter(label="Hide voided", widget=CheckboxInput, method="without_voided")

    def without_voided(
        self, rows: TransactionQuerySet, name: str, value: bool
    ) -> TransactionQuerySet:
        return rows.live() if value else rows
