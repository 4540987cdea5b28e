"""Every movement of serial numbers, across items and time (SPEC §7.8)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from company.models import Company
from items import numbers
from reports.trade import movements
from tests.books import Books, nov
from transactions.models import NumberChange

PAGE = "/reports/serial-number-history/"


@pytest.fixture
def moved(books: Books, ht9000, tk100) -> Any:
    """A1 bought, picked, shipped, bought again; TK100 has an A1 too; A2's sale was voided."""
    books.have(ht9000, "600.00", "A1 A2")
    sale = books.sell(ht9000, 1, "999.00", on=nov(3))
    picked = books.fulfill(sale, "A1", on=nov(3), to="picked")
    books.advance(picked, "shipped", on=nov(4))
    books.receive(books.order(ht9000, 1, "620.00", on=nov(5)), "A1", on=nov(5))
    books.have(tk100, "850.00", "A1")
    shipped = books.fulfill(books.sell(ht9000, 1, "999.00", on=nov(6)), "A2", on=nov(6))
    books.void(shipped)
    return shipped


def steps(client: Client, **asked: Any) -> list[tuple[str, ...]]:
    """Number, unit, item, step, from and to, as a file has them."""
    answer = client.get(PAGE, {"export": "csv", **asked}).getvalue().decode("utf-8-sig")
    rows = [line.split(",") for line in answer.splitlines()[1:]]
    return [(row[0], row[1], row[2], *row[5:8]) for row in rows]


def test_a_number_is_followed_over_its_units_and_items(client: Client, moved):
    assert steps(client, q="a1") == [
        ("A1", "1", "HT9000", "Received", "", "On Hand at MAIN"),
        ("A1", "1", "HT9000", "Picked", "On Hand at MAIN", "Picked at MAIN"),
        ("A1", "1", "HT9000", "Shipped", "Picked at MAIN", "Sold"),
        ("A1", "2", "HT9000", "Received", "", "On Hand at MAIN"),
        ("A1", "1", "TK100", "Received", "", "On Hand at MAIN"),
    ]


def test_voided_moves_and_their_reversals_are_marked(client: Client, moved):
    assert steps(client, q="A2") == [
        ("A2", "1", "HT9000", "Received", "", "On Hand at MAIN"),
        ("A2", "1", "HT9000", "Shipped (voided)", "On Hand at MAIN", "Sold"),
        ("A2", "1", "HT9000", "Void", "Sold", "On Hand at MAIN"),
    ]
    html = client.get(PAGE, {"q": "A2"}).content.decode()
    assert html.count("is-void is-struck") == 2
    assert ">Voided</span>" in html


def test_a_row_tells_cost_document_party_and_who(client: Client, moved, books, ht9000):
    answer = client.get(PAGE, {"export": "csv", "q": "A2"}).getvalue().decode("utf-8-sig")
    first = answer.splitlines()[1].split(",")
    assert first[3:5] == ["2026-11-02", "IR-1"]
    assert first[8:11] == ["600.00", "Acme", "clerk"]
    html = client.get(PAGE, {"q": "A2"}).content.decode()
    assert f'href="/serials/{ht9000.pk}/A2/"' in html
    assert f'href="{moved.get_absolute_url()}"' in html
    assert f'href="{ht9000.get_absolute_url()}"' in html


def test_a_whole_number_is_meant_before_a_beginning(client: Client, moved, books, ht9000):
    books.have(ht9000, "600.00", "A11 A12")
    assert {row[0] for row in steps(client, q="A1")} == {"A1"}
    assert {row[0] for row in steps(client, q="A")} == {"A1", "A2", "A11", "A12"}
    assert steps(client, q="Z") == []


def test_a_corrected_number_is_found_under_the_old_one_too(client: Client, moved, ht9000):
    unit = ht9000.units.get(number="A2")
    assert steps(client, q="OLD-2") == []
    receipt = unit.moves.first().line.transaction
    NumberChange.objects.create(
        document=receipt,
        unit=unit,
        old_number="OLD-2",
        old_key=numbers.key("OLD-2"),
        new_number="A2",
    )
    assert [row[0] for row in steps(client, q="old-2")] == ["A2", "A2", "A2"]


def test_the_list_narrows_by_item_and_dates(client: Client, moved, tk100):
    assert [row[0] for row in steps(client, item=tk100.pk)] == ["A1"]
    assert len(steps(client, start="2026-11-03", end="2026-11-04")) == 2
    assert len(steps(client)) == 8


def test_all_dates_are_shown_while_none_are_asked_for(client: Client, moved):
    html = client.get(PAGE).content.decode()
    assert 'aria-current="true">All dates' in html


@pytest.mark.parametrize("sort", ["number", "-date", "item", "-cost", "unit_no"])
def test_the_list_sorts(client: Client, moved, sort):
    assert len(client.get(PAGE, {"sort": sort}).context["listing"].table.rows) == 8


def test_pages_follow_the_order_of_posting(client: Client, moved, user):
    rows = client.get(PAGE).context["listing"].table.rows
    posted = [row.record.pk for row in rows]
    assert posted == sorted(posted)


def test_without_locations_the_list_does_not_speak_of_them(client: Client, moved):
    Company.objects.update(multi_location_inventory=False)
    assert steps(client, q="A2")[0] == ("A2", "1", "HT9000", "Received", "", "On Hand")


def test_the_sheet_file_opens(client: Client, moved):
    assert client.get(PAGE, {"export": "xlsx"}).getvalue().startswith(b"PK")


def test_ordinary_items_have_no_numbers_to_follow(client: Client, books, cable):
    books.receive(books.order(cable, 20, "10.00", on=nov(2)), quantity=20, on=nov(2))
    assert not movements.movements().exists()
    assert "No serial number has moved yet" in client.get(PAGE).content.decode()


def test_more_moves_cost_no_more_queries(queries_of, books, ht9000):
    books.have(ht9000, "600.00", "A1 A2")
    books.sold(ht9000, "A1")
    before = queries_of(PAGE)
    books.have(ht9000, "600.00", "B1 B2 B3 B4")
    for number in ("A2", "B1", "B2"):
        books.void(books.fulfill(books.sell(ht9000, 1, "999.00", on=nov(6)), number, on=nov(6)))
    assert queries_of(PAGE) == before


def test_strangers_are_sent_to_log_in(stranger: Client, books):
    assert "/login/" in stranger.get(PAGE).url
