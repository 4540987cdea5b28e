"""The dates a report covers, and the ranges people ask for most."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

LONGEST_CHART = 24


@dataclass(frozen=True)
class DateRange:
    """From a day to a day, both included; None is open: since the beginning, or until now."""

    start: date | None = None
    end: date | None = None

    @property
    def first(self) -> date:
        return self.start or date.min

    @property
    def last(self) -> date:
        return self.end or date.max

    @property
    def parameters(self) -> dict[str, str]:
        """The range as a form sends it."""
        return {
            "start": self.start.isoformat() if self.start else "",
            "end": self.end.isoformat() if self.end else "",
        }

    @property
    def query(self) -> str:
        return urlencode(self.parameters)

    def __str__(self) -> str:
        if self.start and self.end:
            return f"{self.start} to {self.end}"
        if self.start:
            return f"Since {self.start}"
        return f"Up to {self.end}" if self.end else "All dates"


def month_of(day: date) -> DateRange:
    """The calendar month a day lies in."""
    first = day.replace(day=1)
    return DateRange(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))


def year_of(day: date) -> DateRange:
    """The calendar year a day lies in."""
    return DateRange(date(day.year, 1, 1), date(day.year, 12, 31))


def before(dates: DateRange) -> date:
    """The day before a range begins."""
    return dates.first - timedelta(days=1)


def presets(today: date) -> Iterator[tuple[str, DateRange]]:
    """The ranges offered as links."""
    month, year = month_of(today), year_of(today)
    yield "This month", month
    yield "Last month", month_of(before(month))
    yield "This year", year
    yield "Last year", year_of(before(year))
    yield "All dates", DateRange()


def months_to_draw(dates: DateRange, today: date) -> Sequence[DateRange]:
    """The months of a range of two months to two years; otherwise the six up to its end."""
    last = min(dates.last, max(today, dates.first))
    months = [month_of(last)]
    while months[0].first > dates.first and len(months) <= LONGEST_CHART:
        months.insert(0, month_of(before(months[0])))
    if 1 < len(months) <= LONGEST_CHART:
        return months
    while len(months) < 6:
        months.insert(0, month_of(before(months[0])))
    return months[-6:]
