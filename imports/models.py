"""Files that were handed in to be imported: what they are, how far they are, what is wrong."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from imports import kinds
from transactions.models import VOIDED, Transaction

if TYPE_CHECKING:
    from imports.kinds.base import Finding, ImportKind


WRONG_ROWS = "Wrong rows"


class ImportQuerySet(models.QuerySet["Import"]):
    def unfinished(self) -> ImportQuerySet:
        """Those that the machine has still to work on."""
        return self.filter(status__in=(Import.Status.CHECKING, Import.Status.IMPORTING))

    def same_rows(self, kind: str, digest: str) -> ImportQuerySet:
        """Those of a file with the same rows, none of whose documents was voided since."""
        voided = Transaction.objects.filter(imports=models.OuterRef("pk"), status=VOIDED)
        return self.filter(
            ~models.Exists(voided), kind=kind, digest=digest, status=Import.Status.IMPORTED
        )


class Import(models.Model):
    """A file of items, opening stock or receipts on its way into the books (SPEC §7.9).

    It is checked first, and imported when somebody has confirmed it: all of it, or nothing. The
    row is the task as well: `worker` is who works on it, `beat_at` when it was last heard of
    (imports/running.py).
    """

    class Status(models.TextChoices):
        CHECKING = "checking", "Checking"
        READY = "ready", "Ready to Import"
        WRONG = "wrong", "To Correct"
        NOTHING = "nothing", "Nothing to Import"
        IMPORTING = "importing", "Importing"
        IMPORTED = "imported", "Imported"
        FAILED = "failed", "Failed"

    kind = models.CharField(max_length=30, choices=kinds.choices)
    name = models.CharField("file", max_length=200)
    date = models.DateField(default=timezone.localdate)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField("handed in", auto_now_add=True)
    request_id = models.UUIDField(unique=True, default=uuid4, editable=False)
    finished_at = models.DateTimeField("imported at", null=True, editable=False)
    status = models.CharField(max_length=10, choices=Status, default=Status.CHECKING)
    # Of the rows as they were read, however the file was written.
    digest = models.CharField(max_length=64, blank=True, editable=False)
    # What the check found, in figures and in sentences about the whole file.
    counts = models.JSONField(default=dict, editable=False)
    notices = models.JSONField(default=list, editable=False)
    problem = models.CharField(max_length=500, blank=True, editable=False)
    documents = models.ManyToManyField(Transaction, related_name="imports", editable=False)

    phase = models.CharField(max_length=60, blank=True, editable=False)
    done = models.PositiveIntegerField(default=0, editable=False)
    total = models.PositiveIntegerField(default=0, editable=False)
    worker = models.UUIDField(null=True, editable=False)
    beat_at = models.DateTimeField(null=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["id"],
                condition=Q(status__in=("checking", "importing")),
                name="import_unfinished",
            ),
            models.Index(fields=["kind", "digest"], name="import_digest"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("imports:view", args=[self.pk])

    @property
    def about(self) -> ImportKind:
        """What its kind of file holds and does."""
        return kinds.get(self.kind)

    @property
    def importer(self) -> Any:
        """Who answers for what it writes: whoever confirmed it."""
        return self.confirmed_by or self.by

    @property
    def is_unfinished(self) -> bool:
        return self.status in (self.Status.CHECKING, self.Status.IMPORTING)

    @property
    def percent(self) -> int | None:
        """How far the present phase is; None where nobody can tell."""
        return min(100, self.done * 100 // self.total) if self.total else None

    @property
    def figures(self) -> list[tuple[str, int]]:
        """What the check has counted, in words; wrong rows only where there are any."""
        return [
            (label, count)
            for label, count in self.counts.items()
            if label != "milliseconds" and (count or label != WRONG_ROWS)
        ]

    @property
    def wrong_rows(self) -> int:
        return int(self.counts.get(WRONG_ROWS, 0))

    @property
    def took(self) -> Decimal | None:
        """How many seconds passed from confirming to the end, to the tenth."""
        seconds = self.counts.get("milliseconds")
        return None if seconds is None else (Decimal(seconds) / 1000).quantize(Decimal("0.1"))

    @property
    def is_undone(self) -> bool:
        """Whether every document it made was voided since."""
        made = self.documents.all()
        return bool(made) and all(document.status == VOIDED for document in made)


class ImportFile(models.Model):
    """The file as it was handed in. Apart from its import, whose row is written again and again."""

    of = models.OneToOneField(
        Import, models.CASCADE, primary_key=True, related_name="file", editable=False
    )
    content = models.BinaryField(editable=False)

    def __str__(self) -> str:
        return str(self.of)


class RowFinding(models.Model):
    """What the check found about one row: that it is wrong, or worth knowing.

    `row` is its number in the spreadsheet, the heading being row 1 as a rule; none for a finding
    about the whole file.
    """

    class Weight(models.TextChoices):
        WRONG = "wrong", "Wrong"
        KNOWN = "known", "Already there"
        NOTE = "note", "Note"

    of = models.ForeignKey(Import, models.CASCADE, related_name="findings")
    row = models.PositiveIntegerField(null=True)
    weight = models.CharField("result", max_length=5, choices=Weight)
    code = models.CharField(max_length=10, blank=True)
    column = models.CharField(max_length=60, blank=True)
    value = models.CharField(max_length=200, blank=True)
    message = models.CharField(max_length=500)
    url = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["of", "row", "id"], name="finding_row")]

    def __str__(self) -> str:
        return f"Row {self.row}: {self.message}" if self.row else self.message


COLUMNS = ("of_id", "row", "weight", "code", "column", "value", "message", "url")


def finding_row(pk: int, finding: Finding) -> tuple[Any, ...]:
    """The values of a finding's columns, cut to what they hold."""
    return (
        pk,
        finding.row,
        finding.weight,
        finding.code,
        finding.column[:60],
        finding.value[:200],
        finding.message[:500],
        finding.url[:300],
    )
