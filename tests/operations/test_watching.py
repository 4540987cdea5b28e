"""What a machine room sees: probes, metrics, logs with request ids, slow queries."""

from __future__ import annotations

import json
import logging
import re
from types import SimpleNamespace

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from items.models import Item
from operations import errors, probes
from operations.logs import JSONLines, current_id
from tests.books import Books

TOKEN = {"HTTP_AUTHORIZATION": "Bearer s3cret"}


@pytest.fixture
def metrics(settings, stranger: Client):
    settings.METRICS_TOKEN = "s3cret"

    def read() -> dict[str, float]:
        text = stranger.get("/metrics", **TOKEN).content.decode()
        return {
            name: float(value)
            for name, value in re.findall(r"^(serialbook\S+?\{.*?\}) (\S+)$", text, re.MULTILINE)
        }

    return read


# Probes


def test_whoever_asks_is_told_that_it_lives_and_is_ready(db, stranger: Client) -> None:
    """By address and over plain HTTP, as a probe does."""
    for path in ("/health/live", "/health/ready"):
        answer = stranger.get(path, HTTP_HOST="10.1.2.3:8000")
        assert answer.status_code == 200, path
        assert "Set-Cookie" not in answer.headers


def test_it_is_not_ready_before_every_migration_is_applied(db, stranger: Client) -> None:
    MigrationRecorder(connection).record_unapplied("items", "0001_initial")
    answer = stranger.get("/health/ready")
    assert (answer.status_code, answer.content) == (503, b"migrations are to be applied\n")
    assert stranger.get("/health/live").status_code == 200


def test_it_is_not_ready_without_its_database(monkeypatch, stranger: Client, caplog) -> None:
    def away(self: object) -> None:
        raise DatabaseError("connection refused at 10.0.0.7")

    monkeypatch.setattr(probes.MigrationRecorder, "applied_migrations", away)
    answer = stranger.get("/health/ready")
    assert answer.status_code == 503
    assert b"10.0.0.7" not in answer.content
    assert "10.0.0.7" in caplog.text


def test_being_ready_costs_two_queries(db, stranger: Client, django_assert_max_num_queries) -> None:
    stranger.get("/health/ready")
    with django_assert_max_num_queries(2):
        stranger.get("/health/ready")


# Metrics


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer wrong", "s3cret"])
def test_metrics_are_for_whoever_knows_the_token(db, settings, stranger, header: str) -> None:
    settings.METRICS_TOKEN = "s3cret"
    assert stranger.get("/metrics", **TOKEN).status_code == 200
    assert stranger.get("/metrics", HTTP_AUTHORIZATION=header).status_code == 404
    settings.METRICS_TOKEN = ""
    assert stranger.get("/metrics", HTTP_AUTHORIZATION="Bearer ").status_code == 404


def test_requests_are_counted_by_view_and_status(db, client: Client, metrics) -> None:
    name = 'serialbook_requests_total{method="GET",status="200",view="home"}'
    before = metrics().get(name, 0)
    client.get("/")
    after = metrics()
    assert after[name] == before + 1
    assert after['serialbook_request_seconds_count{view="home"}'] >= 1
    client.get("/nowhere/at/all/")
    client.generic("BREW", "/")
    assert metrics()['serialbook_requests_total{method="GET",status="404",view=""}'] >= 1
    assert not [key for key in metrics() if "BREW" in key or "nowhere" in key]


def test_documents_are_counted_by_kind(books: Books, ht9000: Item, metrics) -> None:
    name = 'serialbook_documents_total{kind="purchase_order"}'
    before = metrics().get(name, 0)
    books.order(ht9000, 1, "600.00")
    assert metrics()[name] == before + 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's connections")
def test_database_connections_are_counted(db, metrics) -> None:
    assert metrics()['serialbook_database_connections{state="active"}'] >= 1


# Requests


def test_a_request_keeps_the_id_it_came_with(db, stranger: Client) -> None:
    answer = stranger.get("/login/", HTTP_X_REQUEST_ID="edge-1.a:7")
    assert answer.headers["X-Request-ID"] == "edge-1.a:7"


@pytest.mark.parametrize("given", ["", "a b", "x" * 65, 'a"b', "é"])
def test_a_request_gets_an_id_where_it_brings_none_fit_for_a_log(db, stranger, given: str) -> None:
    own = stranger.get("/login/", HTTP_X_REQUEST_ID=given).headers["X-Request-ID"]
    assert re.fullmatch(r"[0-9a-f]{32}", own)


def test_a_request_is_written_down_without_what_was_searched_for(client: Client, caplog) -> None:
    caplog.set_level(logging.INFO, "serialbook.requests")
    client.get("/items/?q=Maple", HTTP_X_REQUEST_ID="r1")
    line = next(r for r in caplog.records if r.name == "serialbook.requests")
    assert (line.path, line.status, line.method) == ("/items/", 200, "GET")
    assert line.user == int(client.session["_auth_user_id"])
    assert line.milliseconds >= 0
    assert "Maple" not in caplog.text


def test_a_line_of_the_log_is_json_and_names_its_request(monkeypatch) -> None:
    record = logging.makeLogRecord(
        {"name": "x", "levelname": "ERROR", "msg": "it's %s", "args": ("so\nbad",), "status": 500,
         "request": SimpleNamespace()}
    )  # fmt: skip
    token = current_id.set("r1")
    try:
        line = JSONLines().format(record)
    finally:
        current_id.reset(token)
    assert "\n" not in line
    said = json.loads(line)
    assert said.pop("time").endswith("+00:00")
    assert said == {
        "level": "ERROR", "logger": "x", "message": "it's so\nbad", "request_id": "r1",
        "status": 500,
    }  # fmt: skip


def test_an_exception_stands_in_its_line() -> None:
    try:
        raise ValueError("no")
    except ValueError as error:
        record = logging.makeLogRecord({"exc_info": (ValueError, error, error.__traceback__)})
    assert "ValueError: no" in json.loads(JSONLines().format(record))["exception"]


def test_slow_queries_are_written_down_if_asked_for(client: Client, settings, caplog) -> None:
    client.get("/items/?q=Maple")
    assert not [r for r in caplog.records if r.name == "serialbook.queries"]
    settings.SLOW_QUERY_MS = 0.000_1
    client.get("/items/?q=Maple")
    lines = [r for r in caplog.records if r.name == "serialbook.queries"]
    assert any("items_item" in line.sql for line in lines)
    assert not any("Maple" in line.sql for line in lines)  # the SQL, never the values


def test_reporting_errors_without_its_package_says_what_to_install(monkeypatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "sentry_sdk", None)
    with pytest.raises(ImproperlyConfigured, match="serialbook\\[sentry\\]"):
        errors.report_to("https://key@errors.example.com/1")
