"""Work done in a process of its own, so that the memory it takes is its own."""

from __future__ import annotations

import multiprocessing
import resource
import sys
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import connections

Found = TypeVar("Found")
# Forked: everything is loaded already, as it is in a web server's worker.
PROCESSES = multiprocessing.get_context("fork")


def apart(work: Callable[..., Found], *args: Any) -> Found:
    """What a function gives, called in a new process with database connections of its own."""
    connections.close_all()
    with PROCESSES.Pool(1) as pool:
        return pool.apply(work, args)


def peak_mb() -> float:
    """The most memory this process has held so far, in megabytes, the interpreter included."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1e6 if sys.platform == "darwin" else 1e3), 1)
