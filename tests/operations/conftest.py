from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.processes import empty_database


@pytest.fixture
def new_database(tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Makes empty databases, and gives their addresses."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(empty_database(tmp_path))
