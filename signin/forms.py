"""The forms of logging in, of one's own account, and of invitations."""

from __future__ import annotations

from functools import partial
from threading import Thread
from typing import Any

from django import forms
from django.contrib.auth.forms import (
    AuthenticationForm,
    BaseUserCreationForm,
    PasswordChangeForm,
    PasswordResetForm,
)
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError

from signin import lockout, people, second_factor
from signin.models import Invitation
from users.roles import ROLES

NOT_YOURS = "This is not your password."
CODE = {"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}


class LogInForm(AuthenticationForm):
    """Username or e-mail, and the password; says until when somebody has to wait."""

    error_messages = {
        "invalid_login": "This name and password do not match. Check both; capitals count.",
        "inactive": "This name and password do not match. Check both; capitals count.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "Username or e-mail"

    def clean(self) -> dict[str, Any]:
        try:
            return super().clean()
        except ValidationError:
            if locked := lockout.until(self.cleaned_data.get("username", ""), self.request):
                raise ValidationError(lockout.sentence(locked)) from None
            raise


class Guarded(forms.Form):
    """A form that proves once more who sends it; wrong answers count as failed log-ins."""

    def __init__(self, *args: Any, request: Any, user: User, **kwargs: Any) -> None:
        self.request, self.user = request, user
        super().__init__(*args, **kwargs)

    def prove(self, right: Any, sentence: str) -> None:
        prove(self.request, self.user, right, sentence)


def prove(request: Any, user: Any, right: Any, sentence: str) -> None:
    """Refuse if the user has to wait, or if what was sent is not `right()`, with a sentence."""
    name = user.get_username()
    if not lockout.until(name, request):
        if right():
            return
        lockout.failed(name, request)
    locked = lockout.until(name, request)
    raise ValidationError(lockout.sentence(locked) if locked else sentence)


class CodeForm(Guarded):
    """The code after the password."""

    code = forms.CharField(
        label="Code", max_length=40, widget=forms.TextInput({**CODE, "autofocus": True})
    )

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        self.prove(
            lambda: second_factor.accepts(self.user, code),
            "This code is not right, or was used already. Enter the one shown now.",
        )
        return code


class PasswordForm(Guarded):
    """The user's password once more, before something that a passer-by must not do."""

    password = forms.CharField(
        label="Your password",
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        self.prove(partial(self.user.check_password, password), NOT_YOURS)
        return password


class ChangePasswordForm(PasswordChangeForm):
    """A new password, for whoever knows the old one."""

    def __init__(self, *args: Any, request: Any, **kwargs: Any) -> None:
        self.request = request
        super().__init__(*args, **kwargs)

    def clean_old_password(self) -> str:
        password: str = self.cleaned_data["old_password"]
        prove(self.request, self.user, partial(self.user.check_password, password), NOT_YOURS)
        return password


class TurnOnForm(PasswordForm):
    """A first code of the authenticator app, which shows that it has the secret."""

    code = forms.CharField(label="Code the app shows", max_length=10, widget=forms.TextInput(CODE))
    field_order = ("code", "password")

    def __init__(self, *args: Any, secret: str, **kwargs: Any) -> None:
        self.secret, self.step = secret, 0
        super().__init__(*args, **kwargs)

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        step = second_factor.step_of(self.secret, code)
        if step is None:
            text = "This is not the code. Wait for the next one; the clock must be right."
            raise ValidationError(text)
        self.step = step
        return code


def refuse_taken(email: str, but: int | None = None) -> None:
    """Refuse an address that somebody else logs in with."""
    others = User.objects.filter(email__iexact=email).exclude(pk=but)
    if email and (other := others.first()):
        raise ValidationError(f"{other.get_username()} already has this address.")


class AccountForm(forms.ModelForm):
    """One's own name and address. A new address wants the password: resets are sent there."""

    password = forms.CharField(
        label="Your password",
        required=False,
        strip=False,
        help_text="Only for a new e-mail address.",
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )

    class Meta:
        model = User
        fields = ["first_name", "last_name", "email"]
        labels = {"email": "E-mail"}

    def __init__(self, *args: Any, request: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].strip()
        if email.lower() != self.initial["email"].lower():
            others = User.objects.filter(email__iexact=email).exclude(pk=self.instance.pk)
            if email and others.exists():
                raise ValidationError("Somebody else has this address.")
        return email

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "email" in data and data["email"] != self.initial["email"]:
            proof = PasswordForm(
                {"password": data.get("password", "")}, request=self.request, user=self.instance
            )
            for message in proof.errors.get("password", []):
                self.add_error("password", message)
        return data


class ResetForm(PasswordResetForm):
    """Asks for a link by e-mail. Whether there is such a user does not show, nor take longer."""

    request: Any = None

    def save(self, *args: Any, **kwargs: Any) -> None:
        if lockout.may_ask_for_reset(self.cleaned_data["email"], kwargs.get("request")):
            super().save(*args, **kwargs)

    def send_mail(self, *args: Any, **kwargs: Any) -> None:
        # A mail server takes its time, which would tell that there is somebody to write to.
        send = super().send_mail
        Thread(target=send, args=args, kwargs=kwargs, name="reset mail").start()


class InvitationForm(forms.ModelForm):
    """Whom to invite, and in which role."""

    class Meta:
        model = Invitation
        fields = ["email", "first_name", "last_name", "role"]
        labels = {"email": "E-mail"}
        help_texts = {"role": "What they may do. It can be changed later."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role: Any = self.fields["role"]
        role.queryset, role.required = Group.objects.filter(name__in=ROLES), True

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        refuse_taken(email)
        return email


class AcceptForm(BaseUserCreationForm):
    """What an invited person chooses: their username and password."""

    class Meta:
        model = User
        fields = ["username"]

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        kwargs["initial"] = {"username": free_name(invitation.email), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        for name in ("email", "first_name", "last_name"):
            setattr(self.instance, name, getattr(invitation, name))

    def clean_username(self) -> str:
        name: str = self.cleaned_data["username"]
        if people.called(name) or User.objects.filter(username__iexact=name).exists():
            raise ValidationError("Somebody has this username already. Choose another.")
        return name


def free_name(email: str) -> str:
    """A username out of an address, if nobody has it: robin of robin@example.com."""
    name = email.partition("@")[0]
    return "" if User.objects.filter(username__iexact=name).exists() else name
