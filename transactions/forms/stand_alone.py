"""A document entered from scratch, line by line: orders and adjustments (SPEC §6.3, §7.5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.http import QueryDict

from accounting.fields import cents
from inventory.ids import number_in
from inventory.meanwhile import Meanwhile
from items import numbers
from items.models import Item, ItemLocation
from items.refusals import Refusal
from transactions import checks, rules, serials, warnings
from transactions.forms import overtaken, strays
from transactions.forms.box_buttons import VERBS
from transactions.forms.draft import Draft, header_of, numbers_of
from transactions.forms.entry import FIELDS, Entry
from transactions.forms.header import HeaderForm
from transactions.forms.lines import carried_lines, carry
from transactions.forms.serial_entry import SerialEntry
from transactions.models import Transaction, TransactionLine
from transactions.posting import Result, amend
from transactions.types import Kind
from users import access


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
        self,
        kind: Kind,
        user: Any,
        data: QueryDict | None = None,
        item: str = "",
        corrected: Transaction | None = None,
    ) -> None:
        super().__init__(kind, user, data, corrected=corrected)
        lines = carried_lines(self.data)
        if self.is_new and self.origin:
            lines = lines_of(self.origin, keep=self.origin is not corrected)
        self.rows = [
            Row(line, self.box(f"added-{number}", " ".join(line.serials)))
            for number, line in enumerate(lines, start=1)
        ]
        values = {name: self.data.get(f"entry-{name}") or "" for name in FIELDS}
        self.entry = self._entry(values, self.box("entry"))
        if self.is_new and (found := Item.objects.filter(pk=number_in(item) or 0).first()):
            self.entry.values["item"] = found.name  # a link on the item's page
            self.entry.find()

    def _entry(self, values: dict[str, str], box: SerialEntry) -> Entry:
        place = self.header["location"].value() if "location" in self.header.fields else None
        return Entry(self.kind, self.company, values, box, place=str(place or ""))

    @property
    def origin(self) -> Transaction | None:
        """The saved document that the form begins with."""
        return self.corrected

    @property
    def only_proposes(self) -> bool:
        found = bool(self.entry.item) and not self.entry.took_unit
        return self.action.verb == "look-up" and found and not self.notes

    @property
    def lines(self) -> list[TransactionLine]:
        return [row.line for row in self.rows]

    def act(self) -> Result | None:
        self._follow_header()
        if self.is_overfull():
            self._look_up()
            return None
        if self.action.verb == "save":
            return None if self.notes else self._save()
        verbs = {
            "add-line": self._add_line,
            "enter": self._enter,
            "edit-line": self._edit_line,
            "remove-line": self._remove_line,
            "clear-line": self._clear_line,
            "close-line": self._close_line,
            "reopen-line": self._close_line,
            "oldest": self._add_oldest,
            **dict.fromkeys(VERBS, self._tend),
        }
        verbs.get(self.action.verb, self._look_up)()
        return None

    def _follow_header(self) -> None:
        """A transfer's lines leave from the location in its header, whatever it was before."""
        place = self.document.location if self.kind.internal else None
        moved = [row for row in self.rows if place and row.line.location != place]
        if not place or not moved or self._is_under_way():
            return
        for row in moved:
            row.line.location = place
        note = strays.take_off([(row.line, row.box) for row in moved], place)
        self.notes += [note] if note else []

    def _is_under_way(self) -> bool:
        """Whether some of it was sent already, so that its lines stay where they are."""
        return False

    def _look_up(self) -> None:
        if self.entry.values["item"].strip():
            self.entry.find(self.action.argument if self.action.verb == "choose" else "")
        if self.open_list == "entry":
            self.entry.open_stock(self.data.get("find") or "")

    def _tend(self) -> None:
        self._look_up()
        self.entry.prepare()
        self.tend()

    def box_named(self, key: str) -> SerialEntry | None:
        return self.entry.box if key == "entry" else None

    def probe(self, box: SerialEntry) -> TransactionLine | None:
        return self.entry.probe()

    def _add_oldest(self) -> None:
        self._look_up()
        box, quantity = self.entry.box, self.entry.values["quantity"].lstrip("-\N{MINUS SIGN} ")
        if box.stock and (wanted := number_in(quantity)):
            missing = max(wanted - box.entered, 0)
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

    def _close_line(self) -> None:
        """Close a line of an order that is being changed, or open it again."""
        if row := self._row(self.action.argument):
            row.line.closed = self.action.verb == "close-line"
        self._look_up()

    def _row(self, number: str) -> Row | None:
        position = number_in(number) or 0
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
        was = self._row(entry.values["editing"])
        if was and was.line.location != line.location and (note := entry.drop_strays(line)):
            self.notes.append(note)
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
        found = [
            rules.judged(refusal, self.kind, self.user)
            for refusal in checks.line_refusals(
                self.document, lines, number, stock=not self.corrected
            )
        ]
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
        asks_party = self.kind.party in self.header.fields
        if self.is_new and asks_party and self.entry.is_blank and not self.origin:
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


