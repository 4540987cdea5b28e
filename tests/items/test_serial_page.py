"""The page of one serial number (SPEC §7.3, end)."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from company.models import Company
from items.models import Item, SerialUnit
from tests.books import Books, nov


def page(client: Client, item: Item, number: str) -> str:
    answer = client.get(f"/serials/{item.pk}/{number}/")
    assert answer.status_code == 200
    return answer.content.decode()


def rows(text: str, table: str) -> list[list[str]]:
    """The cells of a table's body, as plain text."""
    [body] = re.findall(rf'aria-label="{table}".*?<tbody.*?>(.*?)</tbody>', text, re.DOTALL)
    return [
        [
            " ".join(re.sub(r"<[^>]+>", " ", cell).split())
            for cell in re.findall(r"<td.*?>(.*?)</td>", row, re.DOTALL)
        ]
        for row in re.findall(r"<tr.*?</tr>", body, re.DOTALL)
    ]


def fact(text: str, name: str) -> str:
    [value] = re.findall(rf"<dt>{name}</dt><dd>(.*?)</dd>", text, re.DOTALL)
    return re.sub(r"<[^>]+>", "", value).strip()


@pytest.fixture
def bought_back(books: Books, ht9000: Item) -> Item:
    """Example 10: A1234 bought at 600.00, sold at 999.00, bought again at 620.00."""
    books.have(ht9000, "600.00", "A1234")
    books.sold(ht9000, "A1234", "999.00", on=nov(8))
    order = books.order(ht9000, 1, "620.00", on=nov(10))
    books.receive(order, "A1234", on=nov(10))
    return ht9000


def test_a_stranger_is_sent_to_the_log_in(stranger, bought_back):
    answer = stranger.get(f"/serials/{bought_back.pk}/A1234/")
    assert (answer.status_code, answer.url[:7]) == (302, "/login/")


def test_example_10_a_number_used_twice_has_two_units(client, bought_back):
    text = page(client, bought_back, "A1234")
    assert fact(text, "Times Used") == "2"
    assert fact(text, "Status") == "On Hand"
    assert fact(text, "Location") == "MAIN"
    none = "– none"
    assert rows(text, "Units") == [
        ["1 Sold", "IR-1", "2026-11-02", "Acme", "600.00",
         "IF-1", "2026-11-08", "Maple", "INV-1", "999.00", "600.00", "399.00"],
        ["2 On Hand", "IR-2", "2026-11-10", "Acme", "620.00",
         none, none, none, none, none, none, none],
    ]  # fmt: skip


def test_every_movement_is_listed_in_order(client, bought_back):
    moves = rows(page(client, bought_back, "A1234"), "Movements")
    assert [move[:7] for move in moves] == [
        ["IR-1", "2026-11-02", "1", "Received", "– none", "On Hand at MAIN", "600.00"],
        ["IF-1", "2026-11-08", "1", "Shipped", "On Hand at MAIN", "Sold", "600.00"],
        ["IR-2", "2026-11-10", "2", "Received", "– none", "On Hand at MAIN", "620.00"],
    ]
    assert {move[7] for move in moves} == {"clerk"}


def test_without_multi_location_inventory_no_location_is_named(client, bought_back):
    Company.objects.update(multi_location_inventory=False)
    assert "MAIN" not in page(client, bought_back, "A1234")


def test_a_shipped_unit_is_not_invoiced_rather_than_sold_at_a_loss(client, books, ht9000):
    books.have(ht9000, "600.00", "A1")
    books.fulfill(books.sell(ht9000, 1, "999.00", on=nov(3)), "A1", on=nov(3))
    [unit] = rows(page(client, ht9000, "A1"), "Units")
    assert unit[8:] == ["not invoiced", "– none", "600.00", "– none"]


def test_another_spelling_leads_to_the_stored_one(client, bought_back):
    for spelling in ("a1234", "Ａ1234"):
        answer = client.get(f"/serials/{bought_back.pk}/{spelling}/")
        assert (answer.status_code, answer.url) == (302, f"/serials/{bought_back.pk}/A1234/")


def test_slashes_and_other_signs_belong_to_numbers(client, books, ht9000):
    numbers = ["AB/12/3", "A#1", "50%", "x?y", "é-ß", "A/"]
    books.have(ht9000, "600.00", " ".join(numbers))
    for number in numbers:
        unit = SerialUnit.objects.get(item=ht9000, number=number)
        answer = client.get(unit.get_absolute_url())
        assert answer.status_code == 200, number
        assert answer.context["shown"] == unit


def test_the_same_number_of_another_item_is_another_page(client, books, ht9000, tk100):
    books.have(ht9000, "600.00", "A1234")
    books.have(tk100, "850.00", "A1234")
    assert "850.00" in page(client, tk100, "A1234")
    assert "850.00" not in page(client, ht9000, "A1234")


def test_a_number_never_seen_is_a_friendly_404(client, books, ht9000, tk100):
    answer = client.get(f"/serials/{ht9000.pk}/A1234/")
    assert answer.status_code == 404
    assert "HT9000 never had this serial number" in answer.content.decode()
    books.have(tk100, "850.00", "A1234")
    answer = client.get(f"/serials/{ht9000.pk}/a1234/")
    assert f"/serials/{tk100.pk}/A1234/" in answer.content.decode()
    assert client.get("/serials/99999/A1234/").status_code == 404


def test_a_voided_receipt_is_in_the_numbers_own_history(client, books, ht9000):
    order = books.order(ht9000, 1, "600.00", on=nov(2))
    books.void(books.receive(order, "A1", on=nov(2)))
    text = page(client, ht9000, "A1")
    assert fact(text, "Status") == "Voided"
    assert fact(text, "Times Used") == "0"
    moves = rows(text, "Movements")
    assert [(move[3], move[5]) for move in moves] == [
        ("Received Voided", "On Hand at MAIN"),
        ("Voided", "Voided"),
    ]
    assert text.count('class="is-void"') == 3  # the unit and both moves


def test_the_memo_can_be_edited_and_nothing_else(client, books, ht9000):
    books.have(ht9000, "600.00", "A1")
    before = SerialUnit.objects.filter(number="A1").values().get()
    form = {"memo": "Scratched lid", "status": "sold", "unit_cost": "1"}
    answer = client.post(f"/serials/{ht9000.pk}/A1/", form, follow=True)
    assert "The memo is saved." in answer.content.decode()
    assert SerialUnit.objects.filter(number="A1").values().get() == {
        **before,
        "memo": "Scratched lid",
    }
    client.post(f"/serials/{ht9000.pk}/A1/", {"memo": "x" * 201})
    assert SerialUnit.objects.get(number="A1").memo == "Scratched lid"


def test_the_memo_belongs_to_the_unit_on_hand(client, bought_back):
    client.post(f"/serials/{bought_back.pk}/A1234/", {"memo": "second life"})
    units = SerialUnit.objects.filter(number="A1234").order_by("id")
    assert [unit.memo for unit in units] == ["", "second life"]


def test_a_long_history_costs_the_queries_of_a_short_one(client, books, ht9000, count_queries):
    books.have(ht9000, "600.00", "A1 B1")
    short = count_queries(lambda: page(client, ht9000, "B1"))
    for day in range(3, 9):
        books.sold(ht9000, "A1", on=nov(day))
        books.receive(books.order(ht9000, 1, "600.00", on=nov(day)), "A1", on=nov(day))
    assert count_queries(lambda: page(client, ht9000, "A1")) == short
