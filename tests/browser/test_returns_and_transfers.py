"""Goods that come back, go to another place, or never should have: in a real Chromium."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from items.models import Item, SerialUnit
from locations.models import Location
from tests.books import Books
from tests.browser.hands import follow, press, status
from transactions.models import Transaction

Check = Callable[[Page], None]


@pytest.fixture
def sold(shop: Books, item: Item) -> Transaction:
    """A1 and A2, bought, shipped and invoiced; the invoice."""
    today = timezone.localdate()
    order = shop.order(item, 2, "600.00", on=today)
    shop.receive(order, "A1 A2", on=today)
    sale = shop.sell(item, 2, "999.00", on=today)
    return shop.invoice(shop.fulfill(sale, "A1 A2", on=today), on=today)


def test_a_return_is_refused_while_the_number_is_on_hand_and_taken_after(
    page: Page, shop: Books, item: Item, sold: Transaction, assert_accessible: Check
) -> None:
    today = timezone.localdate()
    shop.receive(shop.order(item, 1, "610.00", on=today), "A1", on=today)
    page.goto(sold.get_absolute_url())
    follow(page, "Authorize Return")
    main = page.get_by_role("main")
    main.get_by_label("Quantity").fill("1")
    assert_accessible(page)
    press(page, "Save")
    expect(status(page)).to_have_text("Pending Receipt")

    follow(page, "Receive")
    press(page, "Pick from list")
    main.get_by_label(re.compile("A1")).check()
    assert_accessible(page)
    press(page, "Save")
    expect(page.get_by_role("main")).to_contain_text(
        "You can't receive the return of HT9000 A1: this serial number is currently "
        "on hand at MAIN."
    )
    assert_accessible(page)
    assert not Transaction.objects.of("return_receipt").exists()

    shop.adjust(item, -1, "A1", on=today)
    dialog = page.get_by_role("dialog")  # asks for another number
    dialog.get_by_role("textbox").fill("A1")  # the same again: its unit has left by now
    dialog.get_by_role("button").first.click()
    expect(status(page)).to_have_text("Received")
    unit = SerialUnit.objects.on_hand().get(number="A1")
    assert unit.unit_cost == 600
    follow(page, "Credit")
    press(page, "Save")
    expect(status(page)).to_have_text("Open")
    assert_accessible(page)


def test_a_transfer_order_goes_out_and_arrives(
    page: Page, shop: Books, item: Item, assert_accessible: Check
) -> None:
    today = timezone.localdate()
    shop.receive(shop.order(item, 2, "600.00", on=today), "T1 T2", on=today)
    page.goto("/transactions/transfer-order/new/")
    main = page.get_by_role("main")
    main.get_by_label("To Location", exact=False).select_option(label="EAST")
    main.get_by_label("Item", exact=False).first.press_sequentially("HT9000")
    page.keyboard.press("Tab")
    main.get_by_label("Quantity", exact=False).first.fill("2")
    expect(page.locator("#entry-details")).to_contain_text("2 available")
    press(page, "Add Line")
    expect(page.get_by_role("region", name="Lines")).to_contain_text("HT9000")
    assert_accessible(page)
    press(page, "Save")
    expect(status(page)).to_have_text("Pending Fulfillment")

    follow(page, "Fulfill")
    main.get_by_label("Serial numbers").fill("T1\nT2\n")
    press(page, "Save")
    expect(status(page)).to_have_text("Shipped")
    expect(main).to_contain_text("Inventory In Transit")
    follow(page, "Receive")
    expect(page.get_by_role("list", name="Entered numbers")).to_contain_text("T1")
    expect(page.get_by_role("list", name="Entered numbers")).to_contain_text("T2")
    assert_accessible(page)
    press(page, "Save")
    expect(status(page)).to_have_text("Received")
    east = Location.objects.get(name="EAST")
    assert SerialUnit.objects.on_hand().filter(location=east).count() == 2


def test_a_void_is_refused_with_the_way_to_what_stands_in_it_and_then_done(
    page: Page, shop: Books, item: Item, sold: Transaction, assert_accessible: Check
) -> None:
    fulfillment = Transaction.objects.of("item_fulfillment").get()
    page.goto(fulfillment.get_absolute_url())
    follow(page, "Void")
    main = page.get_by_role("main")
    main.get_by_label("Reason", exact=False).fill("sent to the wrong house")
    press(page, f"Void {fulfillment}")
    expect(main).to_contain_text(f"used later on {sold}")
    expect(main.get_by_label("Reason", exact=False)).to_have_value("sent to the wrong house")
    assert_accessible(page)
    main.get_by_role("link", name=re.compile(str(sold))).or_(
        main.locator(f'a[href="{sold.get_absolute_url()}"]')
    ).first.click()
    follow(page, "Void")
    main.get_by_label("Reason", exact=False).fill("not sent")
    press(page, f"Void {sold}")
    expect(status(page)).to_have_text("Voided")
    page.goto(f"{fulfillment.get_absolute_url()}void/")
    main.get_by_label("Reason", exact=False).fill("sent to the wrong house")
    press(page, f"Void {fulfillment}")
    expect(status(page)).to_have_text("Voided")
    assert shop.on_hand(item) == ["A1", "A2"]
