"""System Notes: who changed which field of a record from what to what, and when (SPEC §7).

Read out of the versions django-simple-history keeps; a fixed number of statements for any
record. Show them with components/system_notes.html.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.db.models import Field, ForeignKey, Model, QuerySet

from inventory.templatetags.format import quantity_text
from users.access import EVERYTHING, Access

VERSIONS = 200  # as far back as a page goes
COSTS = ("purchase_price", "default_return_cost")  # fields that take the right to see cost

Names = dict[str, dict[Any, Any]]
Change = tuple[Any, Field, Any, Any]


@dataclass(frozen=True)
class Note:
    """One field's change; without a field, the record itself was made."""

    at: datetime
    by: str
    field: str
    old: str
    new: str


def system_notes(record: Any, who: Access) -> list[Note]:
    """The changes of a record with a `history` that somebody may see, the latest first."""
    versions = list(record.history.select_related("history_user")[:VERSIONS])
    changes = list(changes_between(pairwise(versions), who))
    names = names_of(changes)
    notes = [_note(change, names) for change in changes]
    if versions and versions[-1].history_type == "+":
        notes.append(Note(versions[-1].history_date, _user(versions[-1]), "", "", "Created"))
    return notes


def notes_of_parts(parts: QuerySet[Any], by: str, who: Access) -> list[Note]:
    """The changes of records that belong to another one, such as an item's row at each location.

    `by` is the field they go by, which leads each note. A part is made with nothing set.
    """
    history = parts.model.history.filter(id__in=parts)  # type: ignore[attr-defined]
    found: dict[int, list[Any]] = {}
    for version in history.select_related("history_user", by)[:VERSIONS]:
        found.setdefault(version.id, []).append(version)
    fields = [field for field in _fields(parts.model, who) if field.null]
    return [
        _note(change, {}, f"{getattr(change[0], by)}: ")
        for versions in found.values()
        for change in _changes(pairwise([*versions, history.model()]), fields)
    ]


def _note(change: Change, names: Names, lead: str = "") -> Note:
    version, field, old, new = change
    return Note(
        version.history_date,
        _user(version),
        f"{lead}{field.verbose_name}",
        words(field, old, names),
        words(field, new, names),
    )


def _fields(record: Model | type[Model], who: Access) -> list[Field]:
    """What people set: keys and time stamps say nothing, and costs not to everybody."""
    hidden = () if who.sees_cost else COSTS
    fields = (f for f in record._meta.concrete_fields if f.name not in hidden)
    return [f for f in fields if f.editable and not f.primary_key]


def changes_between(
    versions: Iterable[tuple[Any, Any]], who: Access = EVERYTHING
) -> Iterable[Change]:
    """What people changed, from pairs of versions of one kind of record: (after, before).

    Where there is none before, the record was made with nothing set.
    """
    for after, before in versions:
        fields = _fields(after.instance_type, who)
        if before is None:
            before, fields = type(after)(), [field for field in fields if field.null]
        yield from _changes([(after, before)], fields)


def _changes(versions: Iterable[tuple[Any, Any]], fields: list[Field]) -> Iterable[Change]:
    for after, before in versions:
        for field in fields:
            old, new = getattr(before, field.attname), getattr(after, field.attname)
            if old != new:
                yield after, field, old, new


def names_of(changes: list[Change]) -> Names:
    """By field, the records that its changes speak of by id."""
    ids: dict[Field, set[Any]] = {}
    for _, field, old, new in changes:
        if isinstance(field, ForeignKey):
            ids.setdefault(field, set()).update({old, new} - {None})
    return {
        field.name: field.related_model._base_manager.in_bulk(found)  # type: ignore[union-attr]
        for field, found in ids.items()
    }


def words(field: Field, value: Any, names: Names) -> str:
    """A value as a page shows it."""
    if value is None:
        return ""
    if field.name in names:
        return str(names[field.name].get(value, f"#{value}"))
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, Decimal):
        return quantity_text(value)
    return str(dict(field.flatchoices).get(value, value))


def _user(version: Any) -> str:
    return version.history_user.get_username() if version.history_user else "System"
