"""The addresses a report leads to: itself, asked a little differently."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Protocol

from django.http import QueryDict
from django.utils import timezone

from reports.dates import DateRange, day_presets, presets

FILES = ("csv", "xlsx")


class Page(Protocol):
    """A page of a list that knows its neighbours, as those of inventory/paging.py do."""

    @property
    def links(self) -> Mapping[str, str | None]: ...


def address(parameters: QueryDict, **changes: str | None) -> str:
    """This address with parameters changed; None takes one away, an empty date stays open."""
    query = parameters.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = value
    return f"?{query.urlencode()}"


def preset_links(parameters: QueryDict, current: DateRange) -> list[tuple[str, str, bool]]:
    """(label, address, whether it is the range shown) of the ranges people ask for most."""
    return [
        (label, address(parameters, page=None, **dates.parameters), dates == current)
        for label, dates in presets(timezone.localdate())
    ]


def day_links(parameters: QueryDict, current: date) -> list[tuple[str, str, bool]]:
    """(label, address, whether it is the day shown) of the days people ask for most."""
    return [
        (label, address(parameters, date=f"{day}"), day == current)
        for label, day in day_presets(timezone.localdate())
    ]


def export_links(parameters: QueryDict) -> list[tuple[str, str]]:
    return [(kind.upper(), address(parameters, page=None, export=kind)) for kind in FILES]


def page_links(parameters: QueryDict, page: Page) -> list[tuple[str, str | None]]:
    """(label, address) of the pages around; no address where there is no page."""
    return [
        (label, None if link is None else address(parameters, page=link or None))
        for label, link in page.links.items()
    ]
