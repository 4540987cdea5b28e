"""The forms of a page, as a browser would send them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

BUTTONS = ("submit", "button", "reset", "image")
TOKEN = "csrfmiddlewaretoken"


@dataclass
class Field:
    """One control: what it is called, what kind it is, what it holds."""

    name: str
    kind: str
    value: str = ""
    sent: bool = True  # a box without a tick is not


@dataclass
class Form:
    """A form of a page: where it goes, what is in it, which buttons send it."""

    page: str
    method: str
    action: str
    fields: list[Field] = field(default_factory=list)
    buttons: list[Field] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Where the form is sent; a page of its own where it does not say."""
        if self.action.startswith("?"):
            return self.page.partition("?")[0] + self.action
        return self.action or self.page

    def data(self, changes: dict[int, Any], button: Field | None) -> dict[str, list[Any]]:
        """What sending it would carry, with some of its fields changed (by their position)."""
        sent: dict[str, list[Any]] = {}
        for number, control in enumerate(self.fields):
            if number in changes:
                sent.setdefault(control.name, []).append(changes[number])
            elif control.sent and control.kind != "file":
                sent.setdefault(control.name, []).append(control.value)
        if button and button.name:
            sent.setdefault(button.name, []).append(button.value)
        return {name: values for name, values in sent.items() if name != TOKEN}


class Reader(HTMLParser):
    """Reads the forms of a page, with the controls that belong to one by its id alone."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.page = page
        self.forms: list[Form] = []
        self.by_id: dict[str, Form] = {}
        self.strays: list[tuple[str, Field, bool]] = []
        self.inside: Form | None = None
        self.open: Field | None = None

    def read(self, html: str) -> list[Form]:
        self.feed(html)
        for form_id, control, is_button in self.strays:
            if form := self.by_id.get(form_id):
                (form.buttons if is_button else form.fields).append(control)
        return self.forms

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        a = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._begin(a)
        elif tag == "option" and self.open and ("selected" in a or not self.open.value):
            self.open.value = a.get("value", "")
        elif tag in ("input", "select", "textarea", "button") and "disabled" not in a:
            self._control(tag, a)

    def _begin(self, a: dict[str, str]) -> None:
        self.inside = Form(self.page, a.get("method", "get").lower(), a.get("action", ""))
        self.forms.append(self.inside)
        if a.get("id"):
            self.by_id[a["id"]] = self.inside

    def _control(self, tag: str, a: dict[str, str]) -> None:
        kind = a.get("type", "submit" if tag == "button" else "text") if tag != "select" else tag
        kind = "textarea" if tag == "textarea" else kind
        name, is_button = a.get("name", ""), kind in BUTTONS
        boxed = kind in ("checkbox", "radio")
        value = a.get("value", "on" if boxed else "")
        control = Field(name, kind, value, not boxed or "checked" in a)
        if tag in ("select", "textarea"):
            self.open = control
        if not (name or is_button):
            return
        if a.get("form"):
            self.strays.append((a["form"], control, is_button))
        elif self.inside:
            (self.inside.buttons if is_button else self.inside.fields).append(control)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = None
        elif tag in ("select", "textarea") and self.open:
            self.open.value = self.open.value.removeprefix("\n")  # as a browser does
            self.open = None

    def handle_data(self, data: str) -> None:
        if self.open and self.open.kind == "textarea":
            self.open.value += data


def forms_of(page: str, html: str) -> list[Form]:
    return Reader(page).read(html)


def file_of(text: str) -> SimpleUploadedFile:
    """A file that holds a nasty text, and is called by one."""
    return SimpleUploadedFile(f"{text[:40]}.csv", text.encode("utf-8", "replace"))
