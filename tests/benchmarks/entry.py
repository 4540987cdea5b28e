"""How long a person waits who enters N serial numbers, in a real Chromium.

    python -m tests.benchmarks.entry [N …]

Against a server that runs with the demo company (`make run`; SERVER, USER_NAME and PASSWORD in the
environment). Each N is a stand-alone bill: pasted, counted, checked, one more scanned, the line
added, saved. One JSON line a step.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections.abc import Callable

from playwright.sync_api import Page, sync_playwright

SERVER = os.environ.get("SERVER", "http://127.0.0.1:8000")
WAIT = 600_000  # milliseconds


def timed(job: str, n: int, act: Callable[[], None]) -> None:
    start = time.perf_counter()
    act()
    seconds = round(time.perf_counter() - start, 3)
    print(json.dumps({"job": job, "n": n, "seconds": seconds}), flush=True)


def log_in(page: Page) -> None:
    page.goto(f"{SERVER}/login/")
    page.fill("[name=username]", os.environ.get("USER_NAME", "demo"))
    page.fill("[name=password]", os.environ.get("PASSWORD", "spindle-7200"))
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "login" not in url)


def enter(page: Page, n: int) -> None:
    """A bill of n units, from the paste to the saved document."""
    mark = f"B{time.time():.0f}-"
    page.goto(f"{SERVER}/items/?type=serialized")
    item = re.search(r"/items/(\d+)/", page.locator("a.row-link").first.get_attribute("href") or "")
    page.goto(f"{SERVER}/transactions/vendor-bill/new/?item={item.group(1) if item else ''}")
    page.evaluate(
        "text => navigator.clipboard.writeText(text)", "\n".join(f"{mark}{i:06}" for i in range(n))
    )
    counted = page.locator(".serial-count [data-entered]").get_by_text(f"{n:,}", exact=True)
    page.locator("[data-scan]").focus()

    def paste() -> None:
        page.keyboard.press("Control+v")
        counted.wait_for()

    def scan() -> None:
        page.keyboard.type(f"{mark}X")
        page.keyboard.press("Enter")
        page.get_by_text(f"{mark}X entered.").wait_for()

    def add() -> None:
        page.get_by_role("button", name="Add Line", exact=True).click()
        page.get_by_role("region", name="Lines").wait_for()

    def save() -> None:
        page.get_by_role("button", name="Save", exact=True).click()
        page.wait_for_url(re.compile(r"/vendor-bill/\d+/$"), wait_until="commit")

    timed("paste until counted", n, paste)
    timed("and checked", n, lambda: page.locator("[data-serials][aria-busy=false]").wait_for())
    timed("one more scan", n, scan)
    page.fill("#id_entry-quantity", str(n + 1))
    page.fill("#id_entry-rate", "10.00")
    timed("add the line", n, add)
    page.select_option("[name=vendor]", index=1)
    timed("save", n, save)


def main() -> None:
    sizes = [int(size) for size in sys.argv[1:]] or [100, 1_000, 10_000, 100_000]
    with sync_playwright() as playwright:
        chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        args = ["--no-sandbox", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=chromium, args=args)
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=SERVER)
        page = context.new_page()
        page.set_default_timeout(WAIT)
        log_in(page)
        for n in sizes:
            enter(page, n)
        browser.close()


if __name__ == "__main__":
    main()
