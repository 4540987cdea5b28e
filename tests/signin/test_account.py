"""My Account, forgotten passwords and invitations."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group, User
from django.core import mail
from django.test import Client
from django.utils import timezone

from audit_trail.models import AuditEvent
from signin.models import Invitation, Session
from tests.signin.hands import log_in
from users.roles import SALES

NEW = "a-new-and-long-one"


def changed(**more: str) -> dict[str, str]:
    return {"first_name": "Robin", "last_name": "", "email": "robin@example.com", **more}


def test_the_account_page_is_reached_from_the_top_bar(client):
    assert 'href="/account/"' in client.get("/preferences/").text
    page = client.get("/account/").text
    assert "My Account" in page
    assert "This one" in page


def test_a_name_is_changed_and_that_is_on_record(client, user):
    client.post("/account/", changed(last_name="Reyes"))
    event = AuditEvent.objects.get(kind="changed")
    assert (event.record, event.field, event.new, event.by) == ("robin", "last name", "Reyes", user)


def test_a_new_address_wants_the_password(client, user):
    said = client.post("/account/", changed(email="new@example.com")).text
    assert "This field is required" in said
    said = client.post("/account/", changed(email="new@example.com", password="no")).text
    assert "not your password" in said
    user.refresh_from_db()
    assert user.email == "robin@example.com"
    assert client.post("/account/", changed(email="new@example.com", password="secret")).url
    user.refresh_from_db()
    assert user.email == "new@example.com"


def test_an_address_somebody_else_has_is_refused(client, administrator):
    said = client.post("/account/", changed(email="ADMIN@example.com", password="secret")).text
    assert "Somebody else has this address" in said


def test_a_new_password_logs_out_everywhere_else(client, user):
    log_in(elsewhere := Client())
    sent = {"old_password": "secret", "new_password1": NEW, "new_password2": NEW}
    assert client.post("/account/password/", sent).url == "/account/"
    assert client.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302
    assert Session.objects.of(user).count() == 1
    assert AuditEvent.objects.filter(kind="password", record="robin", by=user).count() == 1
    assert NEW not in str(list(AuditEvent.objects.values()))


def test_guessing_the_old_password_locks_out(client):
    sent = {"old_password": "wrong", "new_password1": NEW, "new_password2": NEW}
    for _ in range(5):
        said = client.post("/account/password/", sent).text
    assert "Too many log-ins have failed" in said
    assert "Too many" in client.post("/account/password/", {**sent, "old_password": "secret"}).text


@pytest.mark.parametrize("weak", ["robin@example", "1234567890123", "password12345", "elevenchars"])
def test_a_weak_password_is_refused(client, weak):
    sent = {"old_password": "secret", "new_password1": weak, "new_password2": weak}
    assert client.post("/account/password/", sent).status_code == 200


def test_a_session_elsewhere_is_ended_without_its_key_in_the_page(client, user, stranger):
    log_in(elsewhere := Client())
    page = client.get("/account/").text
    assert not [s for s in Session.objects.all() if s.session_key in page]
    [address] = re.findall(r'action="(/account/sessions/\w{16}/end/)"', page)
    assert client.post(address).url == "/account/"
    assert elsewhere.get("/").status_code == 302
    assert client.get("/").status_code == 200
    said = client.post(address, follow=True).text  # a double click
    assert "There is no such session any more." in said


def test_nobody_ends_the_session_of_somebody_else(client, admin_client):
    session = Session.objects.get(session_key=admin_client.session.session_key)
    said = client.post(f"/account/sessions/{session.handle}/end/", follow=True).text
    assert "There is no such session any more." in said
    assert admin_client.get("/").status_code == 200


def test_one_logs_out_everywhere(client, user):
    log_in(elsewhere := Client())
    assert client.post("/account/sessions/end/").url == "/login/"
    assert elsewhere.get("/").status_code == client.get("/").status_code == 302
    assert not Session.objects.of(user).exists()


# Forgotten passwords


def mails(count: int) -> list[Any]:
    """The mails sent, once there are so many: they go out in the background."""
    for _ in range(100):
        if len(mail.outbox) >= count:
            break
        time.sleep(0.02)
    assert len(mail.outbox) == count
    return mail.outbox


def link_in(text: str) -> str:
    return re.search(r"http://testserver(/\S+)", text)[1]


def test_a_forgotten_password_is_set_anew_by_a_link(user, stranger):
    log_in(elsewhere := Client())
    answer = stranger.post("/password/forgotten/", {"email": "robin@example.com"}, follow=True)
    assert "If somebody here has this address" in answer.text
    link = link_in(mails(1)[0].body)
    form = stranger.get(link, follow=True)
    address = form.redirect_chain[-1][0]
    sent = {"new_password1": NEW, "new_password2": NEW}
    assert stranger.post(address, sent).url == "/login/"
    assert elsewhere.get("/").status_code == 302
    assert "used already" in Client().get(link, follow=True).text
    assert log_in(stranger, password=NEW).status_code == 302
    assert AuditEvent.objects.filter(kind="password", record="robin").exists()


def test_whoever_does_not_exist_is_told_the_same(user, stranger):
    known = stranger.post("/password/forgotten/", {"email": "robin@example.com"}, follow=True)
    unknown = stranger.post("/password/forgotten/", {"email": "no@example.com"}, follow=True)
    assert known.text == unknown.text
    mails(1)


def test_links_are_not_sent_without_end(user, stranger):
    for _ in range(6):
        answer = stranger.post("/password/forgotten/", {"email": "Robin@example.com"})
        assert answer.url == "/password/forgotten/sent/"
    mails(3)


def test_a_link_is_good_for_an_hour(user, stranger):
    stranger.post("/password/forgotten/", {"email": "robin@example.com"})
    link = link_in(mails(1)[0].body)
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert "older than an hour" in stranger.get(link, follow=True).text


def test_a_reset_does_not_pass_by_the_second_factor(user, phone, stranger):
    stranger.post("/password/forgotten/", {"email": "robin@example.com"})
    address = stranger.get(link_in(mails(1)[0].body), follow=True).redirect_chain[-1][0]
    stranger.post(address, {"new_password1": NEW, "new_password2": NEW})
    assert stranger.get("/").status_code == 302
    assert log_in(stranger, password=NEW).url == "/login/code/"


# Invitations

SENT = {"email": "Kim@example.com", "first_name": "Kim", "last_name": "Lee"}


def invitation(**changes) -> dict:
    return {**SENT, "role": Group.objects.get(name=SALES).pk, **changes}


def test_an_invited_person_chooses_a_name_and_a_password(admin_client, stranger):
    role = Group.objects.get(name=SALES)
    assert admin_client.post("/setup/users/invite/", invitation()).status_code == 302
    message = mail.outbox[0]
    assert message.to == ["kim@example.com"]
    link = link_in(message.body)
    assert 'value="kim"' in stranger.get(link).text
    sent = {"username": "kim", "password1": NEW, "password2": NEW}
    assert stranger.post(link, sent).url == "/login/"
    made = User.objects.get(username="kim")
    assert (made.first_name, made.email, made.groups.get()) == ("Kim", "kim@example.com", role)
    assert log_in(stranger, "kim@example.com", NEW).status_code == 302
    assert Client().get(link).status_code == 410
    said = AuditEvent.objects.filter(record="kim@example.com").order_by("pk")
    assert [(e.name, e.new) for e in said] == [("admin", "Sales"), ("kim", "Accepted")]


def test_a_weak_password_makes_no_user(admin_client, stranger):
    admin_client.post("/setup/users/invite/", invitation())
    link = link_in(mail.outbox[0].body)
    said = stranger.post(link, {"username": "kim", "password1": "kim", "password2": "kim"}).text
    assert "too short" in said
    assert not User.objects.filter(username="kim").exists()


def test_a_name_somebody_has_is_refused(admin_client, stranger):
    admin_client.post("/setup/users/invite/", invitation())
    link = link_in(mail.outbox[0].body)
    said = stranger.post(link, {"username": "Admin", "password1": NEW, "password2": NEW}).text
    assert "Somebody has this username already" in said


def test_sending_again_voids_the_link_from_before(admin_client, stranger):
    admin_client.post("/setup/users/invite/", invitation())
    first = link_in(mail.outbox[0].body)
    sent = {"sent": str(int(Invitation.objects.get().sent_at.timestamp()))}
    again = f"/setup/users/invite/{Invitation.objects.get().pk}/again/"
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        for _ in range(2):  # a double click
            said = admin_client.post(again, sent, follow=True).text
    assert "was sent again already" in said
    assert len(mail.outbox) == 2
    assert stranger.get(first).status_code == 410
    assert stranger.get(link_in(mail.outbox[1].body)).status_code == 200


def test_a_withdrawn_or_expired_link_opens_nothing(admin_client, stranger):
    admin_client.post("/setup/users/invite/", invitation())
    link = link_in(mail.outbox[0].body)
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert stranger.get(link).status_code == 410
    assert stranger.get(link).status_code == 200
    admin_client.post(f"/setup/users/invite/{Invitation.objects.get().pk}/withdraw/")
    assert stranger.get(link).status_code == 410
    assert stranger.get("/invitation/made:up:token/").status_code == 410
    assert "Withdrawn" in admin_client.get("/setup/users/invite/").text


def test_nobody_is_invited_twice_at_a_time_or_when_they_are_here(admin_client, user):
    admin_client.post("/setup/users/invite/", invitation())
    other = invitation(last_name="Leigh")
    assert "invited already" in admin_client.post("/setup/users/invite/", other).text
    said = admin_client.post("/setup/users/invite/", invitation(email="robin@example.com")).text
    assert "robin already has this address" in said
    assert Invitation.objects.count() == 1


def test_where_mail_fails_the_link_is_given_to_the_administrator(admin_client, settings):
    settings.EMAIL_BACKEND = "tests.signin.no_mail.Backend"
    said = admin_client.post("/setup/users/invite/", invitation(), follow=True).text
    assert "could not be sent" in said
    assert "http://testserver/invitation/" in said


def test_only_an_administrator_invites(client, user):
    user.groups.set([Group.objects.get(name=SALES)])
    assert client.get("/setup/users/invite/").status_code == 403
    assert client.post("/setup/users/invite/", invitation()).status_code == 403
    for verb in ("again", "withdraw"):
        assert client.post(f"/setup/users/invite/1/{verb}/").status_code == 403
    assert not Invitation.objects.exists()
