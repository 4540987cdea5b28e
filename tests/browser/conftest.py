"""A real Chromium, logged in, whose console must stay clean."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from playwright.sync_api import BrowserContext, ConsoleMessage, Page

from company.models import Company
from company.setup import ensure_company
from items.models import Item
from tests.books import Books
from tests.factories import CustomerFactory, ItemFactory, LocationFactory, VendorFactory
from transactions import audit

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")

# Playwright's sync API runs inside an event loop, where Django would refuse the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    if not Path(CHROMIUM).exists():
        pytest.fail(f"{CHROMIUM} is missing: apt install chromium, or set CHROMIUM", pytrace=False)
    args = [
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": args}


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    tmp_path_factory: pytest.TempPathFactory, django_db_modify_db_settings: None
) -> None:
    """On SQLite, a file: in memory, the server's threads would share one connection."""
    if connection.vendor == "sqlite":
        file = tmp_path_factory.mktemp("database") / "test.sqlite3"
        connection.settings_dict["TEST"]["NAME"] = str(file)


@pytest.fixture
def console_errors() -> list[str]:
    """What the browser complained about: scripts, the CSP, missing files.

    A test fails at its end if this is not empty; one that provokes an answer of 400 or more on
    purpose clears it.
    """
    return []


@pytest.fixture
def context(new_context: Any, live_server: Any, user: User) -> BrowserContext:
    """A browser window 1440 pixels wide, with the session of `user`."""
    context = new_context(
        base_url=live_server.url, viewport={"width": 1440, "height": 900}, locale="en-US"
    )
    client = Client()
    client.force_login(user)
    session = client.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": session.key, "value": session.value, "url": live_server.url}])
    return context


@pytest.fixture
def page(context: BrowserContext, console_errors: list[str]) -> Iterator[Page]:
    """A page at the live server; `page.goto("/items/")` is enough of an address."""
    page = context.new_page()
    page.set_default_timeout(10_000)

    def on_console(message: ConsoleMessage) -> None:
        url = message.location.get("url", "")
        # Chromium asks for an icon where a page, as in the admin site, names none.
        if message.type == "error" and not url.endswith("/favicon.ico"):
            console_errors.append(f"{message.text} ({url})")

    page.on("console", on_console)
    page.on("pageerror", lambda error: console_errors.append(str(error)))
    yield page
    assert console_errors == []


@pytest.fixture
def narrow(page: Page) -> Page:
    """The page on a telephone, 390 pixels wide."""
    page.set_viewport_size({"width": 390, "height": 844})
    return page


@pytest.fixture
def assert_accessible() -> Callable[[Page], None]:
    """Fail with axe's findings, each with the elements it is about."""

    def check(page: Page) -> None:
        violations = Axe().run(page).response["violations"]
        findings = [
            f"{v['id']} ({v['impact']}): {v['help']}\n"
            + "\n".join(f"    {node['html']}" for node in v["nodes"])
            for v in violations
        ]
        assert not findings, f"axe at {page.url}:\n" + "\n".join(findings)

    return check


@pytest.fixture
def shop(transactional_db: None, user: Any) -> Any:
    """A company with an item, a vendor, a customer and two locations; ends with the audit."""
    ensure_company()
    main = Company.current().default_location
    main.name = "MAIN"
    main.save()
    LocationFactory(name="EAST")
    Company.objects.update(multi_location_inventory=True)
    VendorFactory(name="Acme")
    CustomerFactory(name="Maple")
    ItemFactory(
        name="HT9000", display_name="Hi-Tech 9000", base_price="999.00", purchase_price="600.00"
    )
    yield Books(user)
    assert audit.offenders() == []


@pytest.fixture
def item(shop: Books) -> Item:
    return Item.objects.get(name="HT9000")
