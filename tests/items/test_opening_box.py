"""The opening serial numbers of a new item go through the same box as those of a document."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from items.models import Item
from tests.books import Books
from tests.items.test_item_pages import form, opening

GOOD = {"quantity": "3", "unit_cost": "5.00"}


@pytest.fixture
def sent(books: Books) -> dict[str, Any]:
    return form(name="PHONE", number_format="A9", **opening(**GOOD, serials="A1..A3"))


def test_ranges_are_taken(client: Client, books: Books, sent: dict[str, Any]) -> None:
    assert client.post("/items/new/", sent).status_code == 302
    assert books.on_hand(Item.objects.get(name="PHONE")) == ["A1", "A2", "A3"]


def test_a_check_saves_nothing_and_keeps_everything(client: Client, sent: dict[str, Any]) -> None:
    bad = {**sent, **opening(serials="A1 B A1 ...")}
    page = client.post("/items/new/", {**bad, "action": "check:opening-0"}).content.decode()
    assert "“B” isn&#x27;t a valid serial number: 1 character long instead of 2." in page
    assert "made of dots only" in page
    assert "A1 B A1 ..." in page
    assert 'value="PHONE"' in page
    assert not Item.objects.exists()


def test_bad_numbers_are_mended_on_saving(client: Client, books: Books, sent: Any) -> None:
    bad = {**sent, **opening(serials="A1 B ... A3")}
    bad |= {"opening-0-bad": ["B", "..."], "opening-0-mend": ["A2", ""], "opening-0-drop": "..."}
    assert client.post("/items/new/", bad).status_code == 302
    assert books.on_hand(Item.objects.get(name="PHONE")) == ["A1", "A2", "A3"]


def test_a_number_against_the_rule_keeps_no_item(client: Client, sent: dict[str, Any]) -> None:
    page = client.post("/items/new/", {**sent, **opening(serials="A1 A2 A33")})
    assert "3 characters long instead of 2" in page.content.decode()
    assert 'data-bad="A33"' in page.content.decode()
    assert not Item.objects.exists()


def test_the_script_has_files_read(client: Client, sent: dict[str, Any]) -> None:
    file = SimpleUploadedFile("n.csv", b"Serial Number\nA7\nX\n")
    asked = {**sent, **opening(serials=""), "live": "1", "action": "check:opening-0"}
    answer = client.post(
        "/items/new/", {**asked, "opening-0-file": file}, headers={"HX-Request": "true"}
    ).content.decode()
    assert "A7\nX" in answer
    assert answer.count("data-bad=") == 1
    assert not Item.objects.exists()


def test_more_than_is_taken_at_once_says_so(client: Client, settings: Any, sent: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1024**2
    settings.DEBUG = False
    page = client.post("/items/new/", {**sent, **opening(serials="A1 " * 400_000)})
    assert page.status_code == 413
    assert "This is more than can be sent at once" in page.content.decode()
