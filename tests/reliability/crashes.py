"""Kills the server, or PostgreSQL, at random moments under load: `make crashes`.

    python -m tests.reliability.crashes server postgresql sqlite --kills 200 --seed 1

Clerks work over HTTP; some lines go dead before the answer comes. After each kill everything that
was acknowledged must be there, nothing by half, and the audit clean; a request that was sent again
must have posted once. A JSON line for each kill and one for each game; exits with 1 at the first
thing that is wrong.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.processes import ROOT, environment, manage, run
from tests.reliability.browser import Browser
from tests.reliability.clerks import Clerk, Diary
from tests.reliability.servers import Cluster, WebServer

GAMES = ("server", "postgresql", "sqlite")
CLERKS = 4
LONGEST = 1.5  # seconds of load before a kill
DEAD = 0.1  # of all requests that write, the answer of which is lost
PATIENCE = 90  # seconds until every clerk is answered again

WORLD = """
import json
from django.contrib.auth.models import User
from django.test import Client
from tests.factories import CustomerFactory, ItemFactory, VendorFactory

ItemFactory(name="HT9000", base_price="999.00", purchase_price="600.00")
user = User.objects.create_superuser("robin", "robin@example.com", "secret")
sessions = []
for _ in range(%s):
    client = Client()
    client.force_login(user)
    sessions.append(client.session.session_key)
print(json.dumps({
    "sessions": sessions, "vendor": str(VendorFactory().pk), "customer": str(CustomerFactory().pk),
}))
"""


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("games", nargs="*", choices=[*GAMES, []], default=list(GAMES))
    words.add_argument("--kills", type=int, default=200)
    words.add_argument("--seed", type=int, default=None)
    given = words.parse_args()
    seed = random.SystemRandom().randrange(10**6) if given.seed is None else given.seed
    for game in given.games or GAMES:
        with tempfile.TemporaryDirectory(prefix="serialbook-crashes-", dir="/tmp") as folder:
            if problem := Game(game, Path(folder), seed).play(given.kills):
                sys.exit(f"{game}, seed {seed}: {problem}")


class Game:
    """One thing that is killed, the clerks who work meanwhile, and what they were told."""

    def __init__(self, name: str, folder: Path, seed: int) -> None:
        self.name, self.folder, self.seed = name, folder, seed
        self.chance = random.Random(f"{name} {seed}")
        self.cluster = None if name == "sqlite" else Cluster(folder)
        self.database = (
            self.cluster.address if self.cluster else f"sqlite:///{folder}/crashes.sqlite3"
        )
        self.diary = Diary()

    def play(self, kills: int) -> str:
        """Everything that was wrong, in words; empty when nothing was."""
        start = time.monotonic()
        if self.cluster:
            self.cluster.start()
        assert manage(self.database, "migrate", "--verbosity", "0").returncode == 0
        world = json.loads(run(self.database, WORLD % CLERKS))
        self.web = WebServer(self.database, self.folder / "log")
        self.web.start()
        self.clerks = [
            Clerk(f"C{n}", Browser(self.web.port, session, self.goes_dead(n)), self.diary, world)
            for n, session in enumerate(world["sessions"])
        ]
        self.checker = Checker(self.database)
        for clerk in self.clerks:
            clerk.start()
        try:
            return self.play_on(kills, start)
        finally:
            self.checker.stop()
            self.web.kill()
            if self.cluster:
                self.cluster.stop()

    def goes_dead(self, clerk: int) -> Callable[[], bool]:
        """Whether a line goes dead, now and then: what was sent is done, and nobody is told."""
        chance = random.Random(f"{self.seed} {clerk}")
        return lambda: chance.random() < DEAD

    def play_on(self, kills: int, start: float) -> str:
        self.all_answered()
        between = 0
        for number in range(1, kills + 1):
            line, problem = self.kill_once(number)
            between += line["committed_unanswered"]
            say(line)
            if problem:
                return problem
        for clerk in self.clerks:
            clerk.home.set()
        for clerk in self.clerks:
            clerk.join(PATIENCE)
        found, problem = self.look(final=True)
        say({
            "game": self.name, "seed": self.seed, "kills": kills, "result": problem or "ok",
            **found, "committed_unanswered": between,
            "retried": self.diary.retried, "dead_lines": self.diary.dead_lines,
            "minutes": round((time.monotonic() - start) / 60, 1),
        })  # fmt: skip
        return problem

    def kill_once(self, number: int) -> tuple[dict[str, Any], str]:
        load = self.chance.uniform(0, LONGEST)
        time.sleep(load)
        how = self.chance.choice(Cluster.HOW) if self.name == "postgresql" else "SIGKILL"
        victim: Any = self.cluster if self.name == "postgresql" else self.web
        victim.kill(how)
        down = time.monotonic()
        if self.name == "postgresql":
            self.cluster.start()  # type: ignore[union-attr]
        # Before anybody can try again, if it was the web server.
        found, problem = self.look()
        if self.name != "postgresql":
            self.web.start()
        problem = problem or self.all_answered()
        line = {
            "game": self.name, "kill": number, "how": how, "load_s": round(load, 2), **found,
            "back_s": round(time.monotonic() - down, 1),
        }  # fmt: skip
        return line, problem

    def look(self, final: bool = False) -> tuple[dict[str, Any], str]:
        done, waiting = self.diary.look()
        told = [[a.request, a.document, a.numbers, a.status] for a in done]
        found = self.checker.look({"told": told, "waiting": list(waiting), "final": final})
        problems = found.pop("problems") + [clerk.failure for clerk in self.clerks if clerk.failure]
        return found, "; ".join(problems[:10])

    def all_answered(self) -> str:
        """Wait until every clerk was answered at least twice since now."""
        turns = {clerk: clerk.answered for clerk in self.clerks}
        for _ in range(PATIENCE * 20):
            if failures := [clerk.failure for clerk in self.clerks if clerk.failure]:
                return failures[0]
            if all(clerk.answered >= before + 2 for clerk, before in turns.items()):
                return ""
            time.sleep(0.05)
        log = self.web.log.read_text()[-2000:]
        return f"Somebody was not answered within {PATIENCE} seconds.\n{log}"


class Checker:
    """A process that looks into the database; it connects anew each time."""

    def __init__(self, database: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.reliability.looking"], cwd=ROOT,
            env=environment(database), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def look(self, told: dict[str, Any]) -> dict[str, Any]:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(told) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def stop(self) -> None:
        self.process.communicate("")


def say(line: dict[str, Any]) -> None:
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
