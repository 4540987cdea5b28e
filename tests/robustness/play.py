"""Plays nasty input against the pages of one company, and keeps what should not be."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from traceback import extract_tb
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.contrib.messages import ERROR
from django.db import connection, transaction
from django.http import HttpResponse
from zeal import zeal_ignore

from items import numbers
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
LOGGED_OUT = "/login/"
MOST_STORED = 1_000_000  # characters: no box is meant for a text of that length
WRITES = ("INSERT", "UPDATE", "DELETE")


class Play:
    """Sends nasty input from a world that is the same each time, and keeps what should not be."""

    def __init__(self, seed: int, by: User | None = None) -> None:
        self.chance = Random(seed)
        self.user = by or world.member(ADMINISTRATOR)
        self.client = world.client_of(self.user)
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
            answer = self.answer(note, form, data)
            self.judge(note, answer, form.method)
            if answer is not None and form.method == "post" and not is_refusal(answer):
                self.judge_save(note, answer, [(form.fields[n], v) for n, v in changes.items()])

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

    def judge_save(self, note: str, answer: HttpResponse, sent: list[tuple[Field, Any]]) -> None:
        """A save says what it did or stored something; a text that was sent alone is in it."""
        changed = {t for t in self.written - BESIDES if rows_of(t) != self.stored[t]}
        away = answer.url == LOGGED_OUT  # which page says so itself
        if not (changed or messages_of(answer) or away):
            self.found.append(f"{note}: led on to {answer.url}, with nothing stored or said")
        self.tally["saved" if changed else "led on"] += 1
        if any(len(text) > MOST_STORED for t in changed for text in self.new_texts(t)):
            self.found.append(f"{note}: stored as it came, megabytes of it")
        if changed and len(sent) == 1 and is_kept(*sent[0]):
            word = numbers.key(numbers.split(sent[0][1])[0])
            if not any(word in numbers.key(row) for t in changed for row in self.new_texts(t)):
                self.found.append(f"{note}: saved without {sent[0][1]!r:.40}")

    def new_texts(self, table: str) -> list[str]:
        """What is written in the rows of a table that are not as they were."""
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{table}"')
            rows, was = cursor.fetchall(), set(self.stored[table])
        return [str(cell) for row in rows if repr(row) not in was for cell in row]

    def send_without_token(self, form: Form) -> None:
        """As another site would send it: refused in words, and nothing written."""
        handler = self.client.handler
        handler.enforce_csrf_checks = True
        with self.undone():
            button = form.buttons[0] if form.buttons else None
            answer = self.client.post(form.address, form.data({}, button))
            assert answer.status_code == 403, form.address
            assert "reload the page and send it again" in text_of(answer)
            assert not self.written - BESIDES
        handler.enforce_csrf_checks = False

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


def messages_of(answer: HttpResponse) -> list[Any]:
    """What the next page will say."""
    said = getattr(answer.wsgi_request, "_messages", None)
    return list(getattr(said, "_queued_messages", ()))


def is_refusal(answer: HttpResponse) -> bool:
    """Whether the answer says that something was not done."""
    errors = [m for m in messages_of(answer) if m.level >= ERROR]
    return bool(errors) or not 300 <= answer.status_code < 400


def is_kept(control: Field, value: Any) -> bool:
    """Whether a save should show what was typed: words, in a box that is no tool of the page."""
    tools = ("find", "swap", "mend", "try")
    typed = control.kind in ("text", "textarea", "email") and isinstance(value, str)
    words = numbers.split(value) if typed else []
    return bool(words) and any(c.isalpha() for c in words[0]) and not control.name.endswith(tools)


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
