"""A document made from another: received, billed, fulfilled, invoiced line by line (SPEC §7.7)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.http import QueryDict

from accounting.fields import cents
from items.models import ItemLocation
from transactions import checks, remaining
from transactions.forms.draft import Draft
from transactions.forms.lines import TakeForm
from transactions.forms.serial_entry import StockList
from transactions.models import LineUnit, StockMove, Transaction, TransactionLine
from transactions.posting import Result
from transactions.types import Kind
from transactions.types.base import Serials


class Taking:
    """One line of the parent on the page: what is left of it, and what is taken."""

    def __init__(
        self, draft: ParentDraft, source: TransactionLine, stock: ItemLocation, wishes: str
    ) -> None:
        kind, self.source, self.stock = draft.kind, source, stock
        self.left = kind.limit(source)
        given = None if draft.is_new else draft.data
        initial = {"take": True, "quantity": f"{self.left:f}", "rate": f"{source.rate:f}"}
        self.form = TakeForm(given, kind=kind, source=source, initial=initial)
        self.takes_serials = kind.takes_serials(source)
        key = f"line-{source.pk}"
        self.box = draft.box(key, wishes if draft.is_new else None, needed=self.quantity)
        movement = kind.movement(source, "", str(kind.statuses.values[0]))
        self.box.can_pick = bool(movement and movement.serials is Serials.ON_HAND)
        if draft.open_list == key and self.box.can_pick:
            search = draft.data.get("find") or ""
            self.box.stock = StockList(source.item, source.location, search)

    @property
    def is_taken(self) -> bool:
        return bool(self.form["take"].value())

    @property
    def quantity(self) -> Decimal:
        """The quantity as typed, or what is left while that is no number."""
        if not self.form.is_bound:
            return self.left
        self.form.is_valid()
        return self.form.cleaned_data.get("quantity") or self.left

    @property
    def amount(self) -> Decimal:
        """What the line comes to, as far as it is a number."""
        if not self.is_taken:
            return Decimal("0.00")
        rate = self.form.cleaned_data.get("rate") if self.form.is_bound else None
        return cents(self.quantity * (self.source.rate if rate is None else rate))

    def line(self) -> TransactionLine:
        values, source = self.form.cleaned_data, self.source
        line = TransactionLine(
            item=source.item,
            description=source.description,
            location=source.location,
            quantity=values["quantity"],
            rate=values.get("rate", source.rate),
            created_from_line=source,
        )
        line.serials = self.box.current if self.takes_serials else ()
        return line


class ParentDraft(Draft):
    """A new document whose lines are chosen from those its parent has left."""

    template = "transactions/new_from_parent.html"
    parent: Transaction

    def __init__(
        self, kind: Kind, user: Any, parent: Transaction, data: QueryDict | None = None
    ) -> None:
        super().__init__(kind, user, data, parent)
        sources = remaining.lines_left(kind, parent)
        stock = checks.on_hand(sources)
        wishes = designated(sources) if self.is_new else {}
        self.takings = [
            Taking(self, line, stock[line.item_id, line.location_id], wishes.get(line.pk, ""))
            for line in sources
        ]

    @property
    def following(self) -> list[Kind]:
        return remaining.following(self.kind)

    def act(self) -> Result | None:
        if self.action.verb == "oldest":
            self._add_oldest(self.action.argument)
        if self.action.verb not in ("save", "save-and"):
            return None
        taken = [taking for taking in self.takings if taking.is_taken]
        if not all(taking.form.is_valid() for taking in taken):
            return None
        return self.submit([t.line() for t in taken], [t.box for t in taken])

    @property
    def total(self) -> Decimal:
        return sum((taking.amount for taking in self.takings), Decimal("0.00"))

    def prepare(self) -> None:
        boxes = [taking.box for taking in self.takings if taking.takes_serials]
        wrong = [box for box in boxes if box.refusals]
        empty = [box for box in boxes if self.is_new and not box.text]
        for box in (wrong or empty)[:1]:
            box.focus = not self.faults.is_dialog

    def _add_oldest(self, key: str) -> None:
        for taking in self.takings:
            box = taking.box
            if box.key == key and box.stock and box.needed:
                missing = max(int(box.needed) - box.entered, 0)
                box.add(box.stock.oldest(missing, box.typed))


def designated(sources: Sequence[TransactionLine]) -> dict[int, str]:
    """By line id, the numbers designated on it that no live document has taken yet."""
    wishes = LineUnit.objects.filter(line__in=sources).exclude(number="")
    if not wishes:
        return {}
    taken = StockMove.objects.standing().filter(line__created_from_line__in=sources)
    free = wishes.exclude(unit__in=taken.filter(unit__isnull=False).values("unit"))
    found: dict[int, list[str]] = {}
    for line, number in free.order_by("id").values_list("line_id", "number"):
        found.setdefault(line, []).append(number)
    return {line: "\n".join(listed) for line, listed in found.items()}
