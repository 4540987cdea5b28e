"""What a person does on a page: press, follow, fill in a line, look at the status."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect


def press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("link", name=name, exact=True).first.click()


def add_line(page: Page, item: str, quantity: str, rate: str) -> None:
    """Fill in the entry row as a person does, field by field, and add the line."""
    page.get_by_role("main").get_by_label("Item", exact=False).first.press_sequentially(item)
    page.keyboard.press("Tab")
    page.get_by_role("main").get_by_label("Quantity", exact=False).first.fill(quantity)
    expect(page.locator("#entry-details")).to_contain_text(item)
    page.get_by_role("main").get_by_label("Rate", exact=False).first.fill(rate)
    press(page, "Add Line")
    expect(page.get_by_role("region", name="Lines")).to_contain_text(item)


def status(page: Page) -> Any:
    return page.locator("h1 ~ .badge, .page-header .badge, .badge").first


def buy_and_sell(page: Page, look: Callable[[Page], None]) -> None:
    """Three HT9000 of Acme from purchase order to bill; A1235 to Maple, up to its invoice."""
    page.goto("/transactions/purchase-order/new/")
    page.get_by_role("main").get_by_label("Vendor", exact=False).select_option(label="Acme")
    add_line(page, "HT9000", "3", "600.00")
    look(page)
    press(page, "Save")
    expect(status(page)).to_have_text("Pending Receipt")
    look(page)

    follow(page, "Receive")
    page.get_by_role("main").get_by_label("Serial numbers").fill("A1234\nA1235\nA1236\n")
    expect(page.locator(".serial-count").first).to_contain_text("3 entered of 3")
    look(page)
    press(page, "Save and Bill")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"Bill IR-\d+"))
    press(page, "Save")
    expect(status(page)).to_have_text("Open")
    expect(page.get_by_role("main")).to_contain_text("Accounts Payable")

    page.goto("/transactions/sales-order/new/")
    page.get_by_role("main").get_by_label("Customer", exact=False).select_option(label="Maple")
    add_line(page, "HT9000", "1", "999.00")
    press(page, "Save")
    expect(status(page)).to_have_text("Pending Fulfillment")

    follow(page, "Fulfill")
    page.get_by_role("main").get_by_label("Picked", exact=True).check()
    press(page, "Pick from list")
    page.get_by_role("main").get_by_label(re.compile("A1235")).check()
    expect(page.get_by_role("list", name="Entered numbers")).to_contain_text("A1235")
    look(page)
    press(page, "Save")
    expect(status(page)).to_have_text("Picked")
    press(page, "Mark Packed")
    expect(status(page)).to_have_text("Packed")
    press(page, "Mark Shipped")
    expect(status(page)).to_have_text("Shipped")
    expect(page.get_by_role("main")).to_contain_text("Cost of Goods Sold")
    follow(page, "Invoice")
    press(page, "Save")
    expect(status(page)).to_have_text("Open")
