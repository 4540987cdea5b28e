"""Empty files with the right headings, to be filled in."""

from __future__ import annotations

import csv
import io

from xlsxwriter import Workbook

from imports.kinds.base import ImportKind

WIDTH = 22


def as_csv(kind: ImportKind) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerow([column.label for column in kind.columns])
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(kind: ImportKind) -> bytes:
    """A sheet whose cells are text, so that what is typed stays: 00123, 356938035643809."""
    file = io.BytesIO()
    book = Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet(kind.label)
    bold, text = book.add_format({"bold": True}), book.add_format({"num_format": 49})  # Text
    sheet.set_column(0, len(kind.columns) - 1, WIDTH, text)
    sheet.freeze_panes(1, 0)
    for number, column in enumerate(kind.columns):
        sheet.write_string(0, number, column.label, bold)
        note = f"{column.help} Example: {column.example}" if column.example else column.help
        sheet.write_comment(0, number, note)
    book.close()
    return file.getvalue()
