"""The second factor: codes of an authenticator app (RFC 6238), and recovery codes on paper."""

from __future__ import annotations

import secrets
from typing import Any

import pyotp
import segno
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from audit_trail.models import AuditEvent
from audit_trail.recording import note
from signin.models import RecoveryCode, SecondFactor

Kind = AuditEvent.Kind
STEP = 30  # seconds that a code is shown
DRIFT = 1  # codes before and after, for clocks that are not quite right
CODES = 10
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # nothing that looks like another
GROUPS, LENGTH = 4, 4  # 80 bits: too many to be found from their digests

new_secret = pyotp.random_base32


def address(secret: str, user: User) -> str:
    """What an authenticator app reads out of the QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=user.get_username(), issuer_name="Serialbook")


def drawing(secret: str, user: User) -> str:
    """The QR code as SVG, without inline styles."""
    code = segno.make(address(secret, user), error="m", micro=False)
    return code.svg_inline(scale=5, border=4, omitsize=True, svgclass="qr", lineclass=None)


def step_of(secret: str, code: str) -> int | None:
    """The half minute a code of six figures belongs to, if that is now or was a moment ago."""
    code = "".join(code.split())
    now = int(timezone.now().timestamp()) // STEP
    made = pyotp.TOTP(secret)
    for step in range(now - DRIFT, now + DRIFT + 1):
        if constant_time_compare(made.at(step * STEP), code):
            return step
    return None


@transaction.atomic
def turn_on(user: User, secret: str, step: int) -> list[str]:
    """Ask for codes at every log-in from now on; the recovery codes, which are shown this once."""
    SecondFactor.objects.update_or_create(user=user, defaults={"secret": secret, "last_step": step})
    note(Kind.SECOND_FACTOR, user, new="Turned on")
    return renew_codes(user)


@transaction.atomic
def renew_codes(user: User) -> list[str]:
    """New recovery codes; those from before are worth nothing any more."""
    codes = [_new_code() for _ in range(CODES)]
    user.recovery_codes.all().delete()  # type: ignore[attr-defined]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=user, digest=_digest(user, code)) for code in codes
    )
    note(Kind.SECOND_FACTOR, user, new="Recovery codes made")
    return codes


@transaction.atomic
def turn_off(user: User) -> None:
    """The password is enough again."""
    SecondFactor.objects.filter(user=user).delete()
    RecoveryCode.objects.filter(user=user).delete()
    note(Kind.SECOND_FACTOR, user, old="Turned on", new="Turned off")


def accepts(user: User, code: str) -> bool:
    """Whether a code lets the user in. It is used up by that: neither kind is taken twice."""
    return _accepts_app(user, code) or _accepts_paper(user, code)


def _accepts_app(user: User, code: str) -> bool:
    factor = SecondFactor.objects.get(user=user)
    step = step_of(factor.secret, code)
    if step is None:
        return False
    # Of two who send it at once, the guarded update lets in one.
    unused = SecondFactor.objects.filter(pk=factor.pk, last_step__lt=step)
    return bool(unused.update(last_step=step))


def _accepts_paper(user: User, code: str) -> bool:
    unused = RecoveryCode.objects.filter(user=user, digest=_digest(user, code), used_at=None)
    if not unused.update(used_at=timezone.now()):
        return False
    left = RecoveryCode.objects.filter(user=user, used_at=None).count()
    note(Kind.SECOND_FACTOR, user, new=f"Recovery code used; {left} left")
    return True


def _new_code() -> str:
    letters = [[secrets.choice(ALPHABET) for _ in range(LENGTH)] for _ in range(GROUPS)]
    return "-".join("".join(group) for group in letters)


def _digest(user: Any, code: str) -> str:
    bare = "".join(c for c in code.upper() if c in ALPHABET)
    return salted_hmac(f"signin.recovery.{user.pk}", bare, algorithm="sha256").hexdigest()
