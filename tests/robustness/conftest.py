"""The company that nasty input is played against."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.books import Books
from tests.permissions import world


@pytest.fixture
def no_imports(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is uploaded is not taken up: that would happen outside the test's transaction."""
    monkeypatch.setattr("imports.running.begin", lambda: None)


@pytest.fixture
def everything(books: Books, place: SimpleNamespace, no_imports: None) -> None:
    """A company with all there is."""
    world.build_all(books, place)
