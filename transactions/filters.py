"""The filter bar of the lists of documents."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet

from parties.models import Customer, Vendor
from transactions.models import VOIDED
from transactions.types import Kind

PARTIES = {"vendor": Vendor, "customer": Customer}
DAY = forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class DocumentFilter(django_filters.FilterSet):
    """Documents by day."""

    since = django_filters.DateFilter("date", "gte", label="From", widget=DAY)
    until = django_filters.DateFilter("date", "lte", label="To", widget=DAY)


def document_filter(kind: Kind) -> type[DocumentFilter]:
    """The filters of a kind: by status, party, day, and whether anything is left to do."""
    filters: dict[str, Any] = {}
    if open_statuses(kind):
        filters["open"] = django_filters.BooleanFilter(
            label="Open only",
            method=lambda rows, name, value: only_open(kind, rows) if value else rows,
            widget=forms.CheckboxInput,
        )
    filters["status"] = django_filters.ChoiceFilter(
        label="Status", choices=[*kind.statuses.choices, (VOIDED, "Voided")], empty_label="All"
    )
    if kind.party:
        filters[kind.party] = django_filters.ModelChoiceFilter(
            label=kind.party.title(),
            queryset=PARTIES[kind.party].objects.all(),
            empty_label="All",
        )
    return type("DocumentFilter", (DocumentFilter,), filters)


def open_statuses(kind: Kind) -> list[str]:
    """The statuses in which a document of the kind still waits for somebody."""
    return [status for status in kind.statuses.values if status not in kind.finished]


def only_open(kind: Kind, rows: QuerySet) -> QuerySet:
    return rows.filter(status__in=open_statuses(kind))
