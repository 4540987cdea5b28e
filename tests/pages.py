"""A browser without JavaScript, as far as a form needs one: reads it, fills it in, sends it."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse
from django.test import Client

BUTTONS = ("submit", "button", "reset", "image")


class _Fields(HTMLParser):
    """The (name, value) pairs that sending the form with this id would carry, without a button."""

    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id, self.inside = form_id, False
        self.fields: list[list[str]] = []
        self.area: list[str] | None = None
        self.select: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        a = dict(attrs)
        if tag == "form":
            self.inside = a.get("id") == self.form_id
        if not self.inside or "disabled" in a:
            return
        kind = a.get("type", "text")
        if tag == "input" and a.get("name") and kind not in BUTTONS:
            if kind not in ("checkbox", "radio") or "checked" in a:
                usual = "on" if kind in ("checkbox", "radio") else ""
                self.fields.append([a["name"], a.get("value", usual) or ""])
        elif tag == "textarea" and a.get("name"):
            self.area = [a["name"], ""]
        elif tag == "select":
            self.select = [a["name"], ""]
            self.fields.append(self.select)
        elif tag == "option" and self.select and "selected" in a:
            self.select[1] = a.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "select":
            self.select = None
        elif tag == "textarea" and self.area:
            self.fields.append([self.area[0], self.area[1].removeprefix("\n")])
            self.area = None

    def handle_data(self, data: str) -> None:
        if self.area:
            self.area[1] += data


class FormPage:
    """A page with the form of a new document, seen through a client."""

    def __init__(self, client: Client, url: str, *, htmx: bool = False) -> None:
        self.client, self.url = client, url
        self.headers = {"HX-Request": "true", "HX-Target": "document"} if htmx else {}
        self._read(client.get(url))

    def _read(self, response: HttpResponse) -> None:
        self.response = response
        if response.status_code != 200:
            return
        parser = _Fields("document")
        parser.feed(response.content.decode())
        self.fields = parser.fields

    @property
    def text(self) -> str:
        """What the page says, without markup."""
        return re.sub(
            r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", self.response.content.decode()))
        )

    def value(self, name: str) -> str:
        return next(value for field, value in self.fields if field == name)

    def values(self, name: str) -> list[str]:
        return [value for field, value in self.fields if field == name]

    def fill(self, **values: str) -> FormPage:
        """Type into fields by name; "__" stands for the hyphen."""
        for name, value in values.items():
            self.set(name.replace("__", "-"), value)
        return self

    def set(self, name: str, value: str) -> FormPage:
        for field in self.fields:
            if field[0] == name:
                field[1] = value
                return self
        raise AssertionError(f"There is no field {name}, only {[f for f, _ in self.fields]}")

    def clear(self, name: str) -> FormPage:
        """Take away a tick."""
        self.fields = [field for field in self.fields if field[0] != name]
        return self

    def tick(self, name: str, value: str) -> FormPage:
        self.fields.append([name, value])
        return self

    def press(self, action: str) -> HttpResponse:
        """Send the form with a button; the page is then what the server answered."""
        assert f'value="{action}"' in self.response.content.decode(), f"no button {action}"
        data: dict[str, list[str]] = {}
        for name, value in [*self.fields, ["action", action]]:
            data.setdefault(name, []).append(value)
        response = self.client.post(self.url, data, headers=self.headers)
        self._read(response)
        return response

    @property
    def leads_to(self) -> str:
        """Where the answer sends the browser, by redirect or by htmx."""
        return self.response.headers.get("HX-Redirect") or self.response.headers["Location"]
