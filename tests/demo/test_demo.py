"""The demo company: complete, right in every invariant, and the same on every run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db.models import Count
from django.test import Client, TestCase

from accounting.models import AccountingPeriod
from company.models import Company, UserPreference
from items.models import Item, ItemLocation, SerialUnit
from locations.models import Location
from tests.books import TODAY
from transactions import audit, types
from transactions.models import LineUnit, Transaction

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
LOG_IN = "log in as demo with password spindle-7200"


def run(*words: Any, **options: Any) -> str:
    said = StringIO()
    call_command("demo", *words, stdout=said, **options)
    return said.getvalue()


@pytest.fixture(scope="module")
def said(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The demo company, made once for all tests of this module; what the command printed."""
    with django_db_blocker.unblock():
        atomics = TestCase._enter_atomics()
        with time_machine.travel(NOON, tick=False):
            said = run()
        yield said
        TestCase._rollback_atomics(atomics)


@pytest.fixture
def demo(said: str, db: None) -> None:
    """The demo company as it stands on the day it was made."""


pytestmark = pytest.mark.usefixtures("today")


def test_it_ends_with_a_clean_audit_and_the_log_in(said, demo):
    *_, proof, log_in = said.splitlines()
    assert proof == f"Audit: all {len(audit.INVARIANTS)} invariants hold."
    assert log_in == LOG_IN
    assert audit.offenders() == []


def test_the_demo_user_may_use_the_admin_site_and_is_warned_of_low_stock(demo):
    assert Client().login(username="demo", password="spindle-7200")
    user = User.objects.get(username="demo")
    assert user.is_staff
    assert user.is_superuser
    assert UserPreference.of(user).inventory_level_warnings


def test_there_are_three_places_one_of_them_given_up_with_stock_in_it(demo):
    assert Company.current().multi_location_inventory
    assert Location.objects.active().count() == 2
    given_up = Location.objects.get(inactive=True)
    assert SerialUnit.objects.on_hand().at(given_up).exists()


def test_every_document_came_from_posting_within_five_months(demo):
    assert not Transaction.objects.filter(postings=None).exists()
    assert not Transaction.objects.filter(created_at__lt=NOON).exists()
    days = Transaction.objects.values_list("date", flat=True)
    assert TODAY - timedelta(150) <= min(days) < TODAY - timedelta(140)
    assert max(days) == TODAY
    assert not Transaction.objects.filter(date__iso_week_day=7).exists()
    assert 250 < len(days) < 450
    assert 300 <= SerialUnit.objects.count() <= 600


@pytest.mark.parametrize("kind", types.all_kinds(), ids=repr)
def test_document_numbers_grow_with_their_dates(demo, kind):
    documents = Transaction.objects.of(kind.name).order_by("id")
    days = list(documents.values_list("date", flat=True))
    assert days
    assert days == sorted(days)


@pytest.mark.parametrize(
    ("kind", "statuses"),
    [
        (
            "purchase_order",
            (
                "pending_receipt partially_received billing_partially_received "
                "pending_bill fully_billed"
            ),
        ),
        (
            "sales_order",
            (
                "pending_fulfillment partially_fulfilled billing_partially_fulfilled "
                "pending_billing billed closed cancelled"
            ),
        ),
        ("item_fulfillment", "picked packed shipped"),
        ("invoice", "open paid voided"),
        ("return_authorization", "pending_receipt pending_refund refunded"),
        ("vendor_return_authorization", "pending_credit credited"),
        ("transfer_order", "pending_receipt received"),
    ],
)
def test_documents_stand_in_every_status(demo, kind, statuses):
    there = Transaction.objects.of(kind).values_list("status", flat=True)
    assert set(there) == set(statuses.split())


def test_an_order_is_overdue_and_a_sale_is_back_ordered(demo):
    assert Transaction.objects.filter(status="pending_receipt", expected_date__lt=TODAY).exists()
    assert ItemLocation.objects.filter(back_ordered__gt=0).exists()


def test_some_items_are_low_and_most_are_not(demo):
    items = Item.objects.with_quantities()
    low = [item for item in items if item.reorder_point and item.on_hand <= item.reorder_point]
    assert 2 <= len(low) <= len(items) / 2
    assert ItemLocation.objects.low().exists()


def test_the_drive_that_failed_was_adjusted_out_as_damaged(demo):
    failed = SerialUnit.objects.get(number="9VS3FM1J")
    assert failed.status == SerialUnit.Status.ADJUSTED_OUT
    assert failed.moves.last().line.transaction.reason == "damage"


def test_a_number_was_sold_and_bought_back_at_another_cost(demo):
    twice = SerialUnit.objects.values("item", "number_key").annotate(n=Count("id")).filter(n=2)
    for number in twice:
        number.pop("n")
        first, second = SerialUnit.objects.filter(**number).order_by("id")
        assert (first.status, second.status) == ("sold", "on_hand")
        assert first.unit_cost > second.unit_cost
    assert len(twice) == 2


def test_a_bill_asked_for_more_and_two_numbers_are_designated(demo):
    variance = Company.current().bill_variance_account
    assert variance.debits.exists()
    designated = LineUnit.objects.filter(amount=None, line__transaction__type="sales_order")
    assert designated.count() == 2


def test_periods_older_than_three_months_are_closed(demo):
    closed = AccountingPeriod.objects.filter(closed=True).order_by("end")
    assert closed.last().name == "Jul 2026"
    assert not AccountingPeriod.objects.filter(closed=False, end__lt=closed.last().end).exists()


def test_a_second_run_is_refused_and_changes_nothing(demo):
    count = Transaction.objects.count()
    with pytest.raises(CommandError, match="already has items or documents") as refused:
        run()
    assert refused.value.returncode == 1
    assert Transaction.objects.count() == count


def test_if_new_leaves_the_company_as_it_is_and_says_how_to_log_in(demo):
    count = Transaction.objects.count()
    assert run(if_new=True) == f"{LOG_IN}\n"
    assert Transaction.objects.count() == count


def test_if_new_says_nothing_where_the_password_is_another(demo):
    user = User.objects.get(username="demo")
    user.set_password("changed")
    user.save()
    assert run(if_new=True) == ""
