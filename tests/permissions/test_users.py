"""Setup > Users and Roles: who gives rights, and what nobody can do to themselves."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.permissions.world import client_of, member
from users import access, roles
from users.forms import UserForm

pytestmark = pytest.mark.django_db


def groups(*names: str) -> list[int]:
    return list(Group.objects.filter(name__in=names).values_list("pk", flat=True))


def save(client: Client, user: User, *names: str, active: bool = True, **more: object):
    data = {"roles": groups(*names), "email": user.email, **more}
    if active:
        data["is_active"] = "on"
    return client.post(reverse("user", args=[user.pk]), data)


def test_the_groups_of_the_roles_are_there_from_the_start():
    assert set(Group.objects.values_list("name", flat=True)) >= set(roles.ROLES)


def test_an_administrator_gives_roles_and_their_rights_add_up(client: Client):
    clerk = member(roles.WAREHOUSE_CLERK)
    theirs = client_of(clerk)
    assert theirs.get("/customers/new/").status_code == 403
    assert save(client, clerk, roles.WAREHOUSE_CLERK, roles.SALES).status_code == 302
    assert theirs.get("/customers/new/").status_code == 200
    assert theirs.get("/transactions/item-receipt/new/").status_code == 200
    page = client.get(reverse("users")).content.decode()
    assert "Warehouse Clerk, Sales" in page


def test_groups_that_are_no_roles_stay_with_the_user(client: Client):
    clerk = member(roles.WAREHOUSE_CLERK)
    clerk.groups.add(Group.objects.create(name="Football"))
    save(client, clerk, roles.VIEWER)
    assert set(clerk.groups.values_list("name", flat=True)) == {"Football", roles.VIEWER}


def test_nobody_changes_their_own_rights(client: Client, user: User):
    member(roles.ADMINISTRATOR)
    save(client, user, roles.VIEWER, first_name="Rob")
    user.refresh_from_db()
    assert user.first_name == "Rob"
    assert list(user.groups.values_list("name", flat=True)) == [roles.ADMINISTRATOR]


def test_others_cannot_open_the_page_of_rights_at_all(user: User):
    for role in roles.COLUMNS:
        answer = client_of(member(role)).get(reverse("user", args=[user.pk]))
        assert answer.status_code == 403


@pytest.mark.parametrize("how", ["demoted", "deactivated"])
def test_an_administrator_can_go_while_another_is_left(client: Client, how: str):
    second = member(roles.ADMINISTRATOR)
    given = roles.VIEWER if how == "demoted" else roles.ADMINISTRATOR
    assert save(client, second, given, active=how == "demoted").status_code == 302
    assert not access.of(User.objects.get(pk=second.pk)).is_administrator


def test_the_last_administrator_stays_one(user: User):
    boss = User(username="boss", pk=0)
    data = {"roles": groups(roles.VIEWER), "is_active": "on"}
    assert "last administrator" in str(UserForm(data, instance=user, by=boss).errors)
    member(roles.ADMINISTRATOR)
    assert UserForm(data, instance=User.objects.get(pk=user.pk), by=boss).is_valid()


def test_a_refusal_says_what_is_missing_who_can_give_it_and_the_way_back(user: User):
    clerk = client_of(member(roles.WAREHOUSE_CLERK))
    back = "http://testserver/items/"
    page = clerk.get("/transactions/sales-order/new/", headers={"referer": back})
    text = page.content.decode()
    assert page.status_code == 403
    assert "You may not enter new sales orders." in text
    assert "“Create” on Sales Orders" in text
    assert "Warehouse Clerk" in text
    assert user.get_username() in text
    assert f'href="{back}"' in text


def test_htmx_is_told_in_the_place_of_messages_and_keeps_what_was_typed(user: User):
    clerk = client_of(member(roles.WAREHOUSE_CLERK))
    answer = clerk.post("/transactions/sales-order/new/", headers={"HX-Request": "true"})
    assert answer.status_code == 403
    assert answer["HX-Retarget"] == "#messages"
    assert "<html" not in answer.content.decode()


def test_the_rights_of_a_request_are_one_statement(user: User, client: Client):
    reader = member(roles.VIEWER)
    with CaptureQueriesContext(connection) as asked:
        who = access.of(reader)
        assert who.may("items")
        assert not who.may("items", roles.EDIT)
        assert access.of(reader) is who
    assert len(asked) == 1


def test_the_page_of_roles_is_the_table(client: Client):
    page = client.get(reverse("roles")).content.decode()
    for role in roles.ROLES:
        assert role in page
    assert "Cost and Profit" in page


def test_an_inactive_user_has_no_rights():
    user = member(roles.ADMINISTRATOR)
    user.is_active = False
    assert not access.of(User(pk=user.pk, is_active=False)).has_role
