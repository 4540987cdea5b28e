"""The serial numbers on the lines of a document: the first ten of each, all of them as ranges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import F, Min, QuerySet, Window
from django.db.models.functions import RowNumber

from items.models import SerialUnit, SerialUnitQuerySet
from items.numbers import Run, runs
from transactions.models import LineUnit, Posting, StockMove, Transaction, TransactionLine
from transactions.types import Stage

SHOWN = 10
READ = 1_000  # of a line; a longer one has its own page


@dataclass
class LineNumbers:
    """The serial numbers of one line: the first of them, and how many there are."""

    first: list[str] = field(default_factory=list)
    count: int = 0

    @property
    def shown(self) -> list[str]:
        return self.first[:SHOWN]

    @property
    def more(self) -> int:
        return self.count - len(self.shown)

    @property
    def runs(self) -> list[Run]:
        """All of them as ranges; none where that says no more, or there are too many to read."""
        if not self.more or self.count != len(self.first):
            return []
        found = list(runs(self.first))
        return found if len(found) < self.count else []


def first_numbers(
    document: Transaction, lines: Sequence[TransactionLine]
) -> Mapping[int, LineNumbers]:
    """By line id; the same number of statements however many lines and units there are.

    `lines` come with their item and the line they were created from.
    """
    serialized = [line for line in lines if line.item.is_serialized]
    if document.kind.designates:
        return _designated(serialized)
    if document.kind.stage is Stage.ORDER or not serialized:
        return {}
    sources = {line.pk: source_of(document, line) for line in serialized}
    shown = _first_moved([source.pk for source in sources.values()])
    return {
        line: LineNumbers(shown.get(source.pk, []), int(abs(source.quantity)))
        for line, source in sources.items()
    }


def source_of(document: Transaction, line: TransactionLine) -> TransactionLine:
    """The line that moved the units: a bill shows those of its receipt (SPEC §4.3)."""
    billing = document.kind.stage is Stage.BILLING
    return line.created_from_line if billing and line.created_from_line else line


def units_of(document: Transaction, line: TransactionLine) -> SerialUnitQuerySet:
    """Every unit on a line."""
    units = SerialUnit.objects.select_related("location")
    if document.kind.designates:
        return units.filter(line_units__line=line)
    return units.filter(pk__in=_moves([source_of(document, line).pk]).values("unit"))


def _moves(lines: Sequence[int]) -> QuerySet[StockMove]:
    """One move a unit: that of the document's first step, not of the later ones or of a void."""
    first = Posting.objects.filter(document__lines__in=lines).order_by().values("document")
    steps = first.annotate(first=Min("id")).values("first")
    return StockMove.objects.filter(line__in=lines, posting__in=steps, unit__isnull=False)


def _first_moved(lines: Sequence[int]) -> dict[int, list[str]]:
    place = Window(RowNumber(), partition_by=F("line"), order_by=F("id").asc())
    rows = _moves(lines).annotate(place=place).filter(place__lte=READ).order_by("line", "id")
    found: dict[int, list[str]] = {}
    for line, number in rows.values_list("line", "unit__number"):
        found.setdefault(line, []).append(number)
    return found


def _designated(lines: Sequence[TransactionLine]) -> Mapping[int, LineNumbers]:
    found = {line.pk: LineNumbers() for line in lines}
    for line, number in LineUnit.objects.filter(line__in=lines).values_list("line", "number"):
        found[line].count += 1
        if found[line].count <= READ:
            found[line].first.append(number)
    return found
