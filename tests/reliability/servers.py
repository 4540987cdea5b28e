"""What is killed: a web server, and a PostgreSQL of our own that keeps what it has committed."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from tests.processes import ROOT, environment

SECONDS = 60  # to start within, recovery included
GUNICORN = Path(sys.executable).parent / "gunicorn"
TOOLS = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class WebServer:
    """Gunicorn over a database, as `make run` starts it, with two processes."""

    def __init__(self, database: str, log: Path) -> None:
        self.port, self.log = free_port(), log
        self.given = environment(database, WEB_CONCURRENCY="2", LOG_LEVEL="ERROR")

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [GUNICORN, "inventory.wsgi", "--bind", f"127.0.0.1:{self.port}"],
                cwd=ROOT, env=self.given, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def kill(self, how: str = "") -> None:
        """The master and its workers at once; none of them can say or finish anything."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=SECONDS)


class Cluster:
    """A PostgreSQL with its usual durability: fsync, full_page_writes, synchronous_commit on."""

    HOW = ("immediate", "postmaster", "everything")

    def __init__(self, folder: Path) -> None:
        if not TOOLS:
            sys.exit("PostgreSQL is missing: apt install postgresql")
        self.bin, self.folder, self.port = TOOLS[-1].parent, folder / "cluster", free_port()
        # It refuses to run as root.
        self.runner = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        self.folder.mkdir()
        if self.runner:
            shutil.chown(self.folder, "postgres")
            for parent in (folder, *folder.parents):
                if parent.stat().st_uid == 0 and parent != Path("/tmp") and parent != Path("/"):
                    parent.chmod(parent.stat().st_mode | 0o011)
        self._call("initdb", "--auth", "trust", "--username", "postgres", "--encoding", "UTF8")
        with (self.folder / "postgresql.conf").open("a") as settings:
            settings.write(
                f"port = {self.port}\nlisten_addresses = '127.0.0.1'\n"
                f"unix_socket_directories = '{self.folder}'\nmax_connections = 60\n"
            )

    @property
    def address(self) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Again and again: what is left of a killed one may still be in the way for a moment."""
        for _ in range(SECONDS):
            if self._call("pg_ctl", "--wait", "--log", f"{self.folder}/log", "start", check=False):
                return
            time.sleep(1)
        sys.exit((self.folder / "log").read_text()[-2000:])

    def kill(self, how: str) -> None:
        """By `stop --mode immediate`, the postmaster alone, or all of its processes at once."""
        if how == "immediate":
            self._call("pg_ctl", "--mode", "immediate", "stop")
            return
        postmaster = int((self.folder / "postmaster.pid").read_text().splitlines()[0])
        children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        for process in [postmaster, *map(int, children if how == "everything" else [])]:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)

    def stop(self) -> None:
        self._call("pg_ctl", "--mode", "immediate", "stop", check=False)

    def _call(self, tool: str, *words: str, check: bool = True) -> bool:
        command = [*self.runner, str(self.bin / tool), "--pgdata", str(self.folder), *words]
        quiet = subprocess.DEVNULL
        return not subprocess.run(
            command, cwd="/", check=check, stdout=quiet, stderr=quiet, stdin=quiet
        ).returncode
