"""A document entered from scratch, line by line: orders and adjustments (SPEC §6.3, §7.5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.http import QueryDict

from accounting.fields import cents
from items.models import Item, ItemLocation
from items.refusals import Refusal
from transactions import checks, serials, warnings
from transactions.forms.draft import Draft
from transactions.forms.entry import FIELDS, Entry
from transactions.forms.lines import carried_lines, carry
from transactions.forms.serial_entry import SerialEntry
from transactions.models import TransactionLine
from transactions.posting import Result
from transactions.types import Kind


class Row:
    """An added line as the page shows it, with its serial numbers as they were typed."""

    def __init__(self, line: TransactionLine, box: SerialEntry) -> None:
        self.line, self.box = line, box
        line.serials = box.current
        self.stock = ItemLocation()
        self.amount = cents(line.quantity * line.rate)

    @property
    def hidden(self) -> list[tuple[str, Any]]:
        """The fields in which the line travels."""
        return carry(self.line, self.box.typed)

    @property
    def new_quantity(self) -> Decimal:
        return self.stock.on_hand + self.line.quantity


class StandAloneDraft(Draft):
    """A new document whose lines are entered one after the other."""

    template = "transactions/new.html"

    def __init__(
        self, kind: Kind, user: Any, data: QueryDict | None = None, item: str = ""
    ) -> None:
        super().__init__(kind, user, data)
        self.rows = [
            Row(line, self.box(f"added-{number}", " ".join(line.serials)))
            for number, line in enumerate(carried_lines(self.data), start=1)
        ]
        values = {name: self.data.get(f"entry-{name}") or "" for name in FIELDS}
        self.entry = self._entry(values, self.box("entry"))
        if item.isdecimal() and (found := Item.objects.filter(pk=item).first()):
            self.entry.values["item"] = found.name  # a link on the item's page
            self.entry.find()

    def _entry(self, values: dict[str, str], box: SerialEntry) -> Entry:
        return Entry(self.kind, self.company, values, box, place=self.data.get("location") or "")

    @property
    def only_proposes(self) -> bool:
        found = bool(self.entry.item) and not self.entry.took_unit
        return self.action.verb == "look-up" and found

    @property
    def lines(self) -> list[TransactionLine]:
        return [row.line for row in self.rows]

    def act(self) -> Result | None:
        if self.action.verb == "save":
            return self._save()
        verbs = {
            "add-line": self._add_line,
            "enter": self._enter,
            "edit-line": self._edit_line,
            "remove-line": self._remove_line,
            "clear-line": self._clear_line,
            "oldest": self._add_oldest,
        }
        verbs.get(self.action.verb, self._look_up)()
        return None

    def _look_up(self) -> None:
        if self.entry.values["item"].strip():
            self.entry.find(self.action.argument if self.action.verb == "choose" else "")
        if self.open_list == "entry":
            self.entry.open_stock(self.data.get("find") or "")

    def _add_oldest(self) -> None:
        self._look_up()
        box, quantity = self.entry.box, self.entry.values["quantity"].lstrip("-\N{MINUS SIGN} ")
        if box.stock and quantity.isdecimal():
            missing = max(int(quantity) - box.entered, 0)
            box.add(box.stock.oldest(missing, box.typed))

    def _clear_line(self) -> None:
        self.entry = self._entry({}, SerialEntry("entry"))

    def _edit_line(self) -> None:
        row = self._row(self.action.argument)
        if row is None or not self.entry.is_blank:
            text = "Add or clear the line you are entering before you change another one."
            self.faults.general.append(Refusal(text))
            self._look_up()
            return
        values = {name.removeprefix("line-"): str(value) for name, value in row.hidden}
        values |= {"item": row.line.item.name, "known": str(row.line.item_id)}
        values["editing"] = self.action.argument
        self.entry = self._entry(values, SerialEntry("entry", "\n".join(row.box.typed)))
        self.entry.find()

    def _remove_line(self) -> None:
        if row := self._row(self.action.argument):
            self.rows.remove(row)
        self._look_up()

    def _row(self, number: str) -> Row | None:
        position = int(number) if number.isdecimal() else 0
        return self.rows[position - 1] if 0 < position <= len(self.rows) else None

    def _enter(self) -> None:
        """The Enter key: add the line, or go on to what it still lacks."""
        if self.entry.is_blank:
            return
        if self.entry.values["quantity"].strip():
            self._add_line()
        else:
            self._look_up()

    def _add_line(self) -> bool:
        """Add the entered line if posting would take it; else say why, with all text kept."""
        entry, knew = self.entry, self.entry.values["known"]
        entry.find()
        if entry.choices:
            return False
        if entry.item and not entry.values["quantity"] and not knew:
            return False  # the item was just found: its proposals are shown, the quantity is next
        line = entry.line()
        if line is None:
            return False
        note = entry.follow_units(line)
        lines, number = self._with(line)
        if self._is_refused(lines, number) or self._is_warned(lines, line):
            return False
        box = SerialEntry(f"added-{number}", " ".join(line.serials))
        self.rows[number - 1 : number] = [Row(line, box)]
        self.notes += [note] if note else []
        self._clear_line()
        return True

    def _with(self, line: TransactionLine) -> tuple[list[TransactionLine], int]:
        """The lines with the entered one in its place, and its number."""
        number = self.entry.editing or 0
        if not 0 < number <= len(self.rows):
            number = len(self.rows) + 1
        lines = self.lines
        lines[number - 1 : number] = [line]
        return lines, number

    def _is_refused(self, lines: Sequence[TransactionLine], number: int) -> bool:
        found = checks.line_refusals(self.document, lines, number)
        standing = [r for r in found if not (r.asks and r.code in self.confirmed)]
        # All of it is said at the row being entered, the only one in these boxes.
        self.refuse([replace(refusal, line=1) for refusal in standing], [self.entry.box])
        return bool(standing)

    def _is_warned(self, lines: Sequence[TransactionLine], line: TransactionLine) -> bool:
        if self.action.answer == "anyway":
            return False
        others = [other for other in lines if other is not line]
        if text := warnings.level_warning(self.kind, others, line, self.user):
            self.faults.questions.append(text)
        return bool(self.faults)

    def _save(self) -> Result | None:
        """Save; a line left in the entry row is added first, as any other."""
        if not self.entry.is_blank and not self._add_line():
            return None
        for number, row in enumerate(self.rows, start=1):
            row.box.key = f"added-{number}"
        return self.submit(self.lines, [row.box for row in self.rows])

    # What the page shows

    def prepare(self) -> None:
        """Read what the page shows beside what was typed."""
        self.entry.prepare()
        self._value_rows()
        if self.is_new and self.kind.party and self.entry.is_blank:
            self.header.fields[self.kind.party].widget.attrs["autofocus"] = True
        elif self.only_proposes:
            self.entry.form.fields["item"].widget.attrs["hx-swap-oob"] = "true"
        elif not (self.faults.is_dialog or self.entry.choices):
            self.entry.place_cursor()

    def _value_rows(self) -> None:
        """What each line changes in stock: units leave at their own cost (SPEC §4.9)."""
        if not (self.kind.signed and self.rows):
            return
        stock = checks.on_hand(self.lines)
        leaving = serials.typed(line for line in self.lines if line.quantity < 0)
        known = serials.known_units(leaving, lock=False) if leaving else {}
        for row in self.rows:
            row.stock = stock[row.line.item_id, row.line.location_id]
            if row.line.quantity < 0:
                row.amount = -_cost(row.line, row.stock, known)

    @property
    def total(self) -> Decimal:
        return sum((row.amount for row in self.rows), Decimal("0.00"))


def _cost(line: TransactionLine, stock: ItemLocation, known: serials.Known) -> Decimal:
    if not line.item.is_serialized:
        return cents(-line.quantity * (stock.average_cost or 0))
    units = (unit for pair in serials.typed([line]) for unit in known.get(pair, ()))
    return sum((unit.unit_cost for unit in units if unit.location_id), Decimal("0.00"))
