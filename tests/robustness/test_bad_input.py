"""Every form and every list, with what nobody should send: a refusal or a save, never an error.

The forms are found by opening every address; the values are drawn by a seed, which a failure names:
BAD_INPUT_SEED=… plays them again, BAD_INPUT_ROUNDS=… plays more of them (docs/reliability.md).
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from traceback import extract_tb
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.messages import ERROR
from django.db import connection, transaction
from django.http import HttpResponse
from zeal import zeal_ignore

from imports.models import Import, ImportFile
from signin.models import Invitation
from tests.books import Books
from tests.permissions import world
from tests.robustness import nasty
from tests.robustness.pages import Field, Form, forms_of
from transactions import audit, remaining
from transactions.models import Transaction
from users.roles import ADMINISTRATOR

SEED = int(os.environ.get("BAD_INPUT_SEED") or 1)  # whether a change is taken is no matter of luck
ROUNDS = int(os.environ.get("BAD_INPUT_ROUNDS") or 1)

# Who logged in when, and what they were refused, is written whatever else is not.
BESIDES = {"signin_session", "django_session", "audit_trail_auditevent"}
PARAMETERS = ("q", "sort", "page", "go", "export", "tab", "from", "item", "customer", "unit", "in")
WRITES = ("INSERT", "UPDATE", "DELETE")


@pytest.fixture
def everything(books: Books, place: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    """One document of each kind, an import and an invitation."""
    world.build(books, place)
    file = Import.objects.create(kind="items", name="items.csv", by=books.user, status="failed")
    ImportFile.objects.create(of=file, content=b"Item")
    Invitation.objects.create(email="kim@example.com", first_name="Kim", by=books.user)
    monkeypatch.setattr("imports.running.begin", lambda: None)


class Play:
    """Sends nasty input from a world that is the same each time, and keeps what should not be."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)
        self.client = world.client_of(world.member(ADMINISTRATOR))
        self.cookies = dict(self.client.cookies)
        self.written: set[str] = set()
        self.tally: Counter[str] = Counter()
        self.found: list[str] = []
        self.stored = {table: rows_of(table) for table in tables()}

    def pages(self) -> list[str]:
        """Every address, and every document that can be made from another."""
        made = {}
        for document in Transaction.objects.select_related("created_from"):
            for kind in remaining.next_kinds(document):
                new = f"/transactions/{kind.slug}/new/?from={document.pk}"
                made[document.type, kind.name] = new
            if document.kind.is_editable(document):
                made[document.type, "edit"] = f"{document.get_absolute_url()}edit/"
        tabs = [f"/preferences/?tab={tab}" for tab in ("transactions", "scanning", "general")]
        return [*world.addresses(), *made.values(), *tabs]

    def forms(self) -> list[Form]:
        """The forms of every page, once each where many pages have the same."""
        seen, found = set(), []
        for page in self.pages():
            with self.undone():
                answer = self.client.get(page)
            if answer.status_code != 200 or not answer.headers["Content-Type"].startswith("text"):
                continue
            for form in forms_of(page, text_of(answer)):
                names = tuple(sorted({control.name for control in form.fields}))
                if (form.method, form.address, names) not in seen:
                    seen.add((form.method, form.address, names))
                    found.append(form)
        return found

    @contextmanager
    def undone(self) -> Iterator[None]:
        """What happens in it has not happened, so that the next finds the same world."""
        self.written = set()
        undo = transaction.atomic()
        undo._from_testcase = True  # type: ignore[attr-defined]  # posting opens its own
        with undo, connection.execute_wrapper(self._watch):
            yield
            transaction.set_rollback(True)
        self.client.cookies.clear()
        for name, cookie in self.cookies.items():
            self.client.cookies[name] = cookie.value

    def _watch(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(WRITES):
            self.written |= {table for table in self.stored if f'"{table}"' in sql}
        return execute(sql, params, many, context)

    def send(self, form: Form) -> None:
        self.post(form, self.changes(form))

    def post(self, form: Form, changes: dict[int, Any]) -> None:
        button = self.chance.choice(form.buttons) if form.buttons else None
        data = form.data(changes, button)
        note = f"{form.method} {form.address} {brief(data)}"
        with self.undone():
            self.judge(note, self.answer(note, form, data), form.method)

    def changes(self, form: Form) -> dict[int, Any]:
        """One field of the form, or about half of them, made nasty."""
        all_of_them = list(range(len(form.fields)))
        some = [number for number in all_of_them if self.chance.random() < 0.5]
        one = [self.chance.choice(all_of_them)] if all_of_them else []
        picked = self.chance.choice([one, some])
        return {n: nasty.value_for(form.fields[n], self.chance) for n in picked}

    def answer(self, note: str, form: Form, data: dict[str, Any]) -> HttpResponse | None:
        try:
            with zeal_ignore():
                send = self.client.post if form.method == "post" else self.client.get
                return send(form.address, data)
        except Exception as error:
            where = extract_tb(error.__traceback__)[-1]
            self.found.append(f"{error!r} at {where.filename}:{where.lineno}: {note}"[:900])
            return None

    def judge(self, note: str, answer: HttpResponse | None, method: str) -> None:
        """Never an error; refused, and nothing stored; or saved, and the books in order."""
        if answer is None:
            return
        self.tally[f"{method} {answer.status_code}"] += 1
        if answer.status_code >= 500:
            self.found.append(f"{note}: {answer.status_code}")
        if nasty.MARK in text_of(answer):
            self.found.append(f"{note}: comes back unescaped")
        if is_refusal(answer):
            for table in sorted(self.written - BESIDES):
                if rows_of(table) != self.stored[table]:
                    self.found.append(f"{note}: {answer.status_code}, yet {table} was written")
        elif self.written and (offenders := audit.offenders()):
            self.found.append(f"{note}: {offenders}")

    def ask(self, page: str, fields: list[Field]) -> None:
        """A page with nasty parameters: those of its forms, and those that lists read."""
        names = {*PARAMETERS, *(control.name for control in fields)}
        some = [name for name in sorted(names) if name and self.chance.random() < 0.3]
        query = urlencode({name: nasty.asked(name, self.chance) for name in some})
        note = f"get {page} {query[:300]}"
        sent = Form(page, "get", f"{page.partition('?')[0]}?{query}")
        with self.undone():
            self.judge(note, self.answer(note, sent, {}), "get")

    def report(self) -> None:
        print(f"seed {SEED}: {dict(sorted(self.tally.items()))}")
        assert not self.found, f"BAD_INPUT_SEED={SEED}:\n" + "\n".join(self.found)


def is_refusal(answer: HttpResponse) -> bool:
    """Whether the answer says that something was not done."""
    said = getattr(answer.wsgi_request, "_messages", None)
    errors = [m for m in getattr(said, "_queued_messages", ()) if m.level >= ERROR]
    return bool(errors) or not 300 <= answer.status_code < 400


def text_of(answer: HttpResponse) -> str:
    if answer.streaming:
        return b"".join(answer.streaming_content).decode("utf-8", "ignore")[:0]
    return answer.content.decode("utf-8", "ignore")


def tables() -> list[str]:
    return [t for t in connection.introspection.table_names() if not t.startswith("zeal")]


def rows_of(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}"')
        return sorted(map(repr, cursor.fetchall()))


def brief(data: dict[str, list[Any]]) -> str:
    return str({name: [str(v)[:30] for v in values] for name, values in data.items()})


def test_no_form_fails_or_stores_a_part(everything: None):
    play = Play(SEED)
    forms = [form for form in play.forms() if form.method == "post"]
    assert len(forms) > 80
    for form in forms:
        for _ in range(ROUNDS):
            play.send(form)
    play.report()


def test_no_address_fails_whatever_is_asked_of_it(everything: None):
    play = Play(SEED)
    asked = {f.page: f.fields for f in play.forms() if f.method == "get" and f.fields}
    for page in world.addresses():
        for _ in range(ROUNDS):
            play.ask(page, asked.get(page, []))
    play.report()


def test_no_form_is_taken_without_its_token(everything: None):
    play = Play(SEED)
    forms = [form for form in play.forms() if form.method == "post"]
    play.client.handler.enforce_csrf_checks = True
    for form in forms:
        button = form.buttons[0] if form.buttons else None
        with play.undone():
            answer = play.client.post(form.address, form.data({}, button))
            assert answer.status_code == 403, form.address
            assert "reload the page and send it again" in text_of(answer)
            assert not play.written - BESIDES
