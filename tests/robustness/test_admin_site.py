"""The admin site's forms, with what nobody should send: as `test_bad_input` does all others.

BAD_INPUT_SEED=… plays other values, BAD_INPUT_ROUNDS=… plays more of them (docs/reliability.md).
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from items.models import Item
from tests.robustness.pages import Form
from tests.robustness.play import ROUNDS, SEED, Play

ADJUST = "/admin/transactions/transaction/add/"
ROW = {"item": "HT9000", "location": "", "quantity": "1", "rate": "600", "serials": "N1"}
ENDLESS = "9" * 30


class AdminPlay(Play):
    """Plays against every page that the admin site offers to somebody who may do everything."""

    def pages(self) -> list[str]:
        found = [reverse("admin:index"), reverse("admin:password_change")]
        for model in admin.site._registry:
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
            found += [reverse(f"{name}_changelist"), reverse(f"{name}_add")]
            record = model._default_manager.order_by("-pk").first()
            if record is not None:
                found += [reverse(f"{name}_{to}", args=[record.pk]) for to in ("change", "delete")]
        return [*found, reverse("admin:auth_user_password_change", args=[self.user.pk])]

    def forms(self) -> list[Form]:
        """Those that are sent, Adjust Inventory with one line, so that some of it is saved."""
        forms = [form for form in super().forms() if form.method == "post"]
        (adjust,) = (form for form in forms if form.address == ADJUST)
        for control in adjust.fields:
            _, line, name = f"--{control.name}".rsplit("-", 2)
            if control.name.startswith("lines-") and line.isdecimal():
                control.value = ROW.get(name, "") if line == "0" else ""
        return forms


def test_no_form_of_the_admin_site_fails_or_stores_a_part(
    everything: None, ht9000: Item, administrator: User
):
    play = AdminPlay(SEED, administrator)
    forms = play.forms()
    assert len(forms) > 50
    for form in forms:
        for _ in range(ROUNDS):
            play.send(form)
        play.send_without_token(form)
    play.report()


@pytest.mark.parametrize("pk", ["on", "1.0", "-1", "", ENDLESS])
def test_a_list_that_is_sent_forged_ids_says_so_and_deletes_nothing(admin_client: Client, pk: str):
    page = "/admin/auth/group/"
    sent = {"action": "delete_selected", "_selected_action": pk, "index": "0", "post": "yes"}
    said = admin_client.post(page, sent, follow=True).text
    assert "what was ticked is no row of this list" in said


def test_a_forged_place_of_a_line_is_refused_at_its_line(
    admin_client: Client, ht9000: Item, place: SimpleNamespace, books: Any
):
    sent = {"lines-TOTAL_FORMS": "1", "lines-INITIAL_FORMS": "0", "date": "2026-11-23"}
    sent |= {f"lines-0-{name}": value for name, value in ROW.items()}
    page = admin_client.post(ADJUST, {**sent, "lines-0-location": "999999999"}).text
    assert "Select a valid choice" in page
    assert books.on_hand(ht9000) == []


def test_an_endless_id_among_the_roles_is_refused(client: Client, administrator: User):
    sent = {"is_active": "on", "roles": [ENDLESS]}
    answer = client.post(reverse("user", args=[administrator.pk]), sent)
    assert answer.status_code == 200
    assert "Select a valid choice" in answer.text


@pytest.mark.parametrize("page", ["change", "delete"])
def test_an_address_with_an_empty_field_is_that_of_the_id(admin_client, page):
    role = Group.objects.first()
    answer = admin_client.get(f"/admin/auth/group/{role.pk}/{page}/?_to_field=")
    assert answer.status_code == 200
    assert role.name in answer.content.decode()
