"""What the reports keep: when the books were last proved, and with what result."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone


class AuditRunQuerySet(models.QuerySet["AuditRun"]):
    def finished(self) -> AuditRunQuerySet:
        return self.filter(milliseconds__isnull=False)


class AuditRun(models.Model):
    """One proof of every invariant of stock and books: when, by whom, and what it found.

    `findings` has a dictionary an invariant: code, name, statement, looked_at, count (of
    offenders) and the first of the offenders. `looked_at` has pairs: what the ledger then held,
    and how many. A run that was broken off has no duration.
    """

    started_at = models.DateTimeField(default=timezone.now)
    milliseconds = models.PositiveBigIntegerField(null=True)
    # None: the command line.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    looked_at = models.JSONField(default=list)
    findings = models.JSONField(default=list)

    objects = AuditRunQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-id"]

    def __str__(self) -> str:
        return f"Audit of {self.started_at:%Y-%m-%d %H:%M}"

    @property
    def is_finished(self) -> bool:
        return self.milliseconds is not None

    @property
    def seconds(self) -> Decimal:
        """How long it took, to the tenth."""
        return (Decimal(self.milliseconds or 0) / 1000).quantize(Decimal("0.1"))

    @property
    def broken(self) -> list[dict[str, Any]]:
        """The findings that have offenders."""
        return [finding for finding in self.findings if finding["count"]]
