"""Runs the audit on one moment's picture of the database, and keeps the last runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter_ns
from typing import Any

from django.db import connection, transaction
from django.db.models import Model

from accounting.models import JournalLine
from items.models import SerialUnit
from reports.models import AuditRun
from transactions import audit
from transactions.audit import Finding
from transactions.models import StockMove, Transaction

KEPT = 20
OFFENDERS_KEPT = 100  # of each invariant; how many there were is kept as a number
LEDGER: tuple[tuple[str, type[Model]], ...] = (
    ("documents", Transaction),
    ("units", SerialUnit),
    ("stock moves", StockMove),
    ("journal lines", JournalLine),
)


def prove(by: Any = None) -> tuple[AuditRun, list[Finding]]:
    """Run the audit, keep what it found, and drop the oldest runs. `by` None: no user."""
    run = AuditRun.objects.create(by=by)  # a run that is broken off is seen to have begun
    start = perf_counter_ns()
    with one_moment():
        findings = audit.run()
        run.looked_at = [[name, model._default_manager.count()] for name, model in LEDGER]
    run.milliseconds = (perf_counter_ns() - start) // 1_000_000
    run.findings = [_kept(finding) for finding in findings]
    run.save()
    last = AuditRun.objects.values("pk")[:KEPT]
    AuditRun.objects.exclude(pk__in=last).delete()
    return run, findings


def _kept(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "name": finding.name,
        "statement": finding.statement,
        "looked_at": finding.looked_at,
        "count": len(finding.offenders),
        "offenders": finding.offenders[:OFFENDERS_KEPT],
    }


@contextmanager
def one_moment() -> Iterator[None]:
    """Read as of one moment: what others post meanwhile would look like offenders.

    They are not kept waiting. Inside a transaction the caller has said what is read.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        with _deferred():
            yield


@contextmanager
def _deferred() -> Iterator[None]:
    """On SQLite a transaction of our own: Django's would take the write lock (settings.py)."""
    with connection.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")
