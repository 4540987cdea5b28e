"""Labels for chosen serial numbers: of one, of an item's list, of a document, of an import."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views import View

from company.models import Company
from imports.models import Import
from inventory.ids import number_in
from items.models import Item, SerialUnit, SerialUnitQuerySet
from items.views.serial_numbers import SerialListing
from labels.drawing import CODE_128, Label, fits_code_128
from labels.forms import FIELDS, MOST, LabelForm
from labels.pdf import pdf
from labels.svg import svg
from transactions.models import StockMove, Transaction
from transactions.views.numbers import source_of
from users import access, gates
from users.roles import FULL

REMEMBERED = "labels"  # in the session: the paper and the code used last


@dataclass(frozen=True)
class Selection:
    """The units that labels are made for, and where they were chosen."""

    title: str
    url: str
    units: QuerySet[SerialUnit]

    def labels(self, part: int, most: int | None = None) -> list[Label]:
        """A label for each of a part, or for the first of them, in the order of the numbers."""
        start, most = (part - 1) * MOST, most or MOST
        columns = ("number", "item__name", "item__display_name")
        rows = self.units.order_by("item__name", "number_key", "pk").values_list(*columns)
        return [Label(number, title or name) for number, name, title in rows[start : start + most]]


def chosen(request: HttpRequest) -> Selection:
    """What the address asks for: ?unit=, ?document=, ?import=, or ?item= with a list's filters."""
    given = {name: request.GET.get(name, "") for name in ("unit", "document", "import", "item")}
    name = next((name for name, value in given.items() if number_in(value) is not None), None)
    if name is None:
        raise Http404("Choose serial numbers first.")
    pk, who = number_in(given[name]), access.of(request.user)
    if name == "unit":
        units = SerialUnit.objects.within(who.places)
        unit = get_object_or_404(units.select_related("item"), pk=pk)
        return Selection(str(unit), unit.get_absolute_url(), SerialUnit.objects.filter(pk=pk))
    if name == "document":
        document = get_object_or_404(Transaction.objects.visible_to(who), pk=pk)
        units = units_on([document]).within(who.places)
        return Selection(str(document), document.get_absolute_url(), units)
    if name == "import":
        gates.demand(who, "imports", FULL)
        made = get_object_or_404(Import, pk=pk)
        documents = made.documents.all()
        return Selection(str(made), made.get_absolute_url(), units_on(documents))
    return _of_list(request, get_object_or_404(Item, pk=pk))


def _of_list(request: HttpRequest, item: Item) -> Selection:
    """What the Serial Numbers subtab shows with its search and filters."""
    listing = SerialListing(request, item, Company.current())
    query = {key: value for key, value in request.GET.items() if key not in (*FIELDS, "item")}
    url = f"{item.get_absolute_url()}?{urlencode({**query, 'tab': 'serials'})}"
    return Selection(f"{item}", url, listing.rows.prefetch_related(None))


def units_on(documents: Sequence[Transaction] | QuerySet[Transaction]) -> SerialUnitQuerySet:
    """Every unit that the documents moved, or bill."""
    lines = [
        source_of(document, line).pk
        for document in documents
        for line in document.lines.select_related("created_from_line")
    ]
    moves = StockMove.objects.filter(line__in=lines, unit__isnull=False)
    return SerialUnit.objects.filter(pk__in=moves.values("unit"))


def _form(request: HttpRequest, count: int) -> LabelForm:
    return LabelForm(request.GET, count, request.session.get(REMEMBERED, {}))


class Choose(View):
    """How the labels are printed, with the first sheet as it will look."""

    def get(self, request: HttpRequest) -> HttpResponse:
        selection = chosen(request)
        count = selection.units.count()
        form = _form(request, count)
        context = {
            "title": "Print Labels",
            "selection": selection,
            "count": count,
            "form": form,
            "trail": [(selection.title, selection.url)],
            "kept": [(k, v) for k, vs in request.GET.lists() if k not in FIELDS for v in vs],
            **(self._sheet(request.GET, selection, form, count) if form.is_valid() else {}),
        }
        return render(request, "labels/choose.html", context)

    @staticmethod
    def _sheet(
        given: QueryDict, selection: Selection, form: LabelForm, count: int
    ) -> dict[str, Any]:
        """What the preview shows, and how much paper it will take."""
        data, stock = form.cleaned_data, form.chosen
        labels = selection.labels(data["part"])
        asked = {**given.dict(), **{name: form.data[name] for name in FIELDS}}
        asked |= {"start": data["start"]}
        unfit = sum(not fits_code_128(label.number, stock) for label in labels)
        return {
            "query": urlencode(asked),
            "stock": stock,
            "printed": len(labels),
            "sheets": -(-(len(labels) + data["start"] - 1) // stock.each),
            "unfit": unfit if data["code"] == CODE_128 else 0,
            "is_all": count <= MOST,
        }


def preview(request: HttpRequest) -> HttpResponse:
    """The first sheet as a picture."""
    selection = chosen(request)
    form = _form(request, selection.units.count())
    if not form.is_valid():
        return HttpResponseBadRequest("The form is not filled in rightly.")
    data, stock = form.cleaned_data, form.chosen
    labels = selection.labels(data["part"], most=stock.each)
    picture = svg(labels, stock, data["code"], with_item=data["with_item"], start=data["start"])
    return HttpResponse(picture, content_type="image/svg+xml")


def print_labels(request: HttpRequest) -> HttpResponse:
    """The labels as a PDF; the paper and the code are proposed again next time."""
    selection = chosen(request)
    form = _form(request, selection.units.count())
    if not form.is_valid():
        return redirect(f"{reverse('labels:choose')}?{request.GET.urlencode()}")
    data, stock = form.cleaned_data, form.chosen
    request.session[REMEMBERED] = {name: form.data[name] for name in ("stock", "code", "with_item")}
    content = pdf(
        selection.labels(data["part"]),
        stock,
        data["code"],
        with_item=data["with_item"],
        start=data["start"],
        title=f"Labels of {selection.title}",
    )
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="labels.pdf"'
    return response
