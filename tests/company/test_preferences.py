"""Home > Set Preferences: each user's own (SPEC §7.6)."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.test import Client

from company.models import UserPreference
from tests.factories import CustomerFactory


def test_inventory_level_warnings_are_off_until_the_user_ticks_them(client: Client, user: User):
    page = client.get("/preferences/").text
    assert "Warnings" in page
    assert "Inventory Level Warnings" in page
    assert not UserPreference.of(user).inventory_level_warnings
    answer = client.post("/preferences/", {"inventory_level_warnings": "on"}, follow=True)
    assert "Your preferences are saved." in answer.text
    assert UserPreference.of(user).inventory_level_warnings
    client.post("/preferences/", {})
    assert not UserPreference.of(user).inventory_level_warnings


def test_one_users_preferences_are_not_anothers(
    client: Client, admin_client: Client, administrator: User
):
    client.post("/preferences/", {"inventory_level_warnings": "on"})
    assert not UserPreference.of(administrator).inventory_level_warnings


def test_the_two_subtabs_leave_each_other_alone(client: Client, user: User):
    client.post("/preferences/?tab=transactions", {"inventory_level_warnings": "on"})
    client.post("/preferences/?tab=general", {"rows_per_page": "20"})
    preference = UserPreference.of(user)
    assert preference.inventory_level_warnings
    assert preference.rows_per_page == 20


def test_a_list_shows_as_many_rows_as_the_user_wants(client: Client):
    CustomerFactory.create_batch(12)
    client.post("/preferences/?tab=general", {"rows_per_page": "5"})
    assert client.get("/customers/").text.count('class="row-link"') == 5


def test_too_many_rows_are_refused_and_what_was_typed_stays(client: Client, user: User):
    page = client.post("/preferences/?tab=general", {"rows_per_page": "100000"}).text
    assert "less than or equal to 500" in page
    assert 'value="100000"' in page
    assert UserPreference.of(user).rows_per_page == 50
