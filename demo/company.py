"""The demo company's records: its people, places, parties and items. No documents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, User
from django.utils import timezone

from company.models import Company, UserPreference
from company.setup import open_year
from demo import catalog
from demo.catalog import Model
from items.models import Item
from locations.models import Location
from parties.models import Customer, Vendor
from users.roles import ACCOUNTANT, SALES, WAREHOUSE_CLERK

USERNAME, PASSWORD = "demo", "spindle-7200"
# They have the same password; each sees what the role allows.
COLLEAGUES = {"Casey": WAREHOUSE_CLERK, "Sam": SALES, "Alex": ACCOUNTANT}
LOG_IN = f"log in as {USERNAME} with password {PASSWORD}"


@dataclass
class Records:
    """What the documents of the demo company are about."""

    company: Company
    user: User
    main: Location
    store: Location
    annex: Location
    vendors: dict[str, Vendor]
    customers: list[Customer]


def make(first: date) -> Records:
    """Give an empty company its name, people, places and parties, and periods from `first` on."""
    for year in range(first.year, timezone.localdate().year + 1):
        open_year(year)
    company = Company.current()
    company.name = catalog.COMPANY
    company.multi_location_inventory = True
    company.save()
    main = company.default_location
    main.name, main.address = catalog.MAIN, "1450 Foundry Street\nPortland, OR 97210"
    main.save()
    return Records(
        company=company,
        user=_user(),
        main=main,
        store=Location.objects.create(name=catalog.STORE, address="12 Oak Street\nPortland, OR"),
        annex=Location.objects.create(name=catalog.ANNEX, address="Pier 9\nPortland, OR"),
        vendors={name: _vendor(name, *details) for name, *details in catalog.VENDORS},
        customers=[
            Customer.objects.create(name=name, email=email, phone=phone)
            for name, email, phone in catalog.CUSTOMERS
        ],
    )


def _user() -> User:
    """Somebody who may see and do everything, and is warned of low stock."""
    user = get_user_model().objects.create_superuser(
        USERNAME, "demo@example.com", PASSWORD, first_name="Dana", last_name="Reyes"
    )
    UserPreference.objects.create(user=user, inventory_level_warnings=True)
    for name, role in COLLEAGUES.items():
        _colleague(name, role)
    return user


def _colleague(name: str, role: str) -> None:
    """Somebody with a role, to see the company as they do; with the password of the demo."""
    username = name.lower()
    user = get_user_model().objects.create_user(
        username, f"{username}@example.com", PASSWORD, first_name=name
    )
    user.groups.add(Group.objects.get(name=role))


def _vendor(name: str, email: str, phone: str, address: str) -> Vendor:
    return Vendor.objects.create(name=name, email=email, phone=phone, address=address)


def item(records: Records, model: Model, kind: str = Item.Type.SERIALIZED) -> Item:
    """The item of a model, on the company's default accounts."""
    made = unsaved_item(records, model, kind)
    made.save()
    return made


def unsaved_item(records: Records, model: Model, kind: str = Item.Type.SERIALIZED) -> Item:
    company = records.company
    return Item(
        item_type=kind,
        name=model.name,
        display_name=model.display_name,
        purchase_price=model.cost,
        base_price=model.price,
        income_account=company.income_account,
        cogs_account=company.cogs_account,
        asset_account=company.asset_account,
        preferred_vendor=records.vendors[model.vendor],
        preferred_location=records.main,
        reorder_point=Decimal(model.reorder_point) or None,
        preferred_stock_level=Decimal(model.stock_level) or None,
    )
