"""Adjust Inventory in the admin site goes through the same posting as its page."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.test import Client

from items.models import Item, SerialUnit
from tests.books import Books
from transactions.models import Transaction

ADD = "/admin/transactions/transaction/add/"


@pytest.fixture
def form(books: Books, place: SimpleNamespace) -> Any:
    """What the page sends: a header, and lines as (item, location, quantity, cost, serials)."""

    def filled(*lines: tuple[Any, ...], **header: Any) -> dict[str, Any]:
        sent = {
            "date": "2026-11-23",
            "account": books.account("6500").pk,
            "location": place.main.pk,
            "reason": "correction",
            "reference": "R-1",
            "memo": "found",
            "request_id": uuid4(),
            "lines-TOTAL_FORMS": max(len(lines), 3),
            "lines-INITIAL_FORMS": 0,
        }
        for n, line in enumerate(lines):
            names = ("item", "location", "quantity", "rate", "serials")
            sent |= {f"lines-{n}-{name}": v for name, v in zip(names, line, strict=True)}
        return sent | header

    return filled


def test_units_come_in(admin_client: Client, books: Books, ht9000: Item, form):
    page = admin_client.get(ADD).text
    assert "Adjust Inventory" in page
    answer = admin_client.post(ADD, form(("ht9000", "", "2", "600", "A1, A2")), follow=True)
    document = Transaction.objects.get()
    assert "is saved" in answer.text
    assert document.number == "ADJ-1"
    assert document.memo == "found"
    assert books.on_hand(ht9000) == ["A1", "A2"]
    assert books.balance("1300") == 1200
    assert LogEntry.objects.get().object_id == str(document.pk)


def test_units_go_out_at_their_own_cost(admin_client: Client, books: Books, ht9000: Item, form):
    books.have(ht9000, "600.00", "A1 A2")
    admin_client.post(ADD, form(("HT9000", "", "-1", "", "a1"), reason="damage"))
    assert books.on_hand(ht9000) == ["A2"]
    assert books.balance("6500") == 600


def test_lines_have_places_of_their_own(
    admin_client: Client, books: Books, ht9000: Item, cable: Item, place, form
):
    lines = [("HT9000", place.east.pk, "1", "600", "A1"), ("CBL", "", "5", "2.50", "")]
    admin_client.post(ADD, form(*lines))
    assert books.quantities(ht9000, place.east)["OH"] == 1
    assert books.quantities(cable, place.main)["OH"] == 5


def test_every_serial_number_on_hand_is_named_with_its_place_and_nothing_typed_is_lost(
    admin_client: Client, books: Books, ht9000: Item, form
):
    books.have(ht9000, "600.00", "A1 A2")
    page = admin_client.post(ADD, form(("HT9000", "", "3", "600", "A1 A2 NEW"))).text
    for number in ("A1", "A2"):
        assert (
            f"Serial number {number} is already on hand for HT9000 at MAIN. "
            "Enter a different serial number."
        ) in page
    assert f'href="/serials/{ht9000.pk}/A1/"' in page
    assert "A1 A2 NEW" in page
    assert 'value="R-1"' in page
    assert not Transaction.objects.of("inventory_adjustment").exists()
    assert not LogEntry.objects.exists()


def test_refusals_of_the_header_and_of_the_form_are_shown(admin_client: Client, ht9000: Item, form):
    page = admin_client.post(ADD, form(("HT9000", "", "1", "600", "A1"), date="2026-10-31")).text
    assert "Posting period Oct 2026 is closed." in page
    page = admin_client.post(ADD, form(("HT9000", "", "2", "600", "A1"))).text
    assert "Quantity is 2 but 1 serial numbers were entered." in page
    page = admin_client.post(ADD, form(("NOTHING", "", "1", "", "A1"))).text
    assert "No item has this name, UPC or serial number." in page
    assert "Enter what a unit cost" in page
    assert "Add at least one line." in admin_client.post(ADD, form()).text
    assert not Transaction.objects.exists()


def test_taking_stock_out_of_an_inactive_location_is_confirmed_first(
    admin_client: Client, books: Books, ht9000: Item, place, form
):
    books.have(ht9000, "600.00", "A1", at=place.old)
    place.old.inactive = True
    place.old.save()
    sent = form(("HT9000", place.old.pk, "-1", "", "A1"))
    page = admin_client.post(ADD, sent).text
    assert "Location OLD is inactive." in page
    assert 'name="confirmed" value="SER-17"' in page
    assert books.on_hand(ht9000) == ["A1"]
    admin_client.post(ADD, {**sent, "confirmed": "SER-17"})
    assert books.on_hand(ht9000) == []


def test_more_rows_are_added_without_saving(admin_client: Client, ht9000: Item, form):
    page = admin_client.post(ADD, {**form(("HT9000", "", "1", "600", "A1")), "more": "1"}).text
    assert "lines-5-item" in page
    assert "A1" in page
    assert not Transaction.objects.exists()


def test_a_double_click_saves_once(admin_client: Client, ht9000: Item, form):
    sent = form(("HT9000", "", "1", "600", "A1"))
    for _ in range(2):
        assert admin_client.post(ADD, sent).status_code == 302
    assert Transaction.objects.count() == 1


def test_without_multi_location_inventory_the_page_does_not_speak_of_locations(
    admin_client: Client, books: Books, ht9000: Item, form
):
    company = books.company
    company.multi_location_inventory = False
    company.save()
    assert "Location" not in admin_client.get(ADD).text.split('id="content-main"')[1]
    sent = form(("HT9000", "", "1", "600", "A1"))
    del sent["location"], sent["lines-0-location"]
    admin_client.post(ADD, sent)
    assert books.on_hand(ht9000) == ["A1"]


def test_it_takes_the_permission_to_add_a_transaction(
    client: Client, user: User, ht9000: Item, form
):
    user.is_staff = True
    user.save()
    assert client.get(ADD).status_code == 403
    assert client.post(ADD, form(("HT9000", "", "1", "600", "A1"))).status_code == 403
    user.user_permissions.add(*Permission.objects.filter(codename__endswith="_transaction"))
    assert client.post(ADD, form(("HT9000", "", "1", "600", "A1"))).status_code == 302
    assert SerialUnit.objects.count() == 1


def test_a_request_from_elsewhere_is_refused(administrator: User, ht9000: Item, form):
    client = Client(enforce_csrf_checks=True)
    client.force_login(administrator)
    assert client.post(ADD, form(("HT9000", "", "1", "600", "A1"))).status_code == 403
    assert not Transaction.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_posting_owns_the_transaction_even_outside_a_tests_own(administrator: User, client: Client):
    """The admin's own add view would wrap it in another, which post() refuses as not durable."""
    client.force_login(administrator)
    company = Books().company
    item = Item.objects.create(
        name="X",
        income_account=company.income_account,
        cogs_account=company.cogs_account,
        asset_account=company.asset_account,
    )
    sent = {
        "date": "",
        "account": company.adjustment_account_id,
        "request_id": uuid4(),
        "lines-TOTAL_FORMS": 1,
        "lines-INITIAL_FORMS": 0,
        "lines-0-item": "X",
        "lines-0-quantity": "1",
        "lines-0-rate": "5",
        "lines-0-serials": "A1",
    }
    page = client.get(ADD).text
    today = page.split('name="date" value="')[1][:10]
    assert client.post(ADD, {**sent, "date": today}).status_code == 302
    assert SerialUnit.objects.get().item == item
