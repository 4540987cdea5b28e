"""The one search box (SPEC §7.1, §6.4)."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from inventory import search
from items.models import Item, SerialUnit
from tests.books import Books, nov
from tests.factories import CustomerFactory, ItemFactory, VendorFactory
from users.access import EVERYTHING

PAGE = "/search/"


def found(client: Client, term: str, **more: object) -> dict[str, list[str]]:
    """What the page shows, by group."""
    page = client.get(PAGE, {"q": term, **more})
    assert page.status_code == 200
    return {part.group.name: [str(row) for row in part.rows] for part in page.context["found"]}


@pytest.fixture
def stocked(books: Books, ht9000: Item, tk100: Item) -> Books:
    """A1234 and A1236 of HT9000, A1236 and B/7 of TK100."""
    books.have(ht9000, "600.00", "A1234 A1236")
    books.have(tk100, "850.00", "A1236 B/7")
    return books


def test_strangers_are_sent_to_log_in(stranger: Client, db):
    assert stranger.get(PAGE).status_code == 302


@pytest.mark.parametrize("query", ["", "?q=", "?q=%20%00"])
def test_an_empty_search_gives_hints(client: Client, today, query):
    page = client.get(PAGE + query)
    assert b"One box finds everything" in page.content


@pytest.mark.parametrize("term", ["A1234", "a1234", " Ａ1234 ", "\u200bA1234"])
def test_a_number_of_one_item_opens_at_once(client: Client, stocked, ht9000, term):
    answer = client.get(PAGE, {"q": term})
    assert (answer.status_code, answer.url) == (302, f"/serials/{ht9000.pk}/A1234/")


def test_slashes_belong_to_numbers(client: Client, stocked, tk100):
    assert client.get(PAGE, {"q": "b/7"}).url == f"/serials/{tk100.pk}/B/7/"


def test_a_number_of_two_items_shows_both(client: Client, stocked):
    page = client.get(PAGE, {"q": "A1236"})
    rows = [(str(unit), str(unit.item)) for unit in page.context["found"][0].rows]
    assert rows == [("A1236", "HT9000"), ("A1236", "TK100")]


def test_the_beginning_of_a_number_finds_it_with_item_status_and_place(client: Client, stocked):
    assert found(client, "a12") == {"serials": ["A1234", "A1236", "A1236"]}
    html = client.get(PAGE, {"q": "a12"}).content.decode()
    assert "HT9000" in html
    assert "On Hand" in html
    assert "MAIN" in html


def test_without_multiple_locations_no_place_is_named(client: Client, stocked):
    type(stocked.company).objects.update(multi_location_inventory=False)
    assert "MAIN" not in client.get(PAGE, {"q": "a12"}).content.decode()


def test_a_part_from_the_middle_finds_no_number(client: Client, stocked):
    assert found(client, "1234") == {}


@pytest.mark.parametrize("term", ["%", "_", "a%", "A_234", "\\"])
def test_wildcards_are_only_characters(client: Client, stocked, term):
    assert found(client, term) == {}


def test_a_number_bought_twice_is_found_once_as_the_unit_now_held(client: Client, stocked, ht9000):
    stocked.sold(ht9000, "A1234")
    stocked.receive(stocked.order(ht9000, 1, "620.00"), "A1234")
    page = client.get(PAGE, {"q": "A12"})
    units = [u for u in page.context["found"][0].rows if u.number == "A1234"]
    assert [unit.status for unit in units] == ["on_hand"]


def test_the_number_of_a_voided_receipt_is_not_found(client: Client, books, ht9000):
    books.void(books.receive(books.order(ht9000, 1, "600.00"), "V1"))
    assert found(client, "V1") == {}


def test_a_document_opens_by_its_number_and_is_listed_by_its_beginning(client: Client, stocked):
    for _ in range(9):
        stocked.order(ItemFactory(), 1, "1.00")
    assert client.get(PAGE, {"q": "po-1"}).url.startswith("/transactions/purchase-order/")
    assert "PO-11" in found(client, "PO-")["documents"]


def test_a_document_is_found_by_its_reference(client: Client, books, ht9000):
    order = books.order(ht9000, 1, "600.00", reference="Q-7788")
    for term in ("q-77", "Q-7", "Q-7788"):
        assert found(client, term) == {"documents": [str(order)]}


def test_the_name_of_a_kind_of_number_lists_the_latest_of_that_kind(client: Client, stocked):
    assert found(client, "po")["documents"][0].startswith("PO-")
    assert found(client, "PO-")["documents"] == found(client, "po")["documents"]
    assert "documents" not in found(client, "P")


def test_an_item_is_found_by_name_display_name_and_upc(client: Client, books, ht9000, tk100):
    Item.objects.filter(pk=tk100.pk).update(upc="036000291452")
    assert found(client, "9000 2g") == {"items": ["HT9000"]}
    assert found(client, "T9") == {"items": ["HT9000"]}
    assert found(client, "29145") == {"items": ["TK100"]}
    assert client.get(PAGE, {"q": "036000291452"}).url == tk100.get_absolute_url()
    assert client.get(PAGE, {"q": "ht9000"}).url == ht9000.get_absolute_url()


def test_customers_and_vendors_are_found_by_name_mail_and_telephone(client: Client, today):
    CustomerFactory(name="Maple", email="orders@maple.example")
    VendorFactory(name="Mapleton Disks", phone="555 0199")
    assert found(client, "maple") == {"customers": ["Maple"], "vendors": ["Mapleton Disks"]}
    assert found(client, "orders@") == {"customers": ["Maple"]}
    assert found(client, "0199") == {"vendors": ["Mapleton Disks"]}


def test_two_exact_matches_are_both_shown(client: Client, stocked, tk100):
    Item.objects.filter(pk=tk100.pk).update(upc="A1234")
    assert found(client, "A1234") == {"serials": ["A1234"], "items": ["TK100"]}


def test_a_group_shows_so_many_and_leads_to_the_rest(client: Client, books, ht9000):
    books.have(ht9000, "1.00", " ".join(f"X{n:03}" for n in range(search.SHOWN * 6)))
    assert len(found(client, "X")["serials"]) == search.SHOWN
    html = client.get(PAGE, {"q": "X"}).content.decode()
    assert 'href="/search/?q=X&amp;in=serials"' in html
    first = found(client, "X", **{"in": "serials"})["serials"]
    second = found(client, "X", **{"in": "serials", "page": "2"})["serials"]
    assert len(first) == search.SHOWN * 5
    assert second == [f"X{n:03}" for n in range(search.SHOWN * 5, search.SHOWN * 6)]


def test_exact_matches_come_before_all_others(client: Client, books, ht9000):
    for _ in range(search.SHOWN + 5):
        books.order(ht9000, 1, "1.00")
    assert client.get(PAGE, {"q": "PO-2"}).status_code == 302


def test_what_is_found_costs_a_fixed_number_of_queries(client: Client, books, ht9000):
    def queries(term: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(PAGE, {"q": term})
        return len(captured)

    books.have(ht9000, "1.00", "Z1")
    CustomerFactory(name="Zoe")
    before = queries("Z")
    books.have(ht9000, "1.00", " ".join(f"Z{n}" for n in range(2, 40)))
    for n in range(9):
        CustomerFactory(name=f"Zoe {n}")
        books.order(ht9000, 1, "1.00", on=nov(3), reference=f"Z-{n}")
    assert queries("Z") == before


@pytest.mark.parametrize("corrected", [False, True])
def test_numbers_are_found_by_index_and_never_by_reading_all_units(books, ht9000, corrected):
    # Enough of them that reading them all costs more, and the planner told so.
    books.have(ht9000, "1.00", " ".join(f"X{n:04}" for n in range(2_000)))
    if corrected:  # such a number is found by what it once was, too
        books.rename(SerialUnit.objects.get(number="X0490"), "Y0490")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    plan = search.serials("x0490", EVERYTHING).order_by().explain()
    assert "unit_number_key" in plan or "number_key" in plan.split("Filter")[0]
    assert "SCAN items_serialunit\n" not in plan + "\n"
    assert "Seq Scan on items_serialunit" not in plan
