"""How long a page takes as the browser sees it: a real Chromium, and a server of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from django.conf import settings
from django.db import connection
from django.test import Client
from playwright.sync_api import Page, sync_playwright

from tests.screenshots import CHROMIUM, CHROMIUM_ARGS, QUIET, ROOT, free_port, wait_for

TURNS = 5
LOADED = "() => performance.getEntriesByType('navigation')[0].loadEventEnd"
# From the click to the moment at which htmx has put the answer into the page.
SWAPPED = """link => new Promise(done => {
    const start = performance.now();
    const settled = () => done(performance.now() - start);
    document.body.addEventListener('htmx:afterSettle', settled, {once: true});
    document.querySelector(link).click();
})"""

# Playwright's sync API runs inside an event loop, where Django would refuse the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@contextmanager
def chromium(client: Client) -> Iterator[Page | None]:
    """A window in which the client's user is logged in; none where there is no Chromium."""
    if not Path(CHROMIUM).exists():
        yield None
        return
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGS)
        context = browser.new_context(base_url=address, viewport={"width": 1440, "height": 900})
        name = settings.SESSION_COOKIE_NAME
        cookie = {"name": name, "value": client.cookies[name].value, "url": address}
        context.add_cookies([cookie])
        yield context.new_page()
        browser.close()


@contextmanager
def served() -> Iterator[str]:
    """The application over this database, as `make run` serves it: its address."""
    port = free_port()
    environment = {**os.environ, "LOCAL": "true", "DJANGO_SETTINGS_MODULE": "inventory.settings"}
    words = ["-m", "gunicorn", "inventory.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "8"]
    server = subprocess.Popen(
        [sys.executable, *words], cwd=ROOT, env=environment, stdout=QUIET, stderr=QUIET
    )
    try:
        wait_for(port, server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def load_ms(page: Page, url: str) -> float:
    """From the request to the load event, styles and scripts out of the cache."""
    connection.close()  # the page is served by the other process
    times = []
    for _ in range(TURNS + 1):
        page.goto(url, wait_until="load")
        times.append(page.evaluate(LOADED))
    return round(median(times[1:]), 1)


def swap_ms(page: Page, url: str, link: str) -> float:
    """From the click on a link to its answer in the page."""
    times = []
    for _ in range(TURNS):
        page.goto(url, wait_until="load")
        times.append(page.evaluate(SWAPPED, link))
    return round(median(times), 1)
