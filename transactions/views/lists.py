"""The lists of documents: one of each kind, and the queues of what waits for the next one."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.urls import reverse

from accounting.fields import MoneyField
from company.models import Company
from inventory.listing import Listing, ListingView
from items.models import Item, SerialUnit
from transactions import remaining, types
from transactions.filters import document_filter
from transactions.models import LineUnit, StockMove, Transaction, TransactionLine
from transactions.tables import document_table, queue_table
from transactions.types import Kind, Stage
from transactions.views.kinds import KindMixin


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
        return Item.objects.filter(pk=asked).first() if asked.isdecimal() else None

    def rows(self) -> QuerySet[Transaction]:
        rows = with_totals(Transaction.objects.of(self.kind.name))
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
            options["empty"] |= {"text": text, "url": new, "action": queue_title(self.kind)}
        return options

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        new = reverse("transactions:new", args=[self.kind.slug])
        label = f"New {self.kind.label}" if self.kind.stand_alone else queue_title(self.kind)
        words = {"new_url": new, "new_label": label, "item": self.item, "kind": self.kind}
        return super().get_context_data(**{**kwargs, **words})


class Queue(KindMixin, ListingView):
    """The orders from which documents of a kind can be created now (SPEC §7.7)."""

    template_name = "transactions/queue.html"
    search_hint = "Number, party or reference"
    order = ("date", "number")

    def get_title(self) -> str:
        return queue_title(self.kind)

    @property
    def order_kind(self) -> Kind:
        names = [name for name in self.kind.parents if types.get(name).stage is Stage.ORDER]
        return types.get(names[0])

    def rows(self) -> QuerySet[Transaction]:
        return with_totals(remaining.waiting(self.kind))

    def listing(self) -> Listing:
        order = self.order_kind
        return Listing(
            self.request,
            self.rows(),
            queue_table(self.kind, order),
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
        return super().get_context_data(**{**kwargs, "kind": self.kind, "order": self.order_kind})


def queue_title(kind: Kind) -> str:
    """ "Receive Orders", "Invoice Orders"."""
    return f"{kind.verb} Orders"


def with_totals(rows: QuerySet[Transaction]) -> QuerySet[Transaction]:
    """Documents with the sum of their lines, party and location, by one statement."""
    lines = TransactionLine.objects.filter(transaction=OuterRef("pk")).order_by()
    sums = lines.values("transaction").annotate(sum=Sum("amount")).values("sum")
    total = Subquery(sums, output_field=MoneyField())
    return rows.select_related("vendor", "customer", "location").annotate(amount=total)


def hidden_columns(kind: Kind) -> list[str]:
    """Columns that would be empty for a kind."""
    hidden = [] if kind.party else ["party"]
    if not kind.rate_label:
        hidden.append("total")
    if "reference" not in kind.header:
        hidden.append("reference")
    if not Company.current().multi_location_inventory:
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
