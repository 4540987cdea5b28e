"""Rows in, rows out: one SQL statement for any number of rows, on both databases.

PostgreSQL takes the rows as arrays through `unnest`, SQLite as one JSON text through `json_each`.
Django's own bulk methods send one parameter a value and build one object a row
(docs/decisions/0003-sets.md). Rows that the database holds already need not travel at all: a query
stands for them, `values_list` of the columns in their order.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection, models
from django.db.models.expressions import RawSQL

Row = Sequence[Any]
Query = models.QuerySet[Any, Any]


def insert(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Sequence[Row] | Query,
    returning: Sequence[str] = (),
) -> list[tuple[Any, ...]]:
    """Insert the rows in their order and give back the `returning` columns of each.

    The values are those of the database (`12` for a foreign key, a scaled integer for money).
    Raises IntegrityError as any insert does.
    """
    if not isinstance(rows, models.QuerySet) and not rows:
        return []
    names = ", ".join(_quote(c) for c in columns)
    source, params = _source(model, columns, rows)
    sql = f"INSERT INTO {_table(model)} ({names}) SELECT {names} FROM {source} WHERE true"
    if returning:
        sql += f" RETURNING {', '.join(_quote(c) for c in returning)}"
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall() if returning else []


def ensure(model: type[models.Model], columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Insert the rows that are missing; those that break a unique constraint are left as they are.

    Columns that are not named take the model's default.
    """
    if not rows:
        return
    defaults = {
        str(f.column): f.get_db_prep_save(f.get_default(), connection)
        for f in model._meta.local_concrete_fields
        if f.has_default() and f.column not in columns
    }
    names = ", ".join(_quote(c) for c in [*columns, *defaults])
    values = ", ".join([*(_quote(c) for c in columns), *("%s" for _ in defaults)])
    source, params = _source(model, columns, rows)
    sql = (
        f"INSERT INTO {_table(model)} ({names}) SELECT {values} FROM {source} WHERE true "
        "ON CONFLICT DO NOTHING"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*defaults.values(), *params])


def update(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Sequence[Row] | Query,
    guard: Sequence[str] = (),
) -> int:
    """Update rows by id, only where the guard's columns still hold what was expected.

    A row is (id, expected value of each guard column, new value of each column). Returns how many
    rows were changed; fewer than given means that somebody else was quicker.
    """
    if not isinstance(rows, models.QuerySet) and not rows:
        return 0
    expected = [f"was_{c}" for c in guard]
    source, params = _source(
        model, ["id", *guard, *columns], rows, names=["id", *expected, *columns]
    )
    changes = ", ".join(f"{_quote(c)} = r.{_quote(c)}" for c in columns)
    table = _table(model)
    # The plus keeps SQLite from walking an index of a guard's column instead of the ids.
    sign, same = ("", "IS NOT DISTINCT FROM") if _on_postgresql() else ("+", "IS")
    guards = "".join(
        f" AND {sign}{table}.{_quote(c)} {same} r.{_quote(e)}"
        for c, e in zip(guard, expected, strict=True)
    )
    sql = f"UPDATE {table} SET {changes} FROM {source} WHERE {table}.id = r.id{guards}"
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.rowcount


def ids(values: Iterable[int]) -> RawSQL:
    """The ids as a subquery: `filter(pk__in=sets.ids(...))` with one parameter."""
    numbers = list(values)
    if _on_postgresql():
        return RawSQL("SELECT unnest(%s::bigint[])", [numbers])
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(numbers)])


def texts(values: Iterable[str]) -> RawSQL:
    """The texts as a subquery, as `ids` is one of ids."""
    listed = list(values)
    if _on_postgresql():
        return RawSQL("SELECT unnest(%s::text[])", [listed])
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(listed)])


def lock(rows: Query) -> None:
    """Lock the rows of a `select_for_update` query, in its order, and read none of them."""
    if connection.features.has_select_for_update:
        sql, params = _compiled(rows.values_list("pk"))
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM ({sql}) AS locked", params)


def ids_matching(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Iterable[Row],
    *,
    by: Mapping[str, str] | None = None,
    where: str = "true",
) -> RawSQL:
    """The ids of the model's rows whose columns equal one of the given rows, as a subquery.

    `by`: SQL over the table `m` that is compared in place of a column, as an index has it; `where`:
    the condition of that index.
    """
    source, params = _source(model, columns, list(rows))
    mine = {c: f"m.{_quote(c)}" for c in columns} | dict(by or {})
    join = " AND ".join(f"{mine[c]} = r.{_quote(c)}" for c in columns)
    sql = f"SELECT m.id FROM {source} JOIN {_table(model)} AS m ON {join} WHERE {where}"
    return RawSQL(sql, params)


def _source(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Sequence[Row] | Query,
    names: Sequence[str] | None = None,
) -> tuple[str, list[Any]]:
    """A FROM item with the rows as a table of the given columns, in order, and its parameters."""
    quoted = [_quote(n) for n in names or columns]
    if isinstance(rows, models.QuerySet):
        sql, params = _compiled(rows)
        return f"(WITH q ({', '.join(quoted)}) AS ({sql}) SELECT * FROM q) AS r", params
    values = list(zip(*rows, strict=True)) or [() for _ in columns]
    # A column that holds one value throughout travels once; the first stays, to count the rows.
    varying = [i for i, v in enumerate(values) if i == 0 or not v or v.count(v[0]) < len(v)]
    if _on_postgresql():
        types = [_types(model)[c] for c in columns]
        cells = [
            f"a.{quoted[i]}" if i in varying else f"%s::{types[i]} AS {quoted[i]}"
            for i in range(len(columns))
        ]
        arrays = ", ".join(f"%s::{types[i]}[]" for i in varying)
        table = f"unnest({arrays}) AS a({', '.join(quoted[i] for i in varying)})"
        data: list[Any] = [list(values[i]) for i in varying]
    else:
        cells = [
            f"json_extract(value, '$[{varying.index(i)}]') AS {quoted[i]}"
            if i in varying
            else f"%s AS {quoted[i]}"
            for i in range(len(columns))
        ]
        table = "json_each(%s)"
        data = [json.dumps(list(zip(*(values[i] for i in varying), strict=True)), default=str)]
    constants = [values[i][0] for i in range(len(columns)) if i not in varying]
    return f"(SELECT {', '.join(cells)} FROM {table}) AS r", [*constants, *data]


def _compiled(query: Query) -> tuple[str, list[Any]]:
    sql, params = query.query.get_compiler(connection=connection).as_sql()
    return sql, list(params)


def _types(model: type[models.Model]) -> dict[str, str]:
    """The array types of the columns; without a length, to which a cast would cut in silence."""
    return {
        str(f.column): str(f.rel_db_type(connection)).split("(")[0]
        for f in model._meta.local_concrete_fields
    }


def _on_postgresql() -> bool:
    return connection.vendor == "postgresql"


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _quote(name: str) -> str:
    return connection.ops.quote_name(name)
