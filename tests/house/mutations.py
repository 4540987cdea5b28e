"""A pytest plugin that takes each guard away in turn (see test_tests_bite.py)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from inventory import sets
from transactions import triggers


def without_constraint(patch: pytest.MonkeyPatch) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX IF EXISTS serial_held_once_per_item")


def without_guard(patch: pytest.MonkeyPatch) -> None:
    update = sets.update

    def unguarded(model: Any, columns: Any, rows: Any, guard: Any = ()) -> int:
        bare = [(row[0], *row[1 + len(guard) :]) for row in rows]
        return update(model, columns, bare)

    patch.setattr(sets, "update", unguarded)


def without_triggers(patch: pytest.MonkeyPatch) -> None:
    triggers.drop(connection)


MUTATIONS = {
    "constraint": without_constraint,
    "guard": without_guard,
    "triggers": without_triggers,
}


@pytest.fixture(autouse=True, params=MUTATIONS)
def mutated(db: None, request: pytest.FixtureRequest) -> Iterator[None]:
    """Inside the test's transaction, so that the next test finds everything in its place."""
    with pytest.MonkeyPatch.context() as patch:
        MUTATIONS[request.param](patch)
        yield
