"""Items to reorder, and the click that orders them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.views import View
from django.views.decorators.cache import never_cache

from accounting.fields import cents
from company.models import Company, UserPreference
from inventory.export import streamed_csv, xlsx
from inventory.ids import uuid_in
from inventory.paging import number_page
from inventory.templatetags.format import money_text, quantity_text
from parties.models import Vendor
from reports.links import export_links, page_links
from reports.trade.forms import NeedFilterForm, NeedForm
from reports.trade.ordering import Outcome, order
from reports.trade.reorder import Need, needs
from transactions.templatetags.documents import refusal_text
from users import access
from users.roles import CREATE

HEADER = [
    "Item", "Description", "For", "On Hand", "Available", "On Order", "By Transfer",
    "Back Ordered", "Reorder Point", "Preferred Stock Level", "Preferred Vendor",
]  # fmt: skip
COSTS = ["Last Purchase Price", "Rate"]


@dataclass
class Row:
    """A need, and the form that says what to do about it."""

    need: Need
    form: NeedForm

    @property
    def is_chosen(self) -> bool:
        return bool(self.form.is_bound and self.form.data.get(self.form.add_prefix("order")))

    @property
    def quantity(self) -> Decimal:
        return self.form.cleaned_data["quantity"]


# Going back must not show a page that was sent: its id would order nothing more.
@method_decorator(never_cache, name="dispatch")
class Reorder(View):
    """What is at or below its reorder point; ticked rows become purchase orders."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        kind = request.GET.get("export")
        if kind == "xlsx":
            return xlsx(_sheet(self.needs, access.of(request.user)), "items-to-reorder")
        if kind == "csv":
            return streamed_csv(_sheet(self.needs, access.of(request.user)), "items-to-reorder")
        return self.show([Row(need, _proposal(need)) for need in self.page.rows])

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Order the ticked rows, vendor by vendor; what was typed comes back if it is wrong."""
        rows = self._sent()
        chosen = [row for row in rows if row.is_chosen]
        if not chosen:
            messages.error(request, "Tick at least one row to order.")
            return self.show(self._as_typed(rows))
        if any([not row.form.is_valid() for row in chosen]):  # noqa: C419  each says what is wrong
            messages.error(request, "Nothing was ordered: look at the quantities marked below.")
            return self.show(self._as_typed(rows))
        refused = self._order([(row.need, row.quantity) for row in chosen])
        if not refused:
            return redirect(request.get_full_path())
        self._read_again()
        return self.show(self._as_typed([_left(row, row.need.vendor in refused) for row in rows]))

    def _sent(self) -> list[Row]:
        """The rows sent that are still low and can be ordered; says how many are not."""
        sent = set(self.request.POST.getlist("row"))
        orderable = [n for n in self.low if n.key in sent and n.problem is None]
        if gone := len(sent) - len(orderable):
            messages.warning(self.request, _gone(gone))
        return [Row(need, NeedForm(need, self.request.POST)) for need in orderable]

    def _order(self, chosen: Sequence[tuple[Need, Decimal]]) -> set[Vendor]:
        """Order, tell what became of it, and give back the vendors nothing was ordered from."""
        outcomes = order(chosen, self.page_id, self.request.user)
        for outcome in outcomes:
            _tell(self.request, outcome, chosen)
        return {outcome.vendor for outcome in outcomes if outcome.refusals}

    @cached_property
    def company(self) -> Company:
        return Company.objects.select_related("default_location").get()

    @cached_property
    def low(self) -> list[Need]:
        return needs(self.company)

    @cached_property
    def filter_form(self) -> NeedFilterForm:
        return NeedFilterForm(self.request.GET, company=self.company)

    @cached_property
    def needs(self) -> list[Need]:
        """What the filters leave."""
        return self.filter_form.narrow(self.low)

    @cached_property
    def page(self) -> Any:
        size = UserPreference.of(self.request.user).rows_per_page
        return number_page(self.needs, self.request.GET.get("page", ""), size)

    @property
    def page_id(self) -> UUID:
        """The id the page was sent with: with it, a second click orders nothing more."""
        return uuid_in(self.request.POST.get("page_id")) or uuid4()

    def _as_typed(self, rows: Sequence[Row]) -> list[Row]:
        """The page's rows, those that were sent with what was typed into them."""
        forms = {row.need.key: row.form for row in rows}
        return [Row(need, forms.get(need.key) or _proposal(need)) for need in self.page.rows]

    def _read_again(self) -> None:
        """Forget the figures of before, now that something was ordered."""
        for name in ("low", "needs", "page"):
            vars(self).pop(name, None)

    def show(self, rows: Sequence[Row]) -> HttpResponse:
        context = {
            "title": "Items to Reorder",
            "subtitle": "At or below the reorder point, by preferred vendor.",
            "filter_form": self.filter_form,
            "rows": rows,
            "orderable": any(row.need.problem is None for row in rows),
            "page": self.page,
            "page_links": page_links(self.request.GET, self.page),
            "export_urls": export_links(self.request.GET),
            "is_narrowed": any(self.request.GET.get(n) for n in self.filter_form.fields),
            "page_id": uuid4(),
            "may_order": access.of(self.request.user).may("purchase_order", CREATE),
        }
        return render(self.request, "reports/trade/reorder.html", context)


