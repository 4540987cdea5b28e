"""The lists of documents: one of each kind, and the queues of what waits for the next one."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4, uuid5

from django.contrib import messages
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html

from company.models import Company
from inventory.ids import number_in, uuid_in
from inventory.listing import Listing, ListingView
from items.models import Item, SerialUnit
from items.refusals import Refused
from transactions import remaining, types
from transactions.bulk import Bulk
from transactions.filters import document_filter
from transactions.models import LineUnit, StockMove, Transaction, TransactionLine
from transactions.tables import document_table, queue_table
from transactions.templatetags.documents import refusal_text
from transactions.types import Kind, Stage
from transactions.views.kinds import KindMixin
from users import access, gates


class DocumentList(KindMixin, ListingView):
    """Every document of a kind."""

    template_name = "transactions/list.html"
    search_hint = "Number, party, reference or serial"
    order = ("-date", "-number")

    def get_title(self) -> str:
        return self.kind.plural

    @property
    def item(self) -> Item | None:
        """The item the list is narrowed to (?item=)."""
        asked = self.request.GET.get("item", "")
        return Item.objects.filter(pk=number_in(asked) or 0).first()

    def rows(self) -> QuerySet[Transaction]:
        places = access.of(self.request.user).places
        rows = with_places(Transaction.objects.of(self.kind.name).within(places))
        item = self.item
        return rows.filter(Exists(self._lines_of(item))) if item else rows

    def _lines_of(self, item: Item) -> QuerySet[TransactionLine]:
        """Of open orders, those that still wait for the item: what its figures count."""
        lines = TransactionLine.objects.filter(transaction=OuterRef("pk"), item=item)
        if self.kind.stage is Stage.ORDER and self.request.GET.get("open"):
            return lines.filter(Q(on_order__gt=0) | Q(committed__gt=0) | Q(back_ordered__gt=0))
        return lines

    def listing(self) -> Listing:
        return Listing(
            self.request,
            self.rows(),
            document_table(self.kind),
            document_filter(self.kind),
            exclude=hidden_columns(self.kind),
            **{**self.listing_options(), "search": self.search_documents},
        )

    def search_documents(self, rows: QuerySet, text: str) -> QuerySet:
        return rows.filter(matching(self.kind, text))

    def listing_options(self) -> dict[str, Any]:
        options = super().listing_options()
        new = reverse("transactions:new", args=[self.kind.slug])
        if self.kind.stand_alone:
            options["empty"] |= {"url": new, "action": f"New {self.kind.label}"}
        else:
            text = f"Each is made from an order: choose one to {self.kind.verb.lower()}."
            options["empty"] |= {"text": text, "url": new, "action": self.kind.queue}
        return options

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        new = reverse("transactions:new", args=[self.kind.slug])
        label = f"New {self.kind.label}" if self.kind.stand_alone else self.kind.queue
        may = gates.opens(access.of(self.request.user), new)
        words = {
            "new_url": new if may else "",
            "new_label": label,
            "item": self.item,
            "kind": self.kind,
        }
        return super().get_context_data(**{**kwargs, **words})


class Queue(KindMixin, ListingView):
    """The orders from which documents of a kind can be created now (SPEC §7.7)."""

    template_name = "transactions/queue.html"
    search_hint = "Number, party or reference"
    order = ("date", "number")

    def get_title(self) -> str:
        return self.kind.queue

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if not self.kind.queue:
            raise Http404(f"No order waits for a {self.kind.label.lower()}.")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Fulfill every ticked order, as far as it can be without being asked anything."""
        if not self.takes_many:
            return HttpResponseNotAllowed(["GET"])
        chosen = [pk for text in request.POST.getlist("order") if (pk := number_in(text))]
        orders = self.rows().filter(pk__in=chosen).order_by("date", "pk")
        page_id = uuid_in(request.POST.get("request_id")) or uuid4()
        if not chosen:
            messages.warning(request, "Tick the orders first.")
        elif not orders:
            text = "None of the ticked orders waits for this any more; they are done already."
            messages.info(request, text)
        for order in orders:
            self._make(order, uuid5(page_id, str(order.pk)))
        return redirect("transactions:queue", kind=self.kind.slug)

    def _make(self, order: Transaction, request_id: UUID) -> None:
        """One document from one order; what was left out is said, with the way to do it."""
        bulk = Bulk(self.kind, order)
        new = f"{reverse('transactions:new', args=[self.kind.slug])}?from={order.pk}"
        try:
            made = bulk.post(self.request.user, request_id)
        except Refused as refused:
            made = None
            for refusal in refused.refusals:
                messages.error(self.request, format_html("{}: {}", order, refusal_text(refusal)))
        if made:
            text = '{}: <a href="{}">{}</a> was saved.'
            url = made.get_absolute_url()
            messages.success(self.request, format_html(text, order, url, made))
        if bulk.skipped:
            items = ", ".join(str(line.item) for line in bulk.skipped)
            text = '{}: {} needs its serial numbers. <a href="{}">Enter them</a>'
            messages.warning(self.request, format_html(text, order, items, new))

    @property
    def takes_many(self) -> bool:
        """Whether several orders can be ticked and done at once (SPEC §3.3 rule 8)."""
        return self.kind.draws_on == "committed"

    @property
    def order_kind(self) -> Kind:
        names = [name for name in self.kind.parents if types.get(name).stage is Stage.ORDER]
        return types.get(names[0])

    def rows(self) -> QuerySet[Transaction]:
        places = access.of(self.request.user).places
        return with_places(remaining.waiting(self.kind).within(places))

    def listing(self) -> Listing:
        order = self.order_kind
        return Listing(
            self.request,
            self.rows(),
            queue_table(self.kind, order, ticks=self.takes_many),
            exclude=hidden_columns(order),
            **{**self.listing_options(), "search": self.search_documents},
        )

    def search_documents(self, rows: QuerySet, text: str) -> QuerySet:
        return rows.filter(matching(self.order_kind, text))

    def listing_options(self) -> dict[str, Any]:
        text = f"No {self.order_kind.label.lower()} waits for this."
        empty = {"title": f"Nothing to {self.kind.verb.lower()}", "text": text}
        return {**super().listing_options(), "empty": empty}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = {"kind": self.kind, "order": self.order_kind, "takes_many": self.takes_many}
        words["request_id"] = uuid4()
        return super().get_context_data(**{**kwargs, **words})


