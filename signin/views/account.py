"""My Account: one's own name, password, second factor and sessions."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth import views as auth
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.safestring import mark_safe
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from signin import second_factor
from signin.forms import AccountForm, ChangePasswordForm, PasswordForm, TurnOnForm
from signin.models import RecoveryCode, SecondFactor, Session

PENDING = "signin.pending"
TRAIL = [("My Account", reverse_lazy("account"))]

secret_from_reports = method_decorator(sensitive_post_parameters(), name="dispatch")


def _me(request: HttpRequest) -> User:
    """Whoever is logged in; a stranger does not come as far as these pages."""
    return cast("User", request.user)


@secret_from_reports
class Account(View):
    """Who one is, how one logs in, and where one is logged in."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(AccountForm(instance=_me(request), request=request))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = AccountForm(request.POST, instance=_me(request), request=request)
        if not form.is_valid():
            _me(request).refresh_from_db()  # the form writes what was typed into it
            return self._page(form)
        form.save()
        messages.success(request, "Your account is saved.")
        return redirect("account")

    def _page(self, form: AccountForm) -> HttpResponse:
        user = _me(self.request)
        sessions = Session.objects.of(user)
        context = {
            "title": "My Account",
            "form": form,
            "factor": SecondFactor.objects.filter(user=user).first(),
            "codes_left": RecoveryCode.objects.filter(user=user, used_at=None).count(),
            "sessions": sessions,
            "this_one": self.request.session.session_key,
        }
        return render(self.request, "signin/account.html", context)


class ChangePassword(auth.PasswordChangeView):
    """A new password; every other session of the user ends."""

    form_class = ChangePasswordForm
    template_name = "signin/guarded_form.html"
    success_url = reverse_lazy("account")
    extra_context = {
        "title": "Change Password",
        "trail": TRAIL,
        "subtitle": "You will be logged out everywhere else.",
        "submit": "Change Password",
        "cancel_url": reverse_lazy("account"),
    }

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "request": self.request}

    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        end_sessions(self.request, but_this_one=True)
        messages.success(self.request, "Your password is changed.")
        return answer


@method_decorator(never_cache, name="dispatch")
@secret_from_reports
class TurnOn(View):
    """The QR code for the authenticator app, and the first code back from it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        secret = request.session.setdefault(PENDING, second_factor.new_secret())
        return self._page(TurnOnForm(request=request, user=_me(request), secret=secret))

    def post(self, request: HttpRequest) -> HttpResponse:
        if PENDING not in request.session:
            messages.error(request, "This page was out of date. Scan the code that it shows now.")
            return redirect("second-factor")
        secret = request.session[PENDING]
        form = TurnOnForm(request.POST, request=request, user=_me(request), secret=secret)
        if not form.is_valid():
            return self._page(form)
        codes = second_factor.turn_on(form.user, secret, form.step)
        del request.session[PENDING]
        return _show_codes(request, codes)

    def _page(self, form: TurnOnForm) -> HttpResponse:
        context = {
            "title": "Second Factor",
            "trail": TRAIL,
            "form": form,
            "submit": "Turn On",
            # Our own drawing of our own text.
            "drawing": mark_safe(second_factor.drawing(form.secret, form.user)),  # noqa: S308
            "secret": " ".join(form.secret[n : n + 4] for n in range(0, len(form.secret), 4)),
        }
        return render(self.request, "signin/turn_on.html", context)


@method_decorator(never_cache, name="dispatch")
@secret_from_reports
class Asks(View):
    """A page that wants the password before it does what its title says."""

    title = subtitle = submit = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not SecondFactor.objects.filter(user=_me(request)).exists():
            return redirect("account")
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(PasswordForm(request=request, user=_me(request)))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = PasswordForm(request.POST, request=request, user=_me(request))
        return self.do(request) if form.is_valid() else self._page(form)

    def do(self, request: HttpRequest) -> HttpResponse:
        raise NotImplementedError

    def _page(self, form: PasswordForm) -> HttpResponse:
        words = {"title": self.title, "subtitle": self.subtitle, "submit": self.submit}
        context = {**words, "trail": TRAIL, "form": form, "cancel_url": reverse("account")}
        return render(self.request, "signin/guarded_form.html", context)


class TurnOff(Asks):
    title = "Turn Off the Second Factor?"
    subtitle = "Your password alone will let you in. Your recovery codes are thrown away."
    submit = "Turn Off"

    def do(self, request: HttpRequest) -> HttpResponse:
        second_factor.turn_off(_me(request))
        messages.success(request, "The second factor is off.")
        return redirect("account")


class NewCodes(Asks):
    title = "Make New Recovery Codes?"
    subtitle = "Those you have now will let nobody in any more."
    submit = "Make New Codes"

    def do(self, request: HttpRequest) -> HttpResponse:
        return _show_codes(request, second_factor.renew_codes(_me(request)))


def _show_codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    """The recovery codes, which are nowhere but on this page."""
    context = {"title": "Recovery Codes", "trail": TRAIL, "codes": codes}
    return render(request, "signin/recovery_codes.html", context)


@require_POST
def end_session(request: HttpRequest, handle: str) -> HttpResponse:
    """Log out somewhere else."""
    for session in Session.objects.of(_me(request)):
        if session.handle == handle:
            session.delete()
            messages.success(request, "That session is logged out.")
            return redirect("account")
    messages.info(request, "There is no such session any more.")
    return redirect("account")


@require_POST
def end_every_session(request: HttpRequest) -> HttpResponse:
    """Log out everywhere, here too."""
    end_sessions(request, but_this_one=False)
    logout(request)
    return redirect("login")


def end_sessions(request: HttpRequest, *, but_this_one: bool) -> None:
    own = request.session.session_key if but_this_one else ""
    Session.objects.filter(user=_me(request)).exclude(session_key=own).delete()
