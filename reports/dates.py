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


def year_to(day: date) -> DateRange:
    """From the first of January to a day of that year."""
    return DateRange(date(day.year, 1, 1), day)


def before(dates: DateRange) -> date:
    """The day before a range begins."""
    return dates.first - timedelta(days=1)


def previous_period(dates: DateRange) -> DateRange:
    """As many whole months, or else as many days, right before a range with both its ends."""
    if _is_whole_months(dates):
        return DateRange(_months_back(dates.first, months_across(dates)), before(dates))
    return DateRange(dates.first - (dates.last - before(dates)), before(dates))


def a_year_earlier(dates: DateRange) -> DateRange:
    """The same days of the year before; whole months stay whole, leap year or not."""
    end = _months_back(dates.last, 12)
    if _is_whole_months(dates):
        end = month_of(end).last
    return DateRange(_months_back(dates.first, 12), end)


def months_across(dates: DateRange) -> int:
    """How many calendar months a range touches."""
    return 12 * (dates.last.year - dates.first.year) + dates.last.month - dates.first.month + 1


def months_within(dates: DateRange) -> list[DateRange]:
    """The calendar months of a range, the first and the last as far as it goes."""
    months = [month_of(dates.first)]
    while months[-1].last < dates.last:
        months.append(month_of(months[-1].last + timedelta(days=1)))
    return [DateRange(max(m.first, dates.first), min(m.last, dates.last)) for m in months]


def _is_whole_months(dates: DateRange) -> bool:
    return dates.first.day == 1 and dates.last == month_of(dates.last).last


def _months_back(day: date, months: int) -> date:
    """The same day so many months earlier, or the last of that month if it has no such day."""
    year, month = divmod(12 * day.year + day.month - 1 - months, 12)
    first = date(year, month + 1, 1)
    return min(first + timedelta(days=day.day - 1), month_of(first).last)


def short_name(dates: DateRange) -> str:
    """A range as the head of a column: 2026, Nov 2026, or its two days."""
    if dates == year_of(dates.last):
        return f"{dates.last:%Y}"
    return f"{dates.last:%b %Y}" if dates == month_of(dates.last) else str(dates)


def presets(today: date) -> Iterator[tuple[str, DateRange]]:
    """The ranges offered as links."""
    month, year = month_of(today), year_of(today)
    yield "This month", month
    yield "Last month", month_of(before(month))
    yield "This year", year
    yield "Last year", year_of(before(year))
    yield "All dates", DateRange()


def day_presets(today: date) -> Iterator[tuple[str, date]]:
    """The days offered as links to reports that stand on one day."""
    yield "Today", today
    yield "End of last month", before(month_of(today))
    yield "End of last year", before(year_of(today))


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
