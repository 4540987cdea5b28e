"""How an act comes on record: who did it and from where is taken from the request being served."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.db.models import Model
from django.http import HttpRequest
from simple_history.models import HistoricalRecords

from audit_trail.models import AuditEvent

Kind = AuditEvent.Kind


@dataclass(frozen=True)
class Actor:
    """Who acts, and from where; a command acts without a user."""

    user: Any = None
    ip: str | None = None
    agent: str = ""

    @property
    def values(self) -> dict[str, Any]:
        """The columns of an event that say who did it."""
        name = self.user.get_username() if self.user else ""
        return {"by": self.user, "name": name, "ip": self.ip, "agent": self.agent}


def actor() -> Actor:
    """Who sent the request that this thread serves."""
    request = getattr(HistoricalRecords.context, "request", None)
    return actor_of(request) if request is not None else Actor()


def actor_of(request: HttpRequest) -> Actor:
    user = getattr(request, "user", None)
    known = user if user is not None and user.is_authenticated else None
    return Actor(known, address_of(request), request.META.get("HTTP_USER_AGENT", "")[:300])


def address_of(request: HttpRequest) -> str | None:
    """The client's IP address. Of a forwarded one only what our own proxy added is believed."""
    said = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        said = request.META.get("HTTP_X_FORWARDED_FOR", said).rpartition(",")[2].strip()
    try:
        return str(ip_address(said))
    except ValueError:
        return None


def note(kind: str, record: Any = None, *, by: Actor | None = None, **values: Any) -> AuditEvent:
    """Put one act on record, of a record (a model's row, or what it is called) or of nothing."""
    about = of_record(record) if isinstance(record, Model) else {"record": record or ""}
    event = AuditEvent.fitting(kind=kind, **{**(by or actor()).values, **about, **values})
    event.save(force_insert=True)
    return event


def of_record(record: Model) -> dict[str, Any]:
    """The columns of an event that say which record it is about."""
    label = record._meta.label_lower
    return {"record_type": label, "record_id": record.pk, "record": str(record)}


def exported(rows: Iterable[Any], name: str) -> Iterator[Any]:
    """The rows of a file on its way out; when it ends, or breaks off, it is put on record.

    The first row is the heading. Who asked for the file is known now: rows are read after the
    page is answered. A file that no request asked for is a command's, and leaves the house by
    other doors.
    """
    who = actor()
    return _counted(rows, name, who) if who.user else iter(rows)


def _counted(rows: Iterable[Any], name: str, who: Actor) -> Iterator[Any]:
    count = -1
    try:
        for row in rows:
            yield row
            count += 1
    finally:
        lines = max(count, 0)
        note(Kind.EXPORTED, name, by=who, new=f"{lines:,} row{'' if lines == 1 else 's'}")
