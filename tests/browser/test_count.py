"""Counting by scanner: every scan is stored at once, and none is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from items.models import Item, SerialUnit
from locations.models import Location
from tests.books import Books
from tests.browser.hands import press, status
from transactions.models import LineUnit, Transaction

Check = Callable[[Page], None]


@pytest.fixture
def count(page: Page, shop: Books, item: Item, assert_accessible: Check) -> Transaction:
    """A count of what should be A1034 and A1035, open at the page of its first line."""
    shop.adjust(item, 2, "A1034 A1035", rate="600.00", on=timezone.localdate())
    page.goto("/transactions/inventory-count/new/")
    press(page, "Add All Items With Stock Here")
    expect(page.get_by_role("main")).to_contain_text("HT9000")
    assert_accessible(page)
    press(page, "Save")
    press(page, "Start Counting")
    expect(status(page)).to_have_text("Started")
    page.get_by_role("link", name="Count HT9000").click()
    page.wait_for_url("**/lines/1/")
    page.wait_for_load_state("networkidle")
    return Transaction.objects.of("inventory_count").get()


def scan(page: Page, *numbers: str) -> None:
    """What a scanner does: types fast, ends with Enter, waits for nobody."""
    for number in numbers:
        page.keyboard.insert_text(number)
        page.keyboard.press("Enter")


def seen() -> set[str]:
    return set(LineUnit.objects.values_list("number", flat=True))


def test_scans_are_stored_as_fast_as_they_come(
    page: Page, count: Transaction, assert_accessible: Check
) -> None:
    scan(page, "A1O34", "A1035", "N1", "N2", "N3")
    expect(page.locator("#seen-results")).to_contain_text("5 rows")
    assert seen() == {"A1O34", "A1035", "N1", "N2", "N3"}
    expect(page.get_by_label("Serial Numbers", exact=True)).to_be_focused()
    expect(page.get_by_label("Serial Numbers", exact=True)).to_have_value("")
    assert_accessible(page)
    page.get_by_role("button", name="Replace A1O34 by A1034").click()
    page.get_by_role("button", name="Remove N3").click()
    expect(page.get_by_role("button", name="Remove N3")).to_have_count(0)
    assert seen() == {"A1034", "A1035", "N1", "N2"}
    page.get_by_role("link", name=re.compile("^Back to")).click()
    press(page, "Complete")
    assert_accessible(page)
    press(page, "Approve")
    expect(status(page)).to_have_text("Approved")
    expect(page.get_by_role("main")).to_contain_text("Inventory Adjustment ADJ-2")


def test_a_misplaced_unit_is_transferred_and_a_missing_one_adjusted_out(
    page: Page, shop: Books, item: Item, count: Transaction, assert_accessible: Check, settings: Any
) -> None:
    settings.ZEAL_RAISE = False  # approval posts a document for what came and one for what went
    east = Location.objects.get(name="EAST")
    shop.adjust(item, 1, "E7", rate="600.00", on=timezone.localdate(), at=east)
    scan(page, "A1034", "E7")
    expect(page.locator("#seen-results")).to_contain_text("2 rows")
    line = page.url
    page.goto("about:blank")  # the browser was closed; what was scanned is there
    page.goto(line)
    expect(page.locator("#seen-results")).to_contain_text("2 rows")
    page.get_by_role("link", name=re.compile("^Back to")).click()
    press(page, "Complete")
    answers = page.get_by_label("Differences of HT9000")
    expect(answers).to_contain_text(re.compile(r"1 missing.*A1035", re.DOTALL))
    expect(answers).to_contain_text(re.compile(r"1 at another place.*E7\s+is at EAST", re.DOTALL))
    assert_accessible(page)
    press(page, "Approve")
    expect(status(page)).to_have_text("Approved")
    expect(page.get_by_role("main")).to_contain_text("Inventory Transfer IT-1")
    missing, misplaced = (SerialUnit.objects.get(number=number) for number in ("A1035", "E7"))
    assert (missing.status, str(misplaced.location)) == ("adjusted_out", "MAIN")


def test_what_could_not_be_stored_comes_back_into_the_box(
    page: Page, count: Transaction, console_errors: list[str]
) -> None:
    page.route("**/lines/1/", lambda route: route.abort())
    scan(page, "A1034", "A1035")
    expect(page.get_by_role("alert")).to_contain_text("could not be stored")
    box = page.get_by_label("Serial Numbers", exact=True)
    expect(box).to_have_value("A1034\nA1035\n")
    console_errors.clear()  # the failed request
    page.unroute("**/lines/1/")
    page.keyboard.press("Enter")
    expect(box).to_have_value("")
    expect(page.locator("#scan-failed")).to_be_hidden()
    expect(page.locator("#seen-results")).to_contain_text("A1035")
    assert seen() == {"A1034", "A1035"}


def test_a_mistyped_number_stays_in_the_box(
    page: Page, count: Transaction, console_errors: list[str]
) -> None:
    scan(page, "...")
    expect(page.locator("#counted")).to_contain_text("isn't a valid serial number")
    expect(page.get_by_label("Serial Numbers", exact=True)).to_have_value("...\n")
    assert seen() == set()
    console_errors.clear()  # the answer 422
