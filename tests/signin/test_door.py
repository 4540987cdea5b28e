"""Logging in: by name or address, throttled, through one door."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit_trail.models import AuditEvent
from signin.models import Session
from tests.signin.hands import log_in

LOCKED = "Too many log-ins have failed. Try again at "


@pytest.mark.parametrize("name", ["robin", "robin@example.com", " Robin@Example.com "])
def test_one_logs_in_by_username_or_address(user, stranger, name):
    assert log_in(stranger, name).url == "/"
    assert stranger.get("/").status_code == 200


def test_an_address_of_two_people_lets_neither_in(user, stranger):
    User.objects.create_user("rob", "robin@example.com", "secret")
    assert log_in(stranger, "robin@example.com").status_code == 200
    assert log_in(stranger, "robin").status_code == 302


def test_whoever_does_not_exist_is_answered_like_a_wrong_password(user, stranger):
    wrong, unknown = log_in(stranger, password="x"), log_in(stranger, "nobody", "x")
    said = "This name and password do not match."
    assert said in wrong.text
    assert said in unknown.text


def test_an_inactive_user_is_not_let_in(user, stranger):
    User.objects.update(is_active=False)
    assert "do not match" in log_in(stranger).text


@pytest.mark.parametrize("name", ["robin", "nobody"])
def test_five_failures_lock_a_name_out_and_say_until_when(user, stranger, name, kinds):
    for _ in range(4):
        assert LOCKED not in log_in(stranger, name, "wrong").text
    assert LOCKED in log_in(stranger, name, "wrong").text
    assert LOCKED in log_in(stranger, name).text  # not even with the right password
    assert kinds(name=name) == ["log_in_failed"] * 5 + ["locked_out"]


def test_username_and_address_are_counted_together(user, stranger):
    for name in ("robin", "robin@example.com", "robin", "robin@example.com", "robin"):
        log_in(stranger, name, "wrong")
    assert LOCKED in log_in(stranger, "robin").text


def test_the_lock_out_ends_by_itself(user, stranger):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(5):
            log_in(stranger, password="wrong")
        clock.shift(timedelta(minutes=14))
        assert LOCKED in log_in(stranger).text
        clock.shift(timedelta(minutes=2))
        assert log_in(stranger).status_code == 302


def test_a_log_in_begins_the_count_anew(user, stranger):
    for _ in range(4):
        log_in(stranger, password="wrong")
    log_in(stranger)
    again = Client()
    for _ in range(4):
        assert LOCKED not in log_in(again, password="wrong").text
    assert log_in(again).status_code == 302


def test_others_and_other_places_are_not_locked_out(user, administrator, stranger):
    for _ in range(5):
        log_in(stranger, password="wrong")
    assert log_in(Client(), "admin").status_code == 302
    assert log_in(Client(REMOTE_ADDR="10.0.0.9")).status_code == 302


def test_one_place_cannot_try_many_names_for_ever(user, stranger):
    for n in range(30):
        log_in(stranger, f"guess{n}", "wrong")
    assert LOCKED in log_in(stranger).text
    assert log_in(Client(REMOTE_ADDR="10.0.0.9")).status_code == 302


def test_many_places_cannot_try_one_name_for_ever(user):
    for n in range(50):
        log_in(Client(REMOTE_ADDR=f"10.0.0.{n}"), password="wrong")
    assert LOCKED in log_in(Client(REMOTE_ADDR="10.0.1.1")).text


def test_whoever_checks_a_password_comes_through_this_door(user, rf):
    request = rf.post("/")
    assert authenticate(request, username="robin", password="secret")
    for _ in range(5):
        authenticate(request, username="robin", password="wrong")
    assert authenticate(request, username="robin", password="secret") is None


def test_the_count_is_kept_in_the_database_and_nowhere_else(user, stranger):
    """So every process knows of it, and a restart forgets nothing."""
    for _ in range(5):
        log_in(stranger, password="wrong")
    rows = AuditEvent.objects.filter(kind="log_in_failed")
    assert [(row.ip, row.name) for row in rows] == [("127.0.0.1", "robin")] * 5


@pytest.mark.parametrize(("behind_proxy", "seen"), [(True, "2001:db8::7"), (False, "127.0.0.1")])
def test_of_a_forwarded_address_only_our_proxy_is_believed(
    user, stranger, settings, behind_proxy, seen
):
    settings.BEHIND_PROXY = behind_proxy
    log_in(stranger, headers={"X-Forwarded-For": "1.2.3.4, 2001:db8::7"})
    assert AuditEvent.objects.get(kind="logged_in").ip == seen


def test_the_admin_site_has_no_door_of_its_own(administrator, stranger):
    answer = stranger.get("/admin/login/?next=/admin/items/")
    assert answer.url == "/login/?next=%2Fadmin%2Fitems%2F"
    assert stranger.post("/admin/login/", {"username": "admin", "password": "secret"}).status_code
    assert stranger.get("/admin/").status_code == 302  # that let nobody in
    assert stranger.get("/admin/login/?next=//evil.example/").url == "/login/?next=%2Fadmin%2F"


def test_who_is_no_administrator_is_told_so_and_not_sent_round(client):
    answer = client.get("/admin/login/?next=/admin/")
    assert answer.status_code == 403
    assert "for administrators" in answer.text


def test_nobody_is_sent_to_another_site(user, stranger):
    sent = {"username": "robin", "password": "secret", "next": "https://evil.example/"}
    assert stranger.post("/login/", sent).url == "/"


def test_a_log_in_and_a_log_out_are_on_record_with_address_and_browser(user, stranger):
    log_in(stranger, headers={"User-Agent": "Firefox"})
    stranger.post("/logout/")
    events = AuditEvent.objects.filter(by=user).order_by("pk")
    assert [(e.kind, e.ip, e.agent) for e in events] == [
        ("logged_in", "127.0.0.1", "Firefox"),
        ("logged_out", "127.0.0.1", ""),
    ]


def test_the_key_of_a_session_changes_at_log_in(user, stranger):
    planted = stranger.session  # makes one, as an attacker would who plants its key
    planted.save()
    log_in(stranger)
    assert stranger.session.session_key != planted.session_key
    assert not Session.objects.filter(session_key=planted.session_key).exists()
    assert Session.objects.get().user == user


def test_an_idle_session_ends_and_a_used_one_does_not(user, stranger):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        log_in(stranger)
        for _ in range(3):
            clock.shift(timedelta(minutes=20))
            assert stranger.get("/preferences/").status_code == 200
        clock.shift(timedelta(minutes=31))
        assert stranger.get("/preferences/").status_code == 302


def test_a_session_ends_after_some_hours_however_much_it_is_used(user, stranger, settings):
    settings.SESSION_HOURS = 1
    with time_machine.travel(timezone.now(), tick=False) as clock:
        log_in(stranger)
        for _ in range(3):
            clock.shift(timedelta(minutes=19))
            assert stranger.get("/preferences/").status_code == 200
        clock.shift(timedelta(minutes=5))
        assert stranger.get("/preferences/").status_code == 302


def test_staying_logged_in_writes_nothing_with_each_page(client):
    with CaptureQueriesContext(connection) as queries:
        client.get("/account/")
    assert not [q for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
