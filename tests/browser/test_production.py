"""The production stack, as processes: the commands of the Dockerfile and of compose.yaml.

`make production-check` runs it on PostgreSQL. Migrations once, static files by manifest, gunicorn
with two processes, cookies and redirects as over TLS; then people do their day's work in a browser.
"""

from __future__ import annotations

import json
import shlex
import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.hands import buy_and_sell
from tests.browser.test_walk import PAGES
from tests.processes import ROOT, empty_database, environment, run

COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
SERVE = json.loads((ROOT / "Dockerfile").read_text().rpartition("\nCMD ")[2])
PASSWORD = "correct horse battery staple"
TOKEN = "for-prometheus"

COMPANY = """
from django.contrib.auth.models import User
from company.models import Company
from tests.factories import CustomerFactory, ItemFactory, LocationFactory, VendorFactory

Company.objects.update(multi_location_inventory=True)
LocationFactory(name="EAST")
VendorFactory(name="Acme")
CustomerFactory(name="Maple")
ItemFactory(
    name="HT9000", display_name="Hi-Tech 9000", base_price="999.00", purchase_price="600.00"
)
User.objects.create_superuser("robin", "robin@example.com", "%s")
"""


@dataclass(frozen=True)
class Production:
    """A running server: where it is, what it has logged, and its database."""

    url: str
    log: Path
    database: str

    def ask(self, path: str, **headers: str) -> Any:
        own = ssl.create_default_context()
        own.check_hostname, own.verify_mode = False, ssl.CERT_NONE
        request = urllib.request.Request(self.url + path, headers=headers)
        return urllib.request.urlopen(request, context=own, timeout=10)

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.read_text().splitlines() if line[:1] == "{"]


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Production]:
    folder = tmp_path_factory.mktemp("production")
    with empty_database(folder) as database:
        port = _free_port()
        given = _environment(database, folder, port)
        _call([sys.executable, "manage.py", "collectstatic", "--noinput"], given)
        _call(COMPOSE["migrate"]["command"], given)
        run(database, COMPANY % PASSWORD)
        log = folder / "log"
        with log.open("wb") as target:
            server = subprocess.Popen(
                _found(SERVE), cwd=ROOT, env=given, stdout=target, stderr=target
            )
        try:
            stack = Production(f"https://127.0.0.1:{port}", log, database)
            _wait_for(stack, server)
            yield stack
        finally:
            server.terminate()
            assert server.wait(timeout=60) == 0


def _environment(database: str, folder: Path, port: int) -> dict[str, str]:
    """A server's settings, and a certificate of its own where a proxy would speak TLS."""
    certificate, key = folder / "cert.pem", folder / "key.pem"
    _call(
        shlex.split(
            f"openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost "
            f"-keyout {key} -out {certificate}"
        ),
        None,
    )
    return environment(
        database, LOCAL="false", DEBUG="false", SECRET_KEY="only-for-this-check" * 4,
        SECURE_SSL_REDIRECT="true", SECURE_HSTS_SECONDS="3600", BIND=f"127.0.0.1:{port}",
        WEB_CONCURRENCY="2", METRICS_TOKEN=TOKEN, PYTHONDONTWRITEBYTECODE="1",
        GUNICORN_CMD_ARGS=f"--certfile={certificate} --keyfile={key}",
    )  # fmt: skip


def _found(words: list[str]) -> list[str]:
    """A command of the image, in this environment."""
    program = Path(sys.executable).parent / words[0]
    return [str(program) if program.exists() else words[0], *words[1:]]


def _call(words: list[str], given: dict[str, str] | None) -> None:
    done = subprocess.run(
        _found(words), cwd=ROOT, env=given, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(stack: Production, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert server.poll() is None, stack.log.read_text()
        try:
            assert stack.ask("/health/ready").status == 200
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(stack.log.read_text())


@pytest.fixture
def context(new_context: Any, production: Production) -> BrowserContext:
    """A browser window of somebody who has still to log in."""
    return new_context(
        base_url=production.url, viewport={"width": 1440, "height": 900}, locale="en-US",
        ignore_https_errors=True,
    )  # fmt: skip


@pytest.fixture
def desk(page: Page) -> Page:
    """The page after logging in by hand."""
    page.goto("/")
    page.get_by_label("Username").fill("robin")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Home")
    return page


def test_a_day_of_work_from_log_in_to_invoice_and_every_page(
    desk: Page, production: Production, assert_accessible: Callable[[Page], None]
) -> None:
    buy_and_sell(desk, assert_accessible)
    desk.goto("/reports/income-statement/")
    expect(desk.get_by_role("main")).to_contain_text("399.00")
    for address in PAGES:
        answer = desk.goto(address)
        assert answer is not None
        assert answer.status == 200, address
    found = run(production.database, "from transactions import audit\nprint(audit.offenders())")
    assert found == "[]"
    assert not [line for line in production.lines if line["level"] in ("ERROR", "CRITICAL")]


def test_cookies_headers_and_static_files_are_those_of_a_server(
    desk: Page, context: BrowserContext
) -> None:
    cookies = {cookie["name"]: cookie for cookie in context.cookies()}
    assert cookies["__Host-sessionid"]["secure"]
    assert cookies["__Host-sessionid"]["httpOnly"]
    answer = desk.goto("/items/")
    assert answer is not None
    headers = answer.headers
    assert headers["strict-transport-security"].startswith("max-age=3600")
    assert "default-src 'self'" in headers["content-security-policy"]
    assert headers["x-request-id"]
    sheet = desk.locator("link[rel=stylesheet]").last.get_attribute("href")
    assert sheet is not None
    assert sheet.count(".") == 2, "its name carries a hash"
    assert "immutable" in desk.request.get(sheet).headers["cache-control"]


def test_what_happened_is_logged_and_counted_over_all_processes(production: Production) -> None:
    for number in range(20):
        production.ask("/login/", **{"X-Request-ID": f"walk-{number}"})
    told = {line.get("request_id") for line in production.lines if line["message"].endswith("200")}
    assert {f"walk-{number}" for number in range(20)} <= told
    text = production.ask("/metrics", Authorization=f"Bearer {TOKEN}").read().decode()
    counted = next(
        line for line in text.splitlines()
        if line.startswith("serialbook_requests_total") and 'status="200",view="login"' in line
    )  # fmt: skip
    assert float(counted.rpartition(" ")[2]) >= 20
