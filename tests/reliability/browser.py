"""A browser without JavaScript, over real HTTP, for `FormPage`; and being cut off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from urllib.parse import urlencode

SECONDS = 20


class Interrupted(Exception):
    """The server gave no answer, or said that something broke: nobody knows what it did."""


class LineDead(Interrupted):
    """We hung up before the answer came; the server does what it was asked all the same."""


@dataclass
class Answer:
    """What FormPage wants to know of a response."""

    status_code: int
    content: bytes
    headers: dict[str, str]


class Browser:
    """Somebody who is logged in, and keeps their cookies over every crash."""

    def __init__(self, port: int, session: str, hangs_up: Callable[[], bool] = bool) -> None:
        self.port, self.hangs_up = port, hangs_up
        self.cookies = {"sessionid": session}

    def get(self, url: str) -> Answer:
        return self._ask("GET", url, None, {})

    def post(self, url: str, data: dict[str, list[str]], headers: dict[str, str]) -> Answer:
        form = {"Content-Type": "application/x-www-form-urlencoded", **headers}
        return self._ask("POST", url, urlencode(data, doseq=True), form)

    def _ask(self, method: str, url: str, body: str | None, headers: dict[str, str]) -> Answer:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        server = HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        try:
            server.request(method, url, body, {"Cookie": cookies, **headers})
            if body and self.hangs_up():
                raise LineDead
            response = server.getresponse()
            answer = Answer(response.status, response.read(), dict(response.getheaders()))
            set_cookies = response.headers.get_all("Set-Cookie") or []
        except (OSError, HTTPException) as error:
            raise Interrupted(repr(error)) from error
        finally:
            server.close()
        if answer.status_code >= 500:
            raise Interrupted(f"{answer.status_code} for {url}")
        self._keep(set_cookies)
        return answer

    def _keep(self, set_cookies: list[str]) -> None:
        for line in set_cookies:
            for name, morsel in SimpleCookie(line).items():
                if morsel.value:
                    self.cookies[name] = morsel.value
                else:
                    self.cookies.pop(name, None)