class EditDraft(StandAloneDraft):
    """An open order being changed: the same page, with the lines it has (SPEC §5.6)."""

    was_told = False  # whether this page says what others did meanwhile

    def __init__(self, document: Transaction, user: Any, data: QueryDict | None = None) -> None:
        self.edited = document
        latest = document.postings.last()
        self.latest = latest.pk if latest else None
        super().__init__(document.kind, user, data)

    def _header(self, data: QueryDict | None, initial: dict[str, Any] | None = None) -> HeaderForm:
        status = self.edited.status
        header = self._header_form(
            data, initial=initial, kind=self.kind, company=self.company, instance=self.edited
        )
        for name in {"status", self.kind.party} & set(header.fields):
            del header.fields[name]
        self.edited.status = status
        return header

    @property
    def origin(self) -> Transaction | None:
        return self.edited

    def _is_under_way(self) -> bool:
        return Transaction.objects.live().filter(created_from=self.edited).exists()

    @property
    def titles(self) -> dict[str, str]:
        return {"title": f"Edit {self.kind.label} {self.edited}"}

    @property
    def home(self) -> str:
        return self.edited.get_absolute_url()

    @property
    def read(self) -> int | None:
        """The order's latest posting when it was read; after a try to save, when it was told."""
        was = number_in(self.data.get("read") or "")
        return self.latest if was is None or self.was_told else was

    def _write(self, lines: Sequence[TransactionLine]) -> Result:
        more = {"by": self.user, "request_id": self.request_id, "confirmed": self.confirmed}
        read, self.was_told = self.read, True
        if read != self.latest:
            self.meanwhile = self._meanwhile(lines)
        return amend(self.document, lines, read=read, **more)

    def _meanwhile(self, lines: Sequence[TransactionLine]) -> Meanwhile:
        """What saving would change of the order as others have left it."""
        stored = Transaction.objects.get(pk=self.edited.pk)
        header = self._header(self.data, header_of(stored))
        rate = self.kind.rate_label if access.of(self.user).sees_money_of(self.kind) else ""
        columns = overtaken.columns(
            by_location=self.company.multi_location_inventory and not self.kind.internal, rate=rate
        )
        found = overtaken.header_differences(header) if header.is_valid() else []
        found += overtaken.line_differences(lines_of(stored, keep=True), lines, columns)
        return Meanwhile(found, self.home, f"{self.home}edit/")


def lines_of(document: Transaction, *, keep: bool) -> list[TransactionLine]:
    """The lines of a saved document as a form carries them; with their ids to `keep` them."""
    typed = numbers_of(document)
    lines = list(document.lines.select_related("item", "location").order_by("line_no"))
    for line in lines:
        line.serials = numbers.split(typed.get(line.pk, ""))
        line.pk = line.pk if keep else None
    return lines


def _cost(line: TransactionLine, stock: ItemLocation, known: serials.Known) -> Decimal:
    if not line.item.is_serialized:
        return cents(-line.quantity * (stock.average_cost or 0))
    units = (unit for pair in serials.typed([line]) for unit in known.get(pair, ()))
    return sum((unit.unit_cost for unit in units if unit.location_id), Decimal("0.00"))
