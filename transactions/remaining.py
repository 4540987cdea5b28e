"""What of a document is still left for the next one to take: to receive, bill, fulfill, invoice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from locations.models import Location
from transactions import types
from transactions.models import (
    Application,
    LineUnit,
    StockMove,
    Transaction,
    TransactionLine,
    TransactionLineQuerySet,
    TransactionQuerySet,
)
from transactions.types import Kind, Stage


def lines_left(kind: Kind, parent: Transaction, also: Sequence[int] = ()) -> list[TransactionLine]:
    """The lines from which a document of a kind, created from the parent, can still take some.

    And those with the ids in `also`, which a document that is being corrected took.

    They are the parent's own; but what an order is billed for is what was received or shipped,
    so there they are the lines of its receipts or fulfillments.
    """
    if parent.status not in kind.parents.get(parent.type, ()) and not also:
        return []
    lines = _source_lines(kind, parent).with_progress()
    if kind.stage is Stage.ORDER:
        lines = lines.with_authorized()
    lines = lines.select_related(
        "item",
        "location",
        "transaction__to_location",
        "created_from_line__transaction",
        "created_from_line__created_from_line__transaction",
    )
    ordered = lines.order_by("transaction_id", "line_no")
    return [line for line in ordered if kind.limit(line) > 0 or line.pk in also]


def _source_lines(kind: Kind, parent: Transaction) -> TransactionLineQuerySet:
    if not (kind.through and parent.kind.stage is Stage.ORDER):
        return TransactionLine.objects.filter(transaction=parent)
    return TransactionLine.objects.filter(
        _ready(kind, "transaction__"),
        transaction__created_from=parent,
        transaction__type=kind.through,
    )


def _ready(kind: Kind, path: str = "") -> Q:
    """Documents in a status from which one of the kind may be created."""
    ready = Q(pk__in=[])
    for name, statuses in kind.parents.items():
        ready |= Q(**{f"{path}type": name, f"{path}status__in": statuses})
    return ready


def designated(sources: Sequence[TransactionLine]) -> dict[int, str]:
    """By line id, the numbers designated on it that no live document has taken yet."""
    wishes = LineUnit.objects.filter(line__in=sources).exclude(number="")
    if not wishes:
        return {}
    taken = StockMove.objects.standing().filter(line__created_from_line__in=sources)
    free = wishes.exclude(unit__in=taken.filter(unit__isnull=False).values("unit"))
    found: dict[int, list[str]] = {}
    for line, number in free.order_by("id").values_list("line_id", "number"):
        found.setdefault(line, []).append(number)
    return {line: "\n".join(listed) for line, listed in found.items()}


def next_kinds(document: Transaction) -> list[Kind]:
    """The kinds of which a document can be created from this one now."""
    return [kind for kind in types.all_kinds() if lines_left(kind, document)]


def following(kind: Kind) -> list[Kind]:
    """The kinds that may follow a movement of stock at once: receive and bill in one go."""
    if kind.stage is not Stage.MOVEMENT:
        return []
    return [other for other in types.all_kinds() if kind.name in other.parents]


def waiting(kind: Kind) -> TransactionQuerySet:
    """The orders from which documents of a kind can be created now: its queue (SPEC §7.7)."""
    orders = Transaction.objects.of(*types.of_stage(Stage.ORDER)).filter(_ready(kind))
    lines = TransactionLine.objects.all()
    if kind.through:
        moved = lines.filter(_ready(kind, "transaction__"), transaction__type=kind.through)
        moved = moved.with_progress().filter(transaction__created_from=OuterRef("pk"))
        taken = F("moved") if kind.stage is Stage.MOVEMENT else F("billed")
        return orders.filter(Exists(moved.filter(quantity__gt=taken)))
    if not kind.draws_on:
        return orders
    wanted = {f"{kind.draws_on}__gt": 0}
    return orders.filter(Exists(lines.filter(**wanted, transaction=OuterRef("pk"))))


def at(places: Iterable[Location]) -> QuerySet[Transaction]:
    """The documents that still bring stock to one of the locations, take it away or count it.

    Orders and authorizations with an open line, whether approved or not; what was sent and did
    not arrive; what was picked and not shipped; counts that nobody has finished.
    """
    places = list(places)
    here = Q(location__in=places) | Q(transaction__to_location__in=places)
    lines = TransactionLine.objects.filter(here, transaction=OuterRef("pk"))
    opened = lines.with_progress().filter(closed=False, quantity__gt=F("moved"))
    coming = Q(on_order__gt=0) | Q(committed__gt=0) | Q(back_ordered__gt=0)
    return Transaction.objects.live().filter(
        Exists(lines.filter(coming))
        | (_unfinished(Stage.ORDER) & Exists(opened))
        | (_unfinished(Stage.MOVEMENT, Stage.COUNT) & Exists(lines))
    )


def _unfinished(*stages: Stage) -> Q:
    found = Q(pk__in=[])
    for kind in types.all_kinds():
        if kind.stage in stages:
            found |= Q(type=kind.name) & ~Q(status__in=kind.finished)
    return found


def descendants(document: Transaction) -> QuerySet[Transaction]:
    """The documents created from this one or its lines, and from those; and what settled it."""
    lines = TransactionLine.objects.filter(
        Q(created_from_line__transaction=document)
        | Q(created_from_line__created_from_line__transaction=document)
    )
    return Transaction.objects.filter(
        Q(created_from=document)
        | Q(pk__in=lines.values("transaction"))
        | Q(pk__in=Application.objects.filter(document=document).values("payment"))
    ).order_by("date", "id")


def ancestors(document: Transaction) -> QuerySet[Transaction]:
    """The documents this one was created from, directly or through its lines, or settles."""
    lines = TransactionLine.objects.filter(
        Q(children__transaction=document) | Q(children__children__transaction=document)
    )
    return Transaction.objects.filter(
        Q(pk=document.created_from_id)
        | Q(pk__in=lines.values("transaction"))
        | Q(pk__in=Application.objects.filter(payment=document).values("document"))
    ).order_by("date", "id")
