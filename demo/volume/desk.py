"""Documents written down as posting would, in memory.

What a document moves, books and comes to is asked of its kind, as posting does; quantities are
kept by posting's own `Balances`, orders by its `commitment`. Nothing is looked up, locked or
refused: a story only does what it may. The audit is the proof.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import count
from typing import Any, NamedTuple

from django.utils import timezone

from accounting.fields import cents, scaled, spread
from accounting.models import JournalEntry
from company.models import Company
from items import numbers
from items.models import Item, ItemLocation, SerialUnit
from locations.models import Location
from transactions import commitment
from transactions.balances import Balances, Place
from transactions.models import VOIDED, Application, Posting, Transaction, TransactionLine
from transactions.types.base import Kind, Movement, Pair, Stage

Status = SerialUnit.Status
HELD = SerialUnit.HELD
ZERO = Decimal(0)
OPENS, STEP, CLOSES = time(8), timedelta(minutes=4), time(21, 30)


@dataclass(slots=True)
class Unit:
    """A unit as it stands."""

    id: int
    item: int
    number: str
    cost: Decimal
    received_on: date
    status: str = ""
    place: int | None = None
    last_place: int | None = None
    left_on: date | None = None
    moved_on: date | None = None
    posting: int = 0


class Part(NamedTuple):
    """A line to be: of an item, so many, at a rate and a place, made from another line."""

    item: Item
    quantity: int
    place: Location
    rate: Decimal = ZERO
    source: TransactionLine | None = None
    units: Sequence[Unit] = ()  # known ones
    numbers: Sequence[str] = ()  # of new ones


class Shelves(Balances):
    """Item-location rows that are made when they are first asked for."""

    def __init__(self) -> None:
        self.rows = _Rows()


class _Rows(dict[Place, ItemLocation]):
    def __missing__(self, place: Place) -> ItemLocation:
        item, location = place
        self[place] = ItemLocation(item_id=item, location_id=location)
        return self[place]


class House:
    """What all stories share: the company, the next number of everything, what lies where."""

    def __init__(self, company: Company, user: Any) -> None:
        self.company, self.user = company, user
        self.shelves = Shelves()
        self.ids: dict[Any, Any] = defaultdict(lambda: count(1))
        self.series: Counter[str] = Counter()
        self.now = timezone.now()
        self.clock = self.now - timedelta(days=36_500)

    def id_of(self, model: Any) -> int:
        return next(self.ids[model])

    def moment(self, day: date) -> datetime:
        """Some minutes after the document before, within the hours of the day."""
        opening, closing = (timezone.make_aware(datetime.combine(day, t)) for t in (OPENS, CLOSES))
        self.clock = min(max(self.clock + STEP, opening), closing)
        return min(self.clock, self.now)


@dataclass
class Desk:
    """Writes the documents of one story; what it wrote waits here to be stored."""

    house: House
    documents: list[Transaction] = field(default_factory=list)
    lines: list[TransactionLine] = field(default_factory=list)
    postings: list[Posting] = field(default_factory=list)
    applications: list[Application] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)
    # Rows as the database holds them.
    entries: list[tuple[Any, ...]] = field(default_factory=list)
    journal: list[tuple[Any, ...]] = field(default_factory=list)
    moves: list[tuple[Any, ...]] = field(default_factory=list)
    shares: list[tuple[Any, ...]] = field(default_factory=list)
    # By document or line id, what its model has no column for.
    lines_of: dict[int, list[TransactionLine]] = field(default_factory=dict)
    units_of: dict[int, list[Unit]] = field(default_factory=dict)
    paid: dict[int, Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    # Verbs

    def post(
        self,
        kind_name: str,
        day: date,
        parts: Iterable[Part] = (),
        *,
        pays: Sequence[Transaction] = (),
        **header: Any,
    ) -> Transaction:
        """Save a new document; with `pays`, a payment of all that is open of some."""
        document = self._header(kind_name, day, header)
        kind = document.kind
        lines = [self._line(document, n, part) for n, part in enumerate(parts, start=1)]
        document.applications = [
            Application(payment=document, document=d, amount=d.total - self.paid[d.pk])
            for d in pays
        ]
        self.lines_of[document.pk] = lines
        posting = self._posting(document, day, document.status)
        self._move(posting, lines, "", document.status)
        document.total = kind.total(document, lines)
        self._draw(kind, lines)
        self._book(posting, self._pairs(document, lines))
        self._share(kind, lines)
        self._progress(document, lines)
        self._settle(document)
        return document

    def advance(self, document: Transaction, to: str, day: date) -> None:
        """Take the next step."""
        lines, before = self.lines_of[document.pk], document.status
        document.status = to
        posting = self._posting(document, day, to)
        self._move(posting, lines, before, to)
        pairs = [
            (line.pk, pair)
            for line in lines
            if document.kind.movement(line, before, to)
            for pair in document.kind.pairs(line, document, self.house.company, to)
        ]
        self._book(posting, pairs)
        if before == "picked":
            for line in lines:
                if line.created_from_line:
                    line.created_from_line.picked -= line.quantity
        self._reopen(document, lines)

    def void_arrival(self, document: Transaction, why: str) -> None:
        """Void a document whose units came from outside and lie where they came to."""
        posting = next(p for p in self.postings if p.document_id == document.pk)
        mirror = self._posting(document, posting.date, VOIDED, reverses=posting)
        for line in self.lines_of[document.pk]:
            units, place = self.units_of[line.pk], (line.item_id, line.location_id)
            for unit in units:
                unit.status, unit.place, unit.left_on = Status.VOIDED.value, None, posting.date
                self.moves.append(
                    (mirror.pk, line.pk, line.item_id, unit.id, scaled(1), posting.date,
                     Status.ON_HAND.value, line.location_id, Status.VOIDED.value, None,
                     scaled(unit.cost), posting.date, posting.pk)
                )  # fmt: skip
            self.house.shelves.stock(place, Status.ON_HAND, -line.quantity, -line.cost)
        pairs = self._pairs(document, self.lines_of[document.pk])
        self._book(mirror, [(pk, Pair(p.credit, p.debit, p.amount)) for pk, p in pairs])
        document.status, document.void_reason = VOIDED, why

    # What a document is made of

    def _header(self, kind_name: str, day: date, header: dict[str, Any]) -> Transaction:
        house, moment = self.house, self.house.moment(day)
        document = Transaction(
            id=house.id_of(Transaction), type=kind_name, date=day, created_by=house.user,
            created_at=moment, modified_at=moment, **header,
        )  # fmt: skip
        document.status = str(document.kind.first_status(document, house.company))
        house.series[kind_name] += 1
        document.number = f"{document.kind.prefix}-{house.series[kind_name]}"
        self.documents.append(document)
        return document

    def _line(self, document: Transaction, number: int, part: Part) -> TransactionLine:
        line = TransactionLine(
            id=self.house.id_of(TransactionLine), transaction=document, line_no=number,
            item=part.item, location=part.place, quantity=Decimal(part.quantity), rate=part.rate,
            amount=cents(part.quantity * part.rate), created_from_line=part.source,
        )  # fmt: skip
        line.moved = line.picked = line.arrived = line.billed = ZERO
        line.serials = part.numbers
        self.units_of[line.pk] = list(part.units)
        self.lines.append(line)
        return line

    def _posting(
        self, document: Transaction, day: date, step: str, reverses: Posting | None = None
    ) -> Posting:
        posting = Posting(
            id=self.house.id_of(Posting), document=document, step=step, date=day,
            by=self.house.user, reverses=reverses,
        )  # fmt: skip
        document.modified_at = posting.created_at = self.house.moment(day)
        self.postings.append(posting)
        return posting

    # What it does

    def _move(
        self, posting: Posting, lines: Sequence[TransactionLine], before: str, after: str
    ) -> None:
        for line in lines:
            if movement := line.transaction.kind.movement(line, before, after):
                self._pass(posting, line, movement)

    def _pass(self, posting: Posting, line: TransactionLine, movement: Movement) -> None:
        """A line's units pass from one state and place to another; the line costs what they do."""
        kind, item, quantity = line.transaction.kind, line.item, abs(line.quantity)
        goal, shelves = movement.to or line.location_id, self.house.shelves
        here, there = (item.pk, line.location_id), (item.pk, goal)
        units = self.units_of[line.pk]
        if movement.source is None:
            line.cost = cents(quantity * kind.unit_cost(line))
            units += self._arrive(posting.date, line)
        elif item.is_serialized:
            line.cost = sum((unit.cost for unit in units), Decimal("0.00"))
        else:
            line.cost = shelves.issue_cost(here, quantity)
        if line.quantity < 0:
            line.rate, line.amount = cents(line.cost / quantity), -line.cost
        source = str(movement.source or "")
        origin = line.location_id if movement.source in HELD else None
        target, place = str(movement.target), goal if movement.target in HELD else None
        head = (posting.pk, line.pk, item.pk)
        tail = (posting.date, source, origin, target, place)
        if not item.is_serialized:
            amounts = (scaled(quantity), *tail, scaled(line.cost), None, None)
            self.moves.append((*head, None, *amounts))
        for unit in units:
            was = (unit.moved_on, unit.posting) if source else (None, None)
            self.moves.append((*head, unit.id, scaled(1), *tail, scaled(unit.cost), *was))
            unit.status, unit.last_place = target, place or unit.place or line.location_id
            unit.place, unit.left_on = place, None if place else posting.date
            unit.moved_on, unit.posting = posting.date, posting.pk
        if movement.source in HELD:
            shelves.stock(here, source, -quantity, -line.cost)
        if place:
            shelves.stock(there, target, quantity, line.cost)

    def _arrive(self, day: date, line: TransactionLine) -> list[Unit]:
        new = list(line.serials)
        if not new:
            return []
        units = [
            Unit(self.house.id_of(SerialUnit), line.item_id, number, cost, day)
            for number, cost in zip(new, spread(line.cost, len(new)), strict=True)
        ]
        self.units += units
        return units

    def _pairs(
        self, document: Transaction, lines: Sequence[TransactionLine]
    ) -> list[tuple[int | None, Pair]]:
        kind, company = document.kind, self.house.company
        of_lines = [
            (line.pk, pair)
            for line in lines
            for pair in kind.pairs(line, document, company, document.status)
        ]
        return [*of_lines, *((None, pair) for pair in kind.entry(document, company))]

    def _book(self, posting: Posting, pairs: Sequence[tuple[int | None, Pair]]) -> None:
        if not pairs:
            return
        posting.entry_id = self.house.id_of(JournalEntry)
        self.entries.append((posting.entry_id, posting.date, ""))
        self.journal += [
            (posting.entry_id, pair.debit, pair.credit, scaled(pair.amount), line)
            for line, pair in pairs
        ]

    def _share(self, kind: Kind, lines: Sequence[TransactionLine]) -> None:
        """Each unit's share of what a line asks for."""
        if not kind.shares_amount:
            return
        for line in lines:
            units = self.units_of[line.created_from_line_id or line.pk]
            parts = spread(line.amount, len(units)) if units else []
            self.shares += [
                (line.pk, unit.id, "", scaled(kind.shares_amount * part), kind.sold_by(line))
                for unit, part in zip(units, parts, strict=True)
            ]

    def _draw(self, kind: Kind, lines: Sequence[TransactionLine]) -> None:
        """A pick draws on what its order's line has committed."""
        if kind.draws_on == "committed":
            for line in lines:
                if order := line.created_from_line:
                    row = self.house.shelves[order.item_id, order.location_id]
                    commitment.commit(order, row, -line.quantity)

    # What follows for others

    def _progress(self, document: Transaction, lines: Sequence[TransactionLine]) -> None:
        """The lines these were made from come so much further, and their orders with them."""
        stage = document.kind.stage
        for line in lines:
            if (parent := line.created_from_line) is None:
                continue
            grandparent = parent.created_from_line
            if stage is Stage.MOVEMENT:
                parent.moved += line.quantity
                parent.picked += line.quantity if document.status == "picked" else 0
                if grandparent:
                    grandparent.arrived += line.quantity
            elif stage is Stage.BILLING:
                for source in filter(None, (parent, grandparent)):
                    source.billed += line.quantity
        self._reopen(document, lines)

    def _reopen(self, document: Transaction, lines: Sequence[TransactionLine]) -> None:
        """Set what every order above still has open, and the status that follows."""
        orders = {document.pk: document}
        for line in lines:
            while source := line.created_from_line:
                orders[source.transaction_id], line = source.transaction, source
        for order in orders.values():
            if order.kind.stage is Stage.ORDER:
                own = self.lines_of[order.pk]
                for line in own:
                    self._want(order, line)
                order.status = str(order.kind.progress(order, own))
                order.modified_at = document.modified_at

    def _want(self, order: Transaction, line: TransactionLine) -> None:
        kind, shelves = order.kind, self.house.shelves
        still = max(line.quantity - line.moved, ZERO) if kind.is_active(order) else ZERO
        if kind.demands_stock:
            row = shelves[line.item_id, line.location_id]
            commitment.ask(line, row, still)
            if free := min(line.back_ordered, max(row.on_hand - row.committed, ZERO)):
                commitment.commit(line, row, free)
                line.back_ordered -= free
                row.back_ordered -= free
        more = kind.coming(line, still) - line.on_order
        goal = shelves[line.item_id, order.to_location_id or line.location_id]
        line.on_order += more
        goal.on_order += more
        if kind.internal:
            goal.on_order_by_transfer += more

    def _settle(self, document: Transaction) -> None:
        """What is paid, or was never owed, is settled."""
        for application in document.applications:
            owed = application.document
            self.paid[owed.pk] += application.amount
            owed.status = str(owed.kind.settled(owed, owed.total - self.paid[owed.pk]))
            owed.modified_at = document.modified_at
        self.applications += document.applications


def unit_row(unit: Unit) -> tuple[Any, ...]:
    """A unit as the database holds it."""
    return (
        unit.id, unit.item, unit.number, numbers.key(unit.number), unit.status, unit.place,
        unit.last_place, unit.received_on, unit.left_on, unit.moved_on, unit.posting,
        scaled(unit.cost), "",
    )  # fmt: skip
