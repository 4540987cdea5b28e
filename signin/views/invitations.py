"""Setup > Users > Invite: how somebody becomes a user."""

from __future__ import annotations

import logging
from smtplib import SMTPException
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from audit_trail.models import AuditEvent
from audit_trail.recording import note
from company.models import Company
from inventory.records import made_before
from signin.forms import AcceptForm, InvitationForm
from signin.models import Invitation

log = logging.getLogger(__name__)

INVITATION = AuditEvent.Kind.INVITATION
INVITED = "This address is invited already; send it again instead."
SHOWN = 50


class Invite(View):
    """Whom to invite, and who was invited lately."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(InvitationForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = InvitationForm(request.POST, instance=Invitation(by=cast("User", request.user)))
        if not form.is_valid():
            return self._refuse(form)
        try:
            with transaction.atomic():
                invitation = form.save()
                note(INVITATION, invitation, field="role", new=str(invitation.role or ""))
        except IntegrityError:  # the form does not look at what it has no field for
            form.add_error("email", ValidationError(INVITED, code="unique"))
            return self._refuse(form)
        _send(request, invitation)
        return redirect("invite-user")

    def _refuse(self, form: InvitationForm) -> HttpResponse:
        if made := made_before(form, Invitation.objects.open()):
            messages.success(self.request, f"{made} is invited already; the link was sent once.")
            return redirect("invite-user")
        return self._page(form)

    def _page(self, form: InvitationForm) -> HttpResponse:
        context = {
            "title": "Invite a User",
            "form": form,
            "submit": "Send Invitation",
            "invitations": Invitation.objects.select_related("role", "by")[:SHOWN],
        }
        return render(self.request, "signin/invite.html", context)


@require_POST
def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    """A new link; the one sent before opens nothing any more.

    The button says when it was sent last, so that of two clicks the second sends nothing.
    """
    invitation = get_object_or_404(Invitation, pk=pk)
    last, now = invitation.sent_at, timezone.now()
    waiting = Invitation.objects.open().filter(pk=pk, sent_at=last)
    shown = request.POST.get("sent") in (None, str(int(last.timestamp())))
    if not (shown and waiting.update(sent_at=now)):
        return _done_already(request, invitation)
    invitation.sent_at = now
    note(INVITATION, invitation, new="Sent again")
    _send(request, invitation)
    return redirect("invite-user")


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    invitation = get_object_or_404(Invitation, pk=pk)
    now = timezone.now()
    if not Invitation.objects.open().filter(pk=pk).update(withdrawn_at=now):
        return _done_already(request, invitation)
    note(INVITATION, invitation, new="Withdrawn")
    messages.success(request, f"The invitation of {invitation} is withdrawn.")
    return redirect("invite-user")


def _done_already(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """What a second click, or somebody else's, finds."""
    is_open = invitation.status_label in ("Open", "Expired")
    said = "was sent again already" if is_open else f"is {invitation.status_label.lower()} already"
    messages.info(request, f"The invitation of {invitation} {said}.")
    return redirect("invite-user")


def _send(request: HttpRequest, invitation: Invitation) -> None:
    """Mail the link; where that fails, the administrator is given it to pass on."""
    link = request.build_absolute_uri(reverse("accept-invitation", args=[invitation.token]))
    company = Company.current()
    words = {"invitation": invitation, "link": link, "company": company, "by": request.user}
    text = render_to_string("signin/mail/invitation.txt", words)
    try:
        send_mail(f"Your log-in at {company}", text, None, [invitation.email])
    except (OSError, SMTPException):
        log.exception("The invitation of %s could not be sent.", invitation)
        said = f"The e-mail could not be sent. Give {invitation} this link yourself: {link}"
        messages.warning(request, said)
    else:
        messages.success(request, f"{invitation} is invited; the link is good for seven days.")


@method_decorator(login_not_required, name="dispatch")
@method_decorator(never_cache, name="dispatch")
@method_decorator(sensitive_post_parameters(), name="dispatch")
class Accept(View):
    """The page behind the link: choose a username and a password, and be a user."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return self._answer(Invitation.of_token(token), None)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        return self._answer(Invitation.of_token(token), request.POST)

    def _answer(self, invitation: Invitation | None, data: Any) -> HttpResponse:
        if invitation is None:
            return render(self.request, "signin/invitation_over.html", status=410)
        form = AcceptForm(data, invitation=invitation)
        if data is not None and form.is_valid() and _become_user(form, invitation):
            messages.success(self.request, "Welcome. Log in with what you have just chosen.")
            return redirect("login")
        return render(self.request, "signin/accept.html", {"form": form, "invitation": invitation})


@transaction.atomic
def _become_user(form: AcceptForm, invitation: Invitation) -> bool:
    """Make the user, once: of two clicks the guarded update lets one through."""
    now = timezone.now()
    if not Invitation.objects.open().filter(pk=invitation.pk).update(accepted_at=now):
        return False
    user = form.save()
    if invitation.role:
        user.groups.add(invitation.role)
    note(INVITATION, invitation, name=user.get_username(), new="Accepted")
    return True
