"""Addresses of logging in, of one's own account, and of invitations. Their names are global."""

from django.contrib.auth import views as auth
from django.urls import path

from signin.views import account, door, invitations

urlpatterns = [
    path("login/", door.LogIn.as_view(), name="login"),
    path("login/code/", door.EnterCode.as_view(), name="log-in-code"),
    path("logout/", auth.LogoutView.as_view(), name="logout"),
    path("admin/login/", door.admin_log_in, name="admin-log-in"),
    # Django's own names, for whatever of Django looks for them.
    path("password/forgotten/", door.AskForReset.as_view(), name="password_reset"),
    path(
        "password/forgotten/sent/",
        auth.PasswordResetDoneView.as_view(template_name="signin/reset_sent.html"),
        name="password_reset_done",
    ),
    path("password/new/<uidb64>/<token>/", door.Reset.as_view(), name="password_reset_confirm"),
    path("account/", account.Account.as_view(), name="account"),
    path("account/password/", account.ChangePassword.as_view(), name="password_change"),
    path("account/second-factor/", account.TurnOn.as_view(), name="second-factor"),
    path("account/second-factor/off/", account.TurnOff.as_view(), name="second-factor-off"),
    path("account/recovery-codes/", account.NewCodes.as_view(), name="recovery-codes"),
    path("account/sessions/end/", account.end_every_session, name="end-every-session"),
    path("account/sessions/<slug:handle>/end/", account.end_session, name="end-session"),
    path("setup/users/invite/", invitations.Invite.as_view(), name="invite-user"),
    path("setup/users/invite/<int:pk>/again/", invitations.send_again, name="invite-again"),
    path("setup/users/invite/<int:pk>/withdraw/", invitations.withdraw, name="invite-withdraw"),
    path("invitation/<str:token>/", invitations.Accept.as_view(), name="accept-invitation"),
]
