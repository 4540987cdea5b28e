"""The demo company at a size of one's choice: as if every document had gone through posting."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db.models import Count, Sum
from django.test import Client, TestCase

from demo.volume import names
from items import numbers
from items.models import Item, ItemLocation, SerialUnit
from locations.models import Location
from parties.models import Customer, Vendor
from tests.books import TODAY
from transactions import audit
from transactions.models import NumberSeries, StockMove, Transaction, TransactionLine
from transactions.posting import post

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
UNITS = 2_000


def run(units: int) -> str:
    said = StringIO()
    call_command("demo", units=units, stdout=said)
    return said.getvalue()


@pytest.fixture(scope="module")
def said(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A company of two stories, made once for all tests of this module; what was printed."""
    with django_db_blocker.unblock():
        atomics = TestCase._enter_atomics()
        with time_machine.travel(NOON, tick=False):
            said = run(UNITS)
        yield said
        TestCase._rollback_atomics(atomics)


@pytest.fixture
def demo(said: str, db: None) -> None:
    """The company as it stands on the day it was made."""


pytestmark = pytest.mark.usefixtures("today")


def test_it_tells_how_far_it_is_and_ends_with_a_clean_audit(said, demo):
    first, *_, proof, _log_in = said.splitlines()
    assert first == "2,000 of 2,000 units, 2026-11-23"
    assert proof == f"Audit: all {len(audit.INVARIANTS)} invariants hold."
    assert audit.offenders() == []


def test_the_size_decides_how_much_there_is_of_everything(demo):
    assert SerialUnit.objects.count() == UNITS
    assert Item.objects.count() == UNITS / 100
    assert UNITS * 2.5 < StockMove.objects.count() < UNITS * 3.2
    # Of two stories, one is still under way.
    assert UNITS / 10 * 0.9 < Transaction.objects.count() < UNITS / 10 * 1.1


def test_units_are_in_every_state_that_trade_leaves_them_in(demo):
    statuses = SerialUnit.objects.values_list("status", flat=True)
    assert set(statuses) == {"on_hand", "picked", "in_transit", "sold", "adjusted_out", "voided"}


def test_there_are_open_orders_and_all_that_follows_from_them(demo):
    names = ("on_order", "committed", "back_ordered", "in_transit", "on_order_by_transfer")
    sums = ItemLocation.objects.aggregate(**{name: Sum(name, default=0) for name in names})
    assert all(total > 0 for total in sums.values()), sums
    for kind in ("invoice", "vendor_bill"):
        assert set(Transaction.objects.of(kind).values_list("status", flat=True)) == {
            "open",
            "paid",
        }


def test_a_place_was_given_up_with_stock_in_it(demo):
    given_up = Location.objects.get(inactive=True)
    assert SerialUnit.objects.on_hand().at(given_up).exists()
    assert Location.objects.active().count() == 4


def test_numbers_were_sold_and_bought_again(demo):
    twice = SerialUnit.objects.values("item", "number_key").annotate(n=Count("pk")).filter(n=2)
    assert len(twice) == UNITS / 1_000 * 30
    assert not SerialUnit.objects.exclude(location=None).filter(left_on__isnull=False).exists()


def test_it_traded_for_four_years_with_many_and_never_on_a_sunday(demo):
    days = Transaction.objects.order_by("pk").values_list("date", flat=True)
    assert list(days) == sorted(days)
    assert min(days) < TODAY - timedelta(700)
    assert max(days) <= TODAY
    assert not Transaction.objects.filter(date__iso_week_day=7).exists()
    assert Vendor.objects.filter(transactions__isnull=False).distinct().count() >= 3
    assert Customer.objects.filter(transactions__isnull=False).distinct().count() >= 6


def test_document_numbers_have_no_gaps(demo):
    for series in NumberSeries.objects.all():
        documents = Transaction.objects.of(series.type).order_by("pk")
        given = [int(number.split("-")[1]) for number in documents.values_list("number", flat=True)]
        assert given == list(range(1, series.next))


def test_its_business_goes_on(demo):
    item = Item.objects.serialized().order_by("pk")[0]
    place = Location.objects.active()[0]
    line = TransactionLine(item=item, quantity=Decimal(2), rate=Decimal("9.00"), location=place)
    line.serials = ["NEW-1", "NEW-2"]
    bill = Transaction(type="vendor_bill", date=TODAY, vendor=Vendor.objects.all()[0])
    post(bill, [line], by=User.objects.get(username="demo"))
    assert item.units.on_hand().filter(number__startswith="NEW-").count() == 2
    assert audit.offenders() == []


def test_its_user_opens_every_kind_of_document(demo):
    client = Client()
    client.force_login(User.objects.get(username="demo"))
    for kind in Transaction.objects.order_by().values_list("type", flat=True).distinct():
        document = Transaction.objects.of(kind).order_by("-pk")[0]
        assert client.get(document.get_absolute_url()).status_code == 200


def test_a_second_run_is_refused(demo):
    with pytest.raises(CommandError, match="already has items or documents"):
        run(UNITS)


def test_less_than_a_story_is_refused_before_anything_is_stored(db):
    items = Item.objects.count()
    with pytest.raises(CommandError, match="at least 1,000 units"):
        run(999)
    assert Item.objects.count() == items


def test_names_and_serial_numbers_are_all_different_and_valid():
    models = [names.drive(n) for n in range(10_000)]
    assert len({model.name.lower() for model in models}) == 10_000
    assert len({model.display_name for model in models}) == 10_000
    limits = {field: Item._meta.get_field(field).max_length for field in ("name", "display_name")}
    assert all(len(getattr(x, name)) <= most for x in models for name, most in limits.items())
    serials = {names.serial(3, n) for n in range(10_000)}
    assert len(serials) == 10_000
    assert not [number for number in serials if numbers.problem(number)]
    assert len({names.buyer(n)[0] for n in range(2_000)}) == 2_000
    assert len({names.seller(n)[0] for n in range(500)}) == 500
