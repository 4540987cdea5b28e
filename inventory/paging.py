"""Pages of a list: by key, as deep as one likes at the same cost, or by number."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.core.paginator import Paginator
from django.db import DataError
from django.db.models import F, Model, Q, QuerySet
from django.db.models.expressions import OrderBy

COUNTED = 10_000  # beyond this a list says "10,000+": counting on would cost more than the page


@dataclass(frozen=True)
class ListPage:
    """One page of rows and the `page` parameters of its neighbours ("" is the first page)."""

    rows: Sequence[Any]
    summary: str
    links: dict[str, str | None] = field(default_factory=dict)

    @property
    def is_alone(self) -> bool:
        """Whether there is nowhere to go from here."""
        return not any(link is not None for link in self.links.values())


def rows_summary(count: int) -> str:
    """ "1 row", "1,234 rows", "10,000+ rows"."""
    if count > COUNTED:
        return f"{COUNTED:,}+ rows"
    return exact_summary(count)


def exact_summary(count: int) -> str:
    """ "1 row", "72,345 rows", where the count is known and need not be made."""
    return "1 row" if count == 1 else f"{count:,} rows"


def bounded_count(queryset: QuerySet) -> int:
    """The number of rows, or one more than COUNTED if there are more than that."""
    return queryset.order_by().values("pk")[: COUNTED + 1].count()


def number_page(queryset: Any, asked: str, size: int) -> ListPage:
    """A page by number, for lists that are short or whose rows have no key (values, unions)."""
    page = Paginator(queryset, size).get_page(asked or 1)
    last = page.paginator.num_pages
    links = {
        "First": "" if page.number > 1 else None,
        "Previous": str(page.number - 1) if page.number > 1 else None,
        "Next": str(page.number + 1) if page.number < last else None,
        "Last": str(last) if page.number < last else None,
    }
    summary = rows_summary(page.paginator.count)
    if last > 1:
        summary += f", page {page.number:,} of {last:,}"
    return ListPage(list(page.object_list), summary, links)


@dataclass(frozen=True)
class SortKey:
    """One term of an ordering: a path, its direction, and whether it may be empty.

    Empty values always come last, in both directions. Reading backwards turns the whole term
    round, empties first, so that a page is the same from either side.
    """

    path: str
    descending: bool
    nullable: bool
    nulls_first: bool = False

    @property
    def reversed(self) -> SortKey:
        return SortKey(self.path, not self.descending, self.nullable, not self.nulls_first)

    @property
    def expression(self) -> OrderBy:
        if not self.nullable:
            return OrderBy(F(self.path), descending=self.descending)
        nulls = {"nulls_first": True} if self.nulls_first else {"nulls_last": True}
        return OrderBy(F(self.path), descending=self.descending, **nulls)

    def same(self, value: Any) -> Q:
        return Q(**{f"{self.path}__isnull": True}) if value is None else Q(**{self.path: value})

    def beyond(self, value: Any) -> Q | None:
        """Rows strictly after a value; None if there can be none."""
        if value is None:
            return Q(**{f"{self.path}__isnull": False}) if self.nulls_first else None
        after = Q(**{f"{self.path}__{'lt' if self.descending else 'gt'}": value})
        if self.nullable and not self.nulls_first:
            after |= Q(**{f"{self.path}__isnull": True})
        return after

    def of(self, row: Model) -> Any:
        """The value of this term in a row."""
        value: Any = row
        for part in self.path.split("__"):
            value = getattr(value, part, None)
        return value


def sort_keys(queryset: QuerySet) -> list[SortKey]:
    """The ordering of a queryset as keys, ended by the primary key so that no two rows tie.

    Terms must be paths or annotations by name, as django-tables2 makes them. Columns that may
    be empty are allowed.
    """
    terms = queryset.query.order_by or queryset.query.get_meta().ordering
    keys = []
    for term in terms:
        path, descending = _path(term)
        keys.append(SortKey(path, descending, _may_be_empty(queryset, path)))
        if path in ("pk", queryset.model._meta.pk.name):
            return keys
    return [*keys, SortKey("pk", bool(keys) and keys[-1].descending, nullable=False)]


def key_page(queryset: QuerySet, asked: str, size: int, summary: str = "") -> ListPage:
    """A page by key: page 5,000 costs what the first costs, and no row shifts while one reads.

    `asked` is "" (first), "last", "after.…" or "before.…" with the key of the row at the edge; a
    broken one shows the first page. Without a `summary` the rows are counted, so far as they are.
    """
    keys = sort_keys(queryset)
    edge = _decode(asked, len(keys))
    backwards = asked == "last" or (bool(edge) and asked.startswith("before."))
    if backwards:
        keys = [key.reversed for key in keys]
    try:
        rest = queryset.filter(_after(keys, edge)) if edge else queryset
        found = _first(rest, keys, size + 1)
    except (ValueError, TypeError, ArithmeticError, ValidationError, DataError):
        return key_page(queryset, "", size, summary)
    rows, more = found[:size], len(found) > size
    if backwards:
        rows.reverse()
    return ListPage(
        rows,
        summary or rows_summary(bounded_count(queryset)),
        _neighbours(keys, rows, bool(edge), backwards, more),
    )


def page_from(queryset: QuerySet, value: Any, size: int, summary: str = "") -> ListPage:
    """The page that begins where a value stands, or would stand, in the order of the first term.

    By key, like its neighbours. The last page where every row stands before the value.
    """
    keys = sort_keys(queryset)
    at_or_after, before = ("lte", "gt") if keys[0].descending else ("gte", "lt")
    there = queryset.filter(**{f"{keys[0].path}__{at_or_after}": value})
    rows = _first(there, keys, size + 1)
    if not rows:
        return key_page(queryset, "last", size, summary)
    # In their order: to find just any of many, the database would rather read the whole table.
    earlier = queryset.filter(**{f"{keys[0].path}__{before}": value})
    earlier = earlier.order_by(*(key.reversed.expression for key in keys))
    return ListPage(
        rows[:size],
        summary or rows_summary(bounded_count(queryset)),
        _neighbours(keys, rows[:size], bool(earlier.values("pk")[:1]), False, len(rows) > size),
    )


def _first(queryset: QuerySet, keys: list[SortKey], number: int) -> list[Any]:
    """So many rows in the order of the keys.

    Where a key lies in another table, the rows are looked up when their ids are known: the
    database would join and carry along all that a row shows for every row that it sorts. Rows
    that are worked out have no id of their own.
    """
    ordered = queryset.order_by(*(key.expression for key in keys))
    if queryset.query.annotations or all("__" not in key.path for key in keys):
        return list(ordered[:number])
    ids = list(ordered.values_list("pk", flat=True)[:number])
    rows = {row.pk: row for row in queryset.order_by().filter(pk__in=ids)}
    return [rows[pk] for pk in ids if pk in rows]


def _neighbours(
    keys: list[SortKey], rows: list[Any], from_edge: bool, backwards: bool, more: bool
) -> dict[str, str | None]:
    """Links by key; whoever came from somewhere can always go back there."""
    earlier, later = (more, from_edge) if backwards else (from_edge, more)
    if not rows:
        return {"First": "" if from_edge else None, "Previous": None, "Next": None, "Last": None}
    return {
        "First": "" if earlier else None,
        "Previous": _encode("before", keys, rows[0]) if earlier else None,
        "Next": _encode("after", keys, rows[-1]) if later else None,
        "Last": "last" if later else None,
    }


def _after(keys: list[SortKey], edge: list[Any]) -> Q:
    """The rows after the edge in lexicographic order."""
    condition = Q(pk__in=[])
    equal = Q()
    for key, value in zip(keys, edge, strict=True):
        if (beyond := key.beyond(value)) is not None:
            condition |= equal & beyond
        equal &= key.same(value)
    first = keys[0]
    if not first.nullable:  # lets an index on the first term start at the edge
        condition &= Q(**{f"{first.path}__{'lte' if first.descending else 'gte'}": edge[0]})
    return condition


def _path(term: Any) -> tuple[str, bool]:
    """The path a term sorts by, and whether it descends."""
    if isinstance(term, OrderBy) and isinstance(term.expression, F):
        path: str = term.expression.deconstruct()[1][0]
        return path, term.descending
    if not isinstance(term, str):
        raise TypeError(f"Annotate {term!r} and sort by its name: a page by key needs its value.")
    return term.removeprefix("-"), term.startswith("-")


def _may_be_empty(queryset: QuerySet, path: str) -> bool:
    """Whether a term can be NULL; an annotation may always be."""
    model, nullable = queryset.model, False
    if path == "pk":
        return False
    if path in queryset.query.annotations:
        return True
    for part in path.split("__"):
        try:
            found = model._meta.get_field(part)
        except FieldDoesNotExist:
            return True
        nullable = nullable or found.null
        model = found.related_model or model
    return nullable


def _encode(direction: str, keys: list[SortKey], row: Any) -> str:
    values = json.dumps([key.of(row) for key in keys], default=str)
    return f"{direction}.{urlsafe_b64encode(values.encode()).decode().rstrip('=')}"


def _decode(asked: str, length: int) -> list[Any]:
    """The key in a `page` parameter; empty for the first and last page and for nonsense."""
    _, _, text = asked.partition(".")
    try:
        values = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except ValueError:
        return []
    if not isinstance(values, list) or len(values) != length:
        return []
    plain = all(isinstance(v, str | int | None) and "\0" not in str(v) for v in values)
    return values if plain else []
