"""The page of a saved document (SPEC §7)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter
from typing import Any
from uuid import uuid4

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.generic import TemplateView

from inventory.listing import ListingView
from items.models import SerialUnit
from transactions import remaining
from transactions.models import VOIDED, Posting, Transaction, TransactionLine
from transactions.tables import LineSerialTable
from transactions.types import Stage
from transactions.types.base import Step
from transactions.views import impact
from transactions.views.kinds import KindMixin
from transactions.views.numbers import LineNumbers, first_numbers, units_of

Progress = tuple[str, Callable[[TransactionLine], Decimal]]


@dataclass(frozen=True)
class Row:
    """A line on the page: how far it has come, and its first serial numbers."""

    line: TransactionLine
    progress: list[tuple[str, Decimal]]
    numbers: LineNumbers | None


class ViewDocument(KindMixin, TemplateView):
    """A document: its header, lines, next steps, GL impact, related documents and history."""

    template_name = "transactions/view.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        document = self.document
        postings = list(document.postings.select_related("by", "reverses").order_by("id"))
        below = list(remaining.descendants(document))
        return {
            "title": f"{self.kind.label} {document}",
            "kind": self.kind,
            "document": document,
            "facts": header_facts(document),
            **shown_lines(document),
            "entries": [(entry, step_label(entry.posting)) for entry in impact.entries(postings)],
            "history": [(posting, step_label(posting)) for posting in postings],
            "above": list(remaining.ancestors(document)),
            "below": below,
            "steps": open_steps(document, below),
            "next_kinds": remaining.next_kinds(document)[::-1],  # the next one stands last
            "today": timezone.localdate(),
            "request_id": uuid4(),
        }


def shown_lines(document: Transaction) -> dict[str, Any]:
    """The lines for the page, with their columns and total."""
    lines = list(
        document.lines.with_progress()
        .select_related("item", "location", "created_from_line")
        .order_by("line_no")
    )
    numbers = first_numbers(document, lines)
    columns = progress_columns(document)
    return {
        "rows": [
            Row(line, [(label, done(line)) for label, done in columns], numbers.get(line.pk))
            for line in lines
        ],
        "columns": [label for label, _ in columns],
        "shows_numbers": bool(numbers),
        "total": sum(line.amount for line in lines),
    }


def header_facts(document: Transaction) -> list[tuple[str, Any]]:
    """The header's own facts beside party, date and origin: those that were filled in."""
    values = [
        ("Expected Date", document.expected_date),
        ("Due Date", document.due_date),
        (document.kind.labels.get("account", "Account"), document.account),
        ("Reason", _reason(document)),
        ("Reference", document.reference),
        ("Memo", document.memo),
    ]
    return [(label, value) for label, value in values if value]


def _reason(document: Transaction) -> str:
    reasons = document.kind.reasons
    return dict(reasons.choices).get(document.reason, "") if reasons else ""


def progress_columns(document: Transaction) -> list[Progress]:
    """How far each line has come: (heading, the quantity of a line)."""
    if document.kind.stage is not Stage.ORDER:
        label = "Invoiced" if document.kind.takes_committed else "Billed"
        return [(label, attrgetter("billed"))] if remaining.following(document.kind) else []
    if not document.kind.demands_stock:
        return [
            ("Received", attrgetter("moved")),
            ("Billed", attrgetter("billed")),
            ("On Order", attrgetter("on_order")),
        ]
    return [
        ("Committed", attrgetter("committed")),
        ("Back Ordered", attrgetter("back_ordered")),
        ("Picked", attrgetter("picked")),
        ("Fulfilled", lambda line: line.moved - line.picked),
        ("Invoiced", attrgetter("billed")),
    ]


def open_steps(document: Transaction, below: list[Transaction]) -> list[Step]:
    """The steps a person may take now; some only while nothing was made from the document."""
    touched = any(not child.is_voided for child in below)
    return [s for s in document.kind.steps(document) if not (s.untouched and touched)]


def step_label(posting: Posting) -> str:
    """What a posting did, in words: the status it led to, or that it was undone."""
    kind = posting.document.kind
    if posting.step == VOIDED:
        undone = posting.reverses and posting.reverses.step
        return f"Voided: {kind.statuses(undone).label}" if undone else "Voided"
    return str(kind.statuses(posting.step).label)


class LineSerials(KindMixin, ListingView):
    """Every serial number of one line of a document."""

    template_name = "transactions/line_serials.html"
    table = LineSerialTable
    search = ("number_key__startswith",)
    search_hint = "Serial number"
    order = ("number",)

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        lines = TransactionLine.objects.select_related(
            "item", "created_from_line", "transaction__vendor"
        ).filter(transaction__type=self.kind.name, transaction=kwargs["pk"])
        self.line = get_object_or_404(lines, line_no=kwargs["line_no"])

    def get_title(self) -> str:
        return f"Serial Numbers of {self.line.transaction}, {self.line.item}"

    def rows(self) -> QuerySet[SerialUnit]:
        return units_of(self.line.transaction, self.line)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{**kwargs, "line": self.line})
