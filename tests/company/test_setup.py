"""Setup > Company: features, preferences and default accounts."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from company.forms import CompanyForm
from company.models import Company
from items.models import Item
from tests.books import Books
from tests.factories import CustomerFactory


def filled(**changes: Any) -> dict[str, Any]:
    """What the form holds, as a browser sends it, with changes; None takes a field away."""
    form = CompanyForm(instance=Company.current())
    sent = {name: form[name].value() for name in form.fields} | changes
    return {name: value for name, value in sent.items() if value not in (None, False)}


def save(client: Client, **changes: Any) -> str:
    return client.post("/setup/company/", filled(**changes), follow=True).text


def test_the_company_is_set_up(client: Client):
    page = save(client, name="Serials Ltd", approve_sales_orders="on")
    assert "setup is saved" in page
    assert "Serials Ltd" in page  # the system notes say so
    assert Company.current().approve_sales_orders


def test_a_default_account_has_the_right_type(client: Client):
    company = Company.current()
    page = save(client, receivable_account=company.payable_account_id)
    assert "Select a valid choice" in page
    assert Company.current().receivable_account == company.receivable_account


def test_the_default_location_is_chosen_only_while_there_are_several(client: Client):
    assert "default_location" not in client.get("/setup/company/").text
    save(client, multi_location_inventory="on")
    assert "default_location" in client.get("/setup/company/").text


def test_locations_cannot_be_switched_off_while_stock_is_in_several(
    client: Client, books: Books, place: SimpleNamespace, ht9000: Item
):
    books.have(ht9000, "600.00", "A1 A2", at=place.main)
    extra = books.have(ht9000, "600.00", "A3", at=place.east)
    books.fulfill(books.sell(ht9000, 1, "999.00", at=place.east), "A3", to="picked")
    page = save(client, multi_location_inventory=None)
    assert "Stock is in more than one location: 1 at EAST, 2 at MAIN." in page
    assert Company.current().multi_location_inventory
    assert extra


def test_switching_locations_off_makes_the_place_of_all_stock_the_default(
    client: Client, books: Books, place: SimpleNamespace, ht9000: Item
):
    books.have(ht9000, "600.00", "A1", at=place.east)
    save(client, multi_location_inventory=None)
    company = Company.current()
    assert not company.multi_location_inventory
    assert company.default_location == place.east


@pytest.mark.parametrize("approved", [True, False])
def test_locations_stay_on_while_an_order_is_open_at_another_one(
    client: Client, books: Books, place: SimpleNamespace, ht9000: Item, approved: bool
):
    books.have(ht9000, "600.00", "A1", at=place.main)
    Company.objects.update(approve_purchase_orders=not approved)
    order = books.order(ht9000, 1, "600.00", at=place.east)
    page = save(client, multi_location_inventory=None)
    assert "Open at other locations than MAIN" in page
    assert f'<a href="{order.get_absolute_url()}">{order}</a>' in page
    assert Company.current().multi_location_inventory
    books.void(order)
    save(client, multi_location_inventory=None)
    assert not Company.current().multi_location_inventory


def test_locations_stay_on_while_a_return_or_a_count_is_under_way_at_another_one(
    client: Client, books: Books, place: SimpleNamespace, ht9000: Item
):
    books.have(ht9000, "600.00", "A1", at=place.main)
    counted = [books.line(ht9000, 0, at=place.east)]
    account = books.account("6500")
    count = books.post("inventory_count", counted, location=place.east, account=account)
    authorized = books.post(
        "return_authorization",
        [books.line(ht9000, 1, "999.00", at=place.east)],
        customer=CustomerFactory(),
    )
    page = save(client, multi_location_inventory=None)
    assert f">{count}</a>" in page
    assert f">{authorized}</a>" in page


def test_locations_stay_on_while_all_stock_is_at_an_inactive_one(
    client: Client, books: Books, place: SimpleNamespace, ht9000: Item
):
    books.have(ht9000, "600.00", "A1", at=place.old)
    place.old.inactive = True
    place.old.save()
    assert "OLD, which is inactive" in save(client, multi_location_inventory=None)


@pytest.mark.django_db
def test_the_company_is_set_up_in_the_admin_by_the_same_form(
    admin_client: Client, books: Books, place: SimpleNamespace, ht9000: Item
):
    books.have(ht9000, "600.00", "A1", at=place.main)
    books.have(ht9000, "600.00", "A2", at=place.east)
    address = f"/admin/company/company/{Company.current().pk}/change/"
    page = admin_client.post(address, filled(multi_location_inventory=None)).text
    assert "Stock is in more than one location" in page
    assert admin_client.post(address, filled(name="Renamed")).status_code == 302
    assert Company.current().name == "Renamed"
    assert admin_client.get("/admin/company/company/add/").status_code == 403
    assert admin_client.get(address.replace("change", "delete")).status_code == 403
