"""What posting would say of a line, or of a whole document, asked before (SPEC §6.1 U11, §6.3).

Reads only, takes no locks, and knows no rule of its own: it asks those of `rules` and `serials`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from company.models import Company
from items import numbers
from items.models import ItemLocation
from items.refusals import Refusal, refuse
from transactions import rules, verdicts
from transactions.balances import Place
from transactions.models import Transaction, TransactionLine
from transactions.serials import Take


def line_refusals(
    document: Transaction, lines: Sequence[TransactionLine], number: int, *, stock: bool = True
) -> list[Refusal]:
    """Every refusal that line `number` (counted from 1) would earn among the document's lines.

    The header may still be incomplete: what is wrong with it is said on saving. And so is what
    depends on `stock`, where stock will be another by then: a correction voids a document first.
    """
    for position, each in enumerate(lines, start=1):
        each.line_no, each.transaction = position, document
    line = lines[number - 1]
    found = rules.entry(document, lines, {}) + rules.numbers_typed(document.kind, lines)
    mine = [refusal for refusal in found if _concerns(refusal, line)]
    if not stock:
        return mine
    if document.kind.designates:
        return mine + verdicts.wishes(document.kind.designates, [line])
    return mine + _units(document, line) + _stock(document, lines, line)


def document_refusals(
    document: Transaction,
    lines: Sequence[TransactionLine],
    family: Mapping[int, Transaction] | None = None,
) -> tuple[list[Refusal], list[Refusal]]:
    """What saving a new document would refuse, and what it would remark on (SER-19).

    `family` are the documents it is made from, by id.
    """
    for position, each in enumerate(lines, start=1):
        each.line_no, each.transaction = position, document
    document.status = document.kind.first_status(document, Company.current())
    found = rules.entry(document, lines, family or {}) + rules.numbers_typed(document.kind, lines)
    takes = [take for take in _takes(document, lines) if take.line.item.is_serialized]
    refusals, notices = verdicts.resolve(takes, document, lock=False)
    found += refusals + rules.stock(_takes(document, lines), on_hand(lines))
    return found, notices


def number_refusals(
    document: Transaction, line: TransactionLine, *, stock: bool = True
) -> list[Refusal]:
    """What posting would say of the serial numbers on a line, looked at by itself.

    How many there are, and what other lines hold, is said when the line is added.
    """
    line.line_no, line.transaction = 1, document
    found = [r for r in rules.numbers_typed(document.kind, [line]) if r.number]
    if not stock:
        return found
    said = {numbers.key(refusal.number) for refusal in found}
    if document.kind.designates:
        more = verdicts.wishes(document.kind.designates, [line])
    else:
        more = _units(document, line)
    return found + [r for r in more if r.number and numbers.key(r.number) not in said]


def malformed(typed: Sequence[str]) -> list[Refusal]:
    """SER-08 for numbers whose item is not known yet."""
    return [
        refuse("SER-08", 1, sn=number, problem=problem)
        for number in typed
        if (problem := numbers.problem(number))
    ]


def _concerns(refusal: Refusal, line: TransactionLine) -> bool:
    """SER-07 is said of the later of two lines; it concerns the earlier one as well."""
    if refusal.code == "SER-07":
        return numbers.key(refusal.number) in {numbers.key(n) for n in line.serials}
    return refusal.line == line.line_no


def _units(document: Transaction, line: TransactionLine) -> list[Refusal]:
    takes = [take for take in _takes(document, [line]) if line.item.is_serialized]
    return verdicts.resolve(takes, document, lock=False)[0] if takes else []


def _stock(
    document: Transaction, lines: Sequence[TransactionLine], line: TransactionLine
) -> list[Refusal]:
    short = rules.stock(_takes(document, lines), on_hand(lines))
    return [refusal for refusal in short if refusal.line == line.line_no]


def _takes(document: Transaction, lines: Sequence[TransactionLine]) -> list[Take]:
    first = str(document.kind.statuses.values[0])
    moves = ((line, document.kind.movement(line, "", first)) for line in lines)
    return [Take(line, movement) for line, movement in moves if movement]


def on_hand(lines: Sequence[TransactionLine]) -> dict[Place, ItemLocation]:
    """The quantities at each line's place; a place without any has a row of zeros."""
    places = {(line.item_id, line.location_id) for line in lines}
    rows = ItemLocation.objects.filter(
        item_id__in={item for item, _ in places}, location_id__in={where for _, where in places}
    )
    found = {(row.item_id, row.location_id): row for row in rows}
    return {
        place: found.get(place) or ItemLocation(item_id=place[0], location_id=place[1])
        for place in places
    }
