"""Who works on an import, and what becomes of it when the work goes wrong."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from imports import running
from imports.models import Import
from items.models import SerialUnit
from tests.imports.desk import Desk, said

ROWS = [["Item", "Location", "Serial Number", "Unit Cost"], ["HT9000", "MAIN", "A1", "600"]]


@pytest.fixture
def file(desk: Desk, ht9000: Any) -> Import:
    return desk.hand_in("opening_stock", ROWS)


def taken_up(claim: running.Claim) -> None:
    """Somebody else takes the import up, as after a stop of the first."""
    Import.objects.filter(pk=claim.pk).update(beat_at=timezone.now() - timedelta(hours=1))
    assert running.take() is not None


def test_one_worker_gets_it_and_the_next_finds_nothing(file):
    assert running.take() is not None
    assert running.take() is None


def test_whoever_is_heard_of_no_more_is_followed_by_another(file):
    first = running.take()
    Import.objects.update(beat_at=timezone.now() - running.STALE / 2)
    assert running.take() is None
    taken_up(first)
    with pytest.raises(running.ClaimLost):
        first.tick("Reading the file", 1, 2)


def test_a_sign_of_life_is_not_given_for_every_row(file, django_assert_num_queries):
    claim = running.take()
    with django_assert_num_queries(1):
        for row in range(10_000):
            claim.tick("Checking rows", row, 10_000)


def test_what_a_worker_wrote_after_losing_its_claim_is_rolled_back(desk, file, monkeypatch):
    running.work_off()
    desk.client.post(f"/setup/import/{file.pk}/confirm/")
    claim, other = running.take(), []
    write = file.about.write

    def slow(*args: Any) -> Any:
        made = write(*args)
        taken_up(claim)  # while it is at it; on PostgreSQL the row's lock would not let them
        other.append(1)
        return made

    monkeypatch.setattr(type(file.about), "write", lambda _, *args: slow(*args))
    running.work_on(claim)
    assert other
    assert not SerialUnit.objects.exists()
    file.refresh_from_db()
    assert file.status == "importing"
    monkeypatch.undo()
    monkeypatch.setattr(running, "STALE", timedelta(seconds=-1))  # the clock stands still
    running.work_off()
    assert SerialUnit.objects.count() == 1


def test_what_is_cut_off_again_and_again_is_given_up(file, desk):
    for _ in range(running.MOST_ATTEMPTS):
        assert running.take() is not None
        Import.objects.update(beat_at=timezone.now() - timedelta(hours=1))
    running.work_off()
    file.refresh_from_db()
    assert (file.status, file.problem) == ("failed", running.CUT_OFF)
    assert running.CUT_OFF in desk.page(file)
    desk.client.post(f"/setup/import/{file.pk}/check/")
    running.work_off()
    file.refresh_from_db()
    assert (file.status, file.problem) == ("ready", "")


def test_a_fault_of_ours_is_said_and_stores_nothing(desk, file, monkeypatch, caplog):
    running.work_off()

    def broken(*_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(type(file.about), "write", broken)
    file = desk.confirm(file)
    assert (file.status, file.problem) == ("failed", running.UNEXPECTED)
    assert "ZeroDivisionError" in caplog.text


def test_work_goes_on_after_the_database_was_away(desk, file, monkeypatch):
    running.work_off()
    desk.client.post(f"/setup/import/{file.pk}/confirm/")
    with monkeypatch.context() as away:

        def locked(*_: Any) -> None:
            raise OperationalError("database is locked")

        away.setattr(running, "together", locked)
        with pytest.raises(OperationalError):
            running.work_off()
    monkeypatch.setattr(running, "STALE", timedelta(seconds=-1))  # the clock stands still
    running.work_off()
    file.refresh_from_db()
    assert file.status == "imported"


def test_a_file_discarded_while_it_is_checked_leaves_nothing(desk, file):
    claim = running.take()
    assert desk.client.post(f"/setup/import/{file.pk}/discard/").status_code == 302
    running.work_on(claim)
    assert not Import.objects.exists()


def test_what_is_imported_is_not_discarded(desk, file):
    running.work_off()
    file = desk.confirm(file)
    desk.client.post(f"/setup/import/{file.pk}/discard/")
    assert Import.objects.get() == file


def test_a_file_that_cannot_be_read_says_why_on_its_page(desk, ht9000):
    file = desk.check("opening_stock", b"PK\x03\x04 broken", "stock.xlsx")
    assert (file.status, said(file)) == ("wrong", [])
    assert "The workbook is damaged: it cannot be unpacked." in desk.page(file)
