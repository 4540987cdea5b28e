"""The page of a saved document (SPEC §7)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
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
from inventory.templatetags.format import money_text
from items import numbers
from items.models import SerialUnit
from transactions import remaining, settlement
from transactions.models import VOIDED, Posting, Transaction, TransactionLine
from transactions.tables import LineSerialTable
from transactions.types import Kind
from transactions.types.base import Step
from transactions.views import impact
from transactions.views.entering import is_correctable
from transactions.views.kinds import KindMixin, keep_to_places
from transactions.views.numbers import LineNumbers, first_numbers, units_of
from transactions.views.printing import settled
from users import access
from users.access import Access
from users.roles import CREATE, EDIT, FULL, Level

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

    def get_template_names(self) -> list[str]:
        """A kind whose page says more has a template of its own, which extends the common one."""
        return [f"transactions/kinds/{self.kind.name}.html", *super().get_template_names()]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        document, who = self.document, access.of(self.request.user)
        postings = list(document.postings.select_related("by", "reverses").order_by("id"))
        below = list(remaining.descendants(document))
        return {
            "title": f"{self.kind.label} {document}",
            "kind": self.kind,
            "document": document,
            "facts": header_facts(document, who),
            "shows_rates": self.kind.rate_label and who.sees_money_of(self.kind),
            "shows_total": has_total(self.kind) and who.sees_money_of(self.kind),
            **shown_lines(document),
            "entries": [(entry, step_label(entry.posting)) for entry in impact.entries(postings)],
            "history": [(posting, step_label(posting)) for posting in postings],
            "above": seen(remaining.ancestors(document), who),
            "below": seen(below, who),
            "steps": open_steps(document, below, who),
            "is_editable": self.kind.is_editable(document),
            "is_correctable": is_correctable(document),
            # The next one stands last.
            "next_kinds": [k for k in remaining.next_kinds(document)[::-1] if makes(who, k)],
            "payments": [(k, t) for k, t in settlement.settled_by(document) if makes(who, k)],
            **shown_money(document, who),
            "today": timezone.localdate(),
            "request_id": uuid4(),
        }


def has_total(kind: Kind) -> bool:
    """Whether a document of the kind comes to something."""
    return bool(kind.rate_label) or not (kind.has_lines or kind.renames)


def seen(documents: Iterable[Transaction], who: Access) -> list[Transaction]:
    """Of some documents, those somebody may look at."""
    found = [document for document in documents if who.may(document.type)]
    if not who.is_limited:
        return found
    here = Transaction.objects.filter(pk__in=[document.pk for document in found])
    near = set(here.within(who.places).values_list("pk", flat=True))
    return [document for document in found if document.pk in near]


def makes(who: Access, kind: Kind) -> bool:
    return who.may(kind.name, CREATE)


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
        "total": document.total,
    }


def shown_money(document: Transaction, who: Access) -> dict[str, Any]:
    """What a document has in place of lines, and the payments that settle it."""
    has_lines = document.kind.has_lines
    paid_by = document.settled_by.exclude(payment__status=VOIDED).select_related("payment")
    payments = (part for part in paid_by if who.may(part.payment.type))
    return {
        "settled": settled(document) if document.kind.settles else [],
        "settled_by": list(payments) if document.kind.balance else [],
        "open_balance": document.open_balance,
        "renamed": list(document.number_changes.select_related("unit__item")),
        "journal_rows": list(document.rows.select_related("account")) if not has_lines else [],
    }


def header_facts(document: Transaction, who: Access) -> list[tuple[str, Any]]:
    """The header's own facts beside party, date and origin: those that were filled in."""
    owed = document.kind.balance and who.sees_money_of(document.kind)
    values = [
        (document.kind.labels.get("to_location", "To Location"), document.to_location),
        ("Expected Date", document.expected_date),
        ("Due Date", document.due_date),
        (document.kind.labels.get("account", "Account"), document.account),
        ("Reason", _reason(document)),
        ("Reference", document.reference),
        ("Memo", document.memo),
        ("Open Balance", money_text(document.open_balance) if owed else None),
    ]
    return [(label, value) for label, value in values if value]


def _reason(document: Transaction) -> str:
    reasons = document.kind.reasons
    return dict(reasons.choices).get(document.reason, "") if reasons else ""


def progress_columns(document: Transaction) -> list[Progress]:
    """How far each line has come: (heading, the quantity of a line)."""
    return [(label, PROGRESS[name]) for name, label in document.kind.progress_columns.items()]


PROGRESS: dict[str, Callable[[TransactionLine], Decimal]] = {
    name: attrgetter(name)
    for name in ("committed", "back_ordered", "picked", "moved", "arrived", "billed", "on_order")
} | {"shipped": lambda line: line.moved - line.picked}


def open_steps(document: Transaction, below: list[Transaction], who: Access) -> list[Step]:
    """The steps somebody may take now; some only while nothing was made from the document."""
    touched = any(not child.is_voided for child in below)
    steps = (s for s in document.kind.steps(document) if not (s.untouched and touched))
    return [step for step in steps if who.may(document.type, right_to(step))]


def right_to(step: Step) -> Level:
    """To take a document further, or to judge what others entered."""
    return FULL if step.judges else EDIT


def step_label(posting: Posting) -> str:
    """What a posting did, in words: the status it led to, or that it was undone."""
    if posting.reverses is None:
        return posting.step_label
    posting.reverses.document = posting.document
    return f"Voided: {posting.reverses.step_label}"


class LineSerials(KindMixin, ListingView):
    """Every serial number of one line of a document."""

    template_name = "transactions/line_serials.html"
    table = LineSerialTable
    search_hint = "Serial number"
    order = ("number",)

    def search(self, rows: QuerySet[SerialUnit], text: str) -> QuerySet[SerialUnit]:
        return rows.filter(number_key__startswith=numbers.key(text))

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        lines = TransactionLine.objects.select_related(
            "item", "created_from_line", "transaction__vendor"
        ).filter(transaction__type=self.kind.name, transaction=kwargs["pk"])
        self.line = get_object_or_404(lines, line_no=kwargs["line_no"])
        keep_to_places(request, self.line.transaction)

    def get_title(self) -> str:
        return f"Serial Numbers of {self.line.transaction}, {self.line.item}"

    def rows(self) -> QuerySet[SerialUnit]:
        places = access.of(self.request.user).places
        return units_of(self.line.transaction, self.line).within(places)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{**kwargs, "line": self.line})
