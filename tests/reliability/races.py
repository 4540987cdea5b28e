"""Contests over one unit, by threads and by processes, on PostgreSQL: `make races`.

    DATABASE_URL=postgres://… python -m tests.reliability.races --attempts 1000

Makes a database of its own on that server. Every other attempt is contended by two processes, the
rest by two threads. Prints a table (broken off: deadlocks that the server broke, and posting tried
again); exits with 1 where an attempt came out wrong, somebody was shown a deadlock or another
error, or the audit is not clean.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Barrier, Thread
from time import monotonic
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
PROCESSES = multiprocessing.get_context("spawn")
HOW = ("threads", "processes")


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("contests", nargs="*")
    words.add_argument("--attempts", type=int, default=1000)
    given = words.parse_args()
    django.setup()
    from django.db import connection

    from tests.processes import empty_database, manage

    if connection.vendor != "postgresql":
        sys.exit("Races want PostgreSQL: SQLite has one writer at a time. Set DATABASE_URL.")
    with empty_database(Path()) as address:
        assert manage(address, "migrate", "--verbosity", "0").returncode == 0
        _turn_to(address)
        with Rivals(address) as rivals:
            sys.exit(play(given.contests, given.attempts, rivals))


def _turn_to(address: str) -> None:
    """Work on another database than the one the settings name."""
    from django.db import connection

    connection.close()
    connection.settings_dict["NAME"] = address.rpartition("/")[2]


@dataclass
class Score:
    """What came of the attempts of one contest."""

    found: Counter = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    attempts: Counter = field(default_factory=Counter)


def play(wanted: list[str], attempts: int, rivals: Rivals) -> int:
    """Play the contests, print the table, and say whether something was wrong (1) or not (0)."""
    from tests.reliability.contests import CONTESTS
    from transactions import audit

    before, start, scores = _deadlocks(), monotonic(), {}
    _row("contest", *HOW, "won", "refused with", "broken off", "wrong")
    for name, contest in CONTESTS.items():
        if wanted and name not in wanted:
            continue
        score = scores[name] = Score()
        for turn in range(attempts):
            attempt(score, contest, turn, rivals)
        codes = ", ".join(f"{k} {n}" for k, n in sorted(score.found.items()) if k != "won")
        _row(
            name, *[score.attempts[how] for how in HOW], score.found["won"], codes or "-",
            _deadlocks() - before, len(score.wrong),
        )  # fmt: skip
        before = _deadlocks()
    wrong = [f"{name}: {text}" for name, score in scores.items() for text in score.wrong]
    offenders = audit.offenders()
    print(f"\nAudit: {len(offenders)} offenders. {(monotonic() - start) / 60:.1f} minutes.")
    print(*wrong[:20], *offenders[:20], sep="\n")
    return bool(wrong or offenders)


def attempt(score: Score, contest: Any, turn: int, rivals: Rivals) -> None:
    made = contest(turn // 2)
    how = HOW[turn % 2]
    score.attempts[how] += 1
    outcome = rivals.contend(made.contenders, how)
    found = Counter(code for codes in outcome for code in codes)
    score.found += found
    shown = [code for code in found if code.startswith("!")]
    if text := (str(shown) if shown else made.wrong(found)):
        score.wrong.append(f"{how}, attempt {turn + 1}: {text}")


def act(contender: tuple[Any, ...]) -> list[str]:
    """Do what a contender does: won, the codes it was refused with, or what it was shown."""
    from items.refusals import Refused
    from tests.reliability.contests import ACTS

    name, *values = contender
    try:
        ACTS[name](*values)
    except Refused as refused:
        return sorted(refused.codes) or ["refused"]
    except Exception as error:  # what a user would be shown as an error
        return [f"!{error!r}"]
    return ["won"]


class Rivals:
    """Two processes with connections of their own, and threads as they are needed."""

    def __init__(self, address: str) -> None:
        self.barrier = PROCESSES.Barrier(2)
        self.pipes, self.processes = [], []
        for _ in range(2):
            here, there = PROCESSES.Pipe()
            process = PROCESSES.Process(target=_rival, args=(there, self.barrier, address))
            process.start()
            self.pipes.append(here)
            self.processes.append(process)

    def __enter__(self) -> Rivals:
        return self

    def __exit__(self, *error: object) -> None:
        for pipe in self.pipes:
            pipe.send(None)
        for process in self.processes:
            process.join(30)

    def contend(self, contenders: tuple[Any, ...], how: str) -> list[list[str]]:
        if how == "threads":
            return _threads(contenders)
        for pipe, contender in zip(self.pipes, contenders, strict=True):
            pipe.send(contender)
        return [pipe.recv() for pipe in self.pipes]


def _rival(pipe: Connection, barrier: Any, address: str) -> None:
    django.setup()
    _turn_to(address)
    while contender := pipe.recv():
        barrier.wait()
        pipe.send(act(contender))


def _threads(contenders: tuple[Any, ...]) -> list[list[str]]:
    from django.db import connection

    barrier, results = Barrier(len(contenders)), [[] for _ in contenders]

    def work(position: int, contender: tuple[Any, ...]) -> None:
        try:
            connection.ensure_connection()
            barrier.wait()
            results[position] = act(contender)
        finally:
            connection.close()

    threads = [Thread(target=work, args=pair) for pair in enumerate(contenders)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def _deadlocks() -> int:
    """How many the server has broken up in this database so far; posting tries again by itself."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return cursor.fetchone()[0]


def _row(*cells: object) -> None:
    contest, threads, processes, won, codes, broken, wrong = cells
    print(
        f"{contest!s:<18} {threads!s:>7} {processes!s:>9} {won!s:>6}  {codes!s:<34} "
        f"{broken!s:>10} {wrong!s:>5}",
        flush=True,
    )


if __name__ == "__main__":
    main()
