"""Sixteen clients receive and pick at once, on PostgreSQL.

Each is a process with a connection of its own, as the workers of a web server are, and does what a
day brings: an order, its receipt, a sale, its pick. All share a few items at one place, so that
they meet at the same rows.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from statistics import quantiles
from time import monotonic
from typing import Any

from django.db import OperationalError, connection, connections

from items.models import Item
from tests.benchmarks.apart import PROCESSES
from tests.benchmarks.lots import Hands, Lot, new_item, walk
from tests.benchmarks.measured import Measured
from transactions import audit

CLIENTS = 16
SECONDS = 60
ITEMS = 8
UNITS = 20  # on each document
MEASURED = ("receive", "pick")
Waits = dict[str, list[float]]


def main(jobs: Sequence[str], sizes: Sequence[int]) -> None:
    if connection.vendor != "postgresql":
        return  # SQLite has one writer at a time
    items = [new_item() for _ in range(ITEMS)]
    for item in items:
        # What is on hand beyond the orders, so that every sale finds its units.
        walk(Hands(), Lot(CLIENTS * UNITS, item, item, prefix="STOCK"), ["receive"])
    before = deadlocks()
    connections.close_all()
    with PROCESSES.Pool(CLIENTS) as pool:
        found = pool.starmap(work, [(items, client) for client in range(CLIENTS)])
    report([waits for waits, _ in found], sum(failures for _, failures in found), before)


def work(items: Sequence[Item], client: int) -> tuple[Waits, int]:
    """What a client waited for each document, in seconds, and how often it was shown a failure."""
    hands = Hands()
    here = hands.books.company.default_location
    waits: Waits = {job: [] for job in MEASURED}
    failures = turn = 0
    end = monotonic() + SECONDS
    while monotonic() < end:
        item = items[(client + turn) % ITEMS]
        lot = Lot(UNITS, item, item, here, prefix=f"C{client}-{turn}")
        turn += 1
        try:
            for job in MEASURED:
                done = Measured(hands.prepare(job, lot))
                waits[job].append(done.seconds)
        except OperationalError:
            failures += 1
    return waits, failures


def deadlocks() -> int:
    """How many the server has broken up in this database; posting tries again by itself."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return cursor.fetchone()[0]


def report(found: Sequence[Waits], failures: int, before: int) -> None:
    waits = {job: sorted(wait for each in found for wait in each[job]) for job in MEASURED}
    documents = sum(map(len, waits.values()))
    line: dict[str, Any] = {
        "job": "clients",
        "database": connection.vendor,
        "clients": CLIENTS,
        "seconds": SECONDS,
        "units_each": UNITS,
        "documents_per_s": round(documents / SECONDS, 1),
        "units_per_s": round(documents * UNITS / SECONDS),
    }
    for job, seconds in waits.items():
        cuts = quantiles(seconds, n=100)
        line |= {f"{job}_p50_ms": round(cuts[49] * 1000), f"{job}_p99_ms": round(cuts[98] * 1000)}
    line["deadlocks"] = deadlocks() - before
    line["shown"] = failures
    line["audit"] = "clean" if not (wrong := audit.offenders()) else f"{len(wrong)} wrong"
    print(json.dumps(line), flush=True)
