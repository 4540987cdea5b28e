"""What of a document is still left for the next one to take: to receive, bill, fulfill, invoice."""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from transactions import types
from transactions.models import Transaction, TransactionLine, TransactionLineQuerySet
from transactions.types import Kind, Stage


def lines_left(kind: Kind, parent: Transaction) -> list[TransactionLine]:
    """The lines from which a document of a kind, created from the parent, can still take some.

    They are the parent's own; but what an order is billed for is what was received or shipped,
    so there they are the lines of its receipts or fulfillments.
    """
    if parent.status not in kind.parents.get(parent.type, ()):
        return []
    lines = (
        _source_lines(kind, parent)
        .with_progress()
        .select_related("item", "location", "transaction", "created_from_line")
    )
    return [line for line in lines.order_by("transaction_id", "line_no") if kind.limit(line) > 0]


def _source_lines(kind: Kind, parent: Transaction) -> TransactionLineQuerySet:
    if not _bills_an_order(kind, parent.kind):
        return TransactionLine.objects.filter(transaction=parent)
    return TransactionLine.objects.filter(
        _ready(kind, "transaction__"), transaction__created_from=parent
    )


def _bills_an_order(kind: Kind, parent: Kind) -> bool:
    return kind.stage is Stage.BILLING and parent.stage is Stage.ORDER


def _ready(kind: Kind, path: str = "") -> Q:
    """Documents in a status from which one of the kind may be created."""
    ready = Q(pk__in=[])
    for name, statuses in kind.parents.items():
        ready |= Q(**{f"{path}type": name, f"{path}status__in": statuses})
    return ready


def next_kinds(document: Transaction) -> list[Kind]:
    """The kinds of which a document can be created from this one now."""
    return [kind for kind in types.all_kinds() if lines_left(kind, document)]


def following(kind: Kind) -> list[Kind]:
    """The kinds that may follow a movement of stock at once: receive and bill in one go."""
    if kind.stage is not Stage.MOVEMENT:
        return []
    return [other for other in types.all_kinds() if kind.name in other.parents]


def waiting(kind: Kind) -> QuerySet[Transaction]:
    """The orders from which documents of a kind can be created now: its queue (SPEC §7.7)."""
    orders = Transaction.objects.of(*types.of_stage(Stage.ORDER)).filter(_ready(kind))
    lines = TransactionLine.objects.all()
    if kind.stage is Stage.BILLING:
        moved = lines.filter(_ready(kind, "transaction__")).with_progress()
        unbilled = moved.filter(transaction__created_from=OuterRef("pk"), quantity__gt=F("billed"))
        return orders.filter(Exists(unbilled))
    wanted = Q(committed__gt=0) if kind.takes_committed else Q(on_order__gt=0)
    return orders.filter(Exists(lines.filter(wanted, transaction=OuterRef("pk"))))


def descendants(document: Transaction) -> QuerySet[Transaction]:
    """The documents created from this one or its lines, and from those."""
    lines = TransactionLine.objects.filter(
        Q(created_from_line__transaction=document)
        | Q(created_from_line__created_from_line__transaction=document)
    )
    return Transaction.objects.filter(
        Q(created_from=document) | Q(pk__in=lines.values("transaction"))
    ).order_by("date", "id")


def ancestors(document: Transaction) -> QuerySet[Transaction]:
    """The documents this one was created from, directly or through its lines."""
    lines = TransactionLine.objects.filter(
        Q(children__transaction=document) | Q(children__children__transaction=document)
    )
    return Transaction.objects.filter(
        Q(pk=document.created_from_id) | Q(pk__in=lines.values("transaction"))
    ).order_by("date", "id")
