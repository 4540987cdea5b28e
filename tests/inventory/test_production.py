"""With a server's settings: checks silent, headers and cookies strict, nothing told of a fault."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.house.sources import ROOT

KEY = "k" * 10 + "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOP"
PRODUCTION = {
    "SECRET_KEY": KEY,
    "ALLOWED_HOSTS": "stock.example.com",
    "DATABASE_URL": "sqlite://:memory:",
}
LOOK = """
import json, sys
from inventory.wsgi import application
from django.conf import settings
from django.core.management import call_command
from django.test import Client
call_command("migrate", verbosity=0)
settings.STORAGES = {**settings.STORAGES, "staticfiles": {
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
client = Client(headers={"host": "stock.example.com"}, raise_request_exception=False)
plain = client.get("/login/")
answer = client.get("/login/", secure=True)
foreign = client.get("/login/", secure=True, headers={"host": "evil.example"})
from django.contrib.auth.models import User
user = User.objects.create_superuser("robin", "robin@example.com", "Spindle-7200")
client.post("/login/", {"username": "robin", "password": "Spindle-7200"}, secure=True)
from unittest import mock
fault = ValueError("the secret of the house")
with mock.patch("inventory.home.comings_and_goings", side_effect=fault):
    broken = client.get("/", secure=True)
print(json.dumps({
    "plain": [plain.status_code, plain.headers.get("Location")],
    "headers": dict(answer.headers),
    "cookies": {name: {key: str(value[key]) for key in ("secure", "httponly", "samesite", "path")}
        for name, value in client.cookies.items()},
    "foreign": foreign.status_code,
    "broken": [broken.status_code, broken.text],
    "hash": user.password[:6],
}))
"""


def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    bare = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env={**bare, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def server() -> dict:
    done = run("-c", LOOK, **PRODUCTION)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_check_deploy_is_silent_with_a_servers_settings():
    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout + done.stderr


def test_a_server_does_not_start_without_a_secret_key():
    environment = {name: value for name, value in PRODUCTION.items() if name != "SECRET_KEY"}
    assert run("-c", "import inventory.wsgi", **PRODUCTION).returncode == 0
    refused = run("-c", "import inventory.wsgi", **environment)
    assert refused.returncode != 0
    assert "SECRET_KEY is not set" in refused.stderr


def test_plain_http_is_led_to_tls(server):
    assert server["plain"] == [301, "https://stock.example.com/login/"]


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Strict-Transport-Security", "max-age=31536000"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        (
            "Permissions-Policy",
            "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
        ),
    ],
)
def test_every_answer_carries_the_headers(server, header, value):
    assert server["headers"][header] == value


def test_the_content_security_policy_allows_our_own_files_alone(server):
    policy = server["headers"]["Content-Security-Policy"]
    for directive in ("default-src 'self'", "script-src 'self'", "style-src 'self'",
                      "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'",
                      "form-action 'self'"):  # fmt: skip
        assert directive in policy
    assert "unsafe" not in policy
    assert "http" not in policy


def test_cookies_travel_by_tls_alone_and_the_sessions_is_hidden_from_scripts(server):
    session = server["cookies"]["__Host-sessionid"]
    assert session == {"secure": "True", "httponly": "True", "samesite": "Lax", "path": "/"}
    assert server["cookies"]["csrftoken"]["secure"] == "True"
    assert server["cookies"]["csrftoken"]["samesite"] == "Lax"


def test_a_request_for_another_host_is_refused(server):
    assert server["foreign"] == 400


def test_a_fault_tells_nothing_of_the_house(server):
    status, page = server["broken"]
    assert status == 500
    assert "Nothing was saved" in page
    for told in ("secret of the house", "Traceback", "ValueError", "site-packages"):
        assert told not in page


def test_passwords_are_hashed_by_argon2(server):
    assert server["hash"] == "argon2"


def test_a_users_page_is_kept_by_no_proxy(client):
    assert "private" in client.get("/preferences/").headers["Cache-Control"]
    assert "no-store" in client.get("/account/second-factor/").headers["Cache-Control"]
