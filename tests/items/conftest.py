from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext


@pytest.fixture
def count_queries() -> Callable[[Callable[[], Any]], int]:
    """Counts the queries of a call."""

    def count(work: Callable[[], Any]) -> int:
        with CaptureQueriesContext(connection) as queries:
            work()
        return len(queries)

    return count
