"""What changed from one version of a record to the next, as events of the trail."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Model

from audit_trail.models import AuditEvent
from audit_trail.recording import Actor, actor, of_record
from inventory.system_notes import changes_between, names_of, words

Kind = AuditEvent.Kind
BY_TYPE = {"+": Kind.CREATED, "-": Kind.DELETED}
CHUNK = 500

# A field whose change has a name of its own: (record, field) → what it became.
OWN_KINDS = {
    ("accounting.accountingperiod", "closed"): {True: Kind.CLOSED, False: Kind.REOPENED},
}


def put_on_record(versions: Sequence[Any], records: Sequence[Model]) -> None:
    """Write the events of versions that were just made, of these records of one kind."""
    about = {record.pk: of_record(record) for record in records}
    before = _versions_before(versions)
    events = list(_events(versions, before, about, actor()))
    AuditEvent.objects.bulk_create(events, batch_size=CHUNK)


def put_latest_on_record(records: Sequence[Any]) -> None:
    """The same for records written in bulk, which django-simple-history does not speak of."""
    for start in range(0, len(records), CHUNK):
        chunk = records[start : start + CHUNK]
        history = type(chunk[0]).history.select_related("history_user").order_by("history_id")
        found = history.filter(id__in=[record.pk for record in chunk])
        put_on_record(list({version.id: version for version in found}.values()), chunk)


def _versions_before(versions: Sequence[Any]) -> dict[Any, Any]:
    """By record, the version before the one given; an empty one if there was none.

    That is so of an item's row at a location, which posting makes with nothing set.
    """
    changed = {v.id: v for v in versions if v.history_type == "~"}
    if not changed:
        return {}
    found: dict[Any, Any] = dict.fromkeys(changed)
    older = type(versions[0]).objects.filter(id__in=changed).order_by("history_id")
    for version in older:
        if version.history_id < changed[version.id].history_id:
            found[version.id] = version
    return found


def _events(
    versions: Sequence[Any], before: dict[Any, Any], about: dict[Any, Any], present: Actor
) -> Iterator[AuditEvent]:
    pairs = [(v, before[v.id]) for v in versions if v.id in before]
    changes = list(changes_between(pairs))
    names = names_of(changes)
    for version in versions:
        if kind := BY_TYPE.get(version.history_type):
            yield _event(version, present, **about[version.id], kind=kind)
    for version, field, old, new in changes:
        record = about[version.id]
        kind = OWN_KINDS.get((record["record_type"], field.name), {}).get(new, Kind.CHANGED)
        texts = {"old": words(field, old, names), "new": words(field, new, names)}
        yield _event(version, present, **record, kind=kind, field=field.verbose_name, **texts)


def _event(version: Any, present: Actor, **values: Any) -> AuditEvent:
    user = version.history_user or present.user
    who = Actor(user, present.ip, present.agent)
    return AuditEvent.fitting(at=version.history_date, **who.values, **values)
