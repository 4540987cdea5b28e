"""Customers and vendors: the list, the form, and what passed between us."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from items.models import Item
from parties.models import Customer, Vendor
from tests.books import Books, nov
from tests.factories import CustomerFactory, VendorFactory

PARTIES = pytest.mark.parametrize(
    ("model", "factory", "path"),
    [(Customer, CustomerFactory, "/customers/"), (Vendor, VendorFactory, "/vendors/")],
)


@PARTIES
def test_a_party_is_entered_changed_and_its_changes_are_noted(client: Client, model, factory, path):
    answer = client.post(f"{path}new/", {"name": "Acme", "email": "a@example.com"}, follow=True)
    party = model.objects.get()
    assert answer.redirect_chain == [(party.get_absolute_url(), 302)]
    assert "Acme is saved." in answer.text
    client.post(f"{path}{party.pk}/edit/", {"name": "Acme Corp", "phone": "555"})
    notes = client.get(f"{path}{party.pk}/?tab=notes").text
    assert "Acme Corp" in notes
    assert "robin" in notes


@PARTIES
def test_an_address_has_an_end(client: Client, model, factory, path):
    answer = client.post(f"{path}new/", {"name": "Acme", "address": "x" * 1_001})
    assert "Ensure this value has at most 1000 characters (it has 1001)." in answer.text
    assert "x" * 1_001 in answer.text
    assert not model.objects.exists()
    client.post(f"{path}new/", {"name": "Acme", "address": "x" * 1_000})
    assert len(model.objects.get().address) == 1_000


@PARTIES
def test_a_name_is_given_once(client: Client, model, factory, path):
    factory(name="Acme")
    answer = client.post(f"{path}new/", {"name": "Acme", "phone": "typed"})
    assert "already exists" in answer.text
    assert 'value="typed"' in answer.text


@PARTIES
def test_inactive_parties_are_listed_on_demand(client: Client, model, factory, path):
    factory(name="Present")
    factory(name="Gone", inactive=True)
    assert "Gone" not in client.get(path).text
    page = client.get(f"{path}?inactive=on").text
    assert "Gone" in page
    assert "Present" in page


@PARTIES
def test_the_list_is_searched_and_exported(client: Client, model, factory, path):
    factory(name="Acme", phone="555-0101")
    factory(name="Globex")
    page = client.get(f"{path}?q=0101").text
    assert "Acme" in page
    assert "Globex" not in page
    file = b"".join(client.get(f"{path}?export=csv")).decode()
    assert "Globex" in file


@PARTIES
def test_the_list_costs_the_same_for_5_parties_and_for_50(queries_of, model, factory, path):
    factory.create_batch(5)
    few = queries_of(path)
    factory.create_batch(45)
    assert queries_of(path) == few


def test_a_customers_page_lists_the_serial_numbers_it_bought(
    client: Client, books: Books, ht9000: Item
):
    books.have(ht9000, "600.00", "A1 A2 A3")
    shipped = books.sold(ht9000, "A1", "999.00", on=nov(5))
    books.sold(ht9000, "A2", "999.00", on=nov(6))
    other = CustomerFactory(name="Oak")
    sale = books.sell(ht9000, 1, "950.00", on=nov(7), customer=other)
    books.fulfill(sale, "A3", on=nov(7))

    page = client.get(shipped.customer.get_absolute_url()).text
    assert f'href="/serials/{ht9000.pk}/A1/"' in page
    assert shipped.get_absolute_url() in page
    assert "2026-11-05" in page
    assert "999.00" in page
    assert "INV-1" in page
    assert "A3" not in page

    page = client.get(f"{other.get_absolute_url()}?q=a3").text
    assert "A3" in page
    assert "Not invoiced" in page


def test_a_voided_sale_is_no_longer_among_the_serial_numbers_bought(
    client: Client, books: Books, ht9000: Item
):
    books.have(ht9000, "600.00", "A1")
    shipped = books.fulfill(books.sell(ht9000, 1, "999.00"), "A1")
    address = shipped.customer.get_absolute_url()
    assert "A1" in client.get(address).text
    books.void(shipped)
    assert ">A1<" not in client.get(address).content.decode()
    assert "Voided" in client.get(f"{address}?tab=transactions").text
    assert "Voided" not in client.get(f"{address}?tab=transactions&live=on").text


def test_a_vendors_page_lists_the_serial_numbers_it_supplied(
    client: Client, books: Books, ht9000: Item
):
    receipt = books.have(ht9000, "600.00", "A1 A2")
    books.sold(ht9000, "A2", on=nov(4))
    page = client.get(receipt.vendor.get_absolute_url()).text
    assert f'href="/serials/{ht9000.pk}/A1/"' in page
    assert receipt.get_absolute_url() in page
    assert "600.00" in page
    assert "2026-11-02" in page
    assert "On Hand" in page
    assert "Sold" in page


def test_a_partys_documents_show_their_totals(client: Client, books: Books, ht9000: Item):
    order = books.order(ht9000, 3, "600.00")
    page = client.get(f"{order.vendor.get_absolute_url()}?tab=transactions").text
    assert "PO-1" in page
    assert "1,800.00" in page
    assert "Pending Receipt" in page


def numbers(prefix: str, count: int) -> str:
    return " ".join(f"{prefix}{n}" for n in range(count))


def test_a_customers_page_costs_the_same_for_5_rows_and_for_50(
    queries_of: Callable[[str], int], books: Books, ht9000: Item, cable: Item
):
    def sell(prefix: str, count: int) -> list[int]:
        books.have(ht9000, "600.00", numbers(prefix, count))
        page = books.sold(ht9000, numbers(prefix, count)).customer.get_absolute_url()
        return [queries_of(page), queries_of(f"{page}?tab=transactions")]

    few = sell("A", 5)
    for _ in range(5):
        books.sell(cable, 1, "25.00")
    assert sell("B", 45) == few


def test_a_vendors_page_costs_the_same_for_5_rows_and_for_50(
    queries_of: Callable[[str], int], books: Books, ht9000: Item
):
    def buy(prefix: str, count: int) -> list[int]:
        receipt = books.have(ht9000, "600.00", numbers(prefix, count))
        page = receipt.vendor.get_absolute_url()
        return [queries_of(page), queries_of(f"{page}?tab=transactions")]

    few = buy("A", 5)
    for _ in range(5):
        books.order(ht9000, 1, "600.00")
    assert buy("B", 45) == few
