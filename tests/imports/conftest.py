from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from imports import running
from tests.imports.desk import Desk


@pytest.fixture(autouse=True)
def no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test's transaction is its own: no thread could see into it."""
    monkeypatch.setattr(running, "begin", lambda: None)


@pytest.fixture
def desk(client: Client, books: Any) -> Desk:
    return Desk(client)
