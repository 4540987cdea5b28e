"""Many orders fulfilled at once, each as far as nobody need be asked (SPEC §3.3 rule 8)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone

from items import numbers
from transactions import remaining
from transactions.models import Transaction, TransactionLine
from transactions.posting import post
from transactions.types import Kind


class Bulk:
    """A document of a kind from one order: all that is committed to it.

    A serialized line goes along only if the order names all of its numbers; `skipped` are the
    lines left out.
    """

    def __init__(self, kind: Kind, order: Transaction) -> None:
        self.kind, self.order = kind, order
        self.lines: list[TransactionLine] = []
        self.skipped: list[TransactionLine] = []
        sources = remaining.lines_left(kind, order)
        designated = remaining.designated(sources)
        for source in sources:
            named = numbers.split(designated.get(source.pk, ""))
            if source.item.is_serialized and len(named) != kind.limit(source):
                self.skipped.append(source)
            else:
                self.lines.append(self._line(source, named))

    def _line(self, source: TransactionLine, named: list[str]) -> TransactionLine:
        line = TransactionLine(
            item=source.item,
            description=source.description,
            location=self.kind.place(source),
            quantity=self.kind.limit(source),
            rate=source.rate,
            created_from_line=source,
        )
        line.serials = named
        return line

    def post(self, by: Any, request_id: UUID) -> Transaction | None:
        """Save it, if any line is left; raises Refused as posting does."""
        if not self.lines:
            return None
        order = self.order
        document = Transaction(
            type=self.kind.name,
            date=timezone.localdate(),
            customer=order.customer,
            location=order.location,
            created_from=order,
        )
        return post(document, self.lines, by=by, request_id=request_id).document
