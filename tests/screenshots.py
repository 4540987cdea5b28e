"""Writes the main pages, wide and narrow, to docs/screenshots: `make screenshots`.

It makes the demo company in a database of its own, serves it, logs in as the demo user and looks
at each page as somebody at a desk and somebody with a telephone would. Name pages to take only
those: `make screenshots ARGS="home stock"`.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "screenshots"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
CHROMIUM_ARGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"]
CHROMIUM_ARGS += ["--disable-background-networking", "--disable-component-update"]
QUIET = subprocess.DEVNULL
SIZES = {"wide": (1440, 900), "narrow": (390, 844)}
LOG_IN = re.compile(r"log in as (\S+) with password (\S+)")

# What a page is called, where it starts, and the link on the way to it, if any.
FIRST_ROW = "table tbody a"
SERIALIZED = "/items/?view=stock&type=serialized"
PAGES: dict[str, tuple[str, ...]] = {
    "home": ("/",),
    "items": ("/items/",),
    "stock": ("/items/?view=stock",),
    "item": (SERIALIZED, FIRST_ROW),
    "serials": (SERIALIZED, FIRST_ROW, "?tab=serials"),
    "serial": (SERIALIZED, FIRST_ROW, "?tab=serials", "main a[href^='/serials/']"),
    "new-item": ("/items/new/",),
    "purchase-orders": ("/transactions/purchase-order/",),
    "purchase-order": ("/transactions/purchase-order/", FIRST_ROW),
    "item-receipt": ("/transactions/item-receipt/", FIRST_ROW),
    "vendor-bill": ("/transactions/vendor-bill/", FIRST_ROW),
    "sales-order": ("/transactions/sales-order/", FIRST_ROW),
    "item-fulfillment": ("/transactions/item-fulfillment/", FIRST_ROW),
    "invoice": ("/transactions/invoice/", FIRST_ROW),
    "receive": ("/transactions/item-receipt/new/", "main a[href*='?from=']"),
    "fulfill": ("/transactions/item-fulfillment/new/", "main a[href*='?from=']"),
    "new-adjustment": ("/transactions/inventory-adjustment/new/",),
    "customer": ("/customers/", FIRST_ROW),
    "income-statement": ("/reports/income-statement/",),
    "serialized-profit": ("/reports/serialized-profit/",),
    "trial-balance": ("/reports/trial-balance/",),
    "preferences": ("/preferences/",),
}


def main(wanted: list[str]) -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    with demo_company() as (address, user, password), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGS)
        for size in SIZES:
            page = logged_in(browser, size, address, user, password)
            for name in wanted or PAGES:
                take(page, name, TARGET / f"{name}-{size}.png")
        browser.close()


@contextmanager
def demo_company() -> Iterator[tuple[str, str, str]]:
    """The demo company, served: its address, and whom to log in as."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "DATABASE_URL": f"sqlite:///{folder}/demo.sqlite3"}
        manage("migrate", "--verbosity", "0", environment=environment)
        said = manage("demo", environment=environment)
        who = LOG_IN.search(said)
        if not who:
            sys.exit(f"The demo did not say whom to log in as:\n{said}")
        port = str(free_port())
        command = [sys.executable, "manage.py", "runserver", "--noreload", port]
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=QUIET, stderr=QUIET)
        try:
            wait_for(int(port), server)
            yield f"http://127.0.0.1:{port}", who[1], who[2]
        finally:
            server.terminate()
            server.wait()


def manage(*words: str, environment: dict[str, str]) -> str:
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(
        command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port: int, server: subprocess.Popen[bytes], seconds: int = 30) -> None:
    for _ in range(seconds * 10):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if server.poll() is not None:
            break
        time.sleep(0.1)
    sys.exit("The server did not start.")


def logged_in(browser: Browser, size: str, address: str, user: str, password: str) -> Page:
    width, height = SIZES[size]
    page = browser.new_page(
        base_url=address,
        viewport={"width": width, "height": height},
        reduced_motion="reduce",
        device_scale_factor=1 if size == "wide" else 2,
    )
    page.goto("/login/")
    page.get_by_label("Username").fill(user)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("/")
    return page


def take(page: Page, name: str, file: Path) -> None:
    """Walk to the page and photograph what a person sees of it first."""
    start, *steps = PAGES[name]
    page.goto(start)
    for step in steps:
        if step.startswith("?"):
            page.goto(page.url.split("?")[0] + step)
        else:
            page.goto(page.locator(step).first.get_attribute("href"))
    page.wait_for_load_state("networkidle")
    page.screenshot(path=file)
    print(file.relative_to(ROOT))


if __name__ == "__main__":
    main(sys.argv[1:])
