"""An order as it is now beside the form of somebody who opened it before others changed it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.forms import BaseForm

from inventory.meanwhile import Difference, difference_of, said
from inventory.templatetags.format import money_text
from items import numbers
from transactions.models import TransactionLine

Words = Callable[[TransactionLine], str]
REMOVED = "(removed)"


def header_differences(sent: BaseForm) -> list[Difference]:
    """The fields of a valid header, made of the order as it is now, that would change it."""
    return [difference_of(bound, str(bound.label)) for bound in sent if _changes(bound)]


def _changes(bound: Any) -> bool:
    return bound.name in bound.form.changed_data


def line_differences(
    stored: Sequence[TransactionLine], sent: Sequence[TransactionLine], columns: dict[str, Words]
) -> Iterator[Difference]:
    """What of an order's lines saving the form would change; what it adds is in nobody's way."""
    typed = {line.pk: line for line in sent if line.pk}
    for line in stored:
        where, yours = f"Line {line.line_no}, {line.item}", typed.pop(line.pk, None)
        if yours is None:
            yield Difference(where, columns["Quantity"](line), REMOVED)
            continue
        for label, words in columns.items():
            if (now := words(line)) != (then := words(yours)):
                yield Difference(f"{where}: {label}", now, then)
    for line in typed.values():
        yield Difference(f"{line.item}", REMOVED, columns["Quantity"](line))


def columns(*, by_location: bool, rate: str) -> dict[str, Words]:
    """What a line of an order says, by heading; `rate` is empty for who may not see it."""
    found: dict[str, Words] = {
        "Item": lambda line: str(line.item),
        "Quantity": lambda line: said(line.quantity),
        "Description": lambda line: line.description,
        "Memo": lambda line: line.memo,
        "Serial Numbers": lambda line: " ".join(map(str, numbers.runs([*line.serials]))),
        "Closed": lambda line: said(line.closed),
    }
    if by_location:
        found["Location"] = lambda line: str(line.location)
    if rate:
        found[rate] = lambda line: money_text(line.rate)
    return found
