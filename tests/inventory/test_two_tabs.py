"""Two people, or one in two tabs, change one record: the second is told, nothing is overwritten."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from accounting.models import Account, AccountingPeriod
from audit_trail.models import AuditEvent
from company.models import Company
from items.models import Item, ItemLocation
from tests.factories import (
    AccountFactory,
    CustomerFactory,
    ItemFactory,
    LocationFactory,
    UserFactory,
    VendorFactory,
)
from tests.pages import FormPage
from tests.robustness.pages import forms_of
from users.roles import ADMINISTRATOR


class Tab:
    """The form of a page, opened by somebody; kept open while others work."""

    def __init__(self, client: Client, address: str) -> None:
        self.client, self.address = client, address
        self._read(client.get(address))

    def _read(self, answer: Any) -> None:
        self.answer, self.text = answer, answer.content.decode()
        if answer.status_code == 200:
            forms = forms_of(self.address, self.text)
            self.form = next(form for form in forms if any(f.name == "read" for f in form.fields))

    def value(self, name: str) -> str:
        return next(field.value for field in self.form.fields if field.name == name)

    def save(self, **changes: str) -> Tab:
        """Type into fields, "__" standing for the hyphen, and press Save."""
        for name, value in changes.items():
            field = next(f for f in self.form.fields if f.name == name.replace("__", "-"))
            field.value = value
        self._read(self.client.post(self.address, self.form.data({}, None)))
        return self


@pytest.fixture
def kim(client: Client) -> Client:
    """Somebody else who may do everything."""
    user = UserFactory(username="kim")
    user.groups.add(Group.objects.get(name=ADMINISTRATOR))
    other = Client()
    other.force_login(user)
    return other


def period() -> AccountingPeriod:
    return AccountingPeriod.objects.create(name="Y1", start="2031-01-01", end="2031-01-31")


# (what makes the record, its edit page, a field, what was in it, what two people type into it).
RECORDS: dict[str, tuple[Any, str, str, str, str, str]] = {
    "customer": (CustomerFactory, "/customers/{}/edit/", "phone", "", "111", "222"),
    "vendor": (VendorFactory, "/vendors/{}/edit/", "phone", "", "111", "222"),
    "location": (LocationFactory, "/locations/{}/edit/", "address", "", "Mill Lane", "High St"),
    "account": (AccountFactory, "/accounts/{}/edit/", "name", "Account", "Rent", "Lease"),
    "period": (period, "/periods/{}/edit/", "name", "Y1", "Year 1", "First"),
    "item": (ItemFactory, "/items/{}/edit/", "reorder_point", "", "4", "9"),
    "number rule": (ItemFactory, "/items/{}/edit/", "number_format", "", "A{8}", "9{15}"),
    "user": (UserFactory, "/setup/users/{}/", "last_name", "", "Lee", "Leigh"),
    "company": (Company.current, "/setup/company/", "name", "My Company", "Acme", "Bolt"),
}


@pytest.mark.parametrize("name", RECORDS)
def test_the_second_is_told_who_changed_which_field_and_may_save_on_top(
    client: Client, kim: Client, name: str
):
    make, path, field, was, theirs, mine = RECORDS[name]
    record = make()
    first, second = Tab(kim, path.format(record.pk)), Tab(client, path.format(record.pk))
    assert first.save(**{field: theirs}).answer.status_code == 302
    second.save(**{field: mine})
    assert "kim changed this record" in second.text
    told = row(second.text)
    assert (was in told[1], told[2:]) == (True, [theirs, mine])
    assert second.value(field) == mine
    assert stored(record, field) == theirs
    for way in ("See it as it is now", "Start again from there"):
        assert way in second.text
    assert second.save().answer.status_code == 302
    assert stored(record, field) == mine


@pytest.mark.parametrize("name", RECORDS)
def test_what_is_sent_twice_is_no_conflict(client: Client, kim: Client, name: str):
    make, path, field, _, theirs, _ = RECORDS[name]
    record = make()
    first, second = Tab(client, path.format(record.pk)), Tab(client, path.format(record.pk))
    second.form = first.form
    assert first.save(**{field: theirs}).answer.status_code == 302
    assert second.save(**{field: theirs}).answer.status_code == 302
    assert stored(record, field) == theirs


def stored(record: Any, field: str) -> str:
    value = getattr(type(record)._base_manager.get(pk=record.pk), field)
    return str(value.normalize() if field == "reorder_point" else value)


def row(html: str) -> list[str]:
    """The first row of what was changed meanwhile."""
    rows = html.partition("Changed Meanwhile")[2].partition("<tbody")[2].partition("</tr>")[0]
    return [cell.rpartition(">")[2].strip() for cell in rows.split("</t")][:4]


def test_of_an_items_levels_each_location_is_looked_at(
    client: Client, kim: Client, place: SimpleNamespace, ht9000: Item
):
    address, east = f"/items/{ht9000.pk}/edit/", f"level__{place.east.pk}__reorder_point"
    main = f"level__{place.main.pk}__reorder_point"
    first, second, third = Tab(kim, address), Tab(client, address), Tab(client, address)
    first.save(**{east: "3"})
    assert AuditEvent.objects.get(record_type="items.itemlocation").new == "3"
    second.save(**{east: "5"})
    assert "kim changed this record" in second.text
    assert row(second.text) == ["EAST: Reorder point", "(empty)", "3", "5"]
    assert ItemLocation.objects.get(item=ht9000, location=place.east).reorder_point == 3
    assert second.save().answer.status_code == 302
    assert ItemLocation.objects.get(item=ht9000, location=place.east).reorder_point == 5
    third.save(**{main: "1"})
    assert row(third.text)[2:] == ["5", "(empty)"]


def test_of_a_user_the_roles_and_the_locations_are_looked_at(
    client: Client, kim: Client, place: SimpleNamespace
):
    lee, sales = UserFactory(username="lee"), Group.objects.get(name="Sales")
    address = f"/setup/users/{lee.pk}/"
    first, second = Tab(kim, address), Tab(client, address)
    ticks = {"roles": [sales.pk], "locations": [place.east.pk]}
    kim.post(address, {**first.form.data({}, None), **ticks})
    second.save(last_name="Lee")
    assert "kim changed this record" in second.text
    assert row(second.text)[1:] == ["(empty)", str(sales), "(empty)"]
    assert "EAST" in second.text.partition("Changed Meanwhile")[2].partition("</table>")[0]
    assert [*lee.groups.all()] == [sales]
    assert second.save().answer.status_code == 302
    assert not lee.groups.exists()
    assert User.objects.get(pk=lee.pk).last_name == "Lee"


def test_of_ones_own_preferences_the_other_tab_is_told_of_and_another_subtab_is_none_of_it(
    client: Client, user: User
):
    address = "/preferences/?tab=general"
    first, second, other = Tab(client, address), Tab(client, address), Tab(client, "/preferences/")
    assert first.save(rows_per_page="20").answer.status_code == 302
    second.save(rows_per_page="30")
    assert "robin changed this record" in second.text
    assert row(second.text)[1:] == ["50", "20", "30"]
    assert other.save().answer.status_code == 302
    user.refresh_from_db()
    assert user.preference.rows_per_page == 20
    assert second.save().answer.status_code == 302
    user.preference.refresh_from_db()
    assert user.preference.rows_per_page == 30


def test_a_page_shown_again_for_another_fault_still_knows_when_it_was_opened(
    client: Client, kim: Client
):
    party = CustomerFactory(name="Acme")
    address = f"/customers/{party.pk}/edit/"
    second = Tab(client, address)
    second.save(email="none")
    assert "valid email" in second.text
    Tab(kim, address).save(phone="1")
    second.save(email="a@example.com")
    assert "kim changed this record" in second.text


def test_a_field_that_others_changed_and_that_agrees_is_saved(client: Client, kim: Client):
    account = AccountFactory(name="Rent")
    address = f"/accounts/{account.pk}/edit/"
    second = Tab(client, address)
    Tab(kim, address).save(name="Lease")
    assert second.save(name="Lease", type="other_expense").answer.status_code == 302
    assert Account.objects.get(pk=account.pk).type == "other_expense"


def test_of_an_order_header_and_lines_are_set_side_by_side(client, kim, books, ht9000, tk100):
    order = books.order(ht9000, 3, "600.00")
    address = f"{order.get_absolute_url()}edit/"
    first, second = FormPage(kim, address), FormPage(client, address)
    first.press("edit-line:1")
    first.fill(entry__quantity="7").press("add-line")
    first.fill(entry__item="TK100", entry__quantity="2", entry__rate="850").press("add-line")
    first.fill(memo="by noon").press("save")
    second.fill(memo="by night").press("save")
    text = second.text.partition("Changed Meanwhile")[2].partition("See it as it is now")[0]
    assert "kim did something else with" in second.text
    assert "Memo by noon by night" in text
    assert "Line 1, HT9000: Quantity 7 3" in text
    assert "Line 2, TK100 2 (removed)" in text
    assert "Start again from there" in second.text
    assert order.lines.count() == 2
    second.press("save")
    assert [(line.item, line.quantity) for line in order.lines.all()] == [(ht9000, 3)]
