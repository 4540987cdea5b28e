"""What a report is asked for: from when to when, or as of a day."""

from __future__ import annotations

import datetime

from django import forms
from django.http import QueryDict
from django.utils import timezone

from reports.dates import DateRange, month_of

DAY = forms.DateInput({"type": "date"}, format="%Y-%m-%d")


def default_dates(parameters: QueryDict) -> dict[str, str]:
    """This month, where the address names no dates at all."""
    if "start" in parameters or "end" in parameters:
        return {}
    return month_of(timezone.localdate()).parameters


class DateRangeForm(forms.Form):
    """From when to when; an empty date is open."""

    start = forms.DateField(label="From", required=False, widget=DAY)
    end = forms.DateField(label="To", required=False, widget=DAY)

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

    date = forms.DateField(label="As of", required=False, widget=DAY)

    @property
    def day(self) -> datetime.date:
        self.errors  # noqa: B018  reads the fields
        return self.cleaned_data.get("date") or timezone.localdate()
