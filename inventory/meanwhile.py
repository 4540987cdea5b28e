"""What others changed of a record between the opening of its form and the saving of it.

A form's page carries what it showed, signed, in a field `read`. Whoever saves is told of each field
that is no longer so and that their form would put otherwise; nothing is overwritten until they save
again. Twice the same is no conflict: a form sent twice is saved.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core import signing
from django.db.models import Model, Q
from django.forms import BaseForm, BoundField
from django.utils import timezone

from audit_trail.models import AuditEvent
from inventory.templatetags.format import quantity_text

Kind = AuditEvent.Kind
SALT = "inventory.meanwhile"
CHANGES = (Kind.CHANGED, Kind.CLOSED, Kind.REOPENED, Kind.ROLES)

# The forms of one page by what leads their fields' names: {"": the record's, "EAST: ": a part's}.
Forms = Mapping[str, BaseForm]


@dataclass(frozen=True)
class Difference:
    """A field that somebody else has changed: what it was, if known, what it is, what was typed."""

    label: str
    now: str
    yours: str
    was: str | None = None


@dataclass(frozen=True)
class Meanwhile:
    """What the page says of it (components/meanwhile.html), with the ways on."""

    differences: list[Difference]
    url: str  # where the record is seen
    again: str  # where its form is opened anew

    @property
    def knows_before(self) -> bool:
        return any(difference.was is not None for difference in self.differences)


def as_read(shown: Forms) -> str:
    """What forms show of a record, and when."""
    values = {b.html_name: _held(b) for form in shown.values() for b in form}
    return signing.dumps([timezone.now().timestamp(), values], salt=SALT, compress=True)


def differences(read: str, sent: Forms) -> list[Difference]:
    """The fields of valid forms, made of the record as it is now, that were otherwise when read.

    A text that as_read() did not write is like none: there is nothing to compare with.
    """
    _, was = _opened(read)
    return [
        difference_of(bound, f"{lead}{bound.label}", was[bound.html_name])
        for lead, form in sent.items()
        for bound in form
        if bound.name in form.changed_data and was.get(bound.html_name, now := _held(bound)) != now
    ]


def difference_of(bound: BoundField, label: str, was: Any = None) -> Difference:
    """What a field of a valid form is now and what was typed, in words; `was` as it was read."""
    field = bound.field
    yours = _plain(field.prepare_value(bound.form.cleaned_data.get(bound.name)))
    now, typed = _words(field, _held(bound)), _words(field, yours)
    return Difference(label, now, typed, None if was is None else _words(field, was))


def changed_by(read: str, records: Collection[Model]) -> tuple[str, datetime]:
    """Who changed a record, or a part of it, since it was read, and when last."""
    about = Q(pk__in=[])
    for record in records:
        about |= Q(record_type=record._meta.label_lower, record_id=record.pk)
    events = AuditEvent.objects.filter(about, kind__in=CHANGES)
    opened, _ = _opened(read)
    found = list(events.filter(at__gte=opened)[:100]) or list(events[:1])
    names = dict.fromkeys(event.name or "System" for event in found)
    return " and ".join(names) or "Somebody", found[0].at if found else timezone.now()


def _opened(read: str) -> tuple[datetime, dict[str, Any]]:
    """When a page was opened, and what its fields held."""
    try:
        moment, values = signing.loads(read, salt=SALT)
    except signing.BadSignature:
        return timezone.now(), {}
    return datetime.fromtimestamp(moment, UTC), values


def _held(bound: BoundField) -> Any:
    """What a field of a form held before anything was typed, as it travels."""
    return _plain(bound.field.prepare_value(bound.initial))


def _plain(value: Any) -> Any:
    """A value as it travels: a text, or texts in order."""
    if isinstance(value, (list, tuple)):
        return sorted(map(str, value))
    return "" if value is None else str(value)


def _words(field: forms.Field, value: Any) -> str:
    """What a field that holds a value, as it travels, says to people."""
    if isinstance(field, forms.ModelChoiceField):
        keys = [key for key in (value if isinstance(value, list) else [value]) if key]
        # All of its kind: what was chosen may have become inactive since.
        rows = field.queryset.model._base_manager.in_bulk(keys)  # type: ignore[union-attr]
        return ", ".join(sorted(map(str, rows.values())))
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices).get(value, value))  # type: ignore[arg-type]
    return said(field.to_python(value))


def said(value: Any) -> str:
    """A value of a record, as a page shows it."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, Decimal):
        return quantity_text(value)
    return "" if value is None else str(value)
