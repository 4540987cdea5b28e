"""What tests of logging in ask for: the events on record, and a phone with an authenticator app."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User

from audit_trail.models import AuditEvent
from signin import second_factor
from tests.signin.hands import Phone


@pytest.fixture
def kinds() -> Callable[..., list[str]]:
    """The kinds of the events on record, in order, for those about a name."""

    def of(**about: Any) -> list[str]:
        return list(
            AuditEvent.objects.filter(**about).order_by("pk").values_list("kind", flat=True)
        )

    return of


@pytest.fixture
def phone(user: User) -> Phone:
    """The phone of `user`, whose second factor is on."""
    secret = second_factor.new_secret()
    user.codes = second_factor.turn_on(user, secret, 0)  # type: ignore[attr-defined]
    return Phone(secret)
