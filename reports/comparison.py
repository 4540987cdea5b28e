"""What stands beside a statement: the columns of another time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices

from reports import dates as calendar
from reports.dates import DateRange, month_of, short_name, year_of

LONGEST = 24  # months side by side


class RangeComparison(TextChoices):
    """With what a statement between two days is compared."""

    PREVIOUS = "previous", "Previous period"
    LAST_YEAR = "last_year", "Same period last year"
    MONTHS = "months", "Each month of the range"


class DayComparison(TextChoices):
    """With which earlier day a statement of one day is compared."""

    MONTH = "month", "End of last month"
    YEAR = "year", "End of last year"


@dataclass(frozen=True)
class Column:
    """A column of a statement and the days it covers."""

    label: str
    dates: DateRange


def range_columns(dates: DateRange, comparison: str) -> list[Column]:
    """The range itself and what it is compared with; several months end in their total."""
    if comparison == RangeComparison.PREVIOUS:
        ranges = [dates, calendar.previous_period(dates)]
    elif comparison == RangeComparison.LAST_YEAR:
        ranges = [dates, calendar.a_year_earlier(dates)]
    elif comparison == RangeComparison.MONTHS:
        months = [Column(_month(month), month) for month in calendar.months_within(dates)]
        return [*months, Column("Total", dates)] if len(months) > 1 else months
    else:
        return [Column("Amount", dates)]
    return [Column(short_name(each), each) for each in ranges]


def _month(dates: DateRange) -> str:
    return f"{dates.first:%b %Y}"


def compared_days(day: date, comparison: str) -> list[date]:
    """The day itself, and the earlier one beside it."""
    if comparison == DayComparison.MONTH:
        return [day, calendar.before(month_of(day))]
    if comparison == DayComparison.YEAR:
        return [day, calendar.before(year_of(day))]
    return [day]
