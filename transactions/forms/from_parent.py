"""A document made from another: received, billed, fulfilled, invoiced line by line (SPEC §7.7)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.http import QueryDict

from accounting.fields import cents
from items import numbers
from items.models import ItemLocation
from items.refusals import Refusal
from transactions import checks, remaining, serials, worth
from transactions.forms.box_buttons import VERBS
from transactions.forms.draft import Draft, numbers_of
from transactions.forms.lines import TakeForm
from transactions.forms.serial_entry import AwayList, SerialEntry, StockList
from transactions.models import Transaction, TransactionLine
from transactions.posting import Result
from transactions.types import Kind
from transactions.types.base import Serials
from users import access
from users.roles import CREATE

UNPRICED = (
    "{item} comes back without a sale, and nothing says what a unit is worth. Somebody who may see "
    "cost receives it, or sets the Default Return Cost on the item."
)


class Taking:
    """One line of the parent on the page: what is left of it, and what is taken.

    Of a document that is being corrected, what it took itself is left, too.
    """

    def __init__(self, draft: ParentDraft, source: TransactionLine, stock: ItemLocation) -> None:
        kind, self.source, self.stock = draft.kind, source, stock
        self.kind, self.was = kind, draft.was.get(source.pk)
        self.left = kind.limit(source) + (self.was.quantity if self.was else 0)
        whose = kind.serials_of(self._stub())
        self.whose = whose
        self.form = self._form(draft, whose)
        self.takes_serials = source.item.is_serialized and whose is not None
        key = f"line-{source.pk}"
        self.box = draft.box(
            key, draft.numbers_for(source, whose) if draft.is_new else None, needed=self.quantity
        )
        self.box.exact = not kind.designates
        self.box.can_pick = whose in (Serials.ON_HAND, Serials.SOLD, Serials.SENT)
        self.box.item = source.item
        self.box.can_generate = whose is Serials.NEW
        self.box.locked = whose is Serials.SENT or source.pk in draft.bound
        if draft.open_list == key and self.box.can_pick:
            self.box.stock = self._offered(whose, draft.data.get("find") or "")

    @property
    def is_unpriced(self) -> bool:
        """Whether it needs an override rate that is neither known nor asked for here."""
        hidden = "override_rate" not in self.form.fields
        return hidden and self._asks_worth and self.worth is None

    @property
    def _asks_worth(self) -> bool:
        return "override_rate" in self.kind.line_fields and self.whose is Serials.TRADED_IN

    def _override_rate(self) -> Decimal | None:
        """As typed; what is proposed, where it is not shown to whoever receives the goods."""
        if "override_rate" in self.form.fields:
            return self.form.cleaned_data.get("override_rate")
        return self.worth if self._asks_worth else None

    def _form(self, draft: ParentDraft, whose: Serials | None) -> TakeForm:
        """What is asked of the line, with what is proposed."""
        was, source = self.was, self.source
        quantity = was.quantity if was else self.left
        rate = was.rate if was else source.rate
        self.worth = was.override_rate if was else draft.worth_of(source, self.stock)
        initial = {
            "take": was is not None or not draft.was,
            "quantity": f"{quantity:f}",
            "rate": f"{rate:f}",
            "location": was.location if was else self.kind.place(source),
            "restock": was.restock if was else draft.company.restock_returns,
            "override_rate": self.worth,
        }
        given = None if draft.is_new else draft.data
        fields = [
            name
            for name in self.kind.line_fields
            if (name != "override_rate" or (whose is Serials.TRADED_IN and draft.sees_cost))
            and (name != "restock" or whose is Serials.SOLD)
            and (name != "location" or draft.company.multi_location_inventory)
        ]
        return TakeForm(given, kind=self.kind, source=source, fields=fields, initial=initial)

    def _stub(self) -> TransactionLine:
        """The line that would come of it, for the kind to judge."""
        source = self.source
        line = TransactionLine(item=source.item, quantity=self.left, created_from_line=source)
        line.location = self.kind.place(source)
        return line

    def _offered(self, whose: Serials | None, search: str) -> StockList | AwayList:
        if whose is Serials.ON_HAND:
            return StockList(self.source.item, self.source.location, search)
        origin = self.kind.origin(self._stub())
        away = serials.still_away([origin.pk]).get(origin.pk, []) if origin else []
        return AwayList(away, str(self.source.transaction), search)

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

    def probe(self) -> TransactionLine:
        """The line that the box's numbers would be on, as far as it is known by now."""
        return self.line() if self.form.is_valid() and self.is_taken else self._stub()

    def line(self) -> TransactionLine:
        values, source = self.form.cleaned_data, self.source
        line = TransactionLine(
            item=source.item,
            description=source.description,
            location=values.get("location") or self.kind.place(source),
            quantity=values["quantity"],
            rate=values.get("rate", source.rate),
            override_rate=self._override_rate(),
            restock=values.get("restock", True),
            created_from_line=source,
        )
        line.serials = self.box.current if self.takes_serials else ()
        return line


