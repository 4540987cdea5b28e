"""The admin site: what it manages, and what it only shows."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from zeal import zeal_ignore

from accounting.models import AccountingPeriod, JournalEntry, JournalLine
from items.models import Item, ItemLocation, SerialUnit
from locations.models import Location
from parties.models import Customer
from tests.books import Books, nov
from tests.factories import ItemFactory, UserFactory
from transactions.models import LineUnit, Posting, StockMove, Transaction, TransactionLine

READ_ONLY = [
    ItemLocation,
    JournalEntry,
    JournalLine,
    LineUnit,
    Posting,
    SerialUnit,
    StockMove,
    Transaction,
    TransactionLine,
]


def address(model: type, page: str = "changelist", *arguments: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=arguments)


@pytest.fixture
def world(books: Books, ht9000: Item, tk100: Item, cable: Item) -> Books:
    """Documents of every kind and state."""
    books.have(ht9000, "600.00", "A1 A2 A3")
    books.sold(ht9000, "A1", on=nov(4))
    books.sell(ht9000, 1, "999.00", serials="A2")
    books.adjust(cable, 5, rate="2.00")
    books.void(books.adjust(tk100, 1, "T1", rate="5.00"))
    return books


@pytest.mark.parametrize("model", READ_ONLY)
def test_documents_stock_and_books_are_shown_and_never_changed(
    admin_client: Client, administrator: User, world: Books, model
):
    record = model.objects.first()
    assert admin_client.get(address(model)).status_code == 200
    assert admin_client.get(f"{address(model)}?q=a").status_code == 200
    page = admin_client.get(address(model, "change", record.pk)).text
    assert 'name="_save"' not in page
    assert admin_client.post(address(model, "change", record.pk), {}).status_code == 403
    assert admin_client.get(address(model, "delete", record.pk)).status_code == 403
    request = RequestFactory().get("/")
    request.user = administrator
    page = admin.site._registry[model]
    assert not page.has_change_permission(request)
    assert not page.has_delete_permission(request)
    assert page.has_add_permission(request) == (model is Transaction)


@pytest.mark.parametrize("model", READ_ONLY)
def test_a_list_costs_the_same_for_few_rows_and_for_many(
    admin_client: Client, world: Books, ht9000: Item, model
):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            admin_client.get(address(model))
        return len(captured)

    few = queries()
    for n in range(12):
        world.have(ht9000, "600.00", f"B{n} C{n}")
        world.sold(ht9000, f"B{n}")
    assert queries() == few


def test_a_serial_number_is_found_however_it_is_spelled(admin_client: Client, world: Books):
    page = admin_client.get(f"{address(SerialUnit)}?q=a1").text
    assert "A1" in page
    assert "A2" not in page


def test_items_are_managed_with_the_checks_of_the_model(
    admin_client: Client, books: Books, ht9000: Item
):
    change = address(Item, "change", ht9000.pk)
    sent = {
        "item_type": "serialized",
        "name": "HT9000",
        "income_account": ht9000.income_account_id,
        "cogs_account": ht9000.cogs_account_id,
        "asset_account": ht9000.asset_account_id,
    }
    assert admin_client.get(change).status_code == 200
    assert admin_client.post(change, {**sent, "display_name": "Computer"}).status_code == 302
    ht9000.refresh_from_db()
    assert ht9000.display_name == "Computer"

    page = admin_client.post(address(Item, "add"), {**sent, "name": "ht9000"}).text
    assert "There is already an item with this name." in page
    wrong = {**sent, "name": "NEW", "income_account": ht9000.asset_account_id}
    assert "Select a valid choice" in admin_client.post(address(Item, "add"), wrong).text
    assert admin_client.post(address(Item, "add"), {**sent, "name": "NEW"}).status_code == 302


def test_an_items_locked_fields_are_locked_in_the_admin(
    admin_client: Client, books: Books, ht9000: Item
):
    books.have(ht9000, "600.00", "A1")
    sent = {
        "item_type": "inventory",
        "name": "HT9000",
        "income_account": ht9000.income_account_id,
        "cogs_account": ht9000.cogs_account_id,
        "asset_account": books.account("1000").pk,
    }
    admin_client.post(address(Item, "change", ht9000.pk), sent)
    before = ht9000.asset_account
    ht9000.refresh_from_db()
    assert ht9000.is_serialized
    assert ht9000.asset_account == before


def test_an_item_with_transactions_cannot_be_deleted(
    admin_client: Client, books: Books, ht9000: Item
):
    books.have(ht9000, "600.00", "A1")
    admin_client.post(address(Item, "delete", ht9000.pk), {"post": "yes"})
    assert Item.objects.filter(pk=ht9000.pk).exists()
    unused = ItemFactory()
    admin_client.post(address(Item, "delete", unused.pk), {"post": "yes"})
    assert not Item.objects.filter(pk=unused.pk).exists()


@pytest.mark.django_db
def test_an_overlapping_period_is_refused_in_the_admin_too(admin_client: Client):
    present = AccountingPeriod.objects.first()
    sent = {"name": "Again", "start": present.start, "end": present.end}
    page = admin_client.post(address(AccountingPeriod, "add"), sent).text
    assert f"These dates overlap the period {present}." in page


def test_what_is_changed_in_the_admin_is_in_the_system_notes(admin_client: Client, books: Books):
    admin_client.post(address(Customer, "add"), {"name": "Maple"})
    maple = Customer.objects.get()
    admin_client.post(address(Customer, "change", maple.pk), {"name": "Maple Inc"})
    assert "Maple Inc" in admin_client.get(f"{maple.get_absolute_url()}?tab=notes").text
    assert maple.history.first().history_user.username == "admin"


def test_a_location_is_made_inactive_on_its_page_which_shows_its_stock(
    admin_client: Client, books: Books, place: SimpleNamespace
):
    page = admin_client.get(address(Location, "change", place.east.pk)).text
    assert place.east.get_absolute_url() in page
    sent = {"name": "EAST", "inactive": "on"}
    admin_client.post(address(Location, "change", place.east.pk), sent)
    place.east.refresh_from_db()
    assert not place.east.inactive


@pytest.mark.django_db
def test_users_are_deactivated_never_deleted(admin_client: Client):
    robin = UserFactory()
    with zeal_ignore():  # the page asks for the user it is about, and for the one who asks
        assert admin_client.get(address(User, "delete", robin.pk)).status_code == 403
        assert admin_client.get(address(User, "change", robin.pk)).status_code == 200
