"""Logging in and out."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME, load_backend, login
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from signin.forms import CodeForm, LogInForm, ResetForm
from signin.models import RecoveryCode, SecondFactor, Session

PASSED = "signin.passed"
SECONDS = 600  # to enter the code after the password


class LogIn(auth.LoginView):
    """Username or e-mail, and password; then the code, for whoever has a second factor."""

    form_class = LogInForm
    template_name = "signin/log_in.html"
    redirect_authenticated_user = True

    def form_valid(self, form: Any) -> HttpResponse:
        user = form.get_user()
        if not SecondFactor.objects.filter(user=user).exists():
            return super().form_valid(form)
        session = self.request.session
        session.cycle_key()
        session[PASSED] = {
            "user": user.pk,
            "hash": user.get_session_auth_hash(),
            "backend": user.backend,
            "at": int(timezone.now().timestamp()),
            "next": self.get_redirect_url(),
        }
        return redirect("log-in-code")


@method_decorator(login_not_required, name="dispatch")
@method_decorator(never_cache, name="dispatch")
@method_decorator(sensitive_post_parameters("code"), name="dispatch")
class EnterCode(View):
    """The code of the authenticator app, or a recovery code, after the password."""

    def get(self, request: HttpRequest) -> HttpResponse:
        user = _passed(request)
        return self._page(CodeForm(request=request, user=user)) if user else redirect("login")

    def post(self, request: HttpRequest) -> HttpResponse:
        user = _passed(request)
        if user is None:
            messages.warning(request, "That took too long. Enter your password again.")
            return redirect("login")
        form = CodeForm(request.POST, request=request, user=user)
        if not form.is_valid():
            return self._page(form)
        passed = request.session.pop(PASSED)
        login(request, user, backend=passed["backend"])
        left = RecoveryCode.objects.filter(user=user, used_at=None).count()
        if left < 3:
            messages.warning(request, f"You have {left} recovery codes left. Make new ones soon.")
        return redirect(passed["next"] or "home")

    def _page(self, form: CodeForm) -> HttpResponse:
        return render(self.request, "signin/enter_code.html", {"form": form})


def _passed(request: HttpRequest) -> User | None:
    """Who entered the right password a moment ago, unless it was changed meanwhile."""
    passed = request.session.get(PASSED)
    if not passed or timezone.now().timestamp() - passed["at"] > SECONDS:
        return None
    user = load_backend(passed["backend"]).get_user(passed["user"])
    if user is None or user.get_session_auth_hash() != passed["hash"]:
        return None
    return user if SecondFactor.objects.filter(user=user).exists() else None


@login_not_required
def admin_log_in(request: HttpRequest) -> HttpResponseBase:
    """The admin site has no door of its own."""
    if request.user.is_authenticated and not request.user.is_staff:
        raise PermissionDenied("The administration is for administrators.")
    wanted = request.GET.get(REDIRECT_FIELD_NAME, "")
    if not url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()):
        wanted = resolve_url("admin:index")
    return redirect(f"{resolve_url('login')}?{urlencode({REDIRECT_FIELD_NAME: wanted})}")


class AskForReset(auth.PasswordResetView):
    """Asks where to send a link that sets a new password."""

    form_class = ResetForm
    template_name = "signin/ask_for_reset.html"
    subject_template_name = "signin/mail/reset_subject.txt"
    email_template_name = "signin/mail/reset.txt"
    success_url = reverse_lazy("password_reset_done")


class Reset(auth.PasswordResetConfirmView):
    """A new password, by the link that was sent."""

    template_name = "signin/reset.html"
    success_url = reverse_lazy("login")

    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        Session.objects.filter(user=self.user).delete()
        messages.success(self.request, "Your new password is set. Log in with it.")
        return answer
