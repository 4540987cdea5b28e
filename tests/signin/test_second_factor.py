"""The second factor: an authenticator app, and recovery codes on paper."""

from __future__ import annotations

import re

import pyotp
import time_machine
from django.contrib.auth.models import User
from django.test import Client

from audit_trail.models import AuditEvent
from signin import second_factor
from signin.models import RecoveryCode, SecondFactor
from tests.signin.hands import log_in


def test_codes_are_those_of_rfc_6238():
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # its "12345678901234567890"
    with time_machine.travel(1111111109, tick=False):
        assert second_factor.step_of(secret, "081804") == 1111111109 // 30
        assert second_factor.step_of(secret, "081 804")
        assert second_factor.step_of(secret, "081805") is None
    with time_machine.travel(1111111109 + 30, tick=False):
        assert second_factor.step_of(secret, "081804")  # a clock that is a little slow
    with time_machine.travel(1111111109 + 91, tick=False):
        assert second_factor.step_of(secret, "081804") is None


def test_the_password_alone_does_not_let_in_whoever_has_a_second_factor(user, phone, stranger):
    assert log_in(stranger).url == "/login/code/"
    assert stranger.get("/").status_code == 302
    assert "Enter the code" in stranger.get("/login/code/").text
    assert stranger.post("/login/code/", {"code": phone.code()}).url == "/"
    assert stranger.get("/").status_code == 200


def test_after_the_code_one_arrives_where_one_wanted(user, phone, stranger):
    sent = {"username": "robin", "password": "secret", "next": "/preferences/"}
    stranger.post("/login/", sent)
    assert stranger.post("/login/code/", {"code": phone.code()}).url == "/preferences/"


def test_no_code_is_asked_of_whoever_has_not_entered_a_password(user, phone, stranger):
    assert stranger.get("/login/code/").url == "/login/"
    assert stranger.post("/login/code/", {"code": phone.code()}).url == "/login/"


def test_a_code_is_taken_once(user, phone, stranger):
    code = phone.code()
    log_in(stranger)
    assert stranger.post("/login/code/", {"code": code}).status_code == 302
    log_in(other := Client())
    assert "used already" in other.post("/login/code/", {"code": code}).text
    assert other.post("/login/code/", {"code": phone.code(1)}).status_code == 302


def test_wrong_codes_lock_out_like_wrong_passwords(user, phone, stranger, kinds):
    log_in(stranger)
    for _ in range(5):
        answer = stranger.post("/login/code/", {"code": "000000"})
    assert "Too many log-ins have failed" in answer.text
    assert "Too many" in stranger.post("/login/code/", {"code": phone.code()}).text
    assert kinds(name="robin", kind="locked_out") == ["locked_out"]


def test_a_new_password_voids_a_log_in_that_waits_for_its_code(user, phone, stranger):
    log_in(stranger)
    user.set_password("another-one")
    user.save()
    assert stranger.post("/login/code/", {"code": phone.code()}).url == "/login/"


def test_a_recovery_code_lets_in_once(user, phone, stranger):
    code = user.codes[0]
    log_in(stranger)
    assert stranger.post("/login/code/", {"code": code.lower().replace("-", " ")}).url == "/"
    log_in(other := Client())
    assert other.post("/login/code/", {"code": code}).status_code == 200
    assert RecoveryCode.objects.filter(used_at=None).count() == 9
    assert AuditEvent.objects.filter(new="Recovery code used; 9 left").exists()


def test_recovery_codes_are_kept_as_digests(user, phone):
    kept = " ".join(RecoveryCode.objects.values_list("digest", flat=True))
    assert not [code for code in user.codes if code in kept or code.replace("-", "") in kept]


def test_it_is_turned_on_by_a_code_and_the_password(client, user):
    page = client.get("/account/second-factor/").text
    assert "<svg" in page
    assert "style=" not in page
    secret = re.search(r'class="secret">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    code = pyotp.TOTP(secret).now()
    assert (
        "not your password"
        in client.post("/account/second-factor/", {"code": code, "password": "wrong"}).text
    )
    assert not SecondFactor.objects.exists()
    shown = client.post("/account/second-factor/", {"code": code, "password": "secret"}).text
    assert len(re.findall(r"<code>\w{4}-\w{4}-\w{4}-\w{4}</code>", shown)) == 10
    assert SecondFactor.objects.get().user == user
    assert "On since" in client.get("/account/").text


def test_turning_it_on_needs_the_right_code(client):
    client.get("/account/second-factor/")
    sent = {"code": "000000", "password": "secret"}
    assert "This is not the code" in client.post("/account/second-factor/", sent).text
    assert not SecondFactor.objects.exists()


def test_a_form_that_is_out_of_date_says_so(client):
    answer = client.post("/account/second-factor/", {"code": "123456", "password": "secret"})
    assert answer.status_code == 302
    assert "This page was out of date." in client.get(answer.url).text


def test_it_is_turned_off_and_codes_are_made_anew_with_the_password(client, user, phone, kinds):
    old = user.codes[0]
    made = client.post("/account/recovery-codes/", {"password": "secret"}).text
    assert old not in made
    assert not second_factor.accepts(user, old)
    assert "not your" in client.post("/account/second-factor/off/", {"password": "no"}).text
    assert SecondFactor.objects.exists()
    assert client.post("/account/second-factor/off/", {"password": "secret"}).url == "/account/"
    assert not SecondFactor.objects.exists()
    assert not RecoveryCode.objects.exists()
    assert kinds(kind="second_factor") == ["second_factor"] * 4


def test_there_is_nothing_to_turn_off_without_one(client):
    for page in ("/account/second-factor/off/", "/account/recovery-codes/"):
        assert client.get(page).url == "/account/"
        assert client.post(page, {"password": "secret"}).url == "/account/"
    assert not AuditEvent.objects.filter(kind="second_factor").exists()


def test_a_guess_is_not_better_for_being_long(user: User, phone):
    for code in ("", " ", "١٢٣٤٥٦", "0" * 40, "\x00"):
        assert not second_factor.accepts(user, code)


def test_an_administrator_takes_a_lost_one_away_and_sees_no_secret(admin_client, user, phone):
    factor = SecondFactor.objects.get()
    address = f"/admin/signin/secondfactor/{factor.pk}"
    assert factor.secret not in admin_client.get(f"{address}/change/").text
    admin_client.post(f"{address}/delete/", {"post": "yes"})
    assert not SecondFactor.objects.exists()
    assert not RecoveryCode.objects.exists()
    event = AuditEvent.objects.get(new="Turned off")
    assert (event.record, event.name) == ("robin", "admin")
