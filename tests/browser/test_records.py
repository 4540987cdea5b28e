"""The pages of plain records and setup, and Adjust Inventory in the admin site, in Chromium."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounting.models import Account, AccountingPeriod
from company.models import Company
from company.setup import ensure_company
from items.models import Item, SerialUnit
from parties.models import Customer, Vendor
from tests.books import Books
from tests.factories import ItemFactory, LocationFactory, VendorFactory
from transactions import audit

Check = Callable[[Page], None]


@pytest.fixture
def shop(transactional_db: None, user: User) -> Any:
    """A company with one unit sold and one in stock; ends with the audit."""
    ensure_company()
    Company.objects.update(multi_location_inventory=True)
    LocationFactory(name="EAST")
    VendorFactory(name="Acme")
    books, today = Books(user), timezone.localdate()
    books.adjust(ItemFactory(name="HT9000"), 2, "A1 A2", rate="600.00", on=today)
    sale = books.sell(Item.objects.get(), 1, "999.00", on=today)
    books.invoice(books.fulfill(sale, "A1", on=today), on=today)
    yield books
    assert audit.offenders() == []


def addresses() -> list[str]:
    customer = Customer.objects.get().get_absolute_url()
    vendor = Vendor.objects.get().get_absolute_url()
    location = Company.current().default_location.get_absolute_url()
    account = Account.objects.get(number="1300").get_absolute_url()
    period = AccountingPeriod.objects.first().get_absolute_url()
    return [
        *("/customers/", "/customers/new/", customer, f"{customer}?tab=transactions"),
        *(f"{customer}?tab=notes", f"{customer}edit/", "/vendors/", vendor),
        *("/locations/", location, f"{location}?tab=serials", f"{location}inactivate/"),
        *("/accounts/", account, "/periods/", period, f"{period}close/"),
        *("/setup/company/", "/preferences/", "/preferences/?tab=general"),
    ]


@pytest.mark.parametrize("width", [1440, 390])
def test_every_page_is_accessible_and_fits(
    page: Page, shop: Books, assert_accessible: Check, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    for address in addresses():
        page.goto(address)
        assert_accessible(page)
        root = page.locator(":root")
        assert root.evaluate("root => root.scrollWidth <= root.clientWidth"), address


def test_a_customers_list_leads_to_the_serial_numbers_it_bought(page: Page, shop: Books) -> None:
    page.goto("/customers/")
    page.get_by_role("link", name="Maple").click()
    page.get_by_role("searchbox", name="Search", exact=True).fill("zzz")
    expect(page.get_by_text("Nothing matches")).to_be_visible()
    page.get_by_role("searchbox", name="Search", exact=True).fill("a1")
    page.get_by_role("link", name="A1", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("A1")


def test_stock_is_adjusted_in_the_admin_site(page: Page, shop: Books, user: User) -> None:
    user.is_staff = user.is_superuser = True
    user.save()
    page.goto("/admin/transactions/transaction/")
    page.get_by_role("link", name="Adjust Inventory").click()
    page.get_by_label("Item, line 1").fill("HT9000")
    page.get_by_label("Adjust Qty By, line 1").fill("2")
    page.get_by_label("Est. Unit Cost, line 1").fill("650")
    serials = page.get_by_label("Serial Numbers, line 1")
    serials.fill("A2 A3")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Serial number A2 is already on hand for HT9000")).to_be_visible()
    expect(serials).to_have_value("A2 A3")
    serials.fill("A4 A3")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Inventory adjustment ADJ-2 is saved.")).to_be_visible()
    assert SerialUnit.objects.on_hand().count() == 3
