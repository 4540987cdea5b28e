"""An act, its time and its statements."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Any

from django.db import connection


class Measured:
    """How long an act took, in seconds and in statements; and what came of it."""

    def __init__(self, act: Callable[[], Any]) -> None:
        self.statements = 0
        with connection.execute_wrapper(self._count):
            start = perf_counter()
            self.outcome = act()
            self.seconds = perf_counter() - start

    def _count(self, execute: Callable[..., Any], *args: Any) -> Any:
        self.statements += 1
        return execute(*args)
