"""The sheet on which a location is counted."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from company.models import Company
from inventory.export import streamed_csv, xlsx
from reports.links import export_links
from reports.trade import worksheet
from reports.trade.forms import WorksheetForm


def count_worksheet(request: HttpRequest) -> HttpResponseBase:
    """What should be on the shelves of a location, with room for what is."""
    company = Company.objects.select_related("default_location").get()
    form = WorksheetForm(request.GET, company=company)
    place, with_serials = form.place, form.asks("serials")
    rows = worksheet.rows(place, with_serials=with_serials, with_none=form.asks("none"))
    files = {"csv": streamed_csv, "xlsx": xlsx}
    if kind := files.get(request.GET.get("export", "")):
        return kind(worksheet.sheet(rows, with_serials=with_serials), "count-worksheet")
    where = f"{place}, " if company.multi_location_inventory else ""
    shown = request.GET.copy()
    shown.setdefault("location", str(place.pk))
    context = {
        "title": "Physical Inventory Worksheet",
        "subtitle": f"{where}{timezone.localdate()}",
        "form": WorksheetForm(shown, company=company),
        "place": place,
        "rows": rows,
        "with_serials": with_serials,
        "export_urls": export_links(request.GET),
    }
    return render(request, "reports/trade/worksheet.html", context)
