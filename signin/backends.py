"""The one door: every password, of a page or of the admin site, is checked here."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied

from signin import lockout, people


class Door(ModelBackend):
    """Lets in by username or e-mail; whoever has to wait not even with the right password."""

    def authenticate(
        self, request: Any, username: str | None = None, password: str | None = None, **more: Any
    ) -> User | None:
        if username is None or password is None:
            return None
        if lockout.until(username, request):
            raise PermissionDenied
        user = people.called(username)
        name = user.get_username() if user else username
        found = super().authenticate(request, username=name, password=password, **more)
        return found if isinstance(found, User) else None
