"""Reports > Integrity: the audit's last runs, and the button that runs it."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from company.setup import open_year
from items.models import Item, ItemLocation, SerialUnit
from parties.models import Customer
from reports.integrity import runs
from reports.models import AuditRun
from tests.books import Books
from transactions import audit

PAGE, RUN = "/reports/integrity/", "/reports/integrity/run/"


def text(client: Client, url: str = PAGE) -> str:
    """What a page says, without markup."""
    html = client.get(url).content.decode().split("<main")[1]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


@pytest.fixture
def stocked(books: Books, ht9000: Item) -> Item:
    books.have(ht9000, "600.00", "A1234 A1235")
    return ht9000


@contextmanager
def wrong_quantity(item: Item) -> Iterator[None]:
    """One more on hand than there are units, put right at the end."""
    rows = ItemLocation.objects.filter(item=item, location__name="MAIN")
    rows.update(on_hand=3)
    try:
        yield
    finally:
        rows.update(on_hand=2)


class TestRunning:
    def test_a_clean_book_holds_every_invariant(self, client, user, stocked):
        answer = client.post(RUN, follow=True)
        assert answer.redirect_chain == [(PAGE, 302)]
        assert f"All {len(audit.INVARIANTS)} invariants hold." in answer.content.decode()
        run = AuditRun.objects.get()
        assert (run.by, run.broken) == (user, [])

    def test_says_of_each_invariant_what_it_states_and_what_it_compared(self, client, stocked):
        client.post(RUN)
        said = text(client)
        for finding in audit.run():
            for words in (f"{finding.code} {finding.name.capitalize()}", finding.statement):
                assert words in said
            assert finding.looked_at[1:] in said
        assert said.count(" OK ") == len(audit.INVARIANTS) + 1  # and the run in the history

    def test_says_when_it_ran_for_whom_how_long_and_over_how_much(self, client, stocked):
        client.post(RUN)
        run = AuditRun.objects.get()
        AuditRun.objects.update(milliseconds=1234)
        said = text(client)
        assert "Run 2026-11-23 12:00 By robin Took 1.2 s" in said
        assert f"Units {SerialUnit.objects.count()} " in said
        assert dict(run.looked_at)["units"] == 2
        assert dict(run.looked_at)["documents"] == 3

    def test_a_broken_book_is_named_with_its_offenders(self, client, stocked):
        client.post(RUN)
        assert "HT9000 at MAIN" not in text(client)
        with wrong_quantity(stocked):
            answer = client.post(RUN, follow=True)
        assert "invariants are broken." in answer.content.decode()
        said = text(client)
        assert "HT9000 at MAIN: 3 On Hand, but 2 units" in said
        assert "I1 On hand counts the units ( 1 )" in said
        assert "1 offender " in said

    def test_a_mended_book_holds_again(self, client, stocked):
        with wrong_quantity(stocked):
            client.post(RUN)
        client.post(RUN)
        assert "HT9000 at MAIN" not in text(client)

    def test_many_offenders_are_counted_and_the_first_are_kept(self, client, stocked, monkeypatch):
        monkeypatch.setattr(runs, "OFFENDERS_KEPT", 1)
        units = SerialUnit.objects.filter(item=stocked)
        units.update(unit_cost="700.00")
        client.post(RUN)
        units.update(unit_cost="600.00")
        [finding] = [f for f in AuditRun.objects.get().broken if f["code"] == "I7"]
        assert (finding["count"], len(finding["offenders"])) == (2, 1)
        assert "These are the first 1 of 2 " in text(client)

    def test_happens_by_post_alone(self, client, stocked):
        assert client.get(RUN).status_code == 405
        assert not AuditRun.objects.exists()
        assert client.post(RUN).status_code == 302
        assert AuditRun.objects.count() == 1

    def test_strangers_are_sent_to_log_in(self, stranger, db):
        for answer in (stranger.get(PAGE), stranger.post(RUN)):
            assert answer.headers["Location"].startswith("/login/")
        assert not AuditRun.objects.exists()


class TestHistory:
    def test_before_the_first_run_the_page_says_so(self, client, db):
        assert "The audit was not run yet" in text(client)

    def test_an_earlier_run_can_be_looked_at(self, client, stocked):
        with wrong_quantity(stocked):
            client.post(RUN)
        client.post(RUN)
        earlier = AuditRun.objects.last()
        said = text(client, f"{PAGE}?run={earlier.pk}")
        assert "An earlier run." in said
        assert "HT9000 at MAIN: 3 On Hand, but 2 units" in said
        assert "An earlier run." not in text(client)
        assert client.get(f"{PAGE}?run=0").status_code == 404
        assert client.get(f"{PAGE}?run=all").status_code == 404

    def test_the_last_twenty_runs_are_kept(self, db, user):
        first, _ = runs.prove(user)
        for _ in range(runs.KEPT - 1):
            runs.prove(user)
        assert AuditRun.objects.filter(pk=first.pk).exists()
        runs.prove(user)
        assert not AuditRun.objects.filter(pk=first.pk).exists()
        assert AuditRun.objects.count() == runs.KEPT == 20

    def test_a_run_that_was_broken_off_is_listed_as_not_finished(self, client, db, monkeypatch):
        def fails() -> list[audit.Finding]:
            raise RuntimeError("the server gave up")

        monkeypatch.setattr(audit, "run", fails)
        with pytest.raises(RuntimeError):
            runs.prove()
        said = text(client)
        assert "No run was finished yet." in said
        assert "Not finished" in said

    def test_a_long_run_is_announced_beside_the_button(self, client, db):
        run = AuditRun.objects.create(milliseconds=4_900)
        assert "The last run took 4.9 s." in text(client)
        assert "A run takes a while here" not in text(client)
        run.milliseconds = 42_000
        run.save()
        assert "The last run took 42.0 s." in text(client)
        assert "A run takes a while here" in text(client)

    def test_takes_the_same_number_of_queries_for_one_run_and_for_twenty(
        self, client, user, stocked, queries_of: Callable[[str], int]
    ):
        runs.prove(user)
        one = queries_of(PAGE)
        with wrong_quantity(stocked):
            for _ in range(runs.KEPT):
                runs.prove(user)
        assert queries_of(PAGE) == one

    def test_the_newest_stands_first(self, client, db):
        for days in (3, 1, 2):
            started = timezone.now() - timedelta(days=days)
            AuditRun.objects.create(started_at=started, milliseconds=days)
        assert [run.milliseconds for run in AuditRun.objects.all()] == [1, 2, 3]


@pytest.mark.django_db(transaction=True)
class TestOneMoment:
    """The audit while others work: no half-seen posting, nobody kept waiting."""

    def test_runs_in_a_transaction_of_its_own(self, today):
        open_year(2026)
        assert not connection.in_atomic_block
        _, findings = runs.prove()
        assert not [offender for finding in findings for offender in finding.offenders]
        assert not connection.in_atomic_block
        assert AuditRun.objects.get().is_finished

    @pytest.mark.skipif(
        connection.vendor != "postgresql", reason="SQLite in memory has one connection"
    )
    def test_what_is_written_meanwhile_is_not_seen(self):
        def write() -> None:
            Customer.objects.create(name="Meanwhile")
            connection.close()

        with runs.one_moment():
            before = Customer.objects.count()
            writer = threading.Thread(target=write)
            writer.start()
            writer.join(timeout=20)
            assert not writer.is_alive()
            assert Customer.objects.count() == before
        assert Customer.objects.count() == before + 1
