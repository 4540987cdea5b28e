"""A file, taken apart into rows of text: CSV in any usual encoding, or XLSX.

What a file is, is decided by its content, never by its name. Every cell is text, as a person sees
it; what a spreadsheet has spoiled (a rounded number, a date) is text that says so. SPEC §7.9.
"""

from __future__ import annotations

import codecs
import csv
import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import IO, Any, NamedTuple

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from inventory.spreadsheets import unquoted

MOST_BYTES = 25 * 1024 * 1024
MOST_UNPACKED = 500 * 1024 * 1024
MOST_ROWS = 100_000
MOST_COLUMNS = 200
# Of the rectangle around all cells of a sheet, which is held in memory at 32 bytes each: two cells
# in opposite corners of the largest sheet there is want half a terabyte, and would end the server.
MOST_CELLS = 10_000_000
EXACT = 2**53  # from here on a spreadsheet's number is no longer every whole number
DELIMITERS = ",;\t|"
# What unpacking may end in: RuntimeError where a password is wanted or the method is not known.
DAMAGED = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, RuntimeError, ValueError, OSError
)  # fmt: skip
_DECLARED = re.compile(r"sep=(.)\s*\Z", re.IGNORECASE)  # Excel's own first line


class Unreadable(Exception):
    """A file that cannot be taken apart; the message says why, and what to do."""


class Spoiled(str):
    """A cell whose number is lost: `reason` says how, as "looks like a rounded number"."""

    reason: str

    def __new__(cls, text: str, reason: str) -> Spoiled:
        cell = super().__new__(cls, text)
        cell.reason = reason
        return cell


class Row(NamedTuple):
    """A row's number, as the spreadsheet shows it, and its cells."""

    number: int
    cells: list[str]


# Chooses among ways to part the first line: how many headings of a list are known.
Known = Callable[[list[str]], int]


def read(content: bytes, known: Known = len) -> Iterator[Row]:
    """The rows of a file that are not blank, the headings first. Raises Unreadable."""
    if not content.strip(b"\0 \r\n\t"):
        raise Unreadable("The file is empty.")
    if content.startswith(b"PK\x03\x04"):
        return _bounded(_workbook(content))
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(
            "This is a workbook of an old Excel, or one with a password. Save it as .xlsx without "
            "a password, or as CSV."
        )
    return _bounded(_text(_decoded(content), known))


def _bounded(rows: Iterable[Row]) -> Iterator[Row]:
    count = 0
    for row in rows:
        if not any(row.cells):
            continue
        count += 1
        if count > MOST_ROWS + 1:
            raise Unreadable(f"The file has more than {MOST_ROWS:,} rows. Split it into parts.")
        yield row


# CSV


