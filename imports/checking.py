"""What a file comes to: its headings, its rows, and the plan its kind makes of them. Reads only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from django.utils import timezone

from imports.kinds.base import KNOWN, Finding, ImportKind, Plan, Record, Tick, plain
from imports.models import Import
from imports.reading import Row, Unreadable, read

STEP = 2_000  # rows between two signs of progress


@dataclass
class Checked:
    """The plan of a file, the digest of its rows, and what is to be said of the whole."""

    plan: Plan
    digest: str
    notices: list[str]


def check(file: Import, tick: Tick) -> Checked:
    """Read a file and compare it with the books. Raises Unreadable."""
    kind = file.about
    tick("Reading the file", 0, 0)
    rows = read(bytes(file.file.content), kind.known_headings)
    names, notices = headings(kind, next(rows, Row(0, [])).cells)
    records = list(_records(rows, names, tick))
    if not records:
        raise Unreadable("There are no rows below the headings.")
    digest = digest_of(kind, records)
    plan = kind.check(records, file.date, tick)
    if before := _imported_before(file, digest):
        plan.findings.append(before)
        plan.has_work &= not kind.dated  # an item may have been changed by hand since
    return Checked(plan, digest, notices)


def headings(kind: ImportKind, cells: Sequence[str]) -> tuple[list[str], list[str]]:
    """The column each heading stands for, "" for those unknown; and sentences about these.

    Raises Unreadable where a column is missing or there twice.
    """
    words = {word: column.name for column in kind.columns for word in column.headings}
    # Its own name wins: "Item" is no other word for the item where there is a column Item Name.
    names = [words.get(plain(cell), "") for cell in cells]
    if absent := [column.label for column in kind.required() if column.name not in names]:
        found = ", ".join(f"“{cell}”" for cell in cells if cell) or "nothing"
        some = f"column {absent[0]} is" if len(absent) == 1 else f"columns {_listed(absent)} are"
        raise Unreadable(f"The {some} missing. The first row has {found}.")
    for column in kind.columns:
        same = [cell for cell, name in zip(cells, names, strict=True) if name == column.name]
        if len(same) > 1:
            said = _listed([f"“{cell}”" for cell in same])
            raise Unreadable(f"{said} are both {column.label}. Remove or rename one of them.")
    unknown = [f"“{cell}”" for cell, name in zip(cells, names, strict=True) if cell and not name]
    if not unknown:
        return names, []
    is_one = len(unknown) == 1
    used = "is not used" if is_one else "are not used"
    return names, [f"The column{'' if is_one else 's'} {_listed(unknown)} {used}."]


def _records(rows: Iterator[Row], names: Sequence[str], tick: Tick) -> Iterator[Record]:
    for count, row in enumerate(rows):
        if count % STEP == 0:
            tick("Reading the file", count, 0)
        cells = {name: cell for name, cell in zip(names, row.cells, strict=False) if name}
        yield Record(row.number, cells)


def digest_of(kind: ImportKind, records: Sequence[Record]) -> str:
    """The same for the same rows, whether they came as CSV or XLSX, in whatever columns."""
    digest = sha256(kind.name.encode())
    for record in records:
        cells = "\x1f".join(record[column.name] for column in kind.columns)
        digest.update(f"\x1e{cells}".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _imported_before(file: Import, digest: str) -> Finding | None:
    """That these very rows were imported before, if they were."""
    others = Import.objects.same_rows(file.kind, digest).exclude(pk=file.pk)
    other = others.select_related("by", "confirmed_by").first()
    if other is None:
        return None
    when = timezone.localtime(other.finished_at)
    text = f"These rows were imported on {when:%Y-%m-%d at %H:%M} by {other.importer}."
    return Finding(None, text, url=other.get_absolute_url(), weight=KNOWN)


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
