"""A new document on its way: what every way of entering one has in common."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.http import QueryDict
from django.urls import reverse

from company.models import Company
from inventory.ids import uuid_in
from inventory.meanwhile import Meanwhile
from items import numbers
from items.refusals import Refusal, Refused
from transactions.forms.box_buttons import BoxButtons, mends, read_box, said_of_file
from transactions.forms.faults import Faults, sort_refusals
from transactions.forms.header import HeaderForm, header_form
from transactions.forms.serial_entry import SerialEntry, replacements
from transactions.models import LineUnit, StockMove, Transaction, TransactionLine
from transactions.posting import Result, already_done, correct, post
from transactions.types import Kind
from users import access


class Action(NamedTuple):
    """Which button was pressed: "save", "edit-line:3", and how it answers what was asked.

    After a "+" stands the answer of a dialog: "replace" (other serial numbers), "drop" (leave
    those out), "anyway" (go on in spite of a warning).
    """

    verb: str = ""
    argument: str = ""
    answer: str = ""

    @classmethod
    def read(cls, text: str) -> Action:
        command, _, answer = text.partition("+")
        verb, _, argument = command.partition(":")
        return cls(verb, argument, answer)

    @property
    def again(self) -> str:
        """The command itself, for the dialog's buttons to repeat."""
        return f"{self.verb}:{self.argument}" if self.argument else self.verb