def _decoded(content: bytes) -> str:
    """The text of a CSV file: UTF-8 or UTF-16, marked or not, else Windows-1252."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return _decode(content, encoding)
    if b"\0" in content[:1000]:
        return _decode(content, "utf-16-le" if content[1:2] == b"\0" else "utf-16-be")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _decode(content, "windows-1252")


def _decode(content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise Unreadable("This is neither a CSV file nor an XLSX workbook.")
    return text


def _text(text: str, known: Known) -> Iterator[Row]:
    first, _, rest = text.partition("\n")
    declared = _DECLARED.match(first)
    start = 2 if declared else 1
    delimiter = declared[1] if declared else _delimiter(text, known)
    lines = io.StringIO(rest if declared else text, newline="")
    reader = csv.reader(lines, delimiter=delimiter)
    try:
        for number, cells in enumerate(reader, start=start):
            yield Row(number, [unquoted(cell).strip() for cell in cells])
    except csv.Error as error:
        raise Unreadable(f"Row {reader.line_num} cannot be read: {error}.") from None


def _delimiter(text: str, known: Known) -> str:
    """The one that parts the first line that is not blank into the most known headings."""
    line = next((line for line in text.splitlines() if line.strip()), "")
    try:
        parted = {d: next(csv.reader([line], delimiter=d), []) for d in DELIMITERS}
    except csv.Error as error:
        raise Unreadable(f"The headings cannot be read: {error}.") from None
    return max(DELIMITERS, key=lambda d: (known(parted[d]), len(parted[d])))


# XLSX


def _workbook(content: bytes) -> Iterator[Row]:
    """The rows of the first sheet that has any."""
    _refuse_strange_archives(content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = [s.name for s in book.sheets_metadata if s.visible is SheetVisibleEnum.Visible]
        sheets = (book.get_sheet_by_name(name) for name in names)
        sheet = next((sheet for sheet in sheets if sheet.start is not None), None)
    except (CalamineError, OSError) as error:
        raise Unreadable(f"The workbook cannot be read: {error}.") from None
    if sheet is None:
        raise Unreadable("The workbook is empty.")
    if sheet.total_width > MOST_COLUMNS:
        raise Unreadable(f"The sheet has more than {MOST_COLUMNS} columns.")
    return _cells(sheet)


def _cells(sheet: CalamineSheet) -> Iterator[Row]:
    first = (sheet.start or (0, 0))[0] + 1
    for number, values in enumerate(sheet.iter_rows(), start=1):
        if number >= first:
            yield Row(number, [shown(value) for value in values])


def _refuse_strange_archives(content: bytes) -> None:
    """A workbook unpacks to a bearable size; other archives are none."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if "xl/workbook.xml" not in {entry.filename for entry in entries}:
                raise Unreadable("This is neither a CSV file nor an XLSX workbook.")
            if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
                text = "The workbook is too large to be unpacked here. Split it into parts."
                raise Unreadable(text)
            for entry in entries:
                if entry.filename.startswith("xl/") and entry.filename.endswith(".xml"):
                    with archive.open(entry) as part:
                        _refuse_vast_sheets(part)
    except DAMAGED:
        raise Unreadable("The workbook is damaged: it cannot be unpacked.") from None


# A cell with something in it, wherever in its tag it says where it stands.
_ATTRIBUTE = rb"""\s+%s[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*')"""
_CELL = re.compile(
    rb"<(?:[\w.-]+:)?c(?:" + _ATTRIBUTE % rb"(?!r\s*=)" + rb")*"
    rb"""\s+r\s*=\s*["']([A-Za-z]+)([0-9]+)["']"""
    rb"(?:" + _ATTRIBUTE % b"" + rb")*\s*>"
)
PIECE = 1024**2


def _refuse_vast_sheets(part: IO[bytes]) -> None:
    """What stands in a sheet stands close enough together to be held in memory."""
    columns: set[bytes] = set()
    top, bottom, rest = 0, 0, b""
    while piece := part.read(PIECE):
        text = rest + piece
        begun = text.rfind(b"<")  # a tag that may go on in the next piece
        rest = text[begun:][:PIECE] if begun >= 0 else b""
        found = _CELL.findall(text)
        columns |= {letters.upper() for letters, _ in found}
        rows = {int(digits[:20]) for _, digits in found}
        top, bottom = min({top or MOST_CELLS, *rows}), max({bottom, *rows})
    places = [_column(letters) for letters in columns]
    cells = (bottom - top + 1) * (max(places) - min(places) + 1) if places else 0
    if cells > MOST_CELLS:
        raise Unreadable(
            f"The sheet has cells too far apart: in rows {top:,} to {bottom:,} and over "
            f"{max(places) - min(places) + 1:,} columns. Delete what does not belong to the list."
        )


def _column(letters: bytes) -> int:
    """1 for A, 27 for AA, whatever the letters."""
    number = 0
    for letter in letters[:20]:
        number = number * 26 + letter - 64
    return number


def shown(value: Any) -> str:
    """A cell of a workbook as text: whole numbers without a point, what is lost marked so."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, int):
        return str(value) if abs(value) < EXACT else _rounded(f"{value:.2E}")
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    if isinstance(value, date | time | timedelta):
        return Spoiled(str(value), "was made a date by the spreadsheet")
    if value == int(value):
        return shown(int(value))
    return repr(value)


def _rounded(text: str) -> Spoiled:
    return Spoiled(text, "looks like a rounded number")
