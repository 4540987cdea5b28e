"""In a real Chromium: two clicks, Back and Save again, an answer that never came, no connection."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from items.models import Item
from tests.books import Books
from tests.browser.hands import press, status
from transactions.models import Transaction


@pytest.fixture
def order(shop: Books, item: Item) -> Transaction:
    return shop.order(item, 5, "600.00", on=timezone.localdate())


def receive(page: Page, order: Transaction, numbers: str) -> None:
    page.goto(f"/transactions/item-receipt/new/?from={order.pk}")
    quantity = page.get_by_role("main").get_by_label("Quantity", exact=False).first
    quantity.fill(str(len(numbers.split())))
    enter(page, numbers)


def enter(page: Page, numbers: str) -> None:
    """Paste them, as the clipboard would."""
    field = page.get_by_role("main").get_by_label("Serial numbers")
    field.focus()
    page.keyboard.insert_text(f"{numbers}\n")
    page.keyboard.press("Enter")


def counter(page: Page) -> Locator:
    return page.locator(".serial-count").first


def save(page: Page) -> Locator:
    return page.get_by_role("main").get_by_role("button", name="Save", exact=True)


def test_a_double_click_on_save_makes_one_receipt(page: Page, shop: Books, item: Item, order: Any):
    receive(page, order, "N1 N2")
    expect(counter(page)).to_contain_text("2 entered of 2 needed")
    page.wait_for_load_state("networkidle")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    save(page).dblclick()
    expect(status(page)).to_have_text("Received")
    assert sent.count("POST") == 1
    assert order.children.count() == 1
    assert shop.on_hand(item) == ["N1", "N2"]


def test_a_double_click_without_script_makes_one_receipt(
    new_context: Any, context: BrowserContext, live_server: Any, shop: Books, order: Any, item: Item
):
    plain = new_context(base_url=live_server.url, java_script_enabled=False)
    plain.add_cookies(context.cookies())
    page = plain.new_page()
    receive_plainly(page, order)
    save(page).dblclick()
    expect(status(page)).to_have_text("Received")
    page.go_back()
    if save(page).count():  # a browser that shows the form again sends it again
        save(page).click()
    assert order.children.count() == 1
    assert shop.on_hand(item) == ["N1", "N2"]


def receive_plainly(page: Page, order: Transaction) -> None:
    page.goto(f"/transactions/item-receipt/new/?from={order.pk}")
    page.get_by_role("main").get_by_label("Quantity", exact=False).first.fill("2")
    page.get_by_role("main").get_by_label("Serial numbers").fill("N1\nN2")


def test_back_and_save_again_makes_no_second_receipt(
    page: Page, shop: Books, item: Item, order: Any
):
    receive(page, order, "N1 N2")
    press(page, "Save")
    expect(status(page)).to_have_text("Received")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Receive PO-"))
    press(page, "Save")
    expect(page.locator(".error-summary, .line-refusals, [role=alert]").first).to_be_visible()
    assert order.children.count() == 1
    assert shop.on_hand(item) == ["N1", "N2"]


def test_an_answer_that_was_lost_is_found_by_saving_again(
    page: Page, shop: Books, item: Item, order: Any, console_errors: list[str]
):
    receive(page, order, "N1 N2")
    expect(counter(page)).to_contain_text("2 entered of 2 needed")
    page.wait_for_load_state("networkidle")

    def lose(route: Route) -> None:
        route.fetch()  # the server does it
        route.abort("connectionreset")

    page.route("**/item-receipt/new/**", lose)
    press(page, "Save")
    said = page.locator("#messages")
    expect(said).to_contain_text("what you typed is still here")
    expect(said).to_contain_text("saved once")
    assert order.children.count() == 1
    console_errors.clear()  # the lost answer
    page.unroute("**/item-receipt/new/**")
    press(page, "Save")
    expect(status(page)).to_have_text("Received")
    assert order.children.count() == 1
    assert shop.on_hand(item) == ["N1", "N2"]


def test_what_is_entered_without_a_connection_is_kept_and_saved_once(
    page: Page, context: BrowserContext, shop: Books, item: Item, order: Any,
    console_errors: list[str],
):  # fmt: skip
    page.goto(f"/transactions/item-receipt/new/?from={order.pk}")
    enter(page, "N1 N2")
    expect(counter(page)).to_contain_text("2 entered of 5 needed")
    page.wait_for_load_state("networkidle")

    context.set_offline(True)
    enter(page, "N3 N4")
    page.keyboard.type("N5")
    page.keyboard.press("Enter")
    page.get_by_role("textbox", name="Memo").fill("in the cellar")
    expect(counter(page)).to_contain_text("5 entered of 5 needed")
    expect(counter(page)).to_contain_text("3 not checked yet")
    press(page, "Save")
    expect(page.locator("#messages")).to_contain_text("what you typed is still here")
    assert not order.children.exists()

    context.set_offline(False)
    console_errors.clear()  # the requests that went nowhere
    press(page, "Save")
    expect(status(page)).to_have_text("Received")
    receipt = order.children.get()
    assert receipt.memo == "in the cellar"
    assert shop.on_hand(item) == ["N1", "N2", "N3", "N4", "N5"]


def test_the_second_of_two_tabs_reads_what_changed_and_saves_on_top_of_it(
    page: Page, context: BrowserContext, item: Item, assert_accessible: Callable[[Page], None]
):
    other = context.new_page()
    for tab, point in ((other, "4"), (page, "9")):
        tab.goto(f"/items/{item.pk}/edit/")
        tab.get_by_label("Reorder point", exact=True).first.fill(point)
    press(other, "Save")
    expect(other.get_by_role("heading", level=1)).to_have_text("HT9000")
    press(page, "Save")
    changed = page.get_by_role("region", name="Changed Meanwhile")
    expect(changed.get_by_role("row").nth(1)).to_have_text(
        re.compile(r"Reorder point.*4.*9", re.DOTALL)
    )
    assert_accessible(page)
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    press(page, "Save")
    item.refresh_from_db()
    assert item.reorder_point == 9
