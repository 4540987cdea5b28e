"""What a report is asked for: from when to when, or as of a day."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict
from django.utils import timezone

from accounting.models import Account
from reports.comparison import LONGEST, DayComparison, RangeComparison
from reports.dates import DateRange, month_of, months_across
from transactions import types

DAY = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
NOTHING = ("", "Nothing")


def day_field(label: str) -> forms.DateField:
    """A day one may leave empty; no reckoning with it leaves the calendar."""
    limits = [
        MinValueValidator(datetime.date(1900, 1, 1), "No books go back that far."),
        MaxValueValidator(datetime.date(2999, 12, 31), "That is too far ahead."),
    ]
    return forms.DateField(label=label, required=False, widget=DAY, validators=limits)


def default_dates(parameters: QueryDict) -> dict[str, str]:
    """This month, where the address names no dates at all."""
    if "start" in parameters or "end" in parameters:
        return {}
    return month_of(timezone.localdate()).parameters


class DateRangeForm(forms.Form):
    """From when to when; an empty date is open."""

    start = day_field("From")
    end = day_field("To")

    def clean(self) -> None:
        super().clean()
        dates = self.dates
        if dates.start and dates.end and dates.end < dates.start:
            self.add_error("end", "The range ends before it starts.")

    @property
    def dates(self) -> DateRange:
        """The range as far as it could be read; what could not counts as open."""
        self.errors  # noqa: B018  reads the fields
        return DateRange(self.cleaned_data.get("start"), self.cleaned_data.get("end"))


class DayForm(forms.Form):
    """As of which day; today while nothing else is said."""

    date = day_field("As of")

    @property
    def day(self) -> datetime.date:
        self.errors  # noqa: B018  reads the fields
        return self.cleaned_data.get("date") or timezone.localdate()


class IncomeStatementForm(DateRangeForm):
    """From when to when, and what stands beside it."""

    compare = forms.ChoiceField(
        label="Compare with", required=False, choices=[NOTHING, *RangeComparison.choices]
    )

    def clean(self) -> None:
        super().clean()
        dates, comparison = self.dates, self.cleaned_data.get("compare")
        if self.errors or not comparison:
            return
        if not (dates.start and dates.end):
            self.add_error("compare", "Give both dates to compare them with others.")
        elif comparison == RangeComparison.MONTHS and months_across(dates) > LONGEST:
            self.add_error("compare", f"There is room for {LONGEST} months side by side.")

    @property
    def comparison(self) -> str:
        """With what to compare; nothing while the form has errors."""
        return "" if self.errors else self.cleaned_data["compare"]


class BalanceSheetForm(DayForm):
    """As of which day, and which earlier one stands beside it."""

    compare = forms.ChoiceField(
        label="Compare with", required=False, choices=[NOTHING, *DayComparison.choices]
    )

    @property
    def comparison(self) -> str:
        return "" if self.errors else self.cleaned_data["compare"]


def posting_kinds() -> list[tuple[str, str]]:
    """The kinds of document that the general ledger may hold."""
    kinds = [(kind.name, kind.label) for kind in types.all_kinds() if kind.posts]
    return [("", "All types"), *kinds]


class GeneralLedgerForm(DateRangeForm):
    """Which account's lines, of which documents, in which order."""

    account = forms.ModelChoiceField(
        Account.objects.order_by("number"), required=False, empty_label="All accounts"
    )
    type = forms.ChoiceField(label="Document type", required=False, choices=posting_kinds)
    sort = forms.ChoiceField(
        required=False, widget=forms.HiddenInput, choices=[("date", "date"), ("-date", "-date")]
    )

    @property
    def question(self) -> dict[str, Any]:
        """What could be read, as the ledger takes it."""
        dates = self.dates
        return {
            "dates": dates,
            "account": self.cleaned_data.get("account"),
            "kind": self.cleaned_data.get("type", ""),
            "newest_first": self.cleaned_data.get("sort") == "-date",
        }
