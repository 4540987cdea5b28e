"""What machines ask: is it alive, is it ready, how does it do?

Answered before hosts, sessions and log-in, because a probe comes by address, over plain HTTP, as
nobody. `/health/live`: this process answers. `/health/ready`: the database does, and every
migration is applied. `/metrics`: only for whoever knows METRICS_TOKEN.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.utils.crypto import constant_time_compare
from prometheus_client import CONTENT_TYPE_LATEST

from operations import metrics

log = logging.getLogger(__name__)


class Probes:
    """A middleware that answers three addresses and lets the rest pass."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = ANSWERS.get(request.path, self.get_response)
        return answer(request)


def live(request: HttpRequest) -> HttpResponse:
    return _plain("alive")


def ready(request: HttpRequest) -> HttpResponse:
    """503 says: send nobody here yet."""
    try:
        applied = set(MigrationRecorder(connection).applied_migrations())
    except Error:
        log.exception("Not ready: the database does not answer.")
        return _plain("the database does not answer", 503)
    if _known_migrations() - applied:
        return _plain("migrations are to be applied", 503)
    return _plain("ready")


def measured(request: HttpRequest) -> HttpResponse:
    """Not found for whoever does not know the token, or where none was set."""
    given = request.headers.get("Authorization", "")
    if not settings.METRICS_TOKEN or not constant_time_compare(
        given, f"Bearer {settings.METRICS_TOKEN}"
    ):
        return HttpResponseNotFound()
    return HttpResponse(metrics.text(), content_type=CONTENT_TYPE_LATEST)


ANSWERS: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "/health/live": live,
    "/health/ready": ready,
    "/metrics": measured,
}


@cache
def _known_migrations() -> frozenset[tuple[str, str]]:
    """Those of this version; they do not change while it runs."""
    return frozenset(MigrationLoader(None).disk_migrations)


def _plain(text: str, status: int = 200) -> HttpResponse:
    return HttpResponse(f"{text}\n", status=status, content_type="text/plain; charset=utf-8")
