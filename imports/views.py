"""Setup > Import: handing in a file, looking at what it comes to, and having it imported."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.cache import patch_vary_headers
from django.utils.decorators import method_decorator
from django.utils.http import content_disposition_header
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from imports import blanks, kinds, running
from imports.filters import FindingFilter, ImportFilter
from imports.forms import UploadForm
from imports.models import Import
from imports.tables import FindingTable, ImportTable
from inventory.export import XLSX
from inventory.listing import Listing, ListingView

Status = Import.Status


class ImportList(ListingView):
    """What was handed in, and what became of it."""

    title = "Imports"
    description = "Items, opening stock and receipts out of CSV and XLSX files."
    table = ImportTable
    filters = ImportFilter
    search = ("name",)
    search_hint = "File name"
    new_url, new_label = reverse_lazy("imports:new"), "Import a File"
    empty = {
        "title": "Nothing was imported yet",
        "text": "Bring in items, opening stock or receipts from a spreadsheet. A file is checked "
        "first; nothing is written until you say so.",
    }

    def rows(self) -> QuerySet:
        return Import.objects.select_related("by").order_by("-id")


# Going back must not show a form whose file was handed in: its request id brings in no other.
@method_decorator(never_cache, name="dispatch")
class NewImport(View):
    """Choose what the file holds, take a template, hand the file in."""

    def get(self, request: HttpRequest) -> HttpResponse:
        kind = request.GET.get("kind", "")
        known = kind if kind in dict(kinds.choices()) else "items"
        return self._page(UploadForm(initial={"kind": known, "request_id": uuid4()}))

    def post(self, request: HttpRequest) -> HttpResponse:
        data, files = request.POST, request.FILES  # read first: then it is known
        is_too_large = getattr(request, "file_is_too_large", False)
        form = UploadForm(data, files, is_too_large=is_too_large)
        if not form.is_valid():
            return self._page(form)
        made = form.save(request.user)
        running.begin()
        return redirect(made)

    def _page(self, form: UploadForm) -> HttpResponse:
        context = {"title": "Import a File", "form": form, "kinds": kinds.all_kinds()}
        return render(self.request, "imports/new.html", context)


def blank(request: HttpRequest, kind: str, form: str) -> HttpResponse:
    """A file with the headings of a kind, to be filled in."""
    if kind not in dict(kinds.choices()):
        raise Http404("There is no such kind of file.")
    about = kinds.get(kind)
    if form == "xlsx":
        response = HttpResponse(blanks.as_xlsx(about), content_type=XLSX)
    else:
        response = HttpResponse(blanks.as_csv(about), content_type="text/csv; charset=utf-8")
    name = about.label.lower().replace(" ", "-")
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response


class ImportPage(View):
    """An import: how far it is, what was found in it, what it made."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        shown = get_object_or_404(Import.objects.select_related("by", "confirmed_by"), pk=pk)
        if shown.is_unfinished:
            running.begin()  # should the server have been started anew meanwhile
        if request.htmx and request.htmx.target == "progress":  # type: ignore[attr-defined]
            return self._progress(shown)
        listing = self._findings(shown)
        if answer := listing.response():
            return answer
        context = {
            "title": shown.name,
            "shown": shown,
            "listing": listing,
            "found": shown.findings.exists(),
            "general": shown.findings.filter(row=None),
            "made": shown.documents.order_by("pk") if shown.status == Status.IMPORTED else [],
            "trail": [("Setup", ""), ("Files", ""), ("Imports", reverse("imports:list"))],
        }
        page = render(request, "imports/import.html", context)
        patch_vary_headers(page, ["HX-Request", "HX-Target"])
        return page

    def _progress(self, shown: Import) -> HttpResponse:
        if not shown.is_unfinished:
            return HttpResponseClientRefresh()
        return render(self.request, "imports/progress.html", {"shown": shown})

    def _findings(self, shown: Import) -> Listing:
        return Listing(
            self.request,
            shown.findings.exclude(row=None),
            FindingTable,
            FindingFilter,
            title=f"Rows of {shown.name}",
            search=("value", "code__iexact", "message"),
            search_hint="Number, code or words",
            order=("row",),
        )


def original(request: HttpRequest, pk: int) -> HttpResponse:
    """The file as it was handed in."""
    shown = get_object_or_404(Import.objects.select_related("file"), pk=pk)
    content = bytes(shown.file.content)
    response = HttpResponse(content, content_type="application/octet-stream")
    said = content_disposition_header(as_attachment=True, filename=shown.name)
    response["Content-Disposition"] = said or "attachment"
    return response


@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Have it imported. A second click, or somebody else's, finds it under way."""
    shown = get_object_or_404(Import, pk=pk)
    taken = _pass(shown, [Status.READY], Status.IMPORTING, confirmed_by=request.user)
    if not taken and shown.status == Status.WRONG:
        messages.error(request, "Nothing is imported while a row is wrong.")
    running.begin()
    return redirect(shown)


@require_POST
def check_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Compare the same file anew with books that have changed."""
    shown = get_object_or_404(Import, pk=pk)
    _pass(shown, [Status.READY, Status.WRONG, Status.NOTHING, Status.FAILED], Status.CHECKING)
    running.begin()
    return redirect(shown)


@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a file that was not imported. A second click finds it gone."""
    shown = Import.objects.filter(pk=pk).first()
    if shown is None:
        messages.info(request, "The file is discarded already; nothing of it was imported.")
        return redirect("imports:list")
    kept = (Status.IMPORTING, Status.IMPORTED)
    if Import.objects.filter(pk=pk).exclude(status__in=kept).delete()[0]:
        messages.success(request, f"{shown.name} is discarded; nothing of it was imported.")
        return redirect("imports:list")
    messages.error(request, f"{shown.name} is imported and stays in the list.")
    return redirect(shown)


def _pass(shown: Import, before: list[Status], after: Status, **more: Any) -> bool:
    """Lead it from one status to another, if it is still in the one."""
    waiting = Import.objects.filter(pk=shown.pk, status__in=before)
    return bool(waiting.update(status=after, attempts=0, worker=None, problem="", **more))
