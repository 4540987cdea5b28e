"""The audit trail: what comes on record, that it stays there, and how it is searched."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db import DatabaseError, connection, transaction

from accounting.models import AccountingPeriod
from audit_trail.models import AuditEvent
from audit_trail.recording import note
from company.models import Company, UserPreference
from items.models import Item
from tests.factories import AccountFactory, CustomerFactory, LocationFactory, VendorFactory
from tests.inventory.test_export import content_of
from users.models import AllowedLocation
from users.roles import SALES, VIEWER

PAGE = "/setup/audit-trail/"


def told(**about: Any) -> list[tuple[str, str, str, str]]:
    rows = AuditEvent.objects.filter(**about).order_by("pk")
    return list(rows.values_list("kind", "field", "old", "new"))


def test_every_field_that_is_changed_is_on_record_with_who_and_from_where(client, user):
    vendor = VendorFactory(name="Acme")
    sent = {"name": "Acme Ltd", "email": "a@example.com"}
    client.post(f"/vendors/{vendor.pk}/edit/", sent)
    assert told(record_type="parties.vendor") == [
        ("created", "", "", ""),
        ("changed", "name", "Acme", "Acme Ltd"),
        ("changed", "email", "", "a@example.com"),
    ]
    event = AuditEvent.objects.get(field="email")
    assert (event.by, event.name, event.ip) == (user, "robin", "127.0.0.1")
    assert (event.record, event.record_id) == ("Acme Ltd", vendor.pk)


@pytest.mark.parametrize(
    ("make", "field", "value"),
    [
        (lambda: CustomerFactory(), "phone", "555"),
        (lambda: LocationFactory(), "name", "SOUTH"),
        (lambda: AccountFactory(), "name", "Rent"),
        (lambda: Company.current(), "name", "Serials Ltd"),
        (lambda: AccountingPeriod.objects.first(), "name", "Period One"),
        (lambda: User.objects.create_user("kim"), "email", "kim@example.com"),
    ],
)
def test_every_kind_of_record_people_edit_is_listened_to(db, make, field, value):
    record = make()
    setattr(record, field, value)
    record.save()
    label = record._meta.label_lower
    assert told(record_type=label, record_id=record.pk)[-1][3] == value


def test_an_item_its_number_rule_and_its_reorder_points_are_listened_to(books, ht9000, place):
    ht9000.description = "Quick"
    ht9000.save()
    assert ("changed", "description", "", "Quick") in told(record_type="items.item")
    books.have(ht9000, "600.00", "A1")  # makes its row at the location, which people do not
    row = ht9000.item_locations.get()
    row.reorder_point = 7
    row.save()
    assert [e[1:] for e in told(record_type="items.itemlocation")] == [("reorder point", "", "7")]


def test_a_users_preferences_are_listened_to(client, user):
    client.post("/preferences/?tab=general", {"rows_per_page": 20})
    assert UserPreference.objects.get().rows_per_page == 20
    assert ("changed", "rows per page", "50", "20") in told(record_type="company.userpreference")


def test_roles_given_and_taken_are_on_record(db):
    user = User.objects.create_user("kim")
    sales = Group.objects.create(name="Sellers")
    user.groups.add(sales)
    user.groups.add(sales)  # changes nothing
    user.groups.remove(sales)
    sales.user_set.add(user)
    user.groups.clear()
    assert told(kind="roles", record="kim") == [
        ("roles", "role", "", "Sellers"),
        ("roles", "role", "Sellers", ""),
        ("roles", "role", "", "Sellers"),
        ("roles", "role", "Sellers", ""),
    ]


def test_rights_changed_in_the_admin_site_are_on_record_with_who_did_it(
    admin_client, administrator
):
    kim = User.objects.create_user("kim")
    sales, viewers = (Group.objects.get(name=name) for name in (SALES, VIEWER))
    kim.groups.add(viewers)
    page = f"/admin/auth/user/{kim.pk}/change/"
    form = admin_client.get(page).context["adminform"].form
    sent = {name: value for name, value in form.initial.items() if value not in (None, False)}
    sent |= {"groups": [sales.pk], "user_permissions": [], "is_superuser": "on"}
    sent |= {"date_joined_0": "2026-11-01", "date_joined_1": "08:00:00"}
    assert admin_client.post(page, sent).status_code == 302
    events = AuditEvent.objects.filter(by=administrator, record="kim").order_by("pk")
    assert [(e.field, e.old, e.new) for e in events] == [
        ("superuser status", "No", "Yes"),
        ("role", VIEWER, ""),
        ("role", "", SALES),
    ]


def test_the_locations_of_a_user_are_changed_in_setup_alone(admin_client, administrator):
    kim = User.objects.create_user("kim")
    form = admin_client.get(f"/admin/auth/user/{kim.pk}/change/").context["adminform"].form
    offered = {
        *admin.site._registry,
        *(i.model for a in admin.site._registry.values() for i in a.inlines),
    }
    assert AllowedLocation not in offered
    assert not any("location" in name for name in form.fields)


def test_a_new_password_is_on_record_without_a_word_of_it(user):
    user.set_password("something-else")
    user.save()
    user.refresh_from_db()
    user.save()  # changes nothing
    assert told(kind="password") == [("password", "", "", "")]


def test_closing_and_reopening_a_period_is_on_record(client, books):
    period = AccountingPeriod.objects.get(name="Nov 2026")
    client.post(f"/periods/{period.pk}/close/")
    client.post(f"/periods/{period.pk}/reopen/")
    kinds = [kind for kind, *_ in told(record="Nov 2026", by__isnull=False)]
    assert kinds == ["closed", "reopened"]


def test_a_file_that_leaves_the_house_is_on_record_with_its_rows(client, user):
    VendorFactory(name="Acme")
    VendorFactory(name="Best")
    content_of(client.get("/vendors/?export=csv"))
    content_of(client.get("/vendors/?export=xlsx&q=Acme"))
    events = AuditEvent.objects.filter(kind="exported").order_by("pk")
    assert [(e.by, e.record, e.new) for e in events] == [
        (user, "vendors.csv", "2 rows"),
        (user, "vendors.xlsx", "1 row"),
    ]


def test_a_download_that_breaks_off_is_on_record_too(client):
    VendorFactory(name="Acme")
    answer = client.get("/vendors/?export=csv")
    next(answer.streaming_content)
    next(answer.streaming_content)
    answer._iterator.close()  # answer.close() would close the test's connection as well
    assert AuditEvent.objects.filter(kind="exported").count() == 1


def test_posting_writes_no_events(books, ht9000, place):
    books.have(ht9000, "600.00", "A1 A2")
    before = AuditEvent.objects.count()
    before = AuditEvent.objects.latest("pk")
    books.fulfill(books.sell(ht9000, 1, "999.00"), "A1")
    later = AuditEvent.objects.filter(pk__gt=before.pk)
    assert {event.record_type for event in later} <= {"parties.customer"}  # made by the test


@pytest.mark.parametrize("table", ["audit_trail_auditevent", "items_historicalitem"])
@pytest.mark.parametrize("change", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_the_trail_and_the_versions_are_append_only(db, ht9000_alone, table, change):
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change.format(table))
    assert AuditEvent.objects.exists()
    assert Item.history.exists()


@pytest.fixture
def ht9000_alone(db: None) -> Item:
    from tests.factories import ItemFactory

    return ItemFactory(name="HT9000")


def test_it_is_searched_by_person_kind_record_and_day(admin_client, administrator, user):
    note("changed", "Printer", by=_actor(user), field="name", old="Teal", new="Mauve")
    note("changed", "Plotter", by=_actor(administrator), field="name", new="Ochre")
    for asked in (f"by={user.pk}", "q=printer", "q=mauve+robin", "kind=changed&q=teal"):
        page = admin_client.get(f"{PAGE}?{asked}").text
        assert "Mauve" in page, asked
        assert "Ochre" not in page, asked
    assert "Mauve" not in admin_client.get(f"{PAGE}?end=2020-01-01").text
    assert "Mauve" in admin_client.get(f"{PAGE}?start=2020-01-01").text
    assert "Mauve" not in admin_client.get(f"{PAGE}?record_type=items.item").text


def _actor(user: User) -> Any:
    from audit_trail.recording import Actor

    return Actor(user)


def test_a_record_on_the_trail_leads_to_its_page(admin_client):
    vendor = VendorFactory(name="Acme")
    assert f'href="/vendors/{vendor.pk}/"' in admin_client.get(PAGE).text


def test_it_is_exported_and_that_is_on_record(admin_client):
    VendorFactory(name="=Acme")
    lines = content_of(admin_client.get(f"{PAGE}?export=csv")).decode().splitlines()
    assert "Record created,'=Acme,Vendor" in "\n".join(lines)
    assert AuditEvent.objects.filter(record="audit-trail.csv").exists()


def test_a_long_trail_costs_the_queries_of_a_short_one(admin_client, count_of):
    VendorFactory(name="Acme")
    admin_client.get(PAGE)
    few = count_of(admin_client)
    for n in range(60):
        note("changed", f"Record {n}")
    assert count_of(admin_client) == few


@pytest.fixture
def count_of() -> Any:
    from django.test.utils import CaptureQueriesContext

    def count(client: Any) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(PAGE).status_code == 200
        return len(queries)

    return count


def test_only_an_administrator_reads_it(client, user):
    user.groups.set([Group.objects.get(name="Sales")])
    assert client.get(PAGE).status_code == 403
    assert PAGE not in client.get("/preferences/").text
