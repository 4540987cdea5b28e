"""What narrows the lists of accounts, of an account's journal lines and of periods."""

from __future__ import annotations

from django.forms import CheckboxInput, DateInput
from django_filters import BooleanFilter, ChoiceFilter, DateFilter, FilterSet

from accounting.models import Account, AccountQuerySet, PeriodQuerySet

OPEN, CLOSED = "open", "closed"


class AccountFilter(FilterSet):
    """Inactive accounts are hidden unless asked for."""

    type = ChoiceFilter(label="Type", choices=Account.Type.choices, empty_label="Any")
    inactive = BooleanFilter(label="Show inactive", widget=CheckboxInput, method="with_inactive")

    def with_inactive(self, rows: AccountQuerySet, name: str, value: bool) -> AccountQuerySet:
        return rows if value else rows.active()


class JournalFilter(FilterSet):
    """Of an account's journal lines: those between two days."""

    start = DateFilter("entry__date", "gte", label="From", widget=DateInput({"type": "date"}))
    end = DateFilter("entry__date", "lte", label="To", widget=DateInput({"type": "date"}))


class PeriodFilter(FilterSet):
    status = ChoiceFilter(
        label="Status",
        choices=[(OPEN, "Open"), (CLOSED, "Closed")],
        empty_label="Any",
        method="by_status",
    )

    def by_status(self, rows: PeriodQuerySet, name: str, value: str) -> PeriodQuerySet:
        return rows.filter(closed=value == CLOSED)
