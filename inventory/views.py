"""The home page and the search box."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone

from company.models import Company
from inventory import home as desk
from inventory import paging
from inventory import search as finder
from users import access


def home(request: HttpRequest) -> HttpResponse:
    """What to receive, pick, ship, bill and order this morning, and what came and went."""
    today, who = timezone.localdate(), access.of(request.user)
    days = desk.comings_and_goings(who, today)
    context: dict[str, Any] = {
        "title": "Home",
        "today": today,
        **_queues(who, today),
        "low": desk.low_stock(who, by_location=Company.current().multi_location_inventory),
        "stock": desk.stock(who),
        "days": days,
        "events": desk.latest_events(who),
        "steps": desk.first_steps() if who.is_administrator else None,
        **_charts(days),
    }
    return render(request, "home.html", context)


# The queues by name, with the kinds of document that a reader must be allowed to see.
QUEUES: tuple[tuple[str, Callable[[access.Access, date], desk.Queue], tuple[str, ...]], ...] = (
    ("receive", desk.to_receive, ("purchase_order", "item_receipt")),
    ("pick", desk.to_pick, ("sales_order", "item_fulfillment")),
    ("ship", desk.to_ship, ("item_fulfillment",)),
    ("bill", desk.to_bill, ("purchase_order", "vendor_bill")),
    ("invoice", desk.to_invoice, ("sales_order", "invoice")),
)


def _queues(who: access.Access, today: date) -> dict[str, desk.Queue]:
    """What waits, of the kinds somebody has to do with."""
    return {name: find(who, today) for name, find, kinds in QUEUES if all(map(who.may, kinds))}


def search(request: HttpRequest) -> HttpResponse:
    """Anything by its number or name; a single exact match is opened at once (SPEC §7.1)."""
    term = finder.tidy(request.GET.get("q", ""))
    context: dict[str, Any] = {"title": "Search", "search_term": term}
    if not term:
        return render(request, "search.html", context)
    who = access.of(request.user)
    for group in finder.groups_for(who):
        if group.name == request.GET.get("in"):
            return _one_group(request, group, context)
    found = finder.everywhere(term, who)
    matches = finder.exact(term, found)
    if len(matches) == 1:
        return redirect(matches[0].get_absolute_url())
    return render(request, "search.html", {**context, "found": found})


def _one_group(request: HttpRequest, group: finder.Group, context: dict[str, Any]) -> HttpResponse:
    """All that a term finds in one group, page by page."""
    rows = group.find(context["search_term"], access.of(request.user))
    # Nobody reads on for ten thousand rows; a longer term finds fewer.
    rows = rows[: paging.COUNTED + 1]
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


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What was sent cannot be understood, or is more than is taken at once (413)."""
    too_much = isinstance(exception, RequestDataTooBig | TooManyFieldsSent)
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024**2
    page = render_to_string("400.html", {"too_much": too_much, "most": most})
    return HttpResponse(page, status=413 if too_much else 400)
