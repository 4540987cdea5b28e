"""What a column writes into the rows of a page, and into those of a file.

By django-tables2's rules for a column's value, choices, default, method and link. That library
finds out for every cell anew which of them apply, which took a third of a long list's time; here
it is found out once for all rows of a column.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.html import format_html
from django_tables2 import Column, Table
from django_tables2.columns import BoundColumn
from django_tables2.rows import BoundRow
from django_tables2.utils import A, AttributeDict, signature

Given = dict[str, Any]  # what a method of a column may ask for, by name
Cell = Callable[[BoundRow], Any]


def shown(table: Table, column: BoundColumn, record: Any) -> Cell:
    """What a column shows of a row; `record` is that of any row, the others being like it."""
    return _cell(table, column, record, _method(column.render), column.default, _link(column))


def bare(table: Table, column: BoundColumn, record: Any) -> Cell:
    """What a column tells a file of a row: no link, nothing where the page has a dash."""
    tells = column.value
    if getattr(tells, "__func__", None) is Column.value:  # which says what is shown
        tells = column.column.render
    return _cell(table, column, record, _method(tells))


def _cell(
    table: Table,
    column: BoundColumn,
    record: Any,
    method: Callable[[Given], Any],
    default: Any = None,
    link: Callable[[Any, Given], Any] | None = None,
) -> Cell:
    path, empty = _path(column, record), column.column.empty_values
    always = {"column": column.column, "bound_column": column, "table": table}

    def cell(row: BoundRow) -> Any:
        try:
            value = path.resolve(row.record)
        except (AttributeError, KeyError, TypeError, ValueError):
            value = None  # a column that works out what no record has
        if value in empty:
            return default
        given = {**always, "value": value, "record": row.record, "bound_row": row}
        content = method(given)
        return link(content, given) if link else content

    return cell


def _path(column: BoundColumn, record: Any) -> A:
    """Where a record has the value: of a field with choices, the words for it."""
    path = A(column.accessor)
    field = path.get_field(record)
    if not getattr(field, "choices", None):
        return path
    *before, name = path.bits
    return A(A.SEPARATOR.join([*before, f"get_{name}_display"]))


def _method(method: Callable[..., Any]) -> Callable[[Given], Any]:
    """The method, called with as much of what is given as it takes."""
    wanted, all_of_it = signature(method)
    if all_of_it:
        return lambda given: method(**given)
    return lambda given: method(**{name: given[name] for name in wanted})


def _link(column: BoundColumn) -> Callable[[Any, Given], Any] | None:
    """The content within a link, if the column has one and it leads anywhere."""
    link = column.link
    if link is None:
        return None
    find = _method(link.url) if link.url else lambda given: link.compose_url(**given)
    attributes = AttributeDict(link.attrs or {}).as_html()
    form = '<a {} href="{}">{}</a>' if attributes else '<a{} href="{}">{}</a>'

    def linked(content: Any, given: Given) -> Any:
        url = find(given)
        if url is None:
            return content
        return format_html(form, attributes, url, content)

    return linked
