"""The very same form sent twice: one record, and the second is led to it or told; never an error.

Documents have tests/transactions/test_twice.py; here are the records, and every button there is.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.db import connection
from django.db.models import Model
from django.test import Client
from zeal import zeal_ignore

from accounting.models import Account, AccountingPeriod
from items.models import Item, SerialUnit
from locations.models import Location
from parties.models import Customer, Vendor
from signin.models import Invitation
from tests.books import Books, nov
from tests.robustness.pages import Form, forms_of
from tests.robustness.play import BESIDES, SEED, Play
from transactions.models import Transaction

PERIOD = {"name": "June", "start": "2031-06-01", "end": "2031-06-30"}
# (the page, what it makes, what is typed into it, a field that is then typed otherwise).
NEW: dict[str, tuple[str, Any, dict[str, str], tuple[str, str]]] = {
    "customer": ("/customers/new/", Customer, {"name": "Maple", "phone": "1"}, ("phone", "2")),
    "vendor": ("/vendors/new/", Vendor, {"name": "Acme", "email": "a@b.cd"}, ("phone", "2")),
    "location": ("/locations/new/", Location, {"name": "West"}, ("address", "Mill Lane")),
    "account": (
        "/accounts/new/",
        Account,
        {"number": "6600", "name": "Rent", "type": "expense"},
        ("name", "Lease"),
    ),
    "period": ("/periods/new/", AccountingPeriod, PERIOD, ("end", "2031-06-29")),
    "item": ("/items/new/", Item, {"name": "HT1", "base_price": "9.50"}, ("base_price", "8")),
    "invitation": (
        "/setup/users/invite/",
        Invitation,
        {"email": "kim@example.com", "first_name": "Kim", "role": "Sales"},
        ("first_name", "Lee"),
    ),
}
NEW_RECORDS = pytest.mark.parametrize("name", NEW)


def filled(client: Client, page: str, values: dict[str, str]) -> tuple[Form, dict[str, Any]]:
    """A page's form, with what is typed into it."""
    form = next(f for f in forms_of(page, client.get(page).text) if f.address == page)
    typed = dict(values)
    if "role" in typed:
        typed["role"] = str(Group.objects.get(name=typed["role"]).pk)
    assert set(typed) <= {field.name for field in form.fields}
    return form, {**form.data({}, None), **typed}


@NEW_RECORDS
def test_a_new_record(client: Client, place: SimpleNamespace, name: str):
    page, model, values, _ = NEW[name]
    form, data = filled(client, page, values)
    count = model.objects.count()
    first = client.post(form.address, data)
    assert first.status_code == 302
    again = client.post(form.address, data, follow=True)
    assert again.redirect_chain == [(first.url, 302)]
    assert "is saved" in again.text or "is invited already" in again.text
    assert model.objects.count() == count + 1
    assert len(mail.outbox) == (name == "invitation")


@NEW_RECORDS
def test_another_record_of_the_name_is_refused_and_the_one_there_is_shown(
    client: Client, place: SimpleNamespace, name: str
):
    page, model, values, (field, other) = NEW[name]
    form, data = filled(client, page, values)
    made = client.post(form.address, data).url
    count = model.objects.count()
    refused = client.post(form.address, {**data, field: other})
    assert refused.status_code == 200
    assert other in refused.text
    assert name == "invitation" or f'See <a href="{made}">' in refused.text
    assert model.objects.count() == count


@NEW_RECORDS
def test_of_two_clicks_at_once_the_second_is_led_to_the_record_too(
    client: Client, place: SimpleNamespace, name: str, monkeypatch: pytest.MonkeyPatch
):
    """It looked for the name before the first was stored, and meets the constraint."""
    page, model, values, _ = NEW[name]
    form, data = filled(client, page, values)
    first = client.post(form.address, data)
    count = model.objects.count()
    looked: list[str] = []
    for looking in ("validate_unique", "validate_constraints"):
        monkeypatch.setattr(Model, looking, blind_once(looking, looked))
    assert client.post(form.address, data).url == first.url
    assert looked
    assert model.objects.count() == count


def blind_once(looking: str, looked: list[str]) -> Any:
    real = getattr(Model, looking)

    def look(record: Model, **kwargs: Any) -> None:
        if looking in looked:
            real(record, **kwargs)
        looked.append(looking)

    return look


def test_a_new_item_with_its_opening_quantity(client: Client, books: Books, place: SimpleNamespace):
    page = "/items/new/"
    typed = {
        "name": "HT1",
        "check_digit": "",
        "opening-0-quantity": "2",
        "opening-0-unit_cost": "5",
        "opening-0-location": str(place.main.pk),
        "opening-0-serials": "A1 A2",
    }
    form, data = filled(client, page, typed)
    first = client.post(form.address, data)
    again = client.post(form.address, data)
    print(again.text[again.text.find("error-summary") :][:800])
    assert again.url == first.url
    assert SerialUnit.objects.count() == 2
    assert Transaction.objects.count() == 1
    other, more = filled(client, page, {**typed, "opening-0-serials": "B1 B2"})
    refused = client.post(other.address, more)
    assert f'See <a href="{first.url}">' in refused.text
    assert "B1" in refused.text
    assert SerialUnit.objects.count() == 2


def test_many_orders_fulfilled_at_once(client: Client, books: Books, cable: Item):
    books.adjust(cable, 9, rate="2.00", on=nov(2))
    orders = [books.sell(cable, 2, "25.00", on=nov(5)) for _ in range(2)]
    page = "/transactions/item-fulfillment/queue/"
    form = next(f for f in forms_of(page, client.get(page).text) if f.address == page)
    data = {**form.data({}, None), "order": [str(order.pk) for order in orders]}
    with zeal_ignore():  # an order each is posted by itself
        said = [client.post(page, data, follow=True).text for _ in range(2)]
    assert "was saved" in said[0]
    assert "they are done already" in said[1]
    assert Transaction.objects.of("item_fulfillment").count() == 2


# A record saved as it was is a version more, and each run of the audit is one of its own.
MORE_EACH_TIME = ("historical", "reports_auditrun")


def test_every_other_button_of_every_page(everything: None):
    play = Play(SEED)
    for form in play.forms():
        if form.method == "post" and not form.address.startswith("/transactions/"):
            for button in form.buttons or [None]:
                send_twice(play, form, button)
    assert play.tally["twice"] > 20
    play.report()


def send_twice(play: Play, form: Form, button: Any) -> None:
    """The second of two is no error, and makes nothing that the first has not made."""
    data, note = form.data({}, button), f"{form.address} {button and button.value}"
    with play.undone():
        first = play.answer(note, form, data)
        if first is None or first.status_code != 302:
            return
        made = {t: count(t) for t in play.written - BESIDES if not is_more_each_time(t)}
        again = play.answer(note, form, data)
        play.tally["twice"] += 1
        if again is None or again.status_code >= 400:
            play.found.append(f"{note}: {again and again.status_code}")
        elif more := [table for table, rows in made.items() if count(table) > rows]:
            play.found.append(f"{note}: made twice: {more}")


def is_more_each_time(table: str) -> bool:
    return any(word in table for word in MORE_EACH_TIME)


def count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM "{table}"')
        return int(cursor.fetchone()[0])
