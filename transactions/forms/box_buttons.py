"""What the buttons of a box of serial numbers do: check, find and replace, leave out, generate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, QueryDict

from items import number_files, numbers
from items.refusals import Refusal
from transactions import checks
from transactions.forms.generator import Generator
from transactions.forms.serial_entry import SerialEntry
from transactions.models import Transaction, TransactionLine

VERBS = ("check", "swap", "leave-out", "generator", "generate", "number-on")


class BoxButtons:
    """The part of a draft that tends its boxes; nothing of it is stored."""

    data: QueryDict
    action: Any
    corrected: Transaction | None
    tended: SerialEntry | None = None  # the box that the button was about

    @property
    def document(self) -> Transaction:
        raise NotImplementedError

    def box_named(self, key: str) -> SerialEntry | None:
        """The box of this name; None if there is no such box."""
        return None

    def probe(self, box: SerialEntry) -> TransactionLine | None:
        """The line that the box's numbers would be on; None while no item is known."""
        raise NotImplementedError

    def is_overfull(self) -> bool:
        """Whether a box holds more than it takes; it says so itself, and keeps what it holds."""
        names = [name for name in self.data if name.endswith("-serials")]
        boxes = [self.box_named(name.removesuffix("-serials")) for name in names]
        full = [box for box in boxes if box and box.excess]
        for box in full:
            box.refusals = box.excess
            self.tended = box
        return bool(full)

    def tend(self) -> None:
        """Do what a box's button says."""
        verb, box = self.action.verb, self.box_named(self.action.argument)
        if box is None:
            return
        self.tended = box
        box.focus = verb != "generator"
        if self.is_overfull():
            return
        if verb == "swap":
            self._swap(box)
        elif verb in ("generator", "generate", "number-on"):
            self._generate(box)
        self.check(box)
        if verb == "leave-out":
            wrong = {numbers.key(bad.number): "" for bad in box.bad if not bad.asks}
            box.mend(wrong)
            self.check(box)

    def _swap(self, box: SerialEntry) -> None:
        find, other = (self.data.get(f"{box.key}-{what}") or "" for what in ("find", "swap"))
        if len(other) > numbers.LONGEST:  # it may stand in every number, many times over
            said = f"“{other[:20]}…” is longer than a serial number: {numbers.LONGEST} characters."
            box.refusals = [Refusal(said)]
        else:
            box.swap(find, other)

    def _generate(self, box: SerialEntry) -> None:
        if box.item is None:
            box.refusals = [Refusal("Choose the item first.")]
            return
        generator = Generator(box, box.item, self.data)
        if self.action.verb != "generator":
            generator.run(skip=self.action.verb == "number-on")
        if self.action.verb == "generator" or generator.taken or generator.error:
            box.generator = generator

    def check(self, box: SerialEntry) -> None:
        """Say of each number what posting would say of it."""
        line = self.probe(box)
        if line is None:
            said = checks.malformed(box.current)
        else:
            line.serials = box.current
            said = checks.number_refusals(self.document, line, stock=not self.corrected)
        if box.live:  # the script tells of repeated numbers at once, and was sent only a part
            said = [refusal for refusal in said if refusal.code != "SER-07"]
        box.refusals = [*(refusal for refusal in box.refusals if not refusal.number), *said]


def mends(data: QueryDict, key: str) -> dict[str, str]:
    """What is to stand in place of a box's bad numbers, by their keys; nothing: left out."""
    pairs = zip(data.getlist(f"{key}-bad"), data.getlist(f"{key}-mend"), strict=False)
    found = {numbers.key(bad): numbers.tidy(other) for bad, other in pairs if other.strip()}
    return found | {numbers.key(number): "" for number in data.getlist(f"{key}-drop")}


def with_files(request: HttpRequest) -> QueryDict:
    """The form with the numbers of uploaded files behind those of their boxes."""
    if not request.FILES:
        return request.POST
    data = request.POST.copy()
    for name in request.FILES:
        key, _, what = name.rpartition("-")
        if what != "file":
            continue
        for file in request.FILES.getlist(name):
            try:
                number_files.check_size(file.name or "The file", file.size or 0)
                found = number_files.read(file.read(), file.name or "The file")
            except number_files.Unreadable as error:
                data[f"{key}-unread"] = str(error)
            else:
                before = data.get(f"{key}-serials", "").rstrip()
                data[f"{key}-serials"] = f"{before}\n{found}".strip()
                data[f"{key}-was-read"] = "1"
    return data


def read_box(key: str, text: str, data: Mapping[str, str], **more: Any) -> SerialEntry:
    """A box as it was sent, and what its file could not say."""
    box = SerialEntry(key, text, **more)
    box.live = "live" in data
    box.refusals = said_of_file(data, key)
    box.echoes = f"{key}-was-read" in data or numbers.DOTS in text
    return box


def said_of_file(data: Mapping[str, str], key: str) -> list[Refusal]:
    return [Refusal(text)] if (text := data.get(f"{key}-unread")) else []
