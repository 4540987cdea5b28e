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

from django.db.models import Field, ForeignKey, Model

from inventory.templatetags.format import quantity_text

VERSIONS = 200  # as far back as a page goes

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


def system_notes(record: Any) -> list[Note]:
    """The changes of a record with a `history`, the latest first."""
    versions = list(record.history.select_related("history_user")[:VERSIONS])
    changes = list(_changes(versions, _fields(record)))
    names = _names(changes)
    notes = [
        Note(
            version.history_date,
            _user(version),
            str(field.verbose_name),
            _words(field, old, names),
            _words(field, new, names),
        )
        for version, field, old, new in changes
    ]
    if versions and versions[-1].history_type == "+":
        notes.append(Note(versions[-1].history_date, _user(versions[-1]), "", "", "Created"))
    return notes


def _fields(record: Model) -> list[Field]:
    """What people set: keys and time stamps say nothing."""
    return [f for f in record._meta.concrete_fields if f.editable and not f.primary_key]


def _changes(versions: list[Any], fields: list[Field]) -> Iterable[Change]:
    for after, before in pairwise(versions):
        for field in fields:
            old, new = getattr(before, field.attname), getattr(after, field.attname)
            if old != new:
                yield after, field, old, new


def _names(changes: list[Change]) -> Names:
    """By field, the records that its changes speak of by id."""
    ids: dict[Field, set[Any]] = {}
    for _, field, old, new in changes:
        if isinstance(field, ForeignKey):
            ids.setdefault(field, set()).update({old, new} - {None})
    return {
        field.name: field.related_model._base_manager.in_bulk(found)  # type: ignore[union-attr]
        for field, found in ids.items()
    }


def _words(field: Field, value: Any, names: Names) -> str:
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
