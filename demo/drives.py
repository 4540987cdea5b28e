"""Files of hard drives, one row a drive: model, serial number, capacity, and whether it failed.

The shape is that of Backblaze Drive Stats, whose drives and serial numbers are real.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from items import numbers
from items.models import Item

COLUMNS = ("model", "serial_number", "capacity_bytes", "failure")
OWN = Path(__file__).with_name("drives.csv")
LONGEST_NAME = Item._meta.get_field("name").max_length or 0


class Drive(NamedTuple):
    """One drive of a file."""

    model: str
    number: str
    capacity: int  # bytes
    failed: bool


class BadDrives(ValueError):
    """A file that cannot be taken, with every reason and its line."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


def read(file: Path) -> list[Drive]:
    """The drives of a file, in its order. Raises BadDrives, or OSError where there is no file."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            return _checked(csv.DictReader(text))
    except UnicodeDecodeError:
        raise BadDrives([f"{file} is not a CSV file in UTF-8."]) from None
    except csv.Error as error:
        raise BadDrives([f"{file} is not a CSV file: {error}."]) from None


def _checked(rows: csv.DictReader[str]) -> list[Drive]:
    if missing := [name for name in COLUMNS if name not in (rows.fieldnames or ())]:
        raise BadDrives([f"line 1: there is no column {', '.join(missing)}"])
    drives, problems = [], []
    first_lines: dict[tuple[str, str], int] = {}
    for row in rows:
        line = rows.line_num
        problem = next(_problems(row), "")
        if not problem:
            drive = _drive(row)
            first = first_lines.setdefault(
                (drive.model.casefold(), numbers.key(drive.number)), line
            )
            if first == line:
                drives.append(drive)
                continue
            problem = f"serial number {drive.number} of {drive.model} is already in line {first}"
        problems.append(f"line {line}: {problem}")
    if not (drives or problems):
        problems.append("line 2: there is no drive")
    if problems:
        raise BadDrives(problems)
    return drives


def _problems(row: dict[str, str | None]) -> Iterator[str]:
    """What keeps a row from being a drive."""
    for name in COLUMNS:
        if row[name] is None:
            yield f"the column {name} is missing"
            return
    model, number, capacity, _ = (str(row[name]) for name in COLUMNS)
    if not model.strip():
        yield "the model is blank"
    if len(model.strip()) > LONGEST_NAME:
        yield f"the model is longer than {LONGEST_NAME} characters"
    if not numbers.tidy(number):
        yield "the serial number is blank"
    if problem := numbers.problem(numbers.tidy(number)):
        yield f"“{number}” isn't a valid serial number: {problem}"
    if not capacity.strip().isdecimal():
        yield f"the capacity “{capacity}” is not a number of bytes"


def _drive(row: dict[str, str]) -> Drive:
    model, number, capacity, failure = (row[name].strip() for name in COLUMNS)
    return Drive(model, numbers.tidy(number), int(capacity), failure == "1")
