"""The home page and the search box."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from company.models import Company
from inventory import home as desk
from inventory import paging
from inventory import search as finder


def home(request: HttpRequest) -> HttpResponse:
    """What to receive, pick, ship, bill and order this morning, and what came and went."""
    today = timezone.localdate()
    days = desk.comings_and_goings(today)
    context: dict[str, Any] = {
        "title": "Home",
        "today": today,
        "receive": desk.to_receive(today),
        "pick": desk.to_pick(today),
        "ship": desk.to_ship(today),
        "bill": desk.to_bill(today),
        "invoice": desk.to_invoice(today),
        "low": desk.low_stock(by_location=Company.current().multi_location_inventory),
        "stock": desk.stock(),
        "days": days,
        "events": desk.latest_events(),
        "steps": desk.first_steps(),
        **_charts(days),
    }
    return render(request, "home.html", context)


def search(request: HttpRequest) -> HttpResponse:
    """Anything by its number or name; a single exact match is opened at once (SPEC §7.1)."""
    term = finder.tidy(request.GET.get("q", ""))
    context: dict[str, Any] = {"title": "Search", "search_term": term}
    if not term:
        return render(request, "search.html", context)
    for group in finder.GROUPS:
        if group.name == request.GET.get("in"):
            return _one_group(request, group, context)
    found = finder.everywhere(term)
    matches = finder.exact(term, found)
    if len(matches) == 1:
        return redirect(matches[0].get_absolute_url())
    return render(request, "search.html", {**context, "found": found})


def _one_group(request: HttpRequest, group: finder.Group, context: dict[str, Any]) -> HttpResponse:
    """All that a term finds in one group, page by page."""
    rows = group.find(context["search_term"])
    page = paging.number_page(rows, request.GET.get("page", ""), finder.SHOWN * 5)
    found = [finder.Found(group, page.rows, more=False)] if page.rows else []
    return render(request, "search.html", {**context, "found": found, "page": page, "group": group})


def _charts(days: list[desk.Day]) -> dict[str, Any]:
    """What came in and what went out, day by day, to one scale."""
    return {
        "charts": [
            ("Units in", [(f"{day.date:%d %b}", day.came) for day in days]),
            ("Units out", [(f"{day.date:%d %b}", day.went) for day in days]),
        ],
        "figures": [units for day in days for units in (day.came, day.went)],
    }
