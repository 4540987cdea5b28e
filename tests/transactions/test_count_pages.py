"""The pages of an inventory count, with and without JavaScript (SPEC §4.11)."""

from __future__ import annotations

import re
from decimal import Decimal
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from zeal import zeal_ignore

from items.models import Item, SerialUnit
from locations.models import Location
from tests.books import Books
from tests.counts import seen
from tests.pages import FormPage
from transactions import posting
from transactions.models import Transaction, TransactionLine

NEW = "/transactions/inventory-count/new/"
HTMX = {"HX-Request": "true", "HX-Target": "counted"}


def text_of(response: Any) -> str:
    markup = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", unescape(markup))


def said(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def started(books: Books, at: Location, *items: Item) -> Transaction:
    lines = [books.line(item, 0, at=at) for item in items]
    account = books.account("6500")
    count = books.post("inventory_count", lines, location=at, account=account)
    return books.advance(count, "started")


def line_url(count: Transaction, line: int = 1) -> str:
    return reverse("transactions:count-line", args=[count.pk, line])


def see(books: Books, count: Transaction, numbers: str) -> None:
    posting.record(count.lines.get(line_no=1), by=books.user, add=numbers.split())


def step(client: Client, count: Transaction, to: str) -> Any:
    url = reverse("transactions:advance", args=["inventory-count", count.pk])
    return client.post(url, {"to": to, "request_id": str(uuid4())})


# A new count


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_a_count_is_entered_item_by_item(htmx, client, books, place, ht9000, cable):
    page = FormPage(client, NEW, htmx=htmx)
    page.fill(entry__item="ht9000").press("add-item")
    page.fill(entry__item="CBL", memo="Year end").press("add-item")
    assert "HT9000" in page.text
    page.press("save")
    count = Transaction.objects.get()
    assert page.leads_to == count.get_absolute_url()
    assert (count.type, count.status, count.location, count.memo) == (
        "inventory_count", "open", place.main, "Year end",
    )  # fmt: skip
    assert count.account == books.company.adjustment_account
    assert [line.item.name for line in count.lines.all()] == ["HT9000", "CBL"]


def test_one_button_adds_all_that_is_in_stock_there(client, books, place, ht9000, tk100, cable):
    books.have(ht9000, "600.00", "A1 A2")
    books.have(tk100, "700.00", "B1", at=place.east)
    books.adjust(cable, 10, rate="2.00")
    page = FormPage(client, NEW)
    page.press("add-all")
    assert "HT9000" in page.text
    assert "TK100" not in page.text
    page.press(f"remove:{cable.pk}")
    page.press("save")
    assert [
        line.item for line in TransactionLine.objects.filter(transaction__type="inventory_count")
    ] == [ht9000]
    again = FormPage(client, NEW)
    again.press("add-all")
    assert "1 item is on another open count and left out here." in again.text
    again.press("save")
    assert [line.item.name for line in Transaction.objects.latest("pk").lines.all()] == ["CBL"]


def test_stock_is_offered_at_the_chosen_location(client, books, place, tk100):
    books.have(tk100, "700.00", "B1", at=place.east)
    page = FormPage(client, NEW)
    page.press("add-all")
    assert "There is no stock at MAIN" in page.text
    page.fill(location=str(place.east.pk)).press("add-all")
    assert "TK100" in page.text
    page.press("save")
    assert Transaction.objects.latest("pk").location == place.east


def test_the_other_open_count_is_named_and_linked(client, books, place, ht9000):
    other = started(books, place.main, ht9000)
    page = FormPage(client, NEW).fill(entry__item="HT9000")
    page.press("save")
    assert f"HT9000 is being counted at MAIN on {other}." in page.text
    assert other.get_absolute_url() in page.response.content.decode()
    assert Transaction.objects.of("inventory_count").count() == 1


def test_an_item_nobody_knows_is_said_to_be_unknown(client, books, place, ht9000, tk100):
    page = FormPage(client, NEW).fill(entry__item="nonsense")
    page.press("add-item")
    assert "No item has this name" in page.text
    assert page.value("entry-item") == "nonsense"
    page.fill(entry__item="Computer").press("add-item")
    assert "Which of them? HT9000, TK100." in page.text
    page.fill(entry__item="").press("save")
    assert "Add at least one line." in page.text


def test_with_one_location_nobody_is_asked_where(client, books, ht9000):
    books.company.__class__.objects.update(multi_location_inventory=False)
    page = FormPage(client, NEW).fill(entry__item="HT9000")
    page.press("save")
    assert Transaction.objects.get().location == books.company.default_location


# Counting


def test_every_scan_is_stored_at_once(client, books, place, ht9000):
    books.have(ht9000, "600.00", "A1 A2")
    count = started(books, place.main, ht9000)
    response = client.post(line_url(count), {"numbers": "A1"})
    assert response["Location"] == line_url(count)
    assert seen(count) == ["A1"]
    page = client.post(line_url(count), {"numbers": "A2\nN1"}, headers=HTMX)
    assert seen(count) == ["A1", "A2", "N1"]
    assert 'id="counted"' in page.content.decode()
    assert "<html" not in page.content.decode()  # only what changed
    assert "Counted 3 Found 2 Missing 0 At Another Place 0 Unknown 1" in text_of(page)


def test_nothing_entered_is_said(client, books, place, ht9000):
    count = started(books, place.main, ht9000)
    page = client.post(line_url(count), {"numbers": " \n"})
    assert page.status_code == 422
    assert "Enter at least one serial number." in text_of(page)


def test_a_count_survives_a_closed_browser(client, user, books, place, ht9000):
    books.have(ht9000, "600.00", "A1 A2")
    count = started(books, place.main, ht9000)
    client.post(line_url(count), {"numbers": "A1"})
    tomorrow = Client()
    tomorrow.force_login(user)
    assert "Counted 1 Found 1 Missing 1" in text_of(tomorrow.get(line_url(count)))
    tomorrow.post(line_url(count), {"numbers": "A2"})
    assert seen(count) == ["A1", "A2"]


def test_a_number_is_taken_back_and_a_missing_one_is_ticked(client, books, place, ht9000):
    books.have(ht9000, "600.00", "A1 A2")
    count = started(books, place.main, ht9000)
    see(books, count, "A1 N1")
    page = client.get(line_url(count)).content.decode()
    assert 'name="remove" value="N1"' in page
    assert 'name="numbers" value="A2"' in page
    client.post(line_url(count), {"remove": "N1"})
    client.post(line_url(count), {"numbers": "A2"})
    assert seen(count) == ["A1", "A2"]


def test_what_was_mistyped_stays_in_the_box(client, books, place, ht9000):
    count = started(books, place.main, ht9000)
    response = client.post(line_url(count), {"numbers": "A1\n..."})
    assert response.status_code == 422
    assert "isn't a valid serial number" in text_of(response)
    assert "A1\n...</textarea>" in response.content.decode()
    assert seen(count) == []
    assert client.post(line_url(count), {"numbers": "..."}, headers=HTMX).status_code == 422


def test_an_ordinary_item_is_counted_by_its_quantity(client, books, place, cable):
    books.adjust(cable, 10, rate="2.00")
    count = started(books, place.main, cable)
    client.post(line_url(count), {"quantity": "7"})
    assert count.lines.get().quantity == 7
    assert "Counted 7 Found 7 Missing 3" in text_of(client.get(line_url(count)))
    response = client.post(line_url(count), {"quantity": "some"})
    assert "Enter a number" in text_of(response)
    assert count.lines.get().quantity == 7


def test_nothing_can_be_changed_once_it_is_completed(client, books, place, ht9000):
    count = started(books, place.main, ht9000)
    see(books, count, "A1")
    books.advance(count, "pending_approval")
    page = client.get(line_url(count))
    assert 'name="numbers"' not in page.content.decode()
    assert "can be changed while it is Started" in text_of(page)
    refused = client.post(line_url(count), {"numbers": "A2"})
    assert "look at it again" in text_of(refused)
    assert seen(count) == ["A1"]


def test_an_approved_count_shows_what_it_came_to_whatever_happens_later(
    client, books, place, ht9000
):
    books.have(ht9000, "600.00", "A1 A2")
    count = started(books, place.main, ht9000)
    see(books, count, "A1 N1")
    books.advance(count, "pending_approval")
    books.advance(count, "approved")
    books.adjust(ht9000, -2, "A1 N1")
    figures = "Expected 2 Counted 2 Found 1 Missing 1 At Another Place 0 Unknown 1"
    text = text_of(client.get(line_url(count)))
    assert figures in text
    assert "Numbers seen" in text
    assert "moved since" not in text
    assert "still missing" not in text
    posted = Transaction.objects.of("inventory_count").get()
    assert "2 2 1 1 0 1 Show" in text_of(client.get(posted.get_absolute_url()))


def test_a_list_of_thousands_shows_a_page_of_them(client, books, place, ht9000):
    count = started(books, place.main, ht9000)
    see(books, count, " ".join(f"N{n:05}" for n in range(10_000)))
    page = client.get(line_url(count)).content.decode()
    assert page.count('name="remove"') <= 100
    assert "10,000 rows" in page
    assert "N09999" in page  # the latest first
    searched = client.get(f"{line_url(count)}?seen-q=N00003").content.decode()
    assert searched.count('name="remove"') == 1


def test_the_lists_are_searched_and_downloaded(client, books, place, ht9000):
    books.have(ht9000, "600.00", "A1 A2 B1")
    books.have(ht9000, "600.00", "E1", at=place.east)
    count = started(books, place.main, ht9000)
    see(books, count, "A1 E1 N1")
    exported = client.get(f"{line_url(count)}?seen-export=csv")
    rows = exported.getvalue().decode()
    assert "E1,At EAST" in rows
    assert "N1,Unknown" in rows
    assert "A1,Found" in rows
    found = client.get(f"{line_url(count)}?missing-q=B").content.decode()
    assert 'value="B1"' in found
    assert 'value="A2"' not in found


# The count's own page


def test_the_page_says_what_follows_from_the_count(client, books, place, ht9000):
    books.have(ht9000, "600.00", "A1 A1034")
    books.have(ht9000, "610.00", "E1", at=place.east)
    count = started(books, place.main, ht9000)
    see(books, count, "A1 E1 A1O34 N1")
    text = text_of(client.get(count.get_absolute_url()))
    assert "1 missing Will be adjusted out as a miscount. A1034" in text
    assert "1 at another place Will be transferred to MAIN. E1 is at EAST" in text
    assert "2 unknown Will be adjusted in at this cost." in text
    assert "A1O34 Did you mean A1034 (missing)" in text
    assert 'value="610.00"' in client.get(count.get_absolute_url()).content.decode()


def test_a_look_alike_is_replaced_by_one_click(client, books, place, ht9000):
    books.have(ht9000, "600.00", "A1034")
    count = started(books, place.main, ht9000)
    see(books, count, "A1O34")
    books.advance(count, "pending_approval")
    response = client.post(line_url(count), {"typed": "A1O34", "meant": "A1034", "back": "count"})
    assert response["Location"] == count.get_absolute_url()
    assert seen(count) == ["A1034"]


def test_a_count_goes_its_whole_way_on_its_pages(client, books, place, ht9000):
    books.have(ht9000, "600.00", "A1 A2")
    FormPage(client, NEW).fill(entry__item="HT9000").press("save")
    count = Transaction.objects.of("inventory_count").get()
    assert "Start Counting" in text_of(client.get(count.get_absolute_url()))
    step(client, count, "started")
    client.post(line_url(count), {"numbers": "A1 N1"})
    priced = {"line-1-cost": "580", "action": "cost", "back": "count"}
    assert client.post(line_url(count), priced)["Location"] == count.get_absolute_url()
    step(client, count, "pending_approval")
    assert "Approve" in text_of(client.get(count.get_absolute_url()))
    step(client, count, "rejected")
    assert "Count Again" in text_of(client.get(count.get_absolute_url()))
    for to in ("started", "pending_approval"):
        step(client, count, to)
    with zeal_ignore():  # a document for what came and one for what went is what is meant
        step(client, count, "approved")
    text = text_of(client.get(count.get_absolute_url()))
    assert "Approved" in text
    assert text.count("To Inventory Adjustment ADJ-") == 2
    assert SerialUnit.objects.get(number="N1").unit_cost == Decimal("580.00")
    assert "HT9000 Hi-Tech 9000 2Ghz Computer 2 2 1 1 0 1" in text


@pytest.mark.parametrize("cost", ["", "-1", "x", "1.005"])
def test_a_wrong_cost_is_refused_in_words(cost, client, books, place, ht9000):
    count = started(books, place.main, ht9000)
    see(books, count, "N1")
    data = {"line-1-cost": cost, "action": "cost", "back": "count"}
    response = client.post(line_url(count), data)
    [message] = said(response)
    assert "ost" in message
    assert count.lines.get().override_rate is None


def test_what_blocks_approval_is_shown_before_it_is_tried(client, books, place, ht9000):
    books.have(ht9000, "600.00", "A1 A2")
    pick = books.fulfill(books.sell(ht9000, 1, "999.00"), "A1", to="picked")
    count = started(books, place.main, ht9000)
    see(books, count, "A1 A2")
    books.advance(count, "pending_approval")
    page = client.get(count.get_absolute_url())
    assert "Before it can be approved: Serial number A1" in text_of(page)
    assert pick.get_absolute_url() in page.content.decode()
    refused = step(client, count, "approved")
    assert any("picked for" in message for message in said(refused))
    assert books.status(count) == "Completed/Pending Approval"


def test_an_item_of_which_nothing_was_counted_is_named(client, books, place, ht9000, tk100):
    books.have(ht9000, "600.00", "A1")
    books.have(tk100, "700.00", "B1")
    count = started(books, place.main, ht9000, tk100)
    see(books, count, "A1")
    text = text_of(client.get(count.get_absolute_url()))
    assert "Nothing was counted of TK100: approval would adjust all of it out." in text
    assert "1 missing" not in text  # it may be counted yet
    books.advance(count, "pending_approval")
    assert "1 missing" in text_of(client.get(count.get_absolute_url()))


def test_the_page_says_that_something_moved_meanwhile(client, books, place, ht9000):
    books.have(ht9000, "600.00", "A1 A2 A3")
    count = started(books, place.main, ht9000)
    assert "moved since" not in text_of(client.get(count.get_absolute_url()))
    books.adjust(ht9000, -2, "A1 A2")
    assert "2 units moved since counting started." in text_of(client.get(count.get_absolute_url()))
    assert "2 units moved since counting started." in text_of(client.get(line_url(count)))


def test_the_list_and_the_printed_page_show_counts(client, books, place, ht9000):
    count = started(books, place.main, ht9000)
    see(books, count, "A1 A2")
    listed = text_of(client.get("/transactions/inventory-count/?q=A1"))
    assert "CNT-1" in listed
    printed = client.get(reverse("transactions:print", args=["inventory-count", count.pk]))
    assert "A1" in text_of(printed)


def test_a_stranger_and_a_wrong_address_see_nothing(client, stranger, books, place, ht9000):
    count = started(books, place.main, ht9000)
    for url in (NEW, count.get_absolute_url(), line_url(count)):
        assert stranger.get(url).status_code == 302
        assert client.get(url).status_code == 200
    assert stranger.post(line_url(count), {"numbers": "A1"}).status_code == 302
    assert seen(count) == []
    assert client.get(line_url(count, 9)).status_code == 404
    order = books.order(ht9000, 1, "600.00")
    assert client.get(line_url(order)).status_code == 404


def test_the_pages_cost_the_same_for_one_number_and_for_hundreds(queries_of, books, place, ht9000):
    def typed(letter: str, many: range) -> str:
        return " ".join(f"{letter}{n:04}" for n in many)

    books.have(ht9000, "600.00", "A0000 M0000")
    books.have(ht9000, "600.00", "E0000", at=place.east)
    count = started(books, place.main, ht9000)
    see(books, count, "A0000 E0000 U0000")
    pages = (count.get_absolute_url(), line_url(count))
    few = [queries_of(url) for url in pages]
    more = range(1, 300)
    books.have(ht9000, "600.00", f"{typed('A', more)} {typed('M', more)}")
    books.have(ht9000, "600.00", typed("E", more), at=place.east)
    see(books, count, " ".join(typed(letter, more) for letter in "AEU"))
    assert [queries_of(url) for url in pages] == few
