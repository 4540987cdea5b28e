"""Headers of every answer that Django has no setting for."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

# The camera scans bar codes on our own pages; nothing else of the device is ever wanted.
PERMISSIONS = "camera=(self), geolocation=(), microphone=(), payment=(), usb=()"


class HeadersMiddleware:
    """Says which parts of the device a page may use, and that no proxy may keep a user's page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cache-Control", "private")
        return response
