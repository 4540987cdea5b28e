"""Throttling and lock-out: how often a log-in may fail before one has to wait.

The failures are counted in the audit trail, so every process of the server knows of them, a
restart forgets none, and what locks somebody out is what an auditor sees. A log-in that succeeds
begins the count of its name and address anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from audit_trail.models import AuditEvent
from audit_trail.recording import Actor, actor_of, note
from signin import people

Kind = AuditEvent.Kind


@dataclass(frozen=True)
class Limit:
    """So many failures by the same name, from the same address, or both, in a stretch of time."""

    failures: int
    within: timedelta
    by: tuple[str, ...]


QUARTER, HOUR = timedelta(minutes=15), timedelta(hours=1)
LOG_IN = (
    Limit(5, QUARTER, ("name", "ip")),
    # Many names tried from one place.
    Limit(30, QUARTER, ("ip",)),
    # One name tried from many places. High, because anybody could lock out anybody by it.
    Limit(50, HOUR, ("name",)),
)
RESET = (Limit(3, HOUR, ("name",)), Limit(20, HOUR, ("ip",)))


def until(name: str, request: Any) -> datetime | None:
    """When this name may try to log in again from where the request comes; None: now."""
    return _until(LOG_IN, Kind.LOG_IN_FAILED, _known(name), _origin(request).ip)


def failed(name: str, request: Any) -> None:
    """Put a failure on record, and the lock-out if it was one too many.

    What is refused because of a lock-out is no failure: it would prolong it without end.
    """
    name, who = _known(name), _origin(request)
    if _until(LOG_IN, Kind.LOG_IN_FAILED, name, who.ip):
        return
    here = Actor(None, who.ip, who.agent)
    note(Kind.LOG_IN_FAILED, by=here, name=name)
    if locked := _until(LOG_IN, Kind.LOG_IN_FAILED, name, who.ip):
        note(Kind.LOCKED_OUT, by=here, name=name, new=f"until {locked:%Y-%m-%d %H:%M} UTC")


def may_ask_for_reset(email: str, request: Any) -> bool:
    """Whether another link may be sent to an address; puts on record that it was asked for."""
    name, who = email.strip().lower()[:150], _origin(request)
    if _until(RESET, Kind.RESET_ASKED, name, who.ip):
        return False
    note(Kind.RESET_ASKED, by=Actor(None, who.ip, who.agent), name=name)
    return True


def sentence(locked: datetime) -> str:
    """What somebody who has to wait is told."""
    minutes = max(1, -int((timezone.now() - locked).total_seconds() // 60))
    clock = timezone.localtime(locked)
    plural = "" if minutes == 1 else "s"
    return f"Too many log-ins have failed. Try again at {clock:%H:%M}, in {minutes} minute{plural}."


def _until(limits: tuple[Limit, ...], kind: str, name: str, ip: str | None) -> datetime | None:
    ends = [end for limit in limits if (end := _end(limit, kind, name, ip))]
    return max(ends, default=None)


def _end(limit: Limit, kind: str, name: str, ip: str | None) -> datetime | None:
    """When the oldest failure that still counts is forgotten, if there are as many as it takes."""
    same = {"name": name, "ip": ip}
    among = AuditEvent.objects.filter(**{column: same[column] for column in limit.by})
    since = timezone.now() - limit.within
    if limit.by == ("name", "ip"):
        last = among.filter(kind=Kind.LOGGED_IN, at__gt=since).values_list("at", flat=True)
        since = max([since, *last.order_by("-at")[:1]])
    failures = among.filter(kind=kind, at__gt=since).order_by("-at").values_list("at", flat=True)
    nth = list(failures[limit.failures - 1 : limit.failures])
    return nth[0] + limit.within if nth else None


def _known(name: str) -> str:
    """The one name of somebody who has two, their e-mail being the other."""
    user = people.called(name)
    return user.get_username() if user else name.strip()[:150]


def _origin(request: Any) -> Actor:
    return actor_of(request) if request is not None else Actor()
