"""The company that nasty input is played against."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from imports.models import Import, ImportFile
from signin.models import Invitation
from tests.books import Books
from tests.permissions import world


def build(books: Books, place: SimpleNamespace) -> None:
    """One document of each kind, an import and an invitation."""
    world.build(books, place)
    file = Import.objects.create(kind="items", name="items.csv", by=books.user, status="failed")
    ImportFile.objects.create(of=file, content=b"Item")
    Invitation.objects.create(email="kim@example.com", first_name="Kim", by=books.user)


@pytest.fixture
def no_imports(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is uploaded is not taken up: that would happen outside the test's transaction."""
    monkeypatch.setattr("imports.running.begin", lambda: None)


@pytest.fixture
def everything(books: Books, place: SimpleNamespace, no_imports: None) -> None:
    """A company with all there is."""
    build(books, place)
