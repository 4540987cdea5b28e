"""Serial numbers that were typed wrongly: whether a unit may carry another one.

Reads only. The unit stays what it is, with its cost and its history (SPEC §6.5).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from items import numbers
from items.models import SerialUnit
from items.refusals import Refusal, refuse
from transactions.explanations import Explanation
from transactions.models import NumberChange, Transaction, TransactionLine
from transactions.serials import Unit, known_units
from transactions.verdicts import first_time


def refusals(document: Transaction) -> list[Refusal]:
    """SER-08, SER-01 and SER-02 for the numbers that units cannot take; locks their carriers."""
    changes = document.renames
    pairs = [(c.unit.item_id, numbers.key(c.new_number)) for c in changes]
    own = [(c.unit.item_id, c.unit.number_key) for c in changes]
    known = known_units([*pairs, *own]) if pairs else {}
    held = []
    found = []
    for change, pair in zip(changes, pairs, strict=True):
        units = known.get(pair, ())
        found += _malformed(change) or _first_time(document, change, units)
        if rival := next((u for u in units if u.location_id and u.id != change.unit_id), None):
            held.append((change, rival))
    return found + _held(document, held)


def _malformed(change: NumberChange) -> list[Refusal]:
    number = change.new_number
    if problem := numbers.problem(number):
        return [refuse("SER-08", sn=number, problem=problem)]
    if number == change.unit.number:
        return [Refusal(f"{number} is the number it has. Enter the right one.", number=number)]
    if change.unit.status == "voided":
        return [Refusal(f"{change.unit} was voided with its receipt.", number=number)]
    return []


def _first_time(
    document: Transaction, change: NumberChange, units: Sequence[Unit]
) -> list[Refusal]:
    """The item's number rule, and numbers that look alike, its present one left out."""
    if units:
        return []
    line = TransactionLine(item=change.unit.item, transaction=document)
    said = first_time([(line, change.new_number)])
    own = SerialUnit(item_id=change.unit.item_id, number=change.unit.number).get_absolute_url()
    return [refusal for refusal in said if refusal.url != own]


def _held(document: Transaction, rivals: Sequence[tuple[NumberChange, Unit]]) -> list[Refusal]:
    """The new number is on hand, picked or in transit: only one unit may carry it then."""
    said = Explanation(rival for _, rival in rivals)
    found = []
    for change, rival in rivals:
        place = rival.location_id or 0
        line = TransactionLine(item=change.unit.item, location_id=place, transaction=document)
        code = "SER-01" if rival.status == "on_hand" else "SER-02"
        found.append(said.refusal(line, change.new_number, code, rival))
    return found


def undone(document: Transaction) -> list[NumberChange]:
    """What a void of a correction changes back."""
    return [
        NumberChange(
            unit=change.unit,
            old_number=change.new_number,
            old_key=numbers.key(change.new_number),
            new_number=change.old_number,
        )
        for change in document.number_changes.select_related("unit__item")
    ]


def later(document: Transaction) -> list[Refusal]:
    """SER-13 for a correction of the same unit after this one."""
    own = list(document.number_changes.all())
    if not own:
        return []
    after = NumberChange.objects.filter(
        unit__in=[change.unit_id for change in own], pk__gt=max(change.pk for change in own)
    ).exclude(document__status="voided")
    return [
        refuse(
            "SER-13", sn=change.old_number, documents=change.document,
            url=change.document.get_absolute_url(),
        )
        for change in after.select_related("document")
    ]  # fmt: skip


def carried(keys: Iterable[str]) -> dict[str, list[NumberChange]]:
    """By number key, the corrections through which units lost such a number."""
    found: dict[str, list[NumberChange]] = {}
    changes = NumberChange.objects.filter(old_key__in=list(keys)).exclude(document__status="voided")
    for change in changes.select_related("unit__item", "document"):
        found.setdefault(change.old_key, []).append(change)
    return found
