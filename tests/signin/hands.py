"""Somebody who logs in, with a phone in hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pyotp
from django.test import Client
from django.utils import timezone


def log_in(client: Client, name: str = "robin", password: str = "secret", **more: Any) -> Any:
    return client.post("/login/", {"username": name, "password": password}, **more)


class Phone:
    """An authenticator app."""

    def __init__(self, secret: str) -> None:
        self.made = pyotp.TOTP(secret)

    def code(self, steps: int = 0) -> str:
        return self.made.at(timezone.now() + timedelta(seconds=30 * steps))
