"""What people do all day, in a real Chromium: from purchase order to profit, and the prompt."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.utils import timezone
from playwright.sync_api import Page, expect

from inventory import menus
from items.models import Item
from tests.books import Books
from tests.browser.hands import buy_and_sell, press, status

Check = Callable[[Page], None]


def test_from_purchase_order_to_profit(
    page: Page, shop: Books, item: Item, assert_accessible: Check
) -> None:
    buy_and_sell(page, assert_accessible)
    page.goto(f"/serials/{item.pk}/a1235/")
    expect(page.get_by_role("main")).to_contain_text("399.00")
    assert_accessible(page)
    page.goto("/reports/serialized-profit/")
    expect(page.get_by_role("main")).to_contain_text("A1235")
    expect(page.get_by_role("main")).to_contain_text("399.00")
    assert_accessible(page)
    page.goto("/reports/income-statement/")
    expect(page.get_by_role("main")).to_contain_text("Gross Profit")
    expect(page.get_by_role("main")).to_contain_text("399.00")
    assert_accessible(page)
    page.goto(f"/items/{item.pk}/?tab=serials")
    expect(page.get_by_role("main")).to_contain_text("A1234")
    expect(page.get_by_role("main")).not_to_contain_text("A1235")


def receiving(page: Page, shop: Books, item: Item) -> None:
    """Example 3 up to its receipt: A1234 is on hand, two units are still to come."""
    order = shop.order(item, 5, "600.00", on=timezone.localdate())
    shop.receive(order, "A1234 A1235 A1236", on=timezone.localdate())
    page.goto(f"/transactions/item-receipt/new/?from={order.pk}")
    page.get_by_role("main").get_by_label("Serial numbers").fill("A1234 A1237")


def test_example_3_the_warning_names_the_place_and_asks_for_another_number(
    page: Page, shop: Books, item: Item, assert_accessible: Check
) -> None:
    receiving(page, shop, item)
    press(page, "Save")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(
        "Serial number A1234 is already on hand for HT9000 at MAIN. "
        "Enter a different serial number."
    )
    assert_accessible(page)
    assert shop.quantities(item)["OH"] == 3

    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("list", name="Entered numbers").get_by_role("listitem")).to_have_text(
        [re.compile("A1237"), re.compile("A1234")]
    )

    press(page, "Save")
    dialog.get_by_label("New serial number for A1234").fill("A1237")  # repeats the other one
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_contain_text("A1237 is entered more than once for HT9000")
    assert shop.quantities(item)["OH"] == 3

    dialog.get_by_label(re.compile("New serial number for")).fill("A1238")
    dialog.get_by_role("button", name="Save").click()
    expect(status(page)).to_have_text("Received")
    assert shop.quantities(item)["OH"] == 5
    assert sorted(shop.on_hand(item)) == ["A1234", "A1235", "A1236", "A1237", "A1238"]


def test_example_3_works_without_javascript(
    new_context: Any, context: Any, live_server: Any, shop: Books, item: Item
) -> None:
    plain = new_context(
        base_url=live_server.url, java_script_enabled=False, storage_state=context.storage_state()
    )
    page = plain.new_page()
    receiving(page, shop, item)
    press(page, "Save")
    expect(page.get_by_role("main")).to_contain_text("already on hand for HT9000 at MAIN")
    page.get_by_role("main").get_by_label("New serial number for A1234").fill("A1238")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(status(page)).to_have_text("Received")
    assert shop.quantities(item)["OH"] == 5


def test_a_second_click_posts_once(page: Page, shop: Books, item: Item) -> None:
    order = shop.order(item, 2, "600.00", on=timezone.localdate())
    page.goto(f"/transactions/item-receipt/new/?from={order.pk}")
    page.get_by_role("main").get_by_label("Serial numbers").fill("A1 A2")
    page.get_by_role("main").get_by_role("button", name="Save", exact=True).dblclick()
    expect(status(page)).to_have_text("Received")
    assert order.children.count() == 1


def test_back_and_save_again_leads_to_the_same_document(
    page: Page, shop: Books, item: Item
) -> None:
    order = shop.order(item, 2, "600.00", on=timezone.localdate())
    page.goto(f"/transactions/item-receipt/new/?from={order.pk}")
    page.get_by_role("main").get_by_label("Serial numbers").fill("A1 A2")
    press(page, "Save")
    expect(status(page)).to_have_text("Received")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Receive {order}")
    if page.get_by_role("main").get_by_label("Serial numbers").count():  # the page as it was left
        press(page, "Save")
        expect(status(page)).to_have_text("Received")
    else:  # the page asked for anew
        expect(page.get_by_role("main")).to_contain_text("Nothing is left")
    assert order.children.count() == 1


def test_the_scanner_adds_one_number_an_enter_and_never_submits(
    page: Page, shop: Books, item: Item
) -> None:
    order = shop.order(item, 3, "600.00", on=timezone.localdate())
    page.goto(f"/transactions/item-receipt/new/?from={order.pk}")
    box = page.get_by_role("main").get_by_label("Serial numbers")
    box.focus()
    for number in ("A1", "A2", "A3"):
        page.keyboard.type(number)
        page.keyboard.press("Enter")
    expect(page.locator(".serial-count").first).to_contain_text("3 entered of 3")
    assert order.children.count() == 0
    press(page, "Save")
    expect(status(page)).to_have_text("Received")


def test_the_search_box_finds_a_scanned_number(page: Page, shop: Books, item: Item) -> None:
    shop.adjust(item, 1, "ZA14C3", rate="10.00", on=timezone.localdate())
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type("za14c3")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/serials/{item.pk}/ZA14C3/$"))


# Whatever the menus lead to, and what they do not.
PAGES = [
    "/items/?view=stock", "/items/new/", "/customers/new/", "/search/?q=A1",
    *(
        page.url
        for menu in menus.MENUS
        for group in menu.groups
        for page in group.pages
        if page.needs != "staff"
    ),
]  # fmt: skip


def test_every_page_is_accessible_wide_and_narrow(
    page: Page, shop: Books, item: Item, assert_accessible: Check
) -> None:
    shop.adjust(item, 2, "A1 A2", rate="10.00", on=timezone.localdate())
    shop.sell(item, 3, "999.00", on=timezone.localdate())
    shop.order(item, 3, "600.00", on=timezone.localdate())
    own = [f"/items/{item.pk}/?tab={tab}" for tab in
           ("purchasing", "serials", "sales", "accounting", "transactions", "notes")]  # fmt: skip
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 844})
        for address in [*PAGES, *own, f"/serials/{item.pk}/A1/"]:
            response = page.goto(address)
            assert response is not None
            assert response.status == 200, address
            assert_accessible(page)
            wide = page.evaluate("() => document.documentElement.scrollWidth")
            assert wide <= width, f"{address} scrolls sideways at {width}"
