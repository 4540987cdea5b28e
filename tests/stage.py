"""What a company of the worked examples starts with (SPEC §8), for a test or for a whole module."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

from accounting.models import AccountingPeriod
from company.models import Company
from company.setup import open_year
from items.models import Item
from tests.books import Books
from tests.factories import ItemFactory, LocationFactory

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)  # when the worked examples stand still


def books() -> Books:
    """A bookkeeper over the base data's accounts and periods; all before November is closed."""
    open_year(2026)
    AccountingPeriod.objects.filter(end__lt=date(2026, 11, 1)).update(closed=True)
    return Books()


def places() -> SimpleNamespace:
    """MAIN and EAST, active, with Multi-Location Inventory on; OLD, to be made inactive."""
    main = Company.current().default_location
    main.name = "MAIN"
    main.save()
    Company.objects.update(multi_location_inventory=True)
    return SimpleNamespace(
        main=main, east=LocationFactory(name="EAST"), old=LocationFactory(name="OLD")
    )


def ht9000() -> Item:
    return ItemFactory(
        name="HT9000",
        display_name="Hi-Tech 9000 2Ghz Computer",
        base_price=Decimal("999.00"),
        reorder_point=3,
    )


def tk100() -> Item:
    return ItemFactory(
        name="TK100",
        display_name="Tek-Know 100 3Ghz Computer",
        base_price=Decimal("1299.00"),
        reorder_point=2,
    )


def cable() -> Item:
    """CBL, an ordinary item."""
    return ItemFactory(
        ordinary=True, name="CBL", display_name="Cable", base_price=Decimal("25.00"),
        reorder_point=20,
    )  # fmt: skip
