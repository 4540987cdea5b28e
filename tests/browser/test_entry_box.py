"""Entering thousands of serial numbers in a real Chromium: pasted, mended, scanned, kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from items.models import Item, SerialUnit
from tests.books import Books
from tests.browser.hands import press, status
from transactions.models import Transaction

Check = Callable[[Page], None]


@pytest.fixture
def receive(page: Page, context: Any, live_server: Any, shop: Books, item: Item) -> Any:
    """Opens the receipt of an order of so many units; A1 and A2 are on hand already."""
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=live_server.url)
    shop.adjust(item, 2, "A1 A2", rate="600.00", on=timezone.localdate())

    def open_receipt(quantity: int) -> Transaction:
        order = shop.order(item, quantity, "600.00", on=timezone.localdate())
        page.goto(f"/transactions/item-receipt/new/?from={order.pk}")
        return order

    return open_receipt


def field(page: Page) -> Locator:
    return page.get_by_role("main").get_by_label("Serial numbers")


def counter(page: Page) -> Locator:
    return page.locator(".serial-count").first


def rows(page: Page) -> Locator:
    return page.locator(".bad-number")


def paste(page: Page, text: str) -> None:
    """What a person does: copied elsewhere, put in with the keyboard."""
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    field(page).focus()
    page.keyboard.press("Control+v")


def test_ten_thousand_are_pasted_three_bad_ones_fixed_in_place_and_posted(
    page: Page, shop: Books, item: Item, receive: Any, assert_accessible: Check
) -> None:
    receive(10_000)
    numbers = [f"SN-{n:06}" for n in range(10_000)]
    numbers[17], numbers[5_000], numbers[9_999] = "A1", numbers[4_999], "3.56E+14"
    paste(page, "\n".join(numbers) + "\n")
    expect(counter(page)).to_contain_text("10,000 entered of 10,000 needed")
    expect(rows(page)).to_have_count(3, timeout=60_000)
    expect(counter(page)).to_contain_text("3 to correct")
    assert page.locator("input").count() < 50
    expect(page.get_by_role("main")).to_contain_text("already on hand for HT9000 at MAIN")
    assert_accessible(page)

    page.get_by_label("Replace A1 with").fill("SN-000017")
    page.keyboard.press("Enter")
    expect(rows(page)).to_have_count(2)
    page.get_by_label("Replace the second SN-004999 with").fill("A2")  # which is on hand, too
    page.keyboard.press("Enter")
    expect(rows(page).filter(has_text="A2")).to_contain_text("already on hand")
    page.get_by_label("Replace A2 with").fill("SN-005000")
    page.keyboard.press("Enter")
    expect(rows(page)).to_have_count(1)
    page.get_by_role("button", name="Leave out 3.56E+14").click()
    expect(rows(page)).to_have_count(0)
    expect(counter(page)).to_contain_text("9,999 entered of 10,000 needed · 1 remaining")

    page.keyboard.type("SN-009999")
    page.keyboard.press("Enter")
    expect(counter(page)).to_have_text("10,000 entered of 10,000 needed")
    page.set_default_timeout(120_000)
    press(page, "Save")
    expect(status(page)).to_have_text("Received", timeout=120_000)
    assert SerialUnit.objects.filter(number__startswith="SN-").count() == 10_000
    expect(page.get_by_role("main")).to_contain_text("(10,000)")


def test_scanning_one_at_a_time_needs_no_mouse_and_refuses_a_duplicate(
    page: Page, shop: Books, item: Item, receive: Any
) -> None:
    item.upc = "036000291452"
    item.save()
    order = receive(2)
    page.get_by_role("main").get_by_label("Serial numbers").focus()
    for code, said in (
        ("N1", "N1 entered."),
        ("n1", "n1 is entered already."),
        ("036000291452", "036000291452 is the barcode of the item (UPC), not a serial number."),
        ("A1", "A1 needs a look."),
    ):
        page.keyboard.type(code)
        page.keyboard.press("Enter")
        expect(page.locator("[data-said]")).to_have_text(said)
        expect(field(page)).to_be_focused()
        expect(field(page)).to_have_class(re.compile("is-good" if code == "N1" else "is-bad"))
    expect(counter(page)).to_contain_text("2 entered of 2 needed · 1 to correct")
    page.keyboard.press("Tab")
    while not page.get_by_label("Replace A1 with").evaluate("e => e === document.activeElement"):
        page.keyboard.press("Tab")
    page.keyboard.type("N2")
    page.keyboard.press("Enter")
    expect(field(page)).to_be_focused()
    expect(counter(page)).to_have_text("2 entered of 2 needed")
    assert not order.children.exists()
    save = page.get_by_role("main").get_by_role("button", name="Save", exact=True)
    save.focus()
    page.keyboard.press("Enter")
    expect(status(page)).to_have_text("Received")
    assert {"N1", "N2"} <= set(shop.on_hand(item))


def test_what_a_scanner_sends_around_a_code_is_left_out(
    page: Page, shop: Books, item: Item, receive: Any
) -> None:
    page.goto("/preferences/?tab=scanning")
    page.get_by_label("Scanner sends before each code").fill("]C1")
    page.get_by_label("Scanner sends after each code").fill("#")
    page.get_by_label("Sounds while scanning").uncheck()
    press(page, "Save")
    receive(2)
    field(page).focus()
    for code in ("]C1N1#", "N2"):
        page.keyboard.type(code)
        page.keyboard.press("Enter")
    entered = page.get_by_role("list", name="Entered numbers").get_by_role("listitem")
    expect(entered).to_have_text([re.compile("^N2"), re.compile("^N1")])


def test_a_reload_and_a_lost_connection_lose_nothing(
    page: Page, shop: Books, item: Item, receive: Any, console_errors: list[str]
) -> None:
    order = receive(4)
    paste(page, "N1 N2\n")
    expect(counter(page)).to_contain_text("2 entered")
    page.get_by_role("textbox", name="Memo").fill("second pallet")
    page.reload()
    expect(page.get_by_role("status").filter(has_text="is back")).to_be_visible()
    expect(counter(page)).to_contain_text("2 entered of 4")
    expect(page.get_by_role("textbox", name="Memo")).to_have_value("second pallet")

    page.route("**/item-receipt/new/**", lambda route: route.abort())
    field(page).focus()
    page.keyboard.type("N3")
    page.keyboard.press("Enter")
    expect(page.locator("[data-said]")).to_have_text("N3 entered.")
    expect(counter(page)).to_contain_text("1 not checked yet")
    press(page, "Save")
    expect(page.locator("#messages")).to_contain_text("what you typed is still here")
    expect(counter(page)).to_contain_text("3 entered of 4")
    console_errors.clear()  # the failed requests
    page.unroute("**/item-receipt/new/**")
    page.keyboard.press("Escape")
    field(page).fill("N4")
    press(page, "Save")
    expect(status(page)).to_have_text("Received")
    assert order.children.count() == 1
    page.goto(f"/transactions/item-receipt/new/?from={order.pk}")
    expect(page.get_by_role("main")).to_contain_text("Nothing is left")
    kept = page.evaluate("() => Object.keys(sessionStorage)")
    assert not [name for name in kept if name.startswith("draft:")]


def test_ranges_find_and_replace_and_generated_numbers(
    page: Page, shop: Books, item: Item, receive: Any, assert_accessible: Check
) -> None:
    receive(300)
    field(page).focus()
    page.keyboard.type("SO-0001..SO-0250")
    page.keyboard.press("Enter")
    expect(counter(page)).to_contain_text("250 entered of 300 needed · 50 remaining")
    expect(page.get_by_role("list", name="Entered numbers").get_by_role("listitem")).to_have_count(
        100
    )
    page.get_by_label("Find", exact=True).fill("so-")
    page.get_by_label("Replace with", exact=True).fill("SX-")
    press(page, "Replace")
    expect(page.get_by_role("list", name="Entered numbers")).to_contain_text("SX-0250")
    press(page, "Generate")
    page.get_by_label("Prefix").fill("A")
    page.get_by_label("First number").fill("1")
    page.get_by_label("Quantity", exact=True).last.fill("50")
    press(page, "Enter These Numbers")
    expect(page.get_by_role("alert")).to_contain_text("2 of these are used already")
    assert_accessible(page)
    press(page, "Skip These and Continue Numbering")
    expect(counter(page)).to_have_text("300 entered of 300 needed")
    expect(page.get_by_role("list", name="Entered numbers")).to_contain_text("A52")


def test_a_file_is_dropped_into_the_box(page: Page, item: Item, receive: Any) -> None:
    receive(3)
    page.locator("input[type=file]").set_input_files(
        {"name": "n.csv", "mimeType": "text/csv", "buffer": b"Serial Number\nF1\nF2\nA1\n"}
    )
    expect(counter(page)).to_contain_text("3 entered of 3 needed · 1 to correct")
    expect(rows(page)).to_contain_text("A1")


def test_the_box_fits_a_telephone(
    narrow: Page, item: Item, receive: Any, assert_accessible: Check
) -> None:
    receive(3)
    paste(narrow, "A1 N1\n")
    expect(rows(narrow)).to_have_count(1)
    assert_accessible(narrow)
    assert narrow.evaluate("() => document.documentElement.scrollWidth") <= 390
