"""The vocabulary in which a kind of file says what it holds and what is done with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

from imports.reading import Spoiled
from items import numbers
from items.refusals import Refusal
from transactions.models import Transaction
from transactions.posting import Joined

WRONG, KNOWN, NOTE = "wrong", "known", "note"
ROUNDED = "looks like a rounded number"


@dataclass(frozen=True)
class Column:
    """A column of a file: its heading, the other words people use for it, and what goes in it."""

    name: str
    label: str
    help: str
    example: str = ""
    synonyms: tuple[str, ...] = ()
    required: bool = False

    @property
    def headings(self) -> set[str]:
        return {plain(word) for word in (self.name, self.label, *self.synonyms)}


def plain(heading: str) -> str:
    """A heading without what people write differently: "Serial No." is "serialno"."""
    return "".join(letter for letter in heading.casefold() if letter.isalnum())


@dataclass(frozen=True)
class Finding:
    """What is to be said of a row, or (row None) of the whole file."""

    row: int | None
    message: str
    code: str = ""
    column: str = ""
    value: str = ""
    url: str = ""
    weight: str = WRONG


@dataclass(frozen=True)
class Record:
    """A row by the names of its columns; columns that the file has not are empty."""

    row: int
    cells: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.cells.get(name, "")


@dataclass
class Plan:
    """What a file comes to: what is wrong, and what would be written.

    `counts` are figures by name, for people: {"New units": 19886}. `work` is the kind's own.
    """

    findings: list[Finding] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    work: Any = None
    has_work: bool = False

    def wrong(self, record: Record, column: Column | None, message: str, **more: str) -> None:
        """Say that a row is wrong, at a column if it is the column's fault."""
        value = record[column.name] if column else ""
        label = column.label if column else ""
        self.findings.append(Finding(record.row, message, column=label, value=value, **more))

    @property
    def wrong_rows(self) -> set[int | None]:
        return {finding.row for finding in self.findings if finding.weight == WRONG}

    @property
    def is_importable(self) -> bool:
        return not any(finding.weight == WRONG for finding in self.findings)


class RowsRefused(Exception):
    """Posting refused what the check had let pass: the books have moved on since."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        super().__init__("refused")
        self.findings = list(findings)


Tick = Callable[[str, int, int], None]  # phase, done, total


class ImportKind:
    """A kind of file. `check` reads the database and writes nothing; `write` is all or nothing."""

    name: ClassVar[str]
    label: ClassVar[str]
    text: ClassVar[str]  # what it does, in a sentence or two
    columns: ClassVar[Sequence[Column]]
    dated: ClassVar[bool] = True  # makes documents, which have a date
    unit: ClassVar[str] = "row"

    def check(self, records: Iterable[Record], day: date, tick: Tick) -> Plan:
        raise NotImplementedError

    def write(self, plan: Plan, day: date, memo: str, by: Any, post: Joined) -> list[Transaction]:
        """Write what was planned, inside one transaction. Raises RowsRefused."""
        raise NotImplementedError

    def required(self) -> list[Column]:
        """The columns that no file may be without."""
        return [column for column in self.columns if column.required]

    def described(self) -> list[tuple[Column, bool]]:
        """Each column, and whether it is required."""
        required = self.required()
        return [(column, column in required) for column in self.columns]

    def known_headings(self, cells: Sequence[str]) -> int:
        words = set().union(*(column.headings for column in self.columns))
        return sum(plain(cell) in words for cell in cells)


def spoiled(cell: str) -> str:
    """Why a cell cannot be the name or number it was, or nothing if it can."""
    if isinstance(cell, Spoiled):
        return cell.reason
    return ROUNDED if numbers.problem(cell) == ROUNDED else ""


def finding_of(refusal: Refusal, record: Record, column: str = "") -> Finding:
    """A refusal of posting, said of a row."""
    return Finding(record.row, refusal.message, refusal.code, column, refusal.number, refusal.url)
