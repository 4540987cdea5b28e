"""The counting of one item: the scan box, what was seen, and what is still missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import django_tables2 as tables
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views import View

from company.models import UserPreference
from inventory import sets
from inventory.columns import DateColumn, ListTable, SerialColumn
from inventory.listing import Listing
from inventory.templatetags.ui import badge
from items import numbers
from items.models import SerialUnit
from items.refusals import Refusal, Refused
from transactions import counting
from transactions.counting import Finding
from transactions.forms.count import CostForm, QuantityForm
from transactions.models import LineUnit, TransactionLine
from transactions.posting import Result, record
from transactions.serials import Unit
from transactions.templatetags.documents import refusal_text
from transactions.types.inventory_count import Status
from transactions.views.counts import LIVE, finished, location_names, plain, reviewed
from transactions.views.kinds import KindMixin, keep_to_places
from users import access, gates
from users.roles import COST, EDIT, VIEW

REFUSED = 422


class CountLine(KindMixin, View):
    """The counting of one item: every scan is stored at once, so nothing is lost (SPEC §4.11)."""

    template = "transactions/count_line.html"

    @cached_property
    def line(self) -> TransactionLine:
        lines = TransactionLine.objects.filter(transaction__type=self.kind.name)
        lines = lines.select_related("item", "location", "transaction__location")
        asked = {"transaction": self.kwargs["pk"], "line_no": self.kwargs["line_no"]}
        line = get_object_or_404(lines, **asked)
        keep_to_places(self.request, line.transaction)
        return line

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        page = LinePage(request, self.line)
        for listing in page.listings:
            if answer := listing.response():
                return answer
        return self.show(page)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        try:
            result = record(self.line, by=request.user, **self.asked())
        except Refused as refused:
            return self.refuse(refused.refusals)
        return self.leave(result)

    def asked(self) -> dict[str, Any]:
        """What the form says was seen, taken back, set right or priced. Raises Refused."""
        data = self.request.POST
        if "meant" in data:
            return {"add": [data["meant"]], "remove": data.getlist("typed")}
        if "remove" in data:
            return {"remove": data.getlist("remove")}
        if data.get("action") == "cost":
            gates.demand(access.of(self.request.user), COST, VIEW)
            form = CostForm(data, prefix=f"line-{self.line.line_no}")
            return {"cost": cleaned(form, "cost")}
        if not self.line.item.is_serialized:
            return {"quantity": cleaned(QuantityForm(data), "quantity")}
        seen = [n for typed in data.getlist("numbers") for n in numbers.split(typed)]
        if said := numbers.excess(seen) or ("" if seen else "Enter at least one serial number."):
            raise Refused([Refusal(said)])
        if barcode := next((n for n in seen if self.is_barcode(n)), None):
            said = f"{barcode} is the barcode of the item (UPC), not a serial number."
            raise Refused([Refusal(said, number=barcode)])
        return {"add": seen}

    def is_barcode(self, number: str) -> bool:
        """Whether what was scanned says which item it is, and not which unit (SPEC §7.4)."""
        upc = self.line.item.upc
        return bool(upc) and numbers.key(number) == numbers.key(upc)

    def leave(self, result: Result) -> HttpResponseBase:
        if self.request.htmx:  # type: ignore[attr-defined]
            self.line.refresh_from_db(fields=["quantity", "override_rate"])
            return self.show(LinePage(self.request, self.line, notices=result.notices))
        for notice in result.notices:
            messages.info(self.request, refusal_text(notice))
        return redirect(self.back())

    def refuse(self, refusals: Sequence[Refusal]) -> HttpResponseBase:
        """Say what is wrong; the page of the line keeps what was typed."""
        if self.request.POST.get("back") == "count":
            for refusal in refusals:
                messages.error(self.request, refusal_text(refusal))
            return redirect(self.back())
        typed = self.request.POST.get("numbers", "")
        return self.show(LinePage(self.request, self.line, refusals, typed=typed), REFUSED)

    def back(self) -> str:
        """The page from which the button was pressed: the count's, or this one."""
        if self.request.POST.get("back") == "count":
            return self.line.transaction.get_absolute_url()
        return self.request.get_full_path()

    def show(self, page: LinePage, status: int = 200) -> HttpResponse:
        htmx = self.request.htmx  # type: ignore[attr-defined]
        template = f"{self.template}#counted" if htmx else self.template
        return render(self.request, template, page.context(), status=status)


def cleaned(form: Any, name: str) -> Any:
    """A figure out of its form. Raises Refused."""
    if not form.is_valid():
        raise Refused([Refusal(f"{form[name].label}: {text}") for text in form.errors[name]])
    return form.cleaned_data[name]


