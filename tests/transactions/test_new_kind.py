"""The kind of CONTRIBUTING.md, added to a running system as it stands there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, override_settings

from items.models import Item, SerialUnit
from items.refusals import Refused
from tests.books import Books, nov
from tests.pages import FormPage
from transactions import types
from transactions.models import Transaction

TEXT = (Path(settings.BASE_DIR) / "CONTRIBUTING.md").read_text()


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)
    assert found
    return found[1]


def with_template(name: str, text: str) -> list[dict[str, Any]]:
    """The template settings, with one more template in front."""
    engine = dict(settings.TEMPLATES[0])
    options = dict(engine["OPTIONS"])
    usual = options.get("loaders") or [
        "django.template.loaders.filesystem.Loader",
        "django.template.loaders.app_directories.Loader",
    ]
    options["loaders"] = [("django.template.loaders.locmem.Loader", {name: text}), *usual]
    return [{**engine, "APP_DIRS": False, "OPTIONS": options}]


@pytest.fixture
def donation() -> Iterator[types.Kind]:
    """The kind, known from here to the end of the test."""
    module: dict[str, Any] = {"__name__": "transactions.types.donation"}
    exec(compile(block("python"), "donation.py", "exec"), module)
    types.all_kinds()
    types.register(module["kind"])
    page = with_template("transactions/kinds/donation.html", block("html"))
    with override_settings(TEMPLATES=page):
        yield module["kind"]
    types.unregister("donation")


def test_it_is_entered_listed_viewed_printed_and_voided(
    client: Client, books: Books, ht9000: Item, donation: types.Kind
) -> None:
    books.have(ht9000, "600.00", "D1 D2")
    page = FormPage(client, "/transactions/donation/new/")
    page.fill(account=str(books.account("6500").pk), reference="the school")
    page.fill(entry__item="HT9000", entry__quantity="1").set("entry-serials", "D2")
    page.press("add-line")
    page.press("save")
    document = Transaction.objects.of("donation").get()
    assert (document.number, document.status_label) == ("DON-1", "Given")
    assert books.on_hand(ht9000) == ["D1"]
    assert books.balance("6500") == Decimal("600.00")
    seen = client.get(document.get_absolute_url()).content.decode()
    assert "Ask the school for a receipt." in seen
    assert "DON-1" in client.get("/transactions/donation/").content.decode()
    assert "D2" in client.get(f"{document.get_absolute_url()}print/").content.decode()
    books.void(document)
    assert books.on_hand(ht9000) == ["D1", "D2"]
    assert books.balance("6500") == 0


def test_it_obeys_the_truth_table(books: Books, ht9000: Item, donation: types.Kind) -> None:
    books.have(ht9000, "600.00", "D1")
    expense = books.account("6500")
    line = books.line(ht9000, 1, serials="D1")
    books.post("donation", [line], nov(5), account=expense)
    assert SerialUnit.objects.get(number="D1").status == "adjusted_out"
    with pytest.raises(Refused) as refused:
        books.post("donation", [line], nov(6), account=expense)
    assert refused.value.codes == {"SER-04"}
