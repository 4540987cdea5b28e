"""How long one stays logged in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from signin.sessions import ORIGIN

TOUCH = timedelta(minutes=5)
TOUCHED = "signin.touched"

Answer = Callable[[HttpRequest], HttpResponseBase]


class StayMiddleware:
    """Ends a session some hours after it began, and keeps one that is used from expiring.

    A session expires when it was idle for SESSION_COOKIE_AGE seconds. Written at every request
    that would be a write for every page; written every five minutes it is none for nearly all.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began_at = request.session.get(ORIGIN, (None,))[0]
        if began_at:
            self._look_at(request, datetime.fromisoformat(began_at))
        return self.get_response(request)

    def _look_at(self, request: HttpRequest, began_at: datetime) -> None:
        now = timezone.now()
        if now - began_at > timedelta(hours=settings.SESSION_HOURS):
            logout(request)
            return
        touched = datetime.fromisoformat(request.session.get(TOUCHED, began_at.isoformat()))
        if now - touched > TOUCH:
            request.session[TOUCHED] = now.isoformat()
