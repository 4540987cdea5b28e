"""A list as a file: every row the filters leave, in the order shown, as CSV or XLSX."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from inspect import signature
from tempfile import TemporaryFile
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, QuerySet
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django_tables2 import Table
from django_tables2.columns import BoundColumn
from xlsxwriter import Workbook

CHUNK = 2_000
SHEET_ROWS = 1_048_576
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
PLAIN_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?\Z")

Row = list[Any]


def respond(table: Table, queryset: QuerySet, kind: str, name: str) -> HttpResponseBase:
    """The rows of a table as a download called name.csv or name.xlsx.

    A sheet has room for 1,048,575 rows; a longer list comes as CSV.
    """
    if kind == "xlsx" and not queryset.order_by()[SHEET_ROWS - 1 : SHEET_ROWS].exists():
        return xlsx(rows(table, queryset), name)
    return streamed_csv(rows(table, queryset), name)


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


def safe(value: Any) -> Any:
    """A cell for a spreadsheet: text that it would run as a formula gets an apostrophe."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return value if PLAIN_NUMBER.match(value) else f"'{value}"
    return value


def streamed_csv(table_rows: Iterable[Row], name: str) -> StreamingHttpResponse:
    """CSV as UTF-8 with the mark that makes Excel read it as such."""
    writer = csv.writer(_Echo())
    lines = (writer.writerow([safe(_text(value)) for value in row]) for row in table_rows)
    response = StreamingHttpResponse(_marked(lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def xlsx(table_rows: Iterable[Row], name: str) -> FileResponse:
    """A workbook whose text cells are text: 00123 stays 00123, and nothing is a formula."""
    file = TemporaryFile()  # noqa: SIM115 (the response closes it)
    book = Workbook(file, {"constant_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet()
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    bold = book.add_format({"bold": True})
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(table_rows):
        for column, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(number, column, _naive(value), day)
            elif isinstance(value, Decimal | int) and not isinstance(value, bool):
                sheet.write_number(number, column, value)
            else:
                sheet.write_string(number, column, _text(value), None if number else bold)
    book.close()
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


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
    readers = [_reader(table, queryset, column) for column in columns]
    table.data.data = queryset.iterator(CHUNK)
    for row in table.rows:
        yield [
            read(row.record) if read else row.get_cell_value(column.name)
            for read, column in zip(readers, columns, strict=True)
        ]


def _reader(table: Table, queryset: QuerySet, column: BoundColumn) -> Callable[[Any], Any] | None:
    """How to read a column off a record without django-tables2, which is slow at every cell.

    That is possible where the value is a path, or the column's `value` takes the record alone.
    """
    if source := _source(table, queryset, column):
        path, show = source
        return lambda record: show(_walk(record, path))
    if hasattr(table, f"value_{column.name}"):
        return None
    value = column.column.value
    return value if list(signature(value).parameters) == ["record"] else None


def _walk(record: Any, path: str) -> Any:
    for part in path.split("__"):
        record = getattr(record, part, None)
    return record


def _same(value: Any) -> Any:
    return value


def _naive(value: Any) -> Any:
    """A day as it is, an instant as the clock of the company shows it."""
    return timezone.make_naive(value) if isinstance(value, datetime) and value.tzinfo else value


def _text(value: Any) -> Any:
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
