"""Files handed in and labels printed, in a real Chromium: the 19,886 drives with a progress bar."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from imports.models import Import
from items.models import Item, SerialUnit
from tests.books import Books
from tests.browser.hands import follow, press
from tests.imports import drives
from tests.imports.desk import csv_file

Check = Callable[[Page], None]
LONG = 240_000  # milliseconds, for a machine with other things to do
HEAD = ["Item", "Location", "Serial Number", "Unit Cost"]


def hand_in(page: Page, kind: str, name: str, content: bytes) -> None:
    page.goto("/setup/import/new/")
    page.get_by_label(kind, exact=True).check()
    page.locator("#id_file").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content}
    )
    press(page, "Check File")


def badge(page: Page) -> Any:
    return page.locator(".page-title .badge")


def test_the_drives_are_imported_with_a_progress_bar(
    page: Page, shop: Books, assert_accessible: Check
) -> None:
    found = drives.all_drives()
    hand_in(page, "Items", "items.csv", drives.item_file(found))
    expect(badge(page)).to_have_text("Ready to Import", timeout=LONG)
    press(page, "Import")
    expect(badge(page)).to_have_text("Imported", timeout=LONG)

    hand_in(page, "Opening Stock", "drives.csv", drives.stock_file(found))
    bar = page.get_by_role("progressbar")
    expect(bar).to_be_visible()
    expect(badge(page)).to_have_text("Ready to Import", timeout=LONG)
    assert not SerialUnit.objects.exists()
    assert_accessible(page)
    press(page, "Import")
    expect(bar).to_be_visible()
    expect(badge(page)).to_have_text("Imported", timeout=LONG)
    assert_accessible(page)
    assert SerialUnit.objects.count() == drives.COUNT

    hand_in(page, "Opening Stock", "drives-again.csv", drives.stock_file(found))
    expect(badge(page)).to_have_text("Nothing to Import", timeout=LONG)
    expect(page.get_by_role("main")).to_contain_text("These rows were imported on")
    assert SerialUnit.objects.count() == drives.COUNT


def test_the_page_follows_the_work_and_turns_when_it_is_done(
    page: Page, shop: Books, user: Any, assert_accessible: Check
) -> None:
    now = timezone.now()
    file = Import.objects.create(
        kind="opening_stock", name="stock.csv", by=user, worker=uuid4(), beat_at=now,
        phase="Checking rows", done=4_000, total=20_000,
    )  # fmt: skip
    page.goto(file.get_absolute_url())
    bar = page.get_by_role("progressbar", name="Checking stock.csv")
    expect(bar).to_have_attribute("value", "20")
    expect(page.locator("#progress")).to_contain_text("Checking rows: 4,000 of 20,000")
    assert_accessible(page)
    Import.objects.update(done=15_000)
    expect(bar).to_have_attribute("value", "75")
    Import.objects.update(phase="Importing, all of it or nothing", done=0, total=0)
    expect(bar).not_to_have_attribute("value", re.compile(""))
    Import.objects.update(status="failed", problem="It went wrong.", worker=None)
    expect(badge(page)).to_have_text("Failed")
    expect(page.get_by_role("main")).to_contain_text("It went wrong.")


def test_wrong_rows_are_shown_put_right_and_imported(
    page: Page, shop: Books, item: Item, assert_accessible: Check
) -> None:
    rows = [HEAD, ["HT9000", "MAIN", "A1", "600"], ["HT9000", "MAIN", "3.56E+14", "600"]]
    hand_in(page, "Opening Stock", "stock.csv", csv_file(rows))
    expect(badge(page)).to_have_text("To Correct")
    table = page.get_by_role("table")
    expect(table).to_contain_text("Row 3")
    expect(table).to_contain_text("SER-08")
    expect(table).to_contain_text("looks like a rounded number")
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 844})
        assert_accessible(page)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Import a File")
    rows[2][2] = "356938035643809"
    hand_in(page, "Opening Stock", "stock.csv", csv_file(rows))
    expect(badge(page)).to_have_text("Ready to Import")
    page.get_by_role("button", name="Import", exact=True).dblclick()
    expect(badge(page)).to_have_text("Imported")
    assert sorted(shop.on_hand(item)) == ["356938035643809", "A1"]
    assert Import.objects.get(status="imported").documents.count() == 1
    page.reload()
    expect(badge(page)).to_have_text("Imported")


def test_a_form_sent_empty_says_what_is_missing(
    page: Page, shop: Books, assert_accessible: Check
) -> None:
    page.goto("/setup/import/new/")
    press(page, "Check File")
    expect(page.get_by_role("alert")).to_contain_text("File")
    assert_accessible(page)


def test_it_works_without_javascript(
    new_context: Any, context: Any, live_server: Any, shop: Books, item: Item
) -> None:
    plain = new_context(
        base_url=live_server.url, java_script_enabled=False, storage_state=context.storage_state()
    )
    page = plain.new_page()
    rows = [HEAD, ["HT9000", "MAIN", "A1", "600"]]
    hand_in(page, "Opening Stock", "stock.csv", csv_file(rows))

    def wait_for(text: str) -> None:
        for _ in range(100):
            if badge(page).inner_text() == text:
                return
            follow(page, "Look again")
            page.wait_for_timeout(100)
        pytest.fail(f"It never was {text}.")

    wait_for("Ready to Import")
    press(page, "Import")
    wait_for("Imported")
    assert shop.on_hand(item) == ["A1"]
    page.goto(f"/labels/?item={item.pk}&code=qr")
    page.get_by_role("main").get_by_label("Paper").select_option("roll-62x29")
    press(page, "Show Preview")
    expect(page.get_by_role("img", name="The first label as it will be printed")).to_be_visible()


def test_labels_of_a_list_are_chosen_seen_and_made(
    page: Page, shop: Books, item: Item, assert_accessible: Check
) -> None:
    shop.adjust(item, 3, "A1 A2 B1", rate="10.00", on=timezone.localdate())
    page.goto(f"/items/{item.pk}/?tab=serials&q=A")
    follow(page, "Labels")
    expect(page.get_by_role("heading", level=1)).to_have_text("Print Labels")
    expect(page.locator("#label-result")).to_contain_text("2 labels on 1 sheet.")
    main = page.get_by_role("main")
    main.get_by_label("Paper").select_option(label="Roll, 62 × 29 mm")
    expect(page.locator("#label-result")).to_contain_text("2 labels on 2 pieces of the roll.")
    main.get_by_label("Code").select_option(label="QR code")
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 844})
        assert_accessible(page)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    picture = page.get_by_role("img", name="The first label as it will be printed")
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.naturalWidth") > 0
    query = page.url.partition("?")[2]
    response = page.request.get(f"/labels/labels.pdf?{query}")
    assert response.headers["content-type"] == "application/pdf"
    assert response.body().startswith(b"%PDF")
