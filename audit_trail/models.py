"""The audit trail: who did what, when, and from where. Rows are added and never changed."""

from __future__ import annotations

from typing import Any, cast

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class AuditEvent(models.Model):
    """One act that is on record: a field of a record changed, a log-in, a file taken out.

    `name` is who did it, in the words of the time; `by` is the user, if it was one. The database
    refuses to change or delete a row (transactions/triggers.py). Documents are not written here:
    they, their postings and their moves are a trail of their own.
    """

    class Kind(models.TextChoices):
        CREATED = "created", "Record created"
        CHANGED = "changed", "Field changed"
        DELETED = "deleted", "Record deleted"
        CLOSED = "closed", "Period closed"
        REOPENED = "reopened", "Period reopened"
        ROLES = "roles", "Roles changed"
        LOGGED_IN = "logged_in", "Logged in"
        LOG_IN_FAILED = "log_in_failed", "Log-in failed"
        LOCKED_OUT = "locked_out", "Locked out"
        LOGGED_OUT = "logged_out", "Logged out"
        PASSWORD = "password", "Password changed"
        RESET_ASKED = "reset_asked", "Password reset asked for"
        SECOND_FACTOR = "second_factor", "Second factor changed"
        INVITATION = "invitation", "Invitation"
        EXPORTED = "exported", "Exported"
        IMPORTED = "imported", "Imported"

    at = models.DateTimeField("when", default=timezone.now)
    kind = models.CharField("what", max_length=20, choices=Kind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    name = models.CharField("who", max_length=150, blank=True)
    # The kind of record ("items.item"), its key, and what it was called at the time.
    record_type = models.CharField("type", max_length=60, blank=True)
    record_id = models.BigIntegerField(null=True)
    record = models.CharField(max_length=200, blank=True)
    field = models.CharField(max_length=100, blank=True)
    old = models.TextField("old value", blank=True)
    new = models.TextField("new value", blank=True)
    ip = models.GenericIPAddressField("IP address", null=True)
    agent = models.CharField("browser", max_length=300, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["-at", "-id"], name="audit_event_at"),
            models.Index(fields=["record_type", "record_id", "-at"], name="audit_event_record"),
            models.Index(fields=["by", "-at"], name="audit_event_by"),
            # What the lock-out asks for at each log-in (signin/lockout.py).
            models.Index(
                fields=["name", "-at"],
                condition=Q(kind__in=("log_in_failed", "reset_asked")),
                name="audit_event_failed_name",
            ),
            models.Index(
                fields=["ip", "-at"],
                condition=Q(kind__in=("log_in_failed", "reset_asked")),
                name="audit_event_failed_ip",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.record or self.name}"

    @classmethod
    def fitting(cls, **values: Any) -> AuditEvent:
        """An unsaved event, its texts cut to what the columns hold."""
        for name in ("name", "record", "field", "agent"):
            column = cast("models.CharField", cls._meta.get_field(name))
            values[name] = str(values.get(name, "")).replace("\0", "")[: column.max_length]
        return cls(**values)
