"""Every address as every role: refused where the table says so, and no cost where it is hidden."""

from __future__ import annotations

import re
from datetime import date
from functools import cache, partial
from html import unescape
from io import BytesIO
from zipfile import ZipFile

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve
from zeal import zeal_ignore

from tests import stage
from tests.permissions import world
from transactions import types
from users import access, gates, roles

FORMS = ("csv", "xlsx")
TABS = {
    "items": ("serials", "sales", "accounting", "transactions", "notes"),
    "locations": ("stock", "serials", "notes"),
    "customers": ("serials", "transactions"),
    "vendors": ("serials", "transactions"),
}


def test_every_address_has_a_line_in_the_table_of_gates():
    names = {"admin" if name.startswith("admin:") else name for name, _ in world.patterns()}
    assert names - {"admin"} <= set(gates.GATES), "an address without a line is refused to all"
    assert set(gates.GATES) == names, "a line without an address says nothing"


def test_every_subject_that_is_asked_for_has_a_line_in_the_table_of_roles():
    subjects = {gate.subject for gate in gates.GATES.values()} - {"", gates.KIND}
    subjects |= {gate.posts for gate in gates.GATES.values()} - {""}
    kinds = {kind.name for kind in types.all_kinds()}
    apart = {roles.COST}
    assert subjects | kinds | apart == set(roles.TABLE)


@pytest.mark.parametrize("role", roles.COLUMNS)
def test_whoever_enters_costs_sees_them(role):
    """So no form asks for what its reader may not see."""
    priced = [
        kind.name
        for kind in types.all_kinds()
        if kind.stand_alone
        and ((kind.tells_cost and kind.rate_label) or "override_rate" in kind.line_fields)
    ]
    assert "purchase_order" in priced
    enters = [s for s in [*priced, "items", "imports"] if roles.level([role], s) >= roles.CREATE]
    assert not enters or roles.level([role], roles.COST)


def variants(address: str) -> list[str]:
    """The address itself, its files and its subtabs."""
    found, match = [address], resolve(address)
    if match.url_name in ("list", "queue", "users") or match.namespace == "reports":
        found += [f"{address}?export={form}" for form in FORMS]
    if match.url_name == "view":
        for tab in TABS.get(match.namespace, ()):
            found += [f"{address}?tab={tab}", f"{address}?tab={tab}&export=csv"]
    if match.view_name == "items:list":
        found.append(f"{address}?view=stock")
    return found


def text_of(answer: HttpResponse) -> str:
    if answer.streaming:
        content = b"".join(answer.streaming_content)
        return _sheet(content) if content.startswith(b"PK") else content.decode("utf-8", "ignore")
    return answer.content.decode("utf-8", "ignore")


def _sheet(content: bytes) -> str:
    """What stands in a workbook."""
    with ZipFile(BytesIO(content)) as book:
        return " ".join(book.read(name).decode() for name in book.namelist())


LINK = re.compile(r'<a [^>]*href="(/[^"]*)"')
SENT = re.compile(r'<form [^>]*method="post"[^>]*action="(/[^"]*)"')


@pytest.fixture(scope="module")
def company_with_everything(lasting: None) -> None:
    with time_machine.travel(stage.NOON, tick=False):
        world.build_all(stage.books(), stage.places())


@pytest.fixture
def everything(company_with_everything: None, db: None, today: date) -> None:
    """A company with all there is; what a test does to it goes away with the test."""


class Walk:
    """Opens every address as somebody, and keeps what should not be."""

    def __init__(self, role: str) -> None:
        user = world.member(role)
        self.client, self.who = world.client_of(user), access.of(user)
        self.opens = cache(partial(gates.opens, self.who))  # the same menu stands on every page
        self.found: list[tuple[str, object]] = []

    def open(self, address: str) -> None:
        opens = self.opens(address)
        # What a file or a subtab may give away, only those can tell who must not see it.
        for url in variants(address) if opens and not self.who.sees_cost else [address]:
            answer = self.client.get(url)
            if (answer.status_code == 403) is opens or answer.status_code >= 500:
                self.note(url, answer.status_code)
            self.read(url, text_of(answer))
        is_sent = gates.opens(self.who, address, "POST")
        if not is_sent and self.client.post(address).status_code != 403:
            self.note(address, "could be sent")

    def read(self, url: str, page: str) -> None:
        if not self.who.sees_cost:
            for figure in world.figures(page):
                self.note(url, figure)
        if "<html" in page and not url.startswith("/admin"):
            for link in self.dead_links(page):
                self.note(url, link)

    def dead_links(self, page: str) -> set[str]:
        """The links and forms of a page that would be refused to its reader."""
        pages = {unescape(url) for url in LINK.findall(page)}
        forms = {unescape(url) for url in SENT.findall(page)}
        return {url for url in pages if not self.opens(url)} | {
            url for url in forms if not self.opens(url, "POST")
        }

    def note(self, url: str, what: object) -> None:
        self.found.append((url, what))


@pytest.mark.parametrize("role", roles.ROLES)
def test_a_role_meets_what_the_table_says(everything: None, role: str):
    walk, addresses = Walk(role), world.addresses()
    assert len(addresses) > 250
    with zeal_ignore():  # the walk itself asks for the same things again and again
        for address in addresses:
            walk.open(address)
    assert not walk.found


def test_the_figures_are_there_for_who_may_see_them(everything: None):
    """Else the walk would prove nothing."""
    client = world.client_of(world.member(roles.INVENTORY_MANAGER))
    shown = [
        address for address in world.addresses() if world.figures(text_of(client.get(address)))
    ]
    assert len(shown) > 40


def test_somebody_without_a_role_is_told_so_kindly(client: Client, user, administrator):
    user.groups.clear()
    answer = client.get("/")
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "You have no role yet" in page
    assert administrator.get_username() in page
    assert "/items/" not in page
    assert client.post("/logout/").status_code == 302