class LinePage:
    """What the page of one line shows: the scan box, what was seen, what is still missing."""

    def __init__(
        self,
        request: HttpRequest,
        line: TransactionLine,
        refusals: Sequence[Refusal] = (),
        *,
        notices: Sequence[Refusal] = (),
        typed: str = "",
    ) -> None:
        self.request, self.line, self.typed = request, line, typed
        self.refusals, self.notices = refusals, notices
        self.count = line.transaction
        may_count = access.of(request.user).may(self.count.type, EDIT)
        self.is_counting = may_count and self.count.status == Status.STARTED
        self.finding = self._finding()
        self.listings = self._listings() if line.item.is_serialized else []

    def _finding(self) -> Finding | None:
        """What the line comes to, as long as that is still to be decided."""
        if self.count.status not in LIVE:
            return None
        return counting.findings(self.count, [self.line])[0]

    def _listings(self) -> list[Listing]:
        return [self._seen(), *([self._missing(self.finding)] if self.finding else ())]

    def context(self) -> dict[str, Any]:
        found = self.finding
        [review] = reviewed([found]) if found else finished(self.count, [self.line])
        before, after = lines_around(self.line)
        return {
            "title": f"Count {self.line.item}",
            "page": self,
            "scanner": UserPreference.of(self.request.user),
            "line": self.line,
            "document": self.count,
            "kind": self.count.kind,
            "review": review,
            "finding": found,
            "before": before,
            "after": after,
            "form": QuantityForm(initial={"quantity": plain(self.line.quantity)}),
            "url": reverse("transactions:count-line", args=[self.count.pk, self.line.line_no]),
        }

    def _seen(self) -> Listing:
        rows = LineUnit.objects.filter(line=self.line).order_by("-id")
        table = seen_table(self.finding, location_names(), can_change=self.is_counting)
        return Listing(
            self.request,
            rows,
            table,
            title="Numbers seen",
            prefix="seen-",
            search=("number",),
            search_hint="Serial number",
            empty={"title": "Nothing seen yet", "text": "Scan or type the first serial number."},
        )

    def _missing(self, finding: Finding) -> Listing:
        missing = sets.ids(unit.id for unit in finding.missing)
        rows: QuerySet[SerialUnit] = SerialUnit.objects.filter(pk__in=missing)
        return Listing(
            self.request,
            rows,
            MissingTable if self.is_counting else QuietMissingTable,
            title="Numbers still missing",
            prefix="missing-",
            search=beginning,
            search_hint="Serial number",
            order=("number",),
            empty={"title": "Nothing is missing", "text": "Every unit on hand here was seen."},
        )


def lines_around(line: TransactionLine) -> tuple[TransactionLine | None, TransactionLine | None]:
    """The lines of the count before and after one."""
    others = line.transaction.lines.select_related("item")
    before = others.filter(line_no__lt=line.line_no).order_by("-line_no").first()
    return before, others.filter(line_no__gt=line.line_no).order_by("line_no").first()


class AnswerColumn(tables.Column):
    """What a seen number turned out to be."""

    def __init__(self, finding: Finding, places: Mapping[int, str]) -> None:
        super().__init__("Answer", accessor="line_id", orderable=False)
        self.finding, self.places = finding, places

    def value(self, record: LineUnit) -> str:
        answer = self.finding.answers.get(numbers.key(record.number), "")
        if not isinstance(answer, Unit):
            return answer
        if answer.status == counting.ON_HAND:
            return f"At {self.places[answer.location_id or 0]}"
        return str(SerialUnit.Status(answer.status).label)

    def render(self, record: LineUnit) -> SafeString:
        text = self.value(record)
        return badge(text, {"Found": "done", "Unknown": "warn"}.get(text, "progress"))


class ButtonColumn(tables.Column):
    """A button of the form `change` that says a number was seen, or was not."""

    def __init__(self, name: str, label: str) -> None:
        super().__init__(
            label,
            accessor="number",
            orderable=False,
            exclude_from_export=True,
            attrs={"td": {"class": "nowrap"}},
        )
        self.name, self.label = name, label

    def render(self, value: str) -> SafeString:
        return format_html(
            '<button type="submit" form="change" class="btn btn-quiet btn-small" name="{}" '
            'value="{}">{}<span class="visually-hidden"> {}</span></button>',
            self.name,
            value,
            self.label,
            value,
        )


def beginning(rows: QuerySet, text: str) -> QuerySet:
    """The units whose number begins with the text, however it is spelled."""
    return rows.filter(number_key__startswith=numbers.key(text))


def seen_table(
    finding: Finding | None, places: Mapping[int, str], *, can_change: bool
) -> type[ListTable]:
    """The numbers that were seen, the latest first."""
    columns: dict[str, Any] = {
        "number": tables.Column("Serial Number", attrs={"td": {"class": "serial"}})
    }
    if finding:
        columns["answer"] = AnswerColumn(finding, places)
    if can_change:
        columns["remove"] = ButtonColumn("remove", "Remove")
    return type("SeenTable", (ListTable,), columns)


class QuietMissingTable(ListTable):
    """Units that should be here and were not seen."""

    number = SerialColumn("Serial Number", order_by="number_key")
    received_on = DateColumn("Received Date")


class MissingTable(QuietMissingTable):
    seen = ButtonColumn("numbers", "Seen")
