"""What happens at every log-in, whichever page it came through."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.utils import timezone

from audit_trail.recording import actor_of
from signin import lockout
from signin.sessions import ORIGIN


def begin() -> None:
    user_logged_in.connect(session_begins, dispatch_uid="signin")
    user_login_failed.connect(log_in_failed, dispatch_uid="signin")


def session_begins(request: Any, user: User, **_: Any) -> None:
    """Write into the session where and when it began; its row shows it (signin/sessions.py)."""
    who = actor_of(request)
    request.session[ORIGIN] = (timezone.now().isoformat(), who.ip, who.agent)


def log_in_failed(credentials: dict[str, Any], request: Any = None, **_: Any) -> None:
    lockout.failed(credentials.get("username", ""), request)
