"""The server is killed in the middle of an import, and started anew: it is imported once.

Real processes on a database of their own, because what is tested is their end.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes import ROOT, empty_database, environment, manage

UNITS = 2_000

PREPARE = f"""
from company.models import Company
from django.contrib.auth.models import User
from imports.models import Import, ImportFile
from items.models import Item

company = Company.current()
Item.objects.create(
    name="HT9000",
    income_account=company.income_account,
    cogs_account=company.cogs_account,
    asset_account=company.asset_account,
)
rows = "".join(f"HT9000,N{{n}},600\\n" for n in range({UNITS}))
made = Import.objects.create(
    kind="opening_stock", name="stock.csv", by=User.objects.create_user("robin"),
    status="importing",
)
ImportFile.objects.create(of=made, content=("Item,Serial,Cost\\n" + rows).encode())
"""

# A server that is busy: everything is written, and not yet committed.
BUSY = """
from time import sleep
from imports import running
from imports.kinds.opening_stock import OpeningStock

write = OpeningStock.write

def slow(*args):
    made = write(*args)
    print("written", flush=True)
    sleep(60)
    return made

OpeningStock.write = slow
running.work_off()
"""

# A server that is busy with the rows.
CHECKING = """
from time import sleep
from imports import running
from imports.kinds import stock

stock.STEP = 1
tick = running.Claim.tick

def slow(claim, phase, done, total):
    tick(claim, phase, done, total)
    if phase == "Checking rows" and done == 50:
        print("checking", flush=True)
        sleep(60)

running.Claim.tick = slow
running.work_off()
"""

# The server as it starts: its own module, and nothing beside it.
START = """
from datetime import timedelta
from time import sleep
from imports import running

running.STALE = timedelta(seconds=1)
import inventory.wsgi
from imports.models import Import

while Import.objects.unfinished().exists():
    sleep(0.1)
"""

COUNT = """
from imports.models import Import
from items.models import SerialUnit
from transactions import audit
from transactions.models import Transaction

made = Import.objects.get()
print(made.status, made.documents.count(), Transaction.objects.count(),
      SerialUnit.objects.count(), audit.offenders())
"""


@pytest.fixture
def database(tmp_path: Path) -> Iterator[str]:
    with empty_database(tmp_path) as address:
        yield address


class Server:
    """Starts processes over one database."""

    def __init__(self, database: str) -> None:
        self.environment = environment(database)
        assert manage(database, "migrate", "--verbosity", "0").returncode == 0
        self.run(PREPARE)

    def start(self, code: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", f"import django\ndjango.setup()\n{code}"],
            cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def run(self, code: str) -> str:
        said, _ = (process := self.start(code)).communicate(timeout=120)
        assert process.returncode == 0
        return said.strip()


@pytest.fixture
def server(database: str) -> Server:
    return Server(database)


@pytest.mark.parametrize(("code", "word"), [(BUSY, "written"), (CHECKING, "checking")])
def test_an_import_cut_off_by_a_kill_is_taken_up_by_the_servers_that_start_and_done_once(
    server, code, word
):
    killed = server.start(code)
    assert killed.stdout.readline().strip() == word
    killed.kill()
    killed.communicate()
    assert server.run(COUNT) == "importing 0 0 0 []"
    started = [server.start(START) for _ in range(2)]
    assert [process.wait(timeout=120) for process in started] == [0, 0]
    for process in started:
        process.stdout.close()
    assert server.run(COUNT) == f"imported 1 1 {UNITS} []"


def test_how_far_it_is_can_be_seen_while_everything_is_written(server):
    busy = server.start(BUSY)
    try:
        assert busy.stdout.readline().strip() == "written"
        seen = server.run("from imports.models import Import\nprint(Import.objects.get().phase)")
        assert seen == "Importing, all of it or nothing"
    finally:
        busy.kill()
        busy.communicate()
