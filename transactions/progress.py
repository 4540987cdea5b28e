"""How far the lines of a document have come, for posting.

The same figures as those of `TransactionLineQuerySet.with_progress`, which the audit compares with
what posting made of these. That query can filter and sort a list; but Django takes longer to build
it than two plain statements take altogether.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from transactions import types
from transactions.models import TransactionLine
from transactions.types.base import Stage

ON_THE_WAY = ("picked", "packed")


def read(lines: Iterable[TransactionLine]) -> None:
    """Set `moved`, `picked`, `arrived` and `billed` of each line, voided documents left out."""
    by_id = {line.pk: line for line in lines}
    for line in by_id.values():
        line.moved = line.picked = line.arrived = line.billed = Decimal(0)
    for source, stage, status, quantity in _made_from(by_id, "created_from_line"):
        line = by_id[source]
        if stage is Stage.MOVEMENT:
            line.moved += quantity
            line.picked += quantity if status in ON_THE_WAY else 0
        elif stage is Stage.BILLING:
            line.billed += quantity
    for source, stage, _, quantity in _made_from(by_id, "created_from_line__created_from_line"):
        if stage is Stage.MOVEMENT:
            by_id[source].arrived += quantity
        elif stage is Stage.BILLING:
            by_id[source].billed += quantity


def _made_from(lines: Iterable[int], path: str) -> Iterator[tuple[int, Stage, str, Decimal]]:
    """Of every live line that leads to one of the lines: to which, its stage, status, quantity."""
    made = TransactionLine.objects.live().filter(**{f"{path}__in": list(lines)}).order_by()
    rows = made.values_list(path, "transaction__type", "transaction__status", "quantity")
    for source, kind, status, quantity in rows:
        yield source, types.get(kind).stage, status, quantity