def with_places(rows: QuerySet[Transaction]) -> QuerySet[Transaction]:
    """Documents with what the list shows of others, by one statement."""
    return rows.select_related("vendor", "customer", "location", "to_location")


def hidden_columns(kind: Kind) -> list[str]:
    """Columns that would be empty for a kind."""
    hidden = [] if kind.party else ["party"]
    if not kind.rate_label and kind.stage is not Stage.SETTLEMENT:
        hidden.append("total")
    if "to_location" not in kind.header:
        hidden.append("to_location")
    if "reference" not in kind.header:
        hidden.append("reference")
    if not (kind.has_lines and Company.current().multi_location_inventory):
        hidden.append("location")
    return hidden


def matching(kind: Kind, text: str) -> Q:
    """Documents by number, party, reference, memo, or a whole serial number on them."""
    words = Q(number__icontains=text) | Q(reference__icontains=text) | Q(memo__icontains=text)
    if kind.party:
        words |= Q(**{f"{kind.party}__name__icontains": text})
    return words | Q(pk__in=carrying(text))


def carrying(number: str) -> QuerySet:
    """The documents that moved, designated or invoiced a serial number."""
    units = SerialUnit.objects.numbered(number)
    moved = StockMove.objects.filter(unit__in=units)
    named = LineUnit.objects.filter(Q(unit__in=units) | Q(number__iexact=number))
    lines = TransactionLine.objects.filter(
        Q(pk__in=moved.values("line")) | Q(pk__in=named.values("line"))
    )
    return lines.values("transaction")
