"""Who gets scarce stock (SPEC §3.3).

Free stock serves the oldest order first; when stock falls short the newest order is cut first.
What a line has committed is state: it is never worked out anew by date, which would steal from
orders already served. All of it happens under the lock of the item-location row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.db.models import Q

from accounting.fields import scaled
from inventory import sets
from items.models import ItemLocation
from items.refusals import Refusal
from transactions.balances import Balances, Place
from transactions.models import TransactionLine

ZERO = Decimal(0)


def ask(line: TransactionLine, row: ItemLocation, wanted: Decimal) -> None:
    """Set how much of an order's line wants stock.

    What is more waits as back ordered until `settle`; what is less comes off the back order
    first, then off what was committed.
    """
    more = wanted - line.committed - line.back_ordered
    if more < 0:
        waiting = min(line.back_ordered, -more)
        commit(line, row, more + waiting)
        more = -waiting
    line.back_ordered += more
    row.back_ordered += more


def commit(line: TransactionLine, row: ItemLocation, quantity: Decimal) -> None:
    """Commit more of a line (or less, when negative)."""
    line.committed += quantity
    row.committed += quantity
    if line.transaction.kind.internal:
        row.committed_to_transfers += quantity


def settle(balances: Balances) -> list[Refusal]:
    """Serve back orders from free stock and release what is no longer there; the notices."""
    uneven = [place for place, row in balances.rows.items() if _is_uneven(row)]
    if not uneven:
        return []
    lines = _demand(uneven)
    notices = []
    changed = []
    for line in reversed(lines):
        row = balances[line.item_id, line.location_id]
        if short := min(line.committed, max(row.committed - row.on_hand, ZERO)):
            _wait(line, row, short)
            changed.append(line)
            notices.append(_notice(line, short))
    for line in lines:
        row = balances[line.item_id, line.location_id]
        if free := min(line.back_ordered, max(row.on_hand - row.committed, ZERO)):
            _wait(line, row, -free)
            changed.append(line)
    save(changed)
    return notices


def save(lines: Iterable[TransactionLine]) -> None:
    """Write what the lines have open."""
    columns = ("on_order", "committed", "back_ordered")
    rows = [(line.pk, *(scaled(getattr(line, c)) for c in columns)) for line in lines]
    sets.update(TransactionLine, columns, rows)


def _is_uneven(row: ItemLocation) -> bool:
    free = row.on_hand - row.committed
    return free < 0 or (free > 0 and row.back_ordered > 0)


def _wait(line: TransactionLine, row: ItemLocation, quantity: Decimal) -> None:
    commit(line, row, -quantity)
    line.back_ordered += quantity
    row.back_ordered += quantity


def _demand(places: Sequence[Place]) -> Sequence[TransactionLine]:
    """The lines that have or want stock at the places, the oldest order first."""
    items, locations = zip(*places, strict=True)
    lines = (
        TransactionLine.objects.filter(item_id__in=items, location_id__in=locations)
        .filter(Q(committed__gt=0) | Q(back_ordered__gt=0))
        .select_related("transaction", "item")
        .order_by("transaction__date", "transaction_id", "pk")
    )
    return [line for line in lines if (line.item_id, line.location_id) in places]


def _notice(line: TransactionLine, quantity: Decimal) -> Refusal:
    order = line.transaction
    verb = "unit becomes" if quantity == 1 else "units become"
    return Refusal(
        f"{quantity} {verb} back ordered on {order}.",
        line=line.line_no,
        url=order.get_absolute_url(),
    )
