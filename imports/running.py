"""Imports are worked on in the background: by a thread of the web process, and by nothing else.

An import's row is its task. Whoever works on it has claimed it by a guarded update and gives a
sign of life every second or so; where the signs stop, the work was cut off, and it is taken up
again from its beginning. The last transaction locks the row, and writes "imported" together with
all that was imported: so an import runs once, whatever happens (docs/decisions/0010).
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import timedelta
from threading import Lock, Thread
from time import monotonic, perf_counter_ns, sleep
from typing import Any
from uuid import uuid4

from django.db import IntegrityError, OperationalError, connections, transaction
from django.db.models import F, Q
from django.utils import timezone

from audit_trail.recording import Actor, Kind, note
from imports.checking import Checked, check
from imports.kinds.base import Finding, RowsRefused
from imports.models import COLUMNS, WRONG_ROWS, Import, RowFinding, finding_row
from imports.reading import Unreadable
from inventory import sets
from transactions.posting import Joined, together

log = logging.getLogger(__name__)

STALE = timedelta(seconds=20)  # without a sign of life, the work was cut off
BEAT = 0.5  # seconds between two signs
PAUSE = 1  # second until we look again at what others work on
MOST_ATTEMPTS = 3
CUT_OFF = f"It was begun {MOST_ATTEMPTS} times and cut off each time. Nothing was imported."
UNEXPECTED = "Something unexpected went wrong, and nothing was imported. The log says what."

Status = Import.Status


class ClaimLost(Exception):
    """Somebody else has taken the import up; what we wrote of it is rolled back."""


class Claim:
    """The right to work on one import."""

    def __init__(self, pk: int) -> None:
        self.pk, self.token = pk, uuid4()
        self.phase, self.beaten = "", monotonic()

    def tick(self, phase: str, done: int, total: int) -> None:
        """Say how far we are, and that we live."""
        if phase == self.phase and monotonic() - self.beaten < BEAT:
            return
        self.phase, self.beaten = phase, monotonic()
        self.write(phase=phase, done=done, total=total, beat_at=timezone.now())

    def write(self, **values: Any) -> None:
        if not Import.objects.filter(pk=self.pk, worker=self.token).update(**values):
            raise ClaimLost

    def end(self, status: str, **values: Any) -> None:
        """Let go of it, in a status."""
        self.write(status=status, worker=None, attempts=0, phase="", done=0, total=0, **values)


# The thread

_lock = Lock()
_thread: Thread | None = None


def begin() -> None:
    """See to it that this process works on imports, if there are any. Returns at once."""
    global _thread
    with _lock:
        if _thread is None:
            _thread = Thread(target=_run, name="imports", daemon=True)
            _thread.start()


def _run() -> None:
    global _thread
    try:
        while True:
            work_off()
            with _lock:  # what is handed in after this begins a new thread
                if not Import.objects.unfinished().exists():
                    _thread = None
                    return
    except Exception:
        # Without its database a thread can do nothing; whoever looks at an import begins another.
        log.exception("Work on imports has stopped.")
        _thread = None
    finally:
        connections.close_all()


def work_off() -> None:
    """Work on imports until none is unfinished, waiting for those that others work on."""
    while Import.objects.unfinished().exists():
        claim = take()
        if claim is None:
            sleep(PAUSE)
        else:
            work_on(claim)


def take() -> Claim | None:
    """Claim the oldest import that nobody works on; of several who try, one gets it."""
    now = timezone.now()
    free = Import.objects.unfinished().filter(Q(worker=None) | Q(beat_at__lt=now - STALE))
    for pk in free.order_by("id").values_list("pk", flat=True):
        claim = Claim(pk)
        taken = {"worker": claim.token, "beat_at": now, "attempts": F("attempts") + 1}
        if free.filter(pk=pk).update(**taken):
            return claim
    return None


# The work


def work_on(claim: Claim) -> None:
    """Check an import, or carry it out; whatever goes wrong stands on its page."""
    file = Import.objects.select_related("by", "confirmed_by").filter(pk=claim.pk).first()
    if file is None:  # discarded a moment ago
        return
    try:
        if file.attempts > MOST_ATTEMPTS:
            text = (
                f"It was begun {MOST_ATTEMPTS} times and cut off each time. Nothing was imported."
            )
            claim.end(Status.FAILED, problem=text)
        elif file.status == Status.CHECKING:
            _keep(claim, check(file, claim.tick))
        else:
            _carry_out(claim, file)
    except ClaimLost:
        log.warning("Import %s was taken up by somebody else.", file.pk)
    except Unreadable as error:
        _keep_problem(claim, str(error))
    except OperationalError:
        raise  # the database is away: the claim goes stale and the work is taken up again
    except Exception:
        log.exception("Import %s failed.", file.pk)
        claim.end(Status.FAILED, problem=UNEXPECTED)


def _carry_out(claim: Claim, file: Import) -> None:
    start = perf_counter_ns()
    checked = check(file, claim.tick)
    # The books may have moved on since somebody looked at it.
    if not (checked.plan.is_importable and checked.plan.has_work):
        _keep(claim, checked)
        return
    claim.tick("Importing, all of it or nothing", 0, 0)
    try:
        together(lambda post: _write(claim, file, checked, post, start))
    except RowsRefused as refused:
        checked.plan.findings += refused.findings
        _keep(claim, checked)
    except IntegrityError:  # somebody else was quicker by a moment: look again
        claim.end(Status.CHECKING)


def _write(claim: Claim, file: Import, checked: Checked, post: Joined, start: int) -> None:
    """Everything in one transaction, the mark that it was done among it.

    While it is open the row is locked, so that nobody takes the import up. The rows of equal
    files are locked as well, in one order: of two, the second finds that the first was imported.
    """
    equal = Import.objects.filter(Q(pk=file.pk) | Q(kind=file.kind, digest=checked.digest))
    locked = {row.pk: row for row in equal.order_by("pk").select_for_update(no_key=True)}
    if locked[file.pk].worker != claim.token:
        raise ClaimLost
    before = Import.objects.same_rows(file.kind, checked.digest).exclude(pk=file.pk)
    if file.about.dated and before.exists():
        raise IntegrityError("These rows were imported a moment ago.")
    memo = f"Imported from {file.name}"
    documents = file.about.write(checked.plan, file.date, memo, file.importer, post)
    file.documents.set(documents)
    took = (perf_counter_ns() - start) // 1_000_000
    counts = {**checked.plan.counts, "milliseconds": took}
    claim.end(
        Status.IMPORTED,
        counts=counts,
        digest=checked.digest,
        finished_at=timezone.now(),
        problem="",
    )
    figures = "; ".join(f"{label}: {count:,}" for label, count in checked.plan.counts.items())
    note(Kind.IMPORTED, file, by=Actor(file.importer), new=figures)


def _keep(claim: Claim, checked: Checked) -> None:
    """Keep what the check has found, for people to look at."""
    plan = checked.plan
    status = Status.READY if plan.is_importable else Status.WRONG
    if plan.is_importable and not plan.has_work:
        status = Status.NOTHING
    with transaction.atomic():
        _keep_findings(claim.pk, plan.findings)
        claim.end(
            status,
            digest=checked.digest,
            counts={**plan.counts, WRONG_ROWS: len(plan.wrong_rows - {None})},
            notices=checked.notices,
            problem="",
        )


def _keep_problem(claim: Claim, problem: str) -> None:
    with transaction.atomic():
        _keep_findings(claim.pk, [])
        claim.end(Status.WRONG, problem=problem[:500], counts={}, notices=[])


def _keep_findings(pk: int, findings: Iterable[Finding]) -> None:
    RowFinding.objects.filter(of=pk).delete()
    in_order = sorted(findings, key=lambda finding: finding.row or 0)
    sets.insert(RowFinding, COLUMNS, [finding_row(pk, f) for f in in_order], ["id"])
