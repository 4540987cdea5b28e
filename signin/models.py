"""Logging in: sessions by user, the second factor, invitations. Users themselves are Django's."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.sessions.base_session import AbstractBaseSession
from django.core import signing
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

VALID_FOR = timedelta(days=7)
SALT = "signin.invitation"


class SessionQuerySet(models.QuerySet["Session"]):
    def of(self, user: Any) -> SessionQuerySet:
        """The sessions in which a user is logged in, the one used last first."""
        return self.filter(user=user, expire_date__gt=timezone.now()).order_by("-expire_date")


class Session(AbstractBaseSession):
    """A browser's stay, from log-in to log-out; its user can end it from elsewhere."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="sessions"
    )
    ip = models.GenericIPAddressField("IP address", null=True)
    agent = models.CharField("browser", max_length=300, blank=True)
    began_at = models.DateTimeField(null=True)

    objects = SessionQuerySet.as_manager()  # type: ignore[assignment,misc]

    @classmethod
    def get_session_store_class(cls) -> Any:
        from signin.sessions import SessionStore

        return SessionStore

    @property
    def handle(self) -> str:
        """What a page may call the session by: whoever knows its key is logged in."""
        return salted_hmac("signin.session", self.session_key).hexdigest()[:16]

    @property
    def used_at(self) -> datetime:
        """When it was used last, to a few minutes (signin/middleware.py)."""
        return self.expire_date - timedelta(seconds=settings.SESSION_COOKIE_AGE)


class SecondFactor(models.Model):
    """A user's authenticator app: the secret it shares with us, and the last code taken."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="second_factor"
    )
    secret = models.CharField(max_length=64)
    added_at = models.DateTimeField(auto_now_add=True)
    # The half minute of the last code taken: no code is taken twice.
    last_step = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"Second factor of {self.user}"


class RecoveryCode(models.Model):
    """A code on paper that stands in for the authenticator app once; only its digest is kept."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="recovery_codes"
    )
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "digest"], name="recovery_code_once_per_user")
        ]

    def __str__(self) -> str:
        return f"Recovery code of {self.user}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> InvitationQuerySet:
        """Those that were neither accepted nor withdrawn; their links may have expired."""
        return self.filter(accepted_at=None, withdrawn_at=None)


class Invitation(models.Model):
    """A link by e-mail with which somebody becomes a user: they choose their own name and password.

    There is no user until then. Sending it again voids the link that was sent before.
    """

    email = models.EmailField("e-mail")
    first_name = models.CharField(max_length=150)
    last_name = models.CharField(max_length=150, blank=True)
    role = models.ForeignKey(Group, models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(default=timezone.now)
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["email"],
                condition=Q(accepted_at=None, withdrawn_at=None),
                name="invited_once_at_a_time",
                violation_error_message="This address is invited already; send it again instead.",
            )
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def expires_at(self) -> datetime:
        return self.sent_at + VALID_FOR

    @property
    def status_label(self) -> str:
        if self.accepted_at:
            return "Accepted"
        if self.withdrawn_at:
            return "Withdrawn"
        return "Open" if timezone.now() < self.expires_at else "Expired"

    @property
    def token(self) -> str:
        """What the link carries; nobody else can make one up."""
        return signing.dumps([self.pk, self.sent_at.isoformat()], salt=SALT)

    @classmethod
    def of_token(cls, token: str) -> Invitation | None:
        """The open invitation of a link, unless it has expired or was sent again since."""
        try:
            pk, sent_at = signing.loads(token, salt=SALT, max_age=VALID_FOR)
        except signing.BadSignature:
            return None
        sent = datetime.fromisoformat(sent_at)
        return cls.objects.open().filter(pk=pk, sent_at=sent).first()
