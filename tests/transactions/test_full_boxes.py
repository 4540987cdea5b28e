"""A box of serial numbers that holds more than is looked up at once, or another kind of text."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from items import numbers
from items.models import Item
from tests.books import Books, nov
from tests.pages import FormPage
from transactions.forms.lines import CARRIED
from transactions.models import Transaction

ADJUSTMENT = "/transactions/inventory-adjustment/new/"
LONG = "Lorem" * 1_000
TEXTS = {
    "N1 N2 N3 N4": "There are 4 serial numbers in this box, and it takes 3 at once.",
    "N1..N3 N4": "There are 4 serial numbers in this box, and it takes 3 at once.",
    LONG: "“LoremLoremLoremLorem…” has 5,000 characters, and a serial number at most 100.",
}


@pytest.fixture(autouse=True)
def three_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbers, "AT_ONCE", 3)


def entered(client: Client, serials: str) -> FormPage:
    page = FormPage(client, ADJUSTMENT).fill(date="2026-11-12", reason="correction")
    page.fill(entry__item="HT9000", entry__quantity="3", entry__rate="1.00")
    page.press("check:entry")
    return page.set("entry-serials", serials)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("button", ["check:entry", "leave-out:entry", "add-line", "save"])
def test_it_says_so_and_keeps_all_of_it(client, ht9000, text, button):
    page = entered(client, text)
    if button.startswith("leave-out"):
        page.set("entry-serials", "...").press("check:entry")
        page.set("entry-serials", text)
    page.press(button)
    assert TEXTS[text] in page.text
    assert page.value("entry-serials") == text
    assert not Transaction.objects.exists()
    page.set("entry-serials", "N1 N2 N3").press("save")
    assert Transaction.objects.get().lines.get().quantity == 3


def test_the_script_is_told_too(client, ht9000):
    page = entered(client, "N1 N2 N3 N4")
    page.headers = {"HX-Request": "true", "HX-Target": "document"}
    page.press("check:entry")
    assert "and it takes 3 at once" in page.text


@pytest.mark.parametrize("text", TEXTS)
def test_a_receipts_box_says_so(client, books: Books, ht9000, text):
    order = books.order(ht9000, 3, "600.00", on=nov(3))
    page = FormPage(client, f"/transactions/item-receipt/new/?from={order.pk}")
    key = next(name for name, _ in page.fields if name.endswith("-serials"))
    page.set(key, text).press("save")
    assert TEXTS[text] in page.text
    assert page.value(key) == text
    assert not Transaction.objects.of("item_receipt").exists()
    page.set(key, "N1 N2 N3").press("save")
    assert Transaction.objects.of("item_receipt").exists()


@pytest.mark.parametrize("text", TEXTS)
def test_a_counts_box_says_so(client, books: Books, ht9000, place, text):
    lines, account = [books.line(ht9000, 0)], books.account("6500")
    count = books.post("inventory_count", lines, location=place.main, account=account)
    books.advance(count, "started")
    page = client.post(f"/transactions/inventory-count/{count.pk}/lines/1/", {"numbers": text})
    assert page.status_code == 422
    assert TEXTS[text] in page.text
    assert text in page.text


@pytest.mark.parametrize("text", TEXTS)
def test_a_new_items_box_says_so(client, books: Books, text):
    page = client.get("/items/new/")
    sent: dict[str, Any] = {
        "item_type": "serialized", "name": "PHONE", "opening-TOTAL_FORMS": 1,
        "opening-INITIAL_FORMS": 0, "opening-0-quantity": 3, "opening-0-unit_cost": "1",
        **{n: page.context["form"][n].value() for n in page.context["form"].fields
           if n.endswith("_account")},
    }  # fmt: skip
    for more in ({}, {"action": "check:opening-0"}):
        page = client.post("/items/new/", {**sent, "opening-0-serials": text, **more})
        assert TEXTS[text] in page.text
        assert text in page.text
        assert not Item.objects.exists()
    client.post("/items/new/", {**sent, "opening-0-serials": "N1 N2 N3"})
    assert books.on_hand(Item.objects.get()) == ["N1", "N2", "N3"]


@pytest.mark.parametrize("text", TEXTS)
def test_the_admin_sites_box_says_so(admin_client, books: Books, ht9000, place, text):
    sent = {
        "date": "2026-11-23", "account": books.account("6500").pk, "location": place.main.pk,
        "reason": "correction", "request_id": uuid4(), "lines-TOTAL_FORMS": 1,
        "lines-INITIAL_FORMS": 0, "lines-0-item": "HT9000", "lines-0-quantity": 3,
        "lines-0-rate": "1",
    }  # fmt: skip
    add = "/admin/transactions/transaction/add/"
    page = admin_client.post(add, {**sent, "lines-0-serials": text})
    assert TEXTS[text] in page.text
    assert not Transaction.objects.exists()
    admin_client.post(add, {**sent, "lines-0-serials": "N1 N2 N3"})
    assert Transaction.objects.get().lines.get().quantity == 3


def test_an_added_line_cannot_be_forged_to_hold_more(client, books: Books, ht9000, place):
    values = dict.fromkeys(CARRIED, "") | {
        "item": ht9000.pk, "location": place.main.pk, "quantity": "4", "rate": "1",
    }  # fmt: skip
    sent = {f"line-{name}": value for name, value in values.items()}
    assert client.post(ADJUSTMENT, {**sent, "line-serials": "A B C D"}).status_code == 400
    assert client.post(ADJUSTMENT, {**sent, "line-serials": "A B C"}).status_code == 200


def test_what_is_put_into_every_number_is_no_longer_than_one(client, ht9000):
    page = entered(client, "S1 S2")
    page.set("entry-find", "S").set("entry-swap", "x" * 101).press("swap:entry")
    assert "“xxxxxxxxxxxxxxxxxxxx…” is longer than a serial number" in page.text
    assert page.value("entry-serials") == "S1 S2"
    page.set("entry-find", "S").set("entry-swap", "T").press("swap:entry")
    assert page.value("entry-serials").split() == ["T1", "T2"]


def test_a_hundred_thousand_lines_are_taken(client, ht9000, monkeypatch):
    monkeypatch.undo()
    listed = "\n".join(f"SN{n:017}" for n in range(100_000))
    sent = {**dict(entered(client, listed).fields), "action": "look-up"}
    page = client.post(ADJUSTMENT, sent).text
    assert '<span class="quantity">100,000</span></span> entered' in page
    assert "at once" not in page
