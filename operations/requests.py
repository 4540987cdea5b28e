"""Every request is numbered, timed, counted and written down, and its slow queries too."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from contextlib import nullcontext
from time import perf_counter
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse

from operations import metrics
from operations.logs import current_id

log = logging.getLogger("serialbook.requests")
slow = logging.getLogger("serialbook.queries")

HEADER = "X-Request-ID"
PLAIN = re.compile(r"[\w.:-]{1,64}", re.ASCII)  # what may stand in a log as it came
SQL_SHOWN = 2_000


class Watched:
    """The outermost middleware. A request's id is that of the proxy before us, or a new one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get(HEADER, "")
        number = given if PLAIN.fullmatch(given) else uuid4().hex
        token, start = current_id.set(number), perf_counter()
        try:
            with _watching_queries():
                response = self.get_response(request)
            response.headers[HEADER] = number
            _write_down(request, response, perf_counter() - start)
            return response
        finally:
            current_id.reset(token)


def _write_down(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    """By the view and the path: what was searched for stays between the user and us."""
    view = request.resolver_match.view_name if request.resolver_match else ""
    method = request.method if request.method in metrics.METHODS else "other"
    metrics.REQUESTS.labels(view, method, response.status_code).inc()
    metrics.SECONDS.labels(view).observe(seconds)
    log.info(
        "%s %s %s", request.method, request.path, response.status_code,
        extra={
            "method": request.method, "path": request.path, "view": view,
            "status": response.status_code, "milliseconds": round(seconds * 1000),
            "user": _user(request),
        },
    )  # fmt: skip


def _user(request: HttpRequest) -> int | None:
    """Who asked, as far as the page itself wanted to know: never a query of our own."""
    return getattr(getattr(request, "_cached_user", None), "pk", None)


def _watching_queries() -> Any:
    """Notices slow queries, if that is asked for; costs nothing otherwise."""
    return connection.execute_wrapper(_timed) if settings.SLOW_QUERY_MS else nullcontext()


def _timed(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    """Run a query; if it was slow, write down its SQL, never the values in it."""
    start = perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        milliseconds = round((perf_counter() - start) * 1000)
        if milliseconds >= settings.SLOW_QUERY_MS:
            extra = {"milliseconds": milliseconds, "sql": str(sql)[:SQL_SHOWN]}
            slow.warning("A query took %s ms: %s", milliseconds, extra["sql"], extra=extra)