def _proposal(need: Need) -> NeedForm:
    suggested = need.suggested
    return NeedForm(need, initial={"order": bool(suggested), "quantity": suggested})


def _left(row: Row, is_left: bool) -> Row:
    """A row after its vendor's order: ticked still if that was refused."""
    typed = row.form["quantity"].value()
    ticked = is_left and row.is_chosen
    return Row(row.need, NeedForm(row.need, initial={"order": ticked, "quantity": typed}))


def _gone(count: int) -> str:
    rows = "1 row is" if count == 1 else f"{count:,} rows are"
    return f"{rows} no longer low, or cannot be ordered any more; look at the list below."


def _tell(request: HttpRequest, outcome: Outcome, chosen: Sequence[tuple[Need, Decimal]]) -> None:
    """What became of one vendor's order, with the way there."""
    vendor, document = outcome.vendor, outcome.document
    for refusal in outcome.refusals:
        text = format_html("Nothing was ordered from {}: {}", vendor, refusal_text(refusal))
        messages.error(request, text)
    if document is None:
        return
    link = format_html('<a href="{}">{}</a>', document.get_absolute_url(), document)
    if outcome.made_before:
        text = format_html("{} for {} was made before; nothing was added.", link, vendor)
        messages.info(request, text)
        return
    lines = [(need, quantity) for need, quantity in chosen if need.vendor == vendor]
    units = quantity_text(sum((quantity for _, quantity in lines), Decimal(0)))
    total = money_text(sum((cents(q * (n.rate or 0)) for n, q in lines), Decimal(0)))
    text = format_html(
        "Purchase Order {} for {} was saved: {} units on {}, {} in all. It is {}.",
        link, vendor, units, _lines(len(lines)), total, document.status_label,
    )  # fmt: skip
    messages.success(request, text)


def _lines(count: int) -> str:
    return "1 line" if count == 1 else f"{count:,} lines"


def _sheet(found: Sequence[Need], who: access.Access) -> Iterator[list[Any]]:
    """What is low, as a file; what it costs for those who may see it."""
    yield [*HEADER, *(COSTS if who.sees_cost else ()), "Suggested Quantity"]
    for need in found:
        yield [
            need.item.name,
            need.item.display_name,
            need.location.name if need.at_location else "All locations",
            need.on_hand,
            need.available,
            need.on_order,
            need.by_transfer,
            need.back_ordered,
            need.reorder_point,
            need.preferred_stock_level,
            str(need.vendor or ""),
            *((need.last_purchase_price, need.rate) if who.sees_cost else ()),
            need.suggested,
        ]
