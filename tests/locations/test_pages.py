"""Locations: what is at each, and making one inactive."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

from django.test import Client

from company.models import Company
from items.models import Item
from locations.models import Location
from tests.books import Books, nov
from tests.factories import ItemFactory, LocationFactory


def test_a_location_is_entered_and_changed(client: Client):
    client.post("/locations/new/", {"name": "West", "address": "1 Road"})
    west = Location.objects.get(name="West")
    answer = client.post(f"/locations/{west.pk}/edit/", {"name": "Far West"}, follow=True)
    assert "Far West is saved." in answer.text
    assert "Far West" in client.get(f"/locations/{west.pk}/?tab=notes").text


def test_a_location_cannot_lie_inside_itself(client: Client):
    west = LocationFactory(name="West")
    shelf = LocationFactory(name="Shelf", parent=west)
    answer = client.post(f"/locations/{west.pk}/edit/", {"name": "West", "parent": shelf.pk})
    assert "A location cannot lie inside itself." in answer.text


def test_a_locations_page_shows_what_is_there(
    client: Client, books: Books, place: SimpleNamespace, ht9000: Item, tk100: Item
):
    books.have(ht9000, "600.00", "A1 A2", at=place.main)
    books.have(ht9000, "600.00", "A3", at=place.east)
    books.have(tk100, "700.00", "T1", at=place.main)
    books.fulfill(books.sell(tk100, 1, "1299.00", at=place.main), "T1", to="picked")
    page = client.get(place.main.get_absolute_url()).text
    assert "HT9000" in page
    assert "TK100" in page
    assert "1,900.00" in page
    assert f"tab=serials&amp;filter_by=on_hand&amp;location={place.main.pk}" in page
    page = client.get(f"{place.main.get_absolute_url()}?tab=serials").text
    assert "A1" in page
    assert "T1" in page
    assert "A3" not in page


def test_inactivating_asks_first_and_lists_stock_value_and_open_documents(
    client: Client, books: Books, place: SimpleNamespace, ht9000: Item
):
    books.have(ht9000, "600.00", "A1 A2", at=place.east)
    open_order = books.order(ht9000, 5, "600.00", at=place.east)
    picked = books.fulfill(books.sell(ht9000, 1, "999.00", at=place.east), "A1", to="picked")
    elsewhere = books.order(ht9000, 1, "600.00", at=place.main)
    finished = books.have(ht9000, "600.00", "A4", at=place.east)

    page = client.get(f"/locations/{place.east.pk}/inactivate/").text
    assert "1,800.00" in page
    assert open_order.get_absolute_url() in page
    assert picked.get_absolute_url() in page
    assert elsewhere.get_absolute_url() not in page
    assert finished.get_absolute_url() not in page
    place.east.refresh_from_db()
    assert not place.east.inactive

    client.post(f"/locations/{place.east.pk}/inactivate/")
    place.east.refresh_from_db()
    assert place.east.inactive


def test_the_locations_inside_become_inactive_with_it(
    client: Client, books: Books, place: SimpleNamespace, ht9000: Item
):
    shelf = LocationFactory(name="Shelf", parent=place.east)
    box = LocationFactory(name="Box", parent=shelf)
    books.have(ht9000, "600.00", "A1", at=box)
    page = client.get(f"/locations/{place.east.pk}/inactivate/").text
    assert "Shelf" in page
    assert "600.00" in page
    client.post(f"/locations/{place.east.pk}/inactivate/")
    assert set(Location.objects.filter(inactive=True)) == {place.east, shelf, box}


def test_a_location_is_active_again_unless_the_one_around_it_is_not(client: Client):
    around = LocationFactory(name="Around", inactive=True)
    inside = LocationFactory(name="Inside", parent=around, inactive=True)
    answer = client.post(f"/locations/{inside.pk}/reactivate/", follow=True)
    assert "Around is inactive." in answer.text
    client.post(f"/locations/{around.pk}/reactivate/")
    client.post(f"/locations/{inside.pk}/reactivate/")
    assert not Location.objects.filter(inactive=True).exists()


def test_the_default_location_stays_active(client: Client):
    default = Company.current().default_location
    page = client.get(f"/locations/{default.pk}/inactivate/").text
    assert "is the company&#x27;s default location" in page
    client.post(f"/locations/{default.pk}/inactivate/")
    default.refresh_from_db()
    assert not default.inactive


def test_menus_speak_of_locations_only_with_multi_location_inventory(client: Client):
    assert "/locations/" not in client.get("/customers/").text
    Company.objects.update(multi_location_inventory=True)
    assert "/locations/" in client.get("/customers/").text


def test_the_list_costs_the_same_for_5_locations_and_for_50(queries_of: Callable[[str], int]):
    LocationFactory.create_batch(5)
    few = queries_of("/locations/")
    LocationFactory.create_batch(45)
    assert queries_of("/locations/") == few


def test_the_page_costs_the_same_for_5_items_and_for_50(
    queries_of: Callable[[str], int], books: Books, place: SimpleNamespace
):
    def stock(count: int) -> None:
        for item in ItemFactory.create_batch(count):
            books.adjust(item, 1, f"S{item.pk}", rate="1.00", on=nov(5))

    address = place.main.get_absolute_url()
    stock(3)
    few = [queries_of(address), queries_of(f"{address}?tab=serials")]
    stock(17)
    assert [queries_of(address), queries_of(f"{address}?tab=serials")] == few
