"""What posting would say of one line, asked before the line is added (SPEC §6.1 U11, §6.3).

Reads only, takes no locks, and knows no rule of its own: it asks those of `rules` and `serials`.
"""

from __future__ import annotations

from collections.abc import Sequence

from items import numbers
from items.models import ItemLocation
from items.refusals import Refusal
from transactions import rules, serials
from transactions.balances import Place
from transactions.models import Transaction, TransactionLine
from transactions.serials import Take


def line_refusals(
    document: Transaction, lines: Sequence[TransactionLine], number: int
) -> list[Refusal]:
    """Every refusal that line `number` (counted from 1) would earn among the document's lines.

    The header may still be incomplete: what is wrong with it is said on saving.
    """
    for position, each in enumerate(lines, start=1):
        each.line_no, each.transaction = position, document
    line = lines[number - 1]
    found = rules.entry(document, lines, {}) + rules.numbers_typed(document.kind, lines)
    mine = [refusal for refusal in found if _concerns(refusal, line)]
    if document.kind.designates:
        return mine + serials.wishes([line], _known(line))
    return mine + _units(document, line) + _stock(document, lines, line)


def _concerns(refusal: Refusal, line: TransactionLine) -> bool:
    """SER-07 is said of the later of two lines; it concerns the earlier one as well."""
    if refusal.code == "SER-07":
        return numbers.key(refusal.number) in {numbers.key(n) for n in line.serials}
    return refusal.line == line.line_no


def _units(document: Transaction, line: TransactionLine) -> list[Refusal]:
    takes = [take for take in _takes(document, [line]) if line.item.is_serialized]
    return serials.resolve(takes, _known(line), document.date)[0] if takes else []


def _stock(
    document: Transaction, lines: Sequence[TransactionLine], line: TransactionLine
) -> list[Refusal]:
    short = rules.stock(_takes(document, lines), on_hand(lines))
    return [refusal for refusal in short if refusal.line == line.line_no]


def _takes(document: Transaction, lines: Sequence[TransactionLine]) -> list[Take]:
    first = str(document.kind.statuses.values[0])
    moves = ((line, document.kind.movement(line, "", first)) for line in lines)
    return [Take(line, movement) for line, movement in moves if movement]


def _known(line: TransactionLine) -> serials.Known:
    pairs = serials.typed([line])
    return serials.known_units(pairs, lock=False) if pairs else {}


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
