"""Clerks who buy, receive, sell, pick and ship over HTTP, and try again until they are answered.

Each request that writes carries its request id; a clerk whose request got no answer sends the very
same one again. What was acknowledged is written down, so that it can be looked for.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event, Lock, Thread
from typing import TypeVar
from uuid import uuid4

from tests.pages import FormPage
from tests.reliability.browser import Answer, Browser, Interrupted, LineDead

PAUSE = 0.05
Done = TypeVar("Done")


@dataclass(frozen=True)
class Acknowledged:
    """A request that was answered: the document it led to, and the numbers it moved where."""

    request: str
    document: int
    numbers: tuple[str, ...] = ()
    status: str = ""


@dataclass
class Diary:
    """What all clerks together were told, and what they still wait for."""

    done: list[Acknowledged] = field(default_factory=list)
    waiting: dict[str, str] = field(default_factory=dict)  # request id: what for
    retried: int = 0
    dead_lines: int = 0  # among those retried
    lock: Lock = field(default_factory=Lock)

    def look(self) -> tuple[list[Acknowledged], dict[str, str]]:
        with self.lock:
            return list(self.done), dict(self.waiting)


class Clerk(Thread):
    """Works on an item of their own, or on the one all share, until told to go home."""

    def __init__(self, name: str, browser: Browser, diary: Diary, world: dict[str, str]) -> None:
        super().__init__(name=name, daemon=True)
        self.browser, self.diary, self.world = browser, diary, world
        self.home, self.turns, self.answered, self.failure = Event(), 0, 0, ""

    def run(self) -> None:
        try:
            while not self.home.is_set():
                self.turn()
                self.turns += 1
        except Exception as error:  # the harness wants to see it, whatever it is
            self.failure = f"{self.name}: {error!r}"

    def turn(self) -> None:
        numbers = tuple(f"{self.name}-{self.turns}-{n}" for n in range(3))
        order = self.enter(
            "purchase-order", vendor=self.world["vendor"], entry__item="HT9000",
            entry__quantity="3", entry__rate="600.00",
        )  # fmt: skip
        self.enter_from("item-receipt", order, numbers, "on_hand")
        sale = self.enter(
            "sales-order", customer=self.world["customer"], entry__item="HT9000",
            entry__quantity="2", entry__rate="999.00",
        )  # fmt: skip
        picked = self.enter_from("item-fulfillment", sale, numbers[:2], "", status="picked")
        self.ship(picked, numbers[:2])

    # What they do

    def enter(self, kind: str, **values: str) -> int:
        page = self.until_answered(lambda: self.open(f"/transactions/{kind}/new/"))
        page.fill(**values)
        return self.save(page, kind)

    def enter_from(
        self, kind: str, parent: int, numbers: tuple[str, ...], reached: str, **more: str
    ) -> int:
        url = f"/transactions/{kind}/new/?from={parent}"
        page = self.until_answered(lambda: self.open(url))
        box = next(name for name, _ in page.fields if name.endswith("-serials"))
        page.set(box, " ".join(numbers)).fill(**more)
        return self.save(page, kind, numbers, reached)

    def ship(self, document: int, numbers: tuple[str, ...]) -> None:
        request = str(uuid4())
        token = self.browser.cookies["csrftoken"]
        url = f"/transactions/item-fulfillment/{document}/advance/"
        data = {"to": ["shipped"], "request_id": [request], "csrfmiddlewaretoken": [token]}
        self.send(
            request, "shipping", lambda: self.browser.post(url, data, {}), numbers, "sold"
        )  # fmt: skip

    def open(self, url: str) -> FormPage:
        page = FormPage(self.browser, url)  # type: ignore[arg-type]
        if page.response.status_code != 200:
            raise AssertionError(f"{page.response.status_code} for {url}")
        return page

    def save(
        self, page: FormPage, kind: str, numbers: tuple[str, ...] = (), status: str = ""
    ) -> int:
        request = page.value("request_id")
        return self.send(request, kind, lambda: page.press("save"), numbers, status)

    # Until they are answered

    def send(
        self, request: str, what: str, ask: Callable[[], Answer],
        numbers: tuple[str, ...], status: str,
    ) -> int:  # fmt: skip
        with self.diary.lock:
            self.diary.waiting[request] = what
        answer = self.until_answered(ask)
        found = re.fullmatch(r"/transactions/[\w-]+/(\d+)/", answer.headers.get("Location", ""))
        if not found:
            text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))
            said = text.rpartition("Nothing was saved")[2][:300]
            raise AssertionError(f"{what} was refused ({answer.status_code}): {said}")
        with self.diary.lock:
            del self.diary.waiting[request]
            self.diary.done.append(Acknowledged(request, int(found[1]), numbers, status))
        self.answered += 1
        return int(found[1])

    def until_answered(self, ask: Callable[[], Done]) -> Done:
        while True:
            try:
                return ask()
            except Interrupted as interrupted:
                with self.diary.lock:
                    self.diary.retried += 1
                    self.diary.dead_lines += isinstance(interrupted, LineDead)
                time.sleep(PAUSE)
