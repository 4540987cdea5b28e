"""What follows from a count: the documents its approval posts, and what stands in its way.

Reads only (SPEC §4.11, §6.2).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from django.db.models import Q, Sum

from items.refusals import Refusal
from locations.models import Location
from transactions.counting import ON_HAND, ZERO, Figures, Finding
from transactions.explanations import Explanation
from transactions.models import Transaction, TransactionLine

Proposal = tuple[Transaction, list[TransactionLine]]


def obstacles(found: Sequence[Finding]) -> list[Refusal]:
    """What stands in the way of approval: SER-01, SER-02, and a surplus without a cost."""
    said = Explanation(unit for finding in found for unit in finding.blocked)
    refusals = []
    for finding in found:
        line = finding.line
        for unit in finding.blocked:
            code = "SER-01" if unit.status == ON_HAND else "SER-02"
            refusals.append(said.refusal(line, unit.number, code, unit))
        if finding.figures.unknown and finding.cost is None:
            text = f"Line {line.line_no}, {line.item}: enter what a unit costs."
            refusals.append(Refusal(text, line=line.line_no))
    return refusals


def proposed(count: Transaction, found: Sequence[Finding], on: date) -> list[Proposal]:
    """The documents that approval posts: what came in, what went out, what is transferred."""
    surplus = [line for finding in found if (line := _surplus(finding))]
    shortage = [line for finding in found if (line := _shortage(finding))]
    more = {"date": on, "memo": f"Counted on {count}"}
    adjustments = [
        (
            Transaction(
                type="inventory_adjustment",
                location=count.location,
                account=count.account,
                reason="miscount",
                **more,
            ),
            lines,
        )
        for lines in (surplus, shortage)
        if lines
    ]
    transfers = [
        (
            Transaction(
                type="inventory_transfer", location=source, to_location=count.location, **more
            ),
            lines,
        )
        for source, lines in _to_transfer(found)
    ]
    return [*adjustments, *transfers]


def _surplus(finding: Finding) -> TransactionLine | None:
    if not (quantity := finding.figures.unknown):
        return None
    return _line(finding, quantity, finding.unknown, rate=finding.cost or ZERO)


def _shortage(finding: Finding) -> TransactionLine | None:
    if not (quantity := finding.figures.missing):
        return None
    return _line(finding, -quantity, [unit.number for unit in finding.missing])


def _to_transfer(
    found: Sequence[Finding],
) -> Iterator[tuple[Location, list[TransactionLine]]]:
    """By the location that has the units on hand, the lines of the transfer from there."""
    sources = {unit.location_id or 0 for finding in found for unit in finding.elsewhere}
    for source in Location.objects.filter(pk__in=sources).order_by("pk") if sources else ():
        lines = []
        for finding in found:
            theirs = [u.number for u in finding.elsewhere if u.location_id == source.pk]
            if theirs:
                lines.append(_line(finding, Decimal(len(theirs)), theirs, at=source))
        yield source, lines


def _line(
    finding: Finding,
    quantity: Decimal,
    serials: Sequence[str],
    rate: Decimal = ZERO,
    at: Location | None = None,
) -> TransactionLine:
    counted = finding.line
    line = TransactionLine(
        item=counted.item,
        description=counted.description,
        location=at or counted.location,
        quantity=quantity,
        rate=rate,
    )
    line.serials = serials
    return line


def posted(document: Transaction, lines: Sequence[TransactionLine]) -> dict[int, Figures]:
    """By line id, what an approved count came to, by the documents that it posted."""
    rows = (
        TransactionLine.objects.live()
        .filter(transaction__created_from=document)
        .values_list("item_id", "transaction__type")
        .annotate(
            came=Sum("quantity", filter=Q(quantity__gt=0)),
            went=Sum("quantity", filter=Q(quantity__lt=0)),
        )
        .order_by()
    )
    moved = {(item, kind): (came or ZERO, -(went or ZERO)) for item, kind, came, went in rows}
    found = {}
    for line in lines:
        unknown, missing = moved.get((line.item_id, "inventory_adjustment"), (ZERO, ZERO))
        elsewhere, _ = moved.get((line.item_id, "inventory_transfer"), (ZERO, ZERO))
        there = line.quantity - unknown - elsewhere
        found[line.pk] = Figures(there, missing, elsewhere, unknown)
    return found
