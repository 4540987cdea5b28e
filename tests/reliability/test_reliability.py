"""A short game of each harness, and that what looks for losses would find them."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from django.db import connection

from items.models import Item
from tests.books import Books
from tests.processes import ROOT
from tests.reliability.looking import look
from transactions.models import Posting

ABSENT = "11111111-1111-1111-1111-111111111111"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="played on SQLite")
def test_nothing_is_lost_when_the_server_is_killed_at_work() -> None:
    command = [sys.executable, "-m", "tests.reliability.crashes", "sqlite", "--kills", "1"]
    played = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert played.returncode == 0, played.stdout + played.stderr
    last = json.loads(played.stdout.splitlines()[-1])
    assert last["result"] == "ok"
    assert last["acknowledged"] > 8


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has it on by itself")
def test_what_is_acknowledged_is_on_the_disk(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous")
        assert cursor.fetchone()[0] == 2, "FULL"


@pytest.mark.skipif(connection.vendor != "postgresql", reason="races want PostgreSQL")
def test_of_two_who_contend_one_wins() -> None:
    command = [sys.executable, "-m", "tests.reliability.races", "--attempts", "2"]
    played = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert played.returncode == 0, played.stdout + played.stderr
    assert "Audit: 0 offenders" in played.stdout


def told(books: Books, item: Item, **other: object) -> dict:
    """What a clerk was told of a receipt of A1; `other` values where they differ from the truth."""
    posting = Posting.objects.filter(request_id=REQUEST).first()
    if posting is None:
        order = books.order(item, 1, "600.00")
        line = books.line(item, 1, "600.00", "A1", created_from_line=order.lines.get())
        books.post(
            "item_receipt", [line], vendor=order.vendor, created_from=order, request_id=REQUEST
        )
        posting = Posting.objects.get(request_id=REQUEST)
    values = {"request": REQUEST, "document": posting.document_id, "numbers": ["A1"]}
    values |= {"status": "on_hand", **other}
    return {"told": [list(values.values())], "waiting": [], "final": False}


REQUEST = "22222222-2222-2222-2222-222222222222"


def test_what_is_there_is_found(books: Books, ht9000: Item) -> None:
    found = look(told(books, ht9000))
    assert (found["problems"], found["acknowledged"]) == ([], 1)


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"request": ABSENT}, "is missing"),
        ({"document": 0}, "is missing"),
        ({"numbers": ["A1", "A2"]}, "A2 was acknowledged, and is there 0 times"),
        ({"status": "sold"}, "A1 was acknowledged as sold, and is on_hand"),
    ],
)
def test_what_was_acknowledged_and_is_missing_is_found(
    books: Books, ht9000: Item, other: dict, words: str
) -> None:
    assert words in " ".join(look(told(books, ht9000, **other))["problems"])


def test_a_request_posted_and_unanswered_is_counted_and_at_the_end_it_is_wrong(
    books: Books, ht9000: Item
) -> None:
    said = told(books, ht9000)
    waiting = {"told": [], "waiting": [REQUEST], "final": False}
    assert look(waiting)["committed_unanswered"] == 1
    assert look(waiting)["problems"] == []
    ended = " ".join(look({**said, "told": [], "final": True})["problems"])
    assert "posted and never acknowledged" in ended
    assert "other documents than those acknowledged" in ended