class ParentDraft(Draft):
    """A new document whose lines are chosen from those its parent has left."""

    template = "transactions/new_from_parent.html"
    parent: Transaction

    def __init__(
        self,
        kind: Kind,
        user: Any,
        parent: Transaction,
        data: QueryDict | None = None,
        corrected: Transaction | None = None,
    ) -> None:
        super().__init__(kind, user, data, parent, corrected)
        self.was = taken_by(corrected) if corrected else {}
        sources = remaining.lines_left(kind, parent, also=list(self.was))
        stock = checks.on_hand(sources)
        self._wishes = remaining.designated(sources) if self.is_new or parent.kind.binds else {}
        self.bound = set(self._wishes) if parent.kind.binds else set()
        self._numbers = numbers_of(corrected) if corrected and self.is_new else {}
        returns = self.is_new and "override_rate" in kind.line_fields
        self._last_costs = worth.last_costs(self._wished(sources)) if returns else {}
        self._away = sent(kind, sources) if self.is_new else {}
        self.takings = [
            Taking(self, line, stock[line.item_id, line.location_id]) for line in sources
        ]

    def numbers_for(self, source: TransactionLine, whose: Serials | None) -> str:
        """The numbers that a line's box begins with."""
        if source.pk in self.was:
            return self._numbers.get(self.was[source.pk].pk, "")
        if whose is Serials.SENT:
            return self._away.get(source.pk, "")
        return self._wishes.get(source.pk, "")

    def worth_of(self, source: TransactionLine, stock: ItemLocation) -> Decimal | None:
        """The Override Rate proposed for a line that comes back without its sale."""
        stock.item = source.item
        return worth.proposed(stock, self._wished([source]), self._last_costs)

    def _wished(self, sources: Sequence[TransactionLine]) -> list[worth.Number]:
        """The numbers that the parent names on the lines."""
        return [
            (source.item_id, numbers.key(number))
            for source in sources
            for number in self._wishes.get(source.pk, "").split("\n")
            if number
        ]

    @property
    def following(self) -> list[Kind]:
        who = access.of(self.user)
        return [kind for kind in remaining.following(self.kind) if who.may(kind.name, CREATE)]

    def act(self) -> Result | None:
        if self.is_overfull():
            return None
        if self.action.verb == "oldest":
            self._add_oldest(self.action.argument)
        if self.action.verb in VERBS:
            self.tend()
        if self.action.verb not in ("save", "save-and"):
            return None
        taken = [taking for taking in self.takings if taking.is_taken]
        if not all(taking.form.is_valid() for taking in taken) or self._is_unpriced(taken):
            return None
        return self.submit([t.line() for t in taken], [t.box for t in taken])

    def _is_unpriced(self, taken: Sequence[Taking]) -> bool:
        """Whether goods come in whose worth only somebody who sees cost can say."""
        missing = [taking for taking in taken if taking.is_unpriced]
        self.refuse([Refusal(UNPRICED.format(item=t.source.item)) for t in missing], [])
        return bool(missing)

    def _taking(self, box_key: str) -> Taking | None:
        return next((t for t in self.takings if t.takes_serials and t.box.key == box_key), None)

    def box_named(self, key: str) -> SerialEntry | None:
        taking = self._taking(key)
        return taking.box if taking else None

    def probe(self, box: SerialEntry) -> TransactionLine | None:
        taking = self._taking(box.key)
        return taking.probe() if taking else None

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


def taken_by(document: Transaction) -> dict[int, TransactionLine]:
    """By the id of the parent's line, what a document took of it."""
    lines = document.lines.filter(created_from_line__isnull=False).select_related("location")
    return {line.created_from_line_id or 0: line for line in lines}


def sent(kind: Kind, sources: Sequence[TransactionLine]) -> dict[int, str]:
    """By line id, the numbers still under way of the shipments that a receipt takes."""
    if not any(kind.serials_of(TransactionLine(item=s.item)) is Serials.SENT for s in sources):
        return {}
    away = serials.still_away([source.pk for source in sources])
    return {line: "\n".join(unit.number for unit in units) for line, units in away.items()}
