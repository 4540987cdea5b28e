"""By which names people are known."""

from __future__ import annotations

from django.contrib.auth.models import User


def called(name: str) -> User | None:
    """The user of a username, or of an e-mail address that only one active user has."""
    name = name.strip().replace("\0", "")
    if user := User.objects.filter(username=name).first():
        return user
    found = list(User.objects.filter(email__iexact=name, is_active=True)[:2]) if "@" in name else []
    return found[0] if len(found) == 1 else None
