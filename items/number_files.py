"""Serial numbers out of a file: one column of a CSV or XLSX sheet (SPEC §7.4, §6.4)."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

LARGEST = 20 * 1024 * 1024  # bytes
HEADINGS = {
    "serial", "serial number", "serial numbers", "serial no", "serial no.", "serialnumber",
    "serial_number", "number", "s/n", "sn", "imei",
}  # fmt: skip
EXACT = 2**53  # beyond it a spreadsheet's number has lost digits


class Unreadable(ValueError):
    """A file that gives no column of serial numbers; the message says why, for the user."""


def check_size(name: str, size: int) -> None:
    """Raises Unreadable for a file that is too large to be taken into memory."""
    if size > LARGEST:
        raise Unreadable(f"{name} is larger than {LARGEST // 1024**2} MB. Split it.")


def read(content: bytes, name: str) -> str:
    """The numbers of a file as text, one a row, for `numbers.split`. Raises Unreadable."""
    sheet = _rows_of_workbook if name.lower().endswith((".xlsx", ".xls", ".ods")) else _rows_of_text
    rows = [row for row in sheet(content, name) if any(row)]
    column = _column(rows, name)
    if rows and _heading(rows[0][column]):
        del rows[0]
    return "\n".join(row[column] for row in rows if column < len(row))


def _rows_of_workbook(content: bytes, name: str) -> list[list[str]]:
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        return [[_cell(value) for value in row] for row in sheet.to_python()]
    except (CalamineError, IndexError, OSError) as error:
        raise Unreadable(f"{name} is not a spreadsheet that can be read.") from error


def _cell(value: Any) -> str:
    """A cell as text; a number that has lost digits reads as what it is, a rounded one."""
    if isinstance(value, float) and value.is_integer():
        return f"{value:.0f}" if abs(value) < EXACT else f"{value:.2E}"
    return str(value).strip()


def _rows_of_text(raw: bytes, name: str) -> list[list[str]]:
    for encoding in (
        ("utf-16",) if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252")
    ):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return _cells(text)
    raise Unreadable(f"{name} is not a text file. Save it as CSV or XLSX.")


def _cells(text: str) -> list[list[str]]:
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    return [[cell.strip() for cell in row] for row in rows]


def _column(rows: Sequence[Sequence[str]], name: str) -> int:
    """The column that holds the numbers: the only one, or the one that is called so."""
    used = sorted({place for row in rows for place, cell in enumerate(row) if cell})
    if len(used) == 1:
        return used[0]
    if not used:
        raise Unreadable(f"{name} is empty.")
    called = [place for place, cell in enumerate(rows[0]) if _heading(cell)]
    if len(called) != 1:
        raise Unreadable(
            f"{name} has {len(used)} columns. Keep the one with the serial numbers, or call it "
            "“Serial Number” in the first row."
        )
    return called[0]


def _heading(cell: str) -> bool:
    return cell.casefold() in HEADINGS