class Draft(BoxButtons):
    """A new document as it stands in the form; nothing of it is stored.

    Everything travels with the form. So the same request works with and without JavaScript, in
    two windows at once and across a restart of the server, and nothing typed is lost.
    """

    template = ""
    meanwhile: Meanwhile | None = None  # what others changed of a document that is being changed

    def __init__(
        self,
        kind: Kind,
        user: Any,
        data: QueryDict | None = None,
        parent: Transaction | None = None,
        corrected: Transaction | None = None,
    ) -> None:
        self.kind, self.user, self.parent, self.corrected = kind, user, parent, corrected
        self.data = QueryDict() if data is None else data
        self.is_new = data is None
        self.company = Company.current()
        self.sees_cost = access.of(user).sees_cost
        self.action = Action.read(self.data.get("action") or "")
        self.faults = Faults()
        self.notes: list[str] = []
        self.confirmed = set(self.data.getlist("confirmed"))
        if self.action.answer == "anyway":
            self.confirmed |= set(self.data.getlist("asked"))
        self._header_form = header_form(kind, self.company, from_parent=parent is not None)
        self.header = self._header(data, header_of(corrected) if corrected else None)

    def _header(self, data: QueryDict | None, initial: dict[str, Any] | None = None) -> HeaderForm:
        document = Transaction(type=self.kind.name, **self._from_parent())
        return self._header_form(
            data, initial=initial, kind=self.kind, company=self.company, instance=document
        )

    @property
    def header_shown(self) -> HeaderForm:
        """The header for the page: what is wrong with it is said only on saving."""
        if self.is_new or self.action.verb.startswith("save"):
            return self.header
        return self._header(None, self.data.dict())

    def _from_parent(self) -> dict[str, Any]:
        if self.parent is None:
            return {}
        return {
            "created_from": self.parent,
            "vendor": self.parent.vendor,
            "customer": self.parent.customer,
            "location": self.parent.location,
        }

    @cached_property
    def request_id(self) -> UUID:
        """Made once for the form, so that a double click or a repeated request saves once."""
        return uuid_in(self.data.get("request_id")) or uuid4()

    @property
    def document(self) -> Transaction:
        return self.header.document

    @property
    def titles(self) -> dict[str, str]:
        """The page's title and the line under it."""
        if self.corrected:
            subtitle = "It is voided and posted anew in one go, under a new number."
            return {"title": f"Correct {self.kind.label} {self.corrected}", "subtitle": subtitle}
        if self.parent is None:
            return {"title": f"New {self.kind.label}"}
        subtitle = f"{self.kind.label} from {self.parent.kind.label} {self.parent}"
        return {"title": f"{self.kind.verb} {self.parent}", "subtitle": subtitle}

    @property
    def only_proposes(self) -> bool:
        """Whether nothing but the proposals of the entered item has changed on the page."""
        return False

    def act(self) -> Result | None:
        """Do what the button says; the document, if it was saved."""
        raise NotImplementedError

    def done(self) -> Result | None:
        """What an earlier sending of this very form has saved, by a double click or after Back."""
        return already_done(self.request_id) if self.action.verb.startswith("save") else None

    def prepare(self) -> None:
        """Read what the page shows beside what was typed."""

    def submit(
        self, lines: Sequence[TransactionLine], boxes: Sequence[SerialEntry]
    ) -> Result | None:
        """Post the document, or sort what refuses it onto the page."""
        if not self.header.is_valid():
            return None
        try:
            return self._write(lines)
        except Refused as refused:
            self.refuse(refused.refusals, boxes)
            return None

    def _write(self, lines: Sequence[TransactionLine]) -> Result:
        more = {"by": self.user, "request_id": self.request_id, "confirmed": self.confirmed}
        if self.corrected:
            return correct(self.corrected, self.document, lines, self.why, **more)
        return post(self.document, lines, **more)

    @property
    def why(self) -> str:
        """Why the document is corrected; it is kept with the voided one."""
        return (self.data.get("why") or "").replace("\0", "")

    def refuse(self, refusals: Sequence[Refusal], boxes: Sequence[SerialEntry]) -> None:
        """Show the refusals; answers of the prompt go into the text once all are good."""
        self.faults = sort_refusals(refusals, boxes)
        if self.action.answer == "drop":
            self._drop(boxes)
        if not self.faults.prompts:
            for box in boxes:
                box.settle()
        for box in boxes:
            said = self.faults.lines.get(box.key, [])
            box.refusals = [*said_of_file(self.data, box.key), *said]

    def _drop(self, boxes: Sequence[SerialEntry]) -> None:
        """Leave out the numbers that would have to be replaced."""
        for box in boxes:
            mine = [prompt for prompt in self.faults.prompts if prompt.box == box.key]
            box.remove(numbers.key(prompt.original) for prompt in mine)
        self.faults = Faults()

    def box(self, key: str, text: str | None = None, **more: Any) -> SerialEntry:
        """The serial entry of a line, with ticks and answers as submitted."""
        submitted = self.data.get(f"{key}-serials", "")
        entry = read_box(key, submitted if text is None else text, self.data, **more)
        entry.mend(mends(self.data, key))
        if self.data.get("list") == key:
            entry.tick(numbers.split(self.data.get("listed") or ""), self.data.getlist("ticked"))
        if self.action.answer == "replace":
            entry.replace(replacements(self.data))
        return entry

    @property
    def home(self) -> str:
        """Where Cancel leads to."""
        if origin := self.corrected or self.parent:
            return origin.get_absolute_url()
        return reverse("transactions:list", args=[self.kind.slug])

    @property
    def open_list(self) -> str:
        """The box whose list of stock is open."""
        if self.action.verb in ("list", "oldest"):
            return self.action.argument
        return "" if self.action.verb == "close-list" else self.data.get("list") or ""


def header_of(document: Transaction) -> dict[str, Any]:
    """What a saved document's header would be typed as."""
    names = (
        "date", "vendor", "customer", "location", "to_location", "account", "expected_date",
        "due_date", "reference", "reason", "memo", "status",
    )  # fmt: skip
    return {name: getattr(document, name) for name in names}


def numbers_of(document: Transaction) -> dict[int, str]:
    """By line id, the serial numbers that a document's lines moved or named, one a row."""
    moved = StockMove.objects.filter(line__transaction=document, unit__isnull=False)
    rows = list(moved.order_by("id").values_list("line_id", "unit__number"))
    named = LineUnit.objects.filter(line__transaction=document).exclude(number="")
    rows += list(named.order_by("id").values_list("line_id", "number"))
    found: dict[int, dict[str, None]] = {}
    for line, number in rows:
        found.setdefault(line, {})[number] = None
    return {line: "\n".join(listed) for line, listed in found.items()}
