"""The one place where rights are asked for: every request, before its view is called."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import get_resolver
from django.utils.deprecation import MiddlewareMixin

from users import access, gates


class RightsMiddleware(MiddlewareMixin):
    """Refuses what the line of the address in the table of gates does not allow.

    It stands behind LoginRequiredMiddleware: strangers were sent to log in, or see a page that is
    open to them.
    """

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Refuse, or let the request go on."""
        if not (request.user.is_authenticated and request.resolver_match):
            return None
        try:
            gates.check(access.of(request.user), request.resolver_match, request.method or "GET")
        except gates.Missing as missing:
            return refusal(request, missing)
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        """What a view itself demanded is refused in the same words."""
        return refusal(request, error) if isinstance(error, gates.Missing) else None


def refusal(request: HttpRequest, missing: gates.Missing) -> HttpResponseBase:
    """The page of handler403, without the stack trace that Django logs of an exception."""
    handler: Any = get_resolver().resolve_error_handler(403)
    return handler(request, exception=missing)
