"""A list as a file: every row the filters leave, in the order shown, as CSV or XLSX."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from tempfile import TemporaryFile
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, QuerySet
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django_tables2 import Table
from django_tables2.columns import BoundColumn
from xlsxwriter import Workbook

from audit_trail.recording import exported
from inventory import cells
from inventory.spreadsheets import quoted

CHUNK = 2_000
SHEET_ROWS = 1_048_576
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Row = list[Any]


def respond(table: Table, queryset: QuerySet, kind: str, name: str) -> HttpResponseBase:
    """The rows of a table as a download called name.csv or name.xlsx."""
    made = xlsx if kind == "xlsx" else streamed_csv
    return made(rows(table, queryset), name)


def rows(table: Table, queryset: QuerySet) -> Iterator[Row]:
    """The header and then every row, read in chunks.

    Where every column is a path to a field or an annotation, values come straight from the
    database; one column computed in Python makes the whole export build objects, about thirty
    times slower: annotate, and name a party by "vendor__name".
    """
    columns = [c for c in table.columns.iterall() if not c.column.exclude_from_export]
    yield [str(column.header) for column in columns]
    sources = [_source(table, queryset, column) for column in columns]
    if all(sources):
        yield from _straight(queryset, sources)
    else:
        yield from _row_by_row(table, queryset, columns)


def safe(value: Any) -> str:
    """A cell of a CSV file: a number stays a number, text that looks like a formula is quoted."""
    return _text(value) if isinstance(value, Decimal | int) else quoted(_text(value))


def streamed_csv(table_rows: Iterable[Row], name: str) -> StreamingHttpResponse:
    """CSV as UTF-8 with the mark that makes Excel read it as such."""
    writer = csv.writer(_Echo())
    outgoing = exported(table_rows, f"{name}.csv")
    lines = (writer.writerow([safe(value) for value in row]) for row in outgoing)
    response = StreamingHttpResponse(_marked(lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def xlsx(table_rows: Iterable[Row], name: str) -> FileResponse:
    """A workbook whose text cells are text: 00123 stays 00123, and nothing is a formula.

    A list that is longer than a sheet goes on in the next one, under the same headings.
    """
    file = TemporaryFile()  # noqa: SIM115 (the response closes it)
    book = Workbook(file, {"constant_memory": True, "strings_to_formulas": False})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    bold = book.add_format({"bold": True})
    every = exported(table_rows, f"{name}.xlsx")
    headings = [_text(heading) for heading in next(every, [])]
    place, sheet = SHEET_ROWS, None
    for row in every:
        if place == SHEET_ROWS:
            sheet, place = _headed_sheet(book, headings, bold), 1
        _write_row(sheet, place, row, day)
        place += 1
    if sheet is None:
        _headed_sheet(book, headings, bold)
    book.close()
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


def _headed_sheet(book: Workbook, headings: list[str], bold: Any) -> Any:
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, heading, bold)
    return sheet


def _write_row(sheet: Any, place: int, row: Row, day: Any) -> None:
    for column, value in enumerate(row):
        if isinstance(value, date):
            sheet.write_datetime(place, column, _naive(value), day)
        elif isinstance(value, Decimal | int) and not isinstance(value, bool):
            sheet.write_number(place, column, value)
        else:
            sheet.write_string(place, column, _text(value))


Source = tuple[str, Callable[[Any], Any]]


def _source(table: Table, queryset: QuerySet, column: BoundColumn) -> Source | None:
    """Where the database has a column's values, and how to show one; None if it has not."""
    path = str(column.accessor).replace(".", "__")
    field = _field(queryset, path)
    known = path in queryset.query.annotations or (field and not field.is_relation)
    if not known or hasattr(table, f"value_{column.name}"):
        return None
    words = getattr(column.column, "labels", None) or dict(getattr(field, "flatchoices", ()))
    return path, (lambda value: words.get(value, value)) if words else _same


def _field(queryset: QuerySet, path: str) -> Field | None:
    model, field = queryset.model, None
    for part in path.split("__"):
        try:
            field = model._meta.get_field(part)
        except (FieldDoesNotExist, AttributeError):
            return None
        model = field.related_model
    return field if isinstance(field, Field) else None


def _straight(queryset: QuerySet, sources: list[Source]) -> Iterator[Row]:
    shown = [show for _, show in sources]
    for values in queryset.values_list(*(path for path, _ in sources)).iterator(CHUNK):
        yield [show(value) for show, value in zip(shown, values, strict=True)]


def _row_by_row(table: Table, queryset: QuerySet, columns: list[BoundColumn]) -> Iterator[Row]:
    records = queryset.iterator(CHUNK)
    first = next(records, None)
    if first is None:
        return
    readers = [_reader(table, queryset, column, first) for column in columns]
    table.data.data = chain([first], records)
    for row in table.rows:
        yield [read(row) for read in readers]


def _reader(table: Table, queryset: QuerySet, column: BoundColumn, record: Any) -> cells.Cell:
    """How to read a column off a row: a path's value as the database has it, or by its method."""
    source = _source(table, queryset, column)
    if source is None:
        return cells.bare(table, column, record)
    path, show = source
    return lambda row: show(_walk(row.record, path))


def _walk(record: Any, path: str) -> Any:
    for part in path.split("__"):
        record = getattr(record, part, None)
    return record


def _same(value: Any) -> Any:
    return value


def _naive(value: Any) -> Any:
    """A day as it is, an instant as the clock of the company shows it."""
    return timezone.make_naive(value) if isinstance(value, datetime) and value.tzinfo else value


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        return _naive(value).isoformat(" ", "seconds")
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _marked(lines: Iterable[str]) -> Iterator[str]:
    yield "\ufeff"
    yield from lines


class _Echo:
    """A file that hands back what is written, so that csv can feed a stream."""

    def write(self, line: str) -> str:
        return line
