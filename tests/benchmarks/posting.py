"""Receiving, picking and everything else that is posted, against the database's own limit.

Run by `tests/benchmarks/__main__.py`: prints one JSON line a job and size.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Sequence
from math import log
from typing import NamedTuple

from django.db import connection

from tests.benchmarks import raw
from tests.benchmarks.apart import apart, peak_mb
from tests.benchmarks.lots import Hands, Lot, walk
from tests.benchmarks.measured import Measured
from transactions.models import Posting, Transaction

# A lot goes through a chain of jobs; each can be measured, and leads to the next.
CHAINS = (
    ("receive", "void"),
    ("receive", "transfer", "pick", "ship", "void-shipment", "adjust-out"),
)


class Figures(NamedTuple):
    """What a job cost: through posting, by the driver alone, in statements, in memory."""

    seconds: float
    raw_seconds: float
    statements: int
    peak_mb: float


Turn = dict[str, Figures]


def main(jobs: Sequence[str], sizes: Sequence[int]) -> None:
    for chain in CHAINS:
        walk(Hands(), Lot(2), chain)  # loads everything that is loaded on first use
    gc.freeze()  # as a web server's worker does (inventory/wsgi.py)
    before: dict[str, tuple[int, float]] = {}
    for size in sorted(sizes):
        taken = [turn(links, size) for _ in range(_turns(size)) for links in chains(jobs)]
        for job in jobs:
            best = _best([figures[job] for figures in taken if job in figures])
            report(job, size, best, before.get(job))
            before[job] = (size, best.seconds)


def _turns(size: int) -> int:
    """The quickest of several counts: what is slower is somebody else's work."""
    return min(max(30_000 // size, 2), 7)


def _best(turns: Sequence[Figures]) -> Figures:
    return Figures(
        min(turn.seconds for turn in turns),
        min(turn.raw_seconds for turn in turns),
        max(turn.statements for turn in turns),
        max(turn.peak_mb for turn in turns),
    )


def chains(jobs: Sequence[str]) -> list[Sequence[str]]:
    """The chains that lead to the jobs, each as far as it is needed."""
    found: list[Sequence[str]] = []
    reached: set[str] = set()
    for chain in CHAINS:
        wanted = [n for n, job in enumerate(chain, start=1) if job in jobs and job not in reached]
        if wanted:
            found.append(chain[: wanted[-1]])
            reached |= {*found[-1]}
    return found


def turn(chain: Sequence[str], size: int) -> Turn:
    """The figures of each job for a new lot."""
    lot = Lot(size)
    figures = {}
    for position, job in enumerate(chain, start=1):
        figures[job], lot.document = apart(measure, chain[:position], lot)
    return figures


def measure(chain: Sequence[str], lot: Lot) -> tuple[Figures, Transaction]:
    """The last job of the chain, done to the lot; and by the driver to its twin."""
    hands = Hands()
    walk(hands, Lot(2), chain)  # the connection is as warm as that of a web server
    latest = Posting.objects.latest("id").pk
    done = Measured(hands.prepare(chain[-1], lot))
    document, peak = done.outcome.document, peak_mb()
    postings = Posting.objects.filter(pk__gt=latest, document=document)
    raw_seconds = raw.repeat(lot.item, lot.twin, list(postings.order_by("id")))
    return Figures(done.seconds, raw_seconds, done.statements, peak), document


def report(job: str, size: int, best: Figures, before: tuple[int, float] | None) -> None:
    """One line; `growth` is the exponent from the size before: 1 is in step with the units."""
    growth = before and round(log(best.seconds / before[1]) / log(size / before[0]), 2)
    line = {
        "job": job,
        "database": connection.vendor,
        "n": size,
        "seconds": round(best.seconds, 4),
        "raw_seconds": round(best.raw_seconds, 4),
        "ratio": round(best.seconds / best.raw_seconds, 2),
        "statements": best.statements,
        "peak_mb": best.peak_mb,
        "growth": growth,
    }
    print(json.dumps(line), flush=True)
