"""The menus lead somewhere, and every page knows where it stands."""

import pytest
from django.urls import resolve, reverse

from company.models import Company
from inventory import menus
from users.access import EVERYTHING


def paths(met: set[str]) -> list[str]:
    return [
        " > ".join(filter(None, [menu.label, group.label, page.label]))
        for menu in menus.menus_for(frozenset(met), EVERYTHING)
        for group in menu.groups
        for page in group.pages
    ]


@pytest.mark.parametrize(
    "path",
    [
        "Home > Set Preferences",
        "Lists > Accounting > Items",
        "Lists > Relationships > Customers",
        "Transactions > Inventory > Adjust Inventory",
        "Transactions > Purchases > Enter Purchase Orders",
        "Transactions > Sales > Enter Sales Orders",
        "Reports > Financial > Income Statement",
        "Setup > Accounting > Manage Accounting Periods",
    ],
)
def test_a_page_is_found_where_the_user_looks_for_it(path):
    assert path in paths(set())


def test_locations_show_with_multi_location_inventory_and_administration_to_staff():
    assert "Setup > Classifications > Locations" in paths({"locations"})
    assert "Setup > Users and Roles > Administration" in paths({"staff"})
    assert not [path for path in paths(set()) if "Locations" in path or "Administration" in path]


def test_no_heading_stands_over_nothing():
    assert all(
        group.pages for menu in menus.menus_for(frozenset(), EVERYTHING) for group in menu.groups
    )


PAGES = [p for menu in menus.MENUS for group in menu.groups for p in group.pages]


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.label)
def test_every_entry_leads_to_a_page(entry, admin_client):
    Company.objects.update(multi_location_inventory=True)
    for url in filter(None, [entry.url, entry.beside and entry.beside[1]]):
        assert admin_client.get(url).status_code == 200, url


@pytest.mark.parametrize(
    ("view", "kwargs", "trail"),
    [
        ("home", {}, []),
        ("preferences", {}, ["Home"]),
        ("items:list", {}, ["Lists", "Accounting"]),
        ("items:view", {"pk": 1}, ["Lists", "Accounting", "Items"]),
        ("periods:edit", {"pk": 1}, ["Setup", "Accounting", "Accounting Periods"]),
        ("transactions:list", {"kind": "item-receipt"}, ["Transactions", "Purchases"]),
        (
            "transactions:view",
            {"kind": "sales-order", "pk": 1},
            ["Transactions", "Sales", "Sales Orders"],
        ),
        ("reports:trial-balance", {}, ["Reports", "Financial"]),
    ],
)
def test_breadcrumbs_say_where_a_page_stands(view, kwargs, trail):
    match = resolve(reverse(view, kwargs=kwargs))
    assert [label for label, _ in menus.trail(match)] == trail


def test_the_last_crumb_leads_to_the_list():
    match = resolve(reverse("transactions:new", kwargs={"kind": "purchase-order"}))
    assert menus.trail(match)[-1] == ("Purchase Orders", "/transactions/purchase-order/")
