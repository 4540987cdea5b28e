"""A dealer who does anything to anything: every verb, on any document, rightly or wrongly.

`tests/scenarios/test_any_order_of_events.py` throws the dice. What posting refuses is counted and
left; what it accepts is told to the shelves (`tests/scenarios/shelves.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from random import Random

from django.db import transaction
from hypothesis import note

from items import numbers
from items.refusals import Refused
from tests.scenarios.shop import NUMBERS, RATES, Shop
from transactions import remaining, serials, types
from transactions.forms.draft import numbers_of
from transactions.models import Application, JournalRow, Posting, Transaction, TransactionLine
from transactions.posting import advance, amend, correct, post, record, void
from transactions.types import Kind, Stage
from transactions.types.base import Serials

CONFIRMED = [f"SER-{n:02}" for n in (3, 4, 9, 10, 11, 12, 17, 18)] + ["COST-0"]
ROWS = [("6500", "1000"), ("1000", "3900"), ("6510", "1010"), ("6500", "1300")]

# What is begun without a parent, and how often.
BEGINNINGS = {
    "purchase_order": 6, "vendor_bill": 4, "sales_order": 6, "inventory_adjustment": 4,
    "invoice": 3, "cash_sale": 3, "inventory_transfer": 4, "transfer_order": 5,
    "credit_memo": 2, "cash_refund": 1, "return_authorization": 2,
    "vendor_return_authorization": 2, "journal_entry": 1,
}  # fmt: skip
# What ends a long chain is done whenever it can be.
RARE = ("transfer_receipt", "transfer_shipment", "vendor_return_shipment", "item_fulfillment")
# While the shelves are bare.
SUPPLIES = {"purchase_order": 2, "vendor_bill": 3, "inventory_adjustment": 2, "sales_order": 1}
PAYMENTS = {"customer": "customer_payment", "vendor": "vendor_payment"}

Deed = Callable[[], None]


class Dealer(Shop):
    """Does something of everything, and counts what was accepted and refused."""

    def __init__(self, dice: Random) -> None:
        super().__init__(dice)
        self.accepted: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.deeds: dict[Deed, int] = {
            self.begin: 24, self.follow: 38, self.pay: 7, self.advance: 9, self.amend: 5,
            self.correct: 4, self.void: 8, self.count: 2, self.put_aside: 2,
        }  # fmt: skip

    def deal(self, dice: Random) -> None:
        """Do one thing, on this day or the next."""
        self.dice = dice
        self.morning()
        dice.choices(list(self.deeds), list(self.deeds.values()))[0]()

    def attempt(self, what: str, act: Callable[[], Transaction]) -> Transaction | None:
        """Do it; where it is refused, see that nothing was stored."""
        postings = Posting.objects.count()
        try:
            document = act()
        except Refused as refused:
            self.refused[what] += 1
            note(f"  {what}: refused, {refused.refusals[0].message}")
            assert Posting.objects.count() == postings, "something was stored all the same"
            return None
        self.accepted[what] += 1
        note(f"  {what}: {document} {document.date}")
        return document

    def documents(self) -> list[Transaction]:
        """All there are, the latest first."""
        related = Transaction.objects.select_related("vendor", "customer", "location")
        return list(related.order_by("-pk"))

    def _post(self, document: Transaction, lines: list[TransactionLine]) -> None:
        done = self.attempt(
            document.type,
            lambda: post(document, lines, by=self.books.user, confirmed=CONFIRMED).document,
        )
        if done:
            self.shelves.posted(done, [list(line.serials) for line in lines])

    # New business

    def begin(self) -> None:
        """A document of its own, of one to three lines."""
        chances = BEGINNINGS if len(self.shelves.held) > 3 or self.careless() else SUPPLIES
        name = self.dice.choices(list(chances), list(chances.values()))[0]
        document = Transaction(type=name, date=self.date())
        self.header(document)
        if document.kind.internal:
            document.location, document.to_location = self._way()
        if not document.kind.has_lines:
            document.journal_rows = self._rows()
        used: set[str] = set()
        count = self.choose([1, 1, 2, 3]) if document.kind.has_lines else 0
        self._post(document, [self.line(document.kind, document, used) for _ in range(count)])

    def _way(self) -> tuple:
        start, *_ = self.dice.sample(self.places, 3)
        stocked = [p for p in self.places if any(self.shelves.there(i, p.pk) for i in self.items)]
        if stocked:
            start = self.choose(stocked)
        return start, self.choose(self.places if self.careless() else
                                  [p for p in self.places if p != start])  # fmt: skip

    def _rows(self) -> list[JournalRow]:
        debit, credit = (self.books.account(number) for number in self.choose(ROWS))
        amounts = [Decimal(self.choose(RATES))] * 2
        if self.careless():
            amounts[1] += 1
        return [
            JournalRow(account=debit, debit=amounts[0], credit=Decimal(0)),
            JournalRow(account=credit, debit=Decimal(0), credit=amounts[1]),
        ]

    # What follows

    def follow(self) -> None:
        """A document made from another: of some kind that has something left to take."""
        kinds = [kind for kind in types.all_kinds() if kind.parents]
        self.dice.shuffle(kinds)
        if self.happens(0.4):
            kinds.sort(key=lambda kind: kind.name not in RARE)
        for kind in kinds[:8]:
            parents = [d for d in self.documents() if d.status in kind.parents.get(d.type, ())]
            for parent in self.dice.sample(parents, min(2, len(parents))):
                if sources := remaining.lines_left(kind, parent):
                    return self._follow(kind, parent, sources)
        return self.begin()

    def _follow(self, kind: Kind, parent: Transaction, sources: list[TransactionLine]) -> None:
        document = Transaction(
            type=kind.name, date=self.date(), created_from=parent, location=parent.location,
            vendor=parent.vendor, customer=parent.customer,
        )  # fmt: skip
        self.header(document)
        sources = sources[: self.choose([1, 2, 3])]
        used: set[str] = set()
        self._post(document, [self._part(kind, document, s, used) for s in sources])

    def _part(
        self, kind: Kind, document: Transaction, source: TransactionLine, used: set[str]
    ) -> TransactionLine:
        """A line that takes a parent's line, whole or in part; seldom more than there is."""
        left = kind.limit(source)
        some = left if left < 1 else Decimal(self.dice.randint(1, int(left)))
        quantity = left if kind.whole_lines else self.choose([left, left, some])
        if self.careless():
            quantity += 1
        rate = self.choose([source.rate, source.rate, Decimal(self.rate(source.item))])
        line = self.books.line(source.item, quantity, rate, at=kind.place(source))
        line.created_from_line, line.transaction = source, document
        if "location" in kind.line_fields or self.happens(0.01):
            line.location = self.choose([line.location, *self.places])
        line.override_rate = Decimal(self.choose(RATES))
        line.restock = self.happens(0.7)
        if source.item.is_serialized and (whose := kind.serials_of(line)):
            line.serials = self._taken(kind, whose, line, used)
        return line

    def _taken(
        self, kind: Kind, whose: Serials, line: TransactionLine, used: set[str]
    ) -> list[str]:
        """The numbers a line takes of its parent's line."""
        source, count = line.created_from_line, int(line.quantity)
        if whose in (Serials.SOLD, Serials.SENT) and not self.careless():
            if whose is Serials.SENT and line.quantity == kind.limit(source) and self.happens(0.5):
                return []  # posting fills them in
            origin = kind.origin(line)
            away = serials.still_away([origin.pk]).get(origin.pk, []) if origin else []
            return [unit.number for unit in self.dice.sample(away, min(count, len(away)))]
        named = remaining.designated([source]).get(source.pk, "").split()
        if source.transaction.kind.binds and named:
            return named[:count]
        return self.numbers(whose, line, used)

    def pay(self) -> None:
        """Pay part or all of what is open of somebody, perhaps with a credit."""
        name = PAYMENTS[self.choose(["customer", "vendor"])]
        settles = types.get(name).settles
        unpaid = [d for d in self.documents() if d.type in settles and d.open_balance > 0]
        debts = [d for d in unpaid if d.kind.balance > 0] or unpaid
        if not debts:
            return self.begin()
        first = self.choose(debts)
        theirs = [d for d in unpaid if d.party == first.party and d != first]
        chosen = [first, *self.dice.sample(theirs, min(self.choose([0, 1, 2]), len(theirs)))]
        document = Transaction(
            type=name, date=self.date(), vendor=first.vendor, customer=first.customer
        )
        self.header(document)
        document.applications = [self._applied(paid) for paid in chosen]
        return self._post(document, [])

    def _applied(self, paid: Transaction) -> Application:
        part = self.choose([paid.open_balance, paid.open_balance, Decimal("0.05")])
        return Application(document=paid, amount=part + 1 if self.careless() else part)

    # What is done to documents

    def advance(self) -> None:
        ready = [d for d in self.documents() if d.kind.steps(d) and d.kind.stage is not Stage.COUNT]
        if not ready:
            return self.begin()
        document = self.choose(ready[:12])
        to = self.choose(document.kind.steps(document)).to
        before, day = document.status, self.date()
        done = self.attempt(
            f"{document.type}: {to}",
            lambda: advance(document, to=to, by=self.books.user, on=day).document,
        )
        if done:
            self.shelves.shipped(done, before)
        return None

    def void(self) -> None:
        if not (documents := self.documents()):
            return self.begin()
        document = self.choose(documents[: self.choose([3, 10, 100])])
        why = "" if self.careless() else "by mistake"
        done = self.attempt(
            f"void {document.type}", lambda: void(document, why, by=self.books.user).document
        )
        if done:
            self.shelves.voided(done)
        return None

    def amend(self) -> None:
        """Change an open order: more or less of a line, a line more, a line less, one closed."""
        ready = [d for d in self.documents() if d.kind.is_editable(d)]
        if not ready:
            return self.begin()
        document = self.choose(ready)
        lines = list(document.lines.select_related("item", "location").order_by("line_no"))
        change = self.choose(["more", "less", "place", "close", "add", "remove", "date"])
        self._change(document, lines, change)
        self.attempt(
            f"amend {document.type}: {change}",
            lambda: amend(document, lines, by=self.books.user, confirmed=CONFIRMED).document,
        )
        return None

    def _change(self, document: Transaction, lines: list[TransactionLine], change: str) -> None:
        line = self.choose(lines)
        if change in ("more", "less"):
            line.quantity += 1 if change == "more" else -1
        elif change == "place":
            line.location = self.choose(self.places)
        elif change == "close":
            line.closed = not line.closed
        elif change == "add":
            lines.append(self.line(document.kind, document, set()))
        elif change == "date":
            document.date = self.date()
        else:
            lines.remove(line)

    def correct(self) -> None:
        """Void it and post it anew: at another rate, in another quantity, on another day."""
        posted = [d for d in self.documents() if d.kind.posts and not d.is_voided]
        if not posted:
            return self.begin()
        document = self.choose(posted[:8])
        anew = Transaction(type=document.type, date=self.choose([document.date, self.date()]))
        for name in ("vendor", "customer", "account", "location", "to_location", "created_from"):
            setattr(anew, name, getattr(document, name))
        anew.status = document.status if document.kind.first_statuses() else ""
        anew.reason = document.reason
        anew.applications = [
            Application(document=a.document, amount=a.amount) for a in document.settles.all()
        ]
        anew.journal_rows = [
            JournalRow(account=r.account, debit=r.debit, credit=r.credit)
            for r in document.rows.all()
        ]
        lines = self._copied(document)
        done = self.attempt(
            f"correct {document.type}",
            lambda: (
                correct(
                    document, anew, lines, "wrong", by=self.books.user, confirmed=CONFIRMED
                ).document
            ),
        )
        if done:
            self.shelves.voided(document)
            self.shelves.posted(done, [list(line.serials) for line in lines])
        return None

    def _copied(self, document: Transaction) -> list[TransactionLine]:
        moved = numbers_of(document)
        copies = []
        for line in document.lines.select_related("item", "location", "created_from_line"):
            rate = self.choose([line.rate, Decimal("7.77")])
            copy = self.books.line(line.item, line.quantity, rate, at=line.location)
            copy.created_from_line, copy.restock = line.created_from_line, line.restock
            copy.override_rate = line.override_rate
            copy.serials = numbers.split(moved.get(line.pk, ""))
            if line.item.is_serialized and copy.serials and self.happens(0.2):
                copy.serials = [*copy.serials[:-1], self.choose(NUMBERS)]
            elif not line.item.is_serialized and self.happens(0.3):
                copy.quantity *= 2
            copies.append(copy)
        return copies

    # Beside documents

    def count(self) -> None:
        """Count an item at a place from beginning to end: one missing, one too many."""
        item, place = self.choose(self.items), self.choose(self.places)
        document = Transaction(type="inventory_count", date=self.date(), location=place)
        document.account = self.books.account("6500")
        line = self.books.line(item, 0, at=place)
        point = transaction.savepoint()  # a count that cannot be finished is not begun
        done = self.attempt("inventory_count", lambda: self._counted(document, line, point))
        if done:
            posted = Transaction.objects.filter(created_from=done).order_by("pk")
            for made in posted:
                moved = numbers_of(made)
                lines = made.lines.order_by("line_no")
                self.shelves.posted(made, [numbers.split(moved.get(x.pk, "")) for x in lines])

    def _counted(self, document: Transaction, line: TransactionLine, point: str) -> Transaction:
        try:
            return self._count(document, line)
        except Refused:
            transaction.savepoint_rollback(point)
            raise

    def _count(self, document: Transaction, line: TransactionLine) -> Transaction:
        by, item, place, day = self.books.user, line.item, line.location, document.date
        opened = post(document, [line], by=by).document
        started = advance(opened, to="started", by=by, on=day).document
        counted = started.lines.select_related("item", "transaction").get()
        there = self.shelves.numbers(item, "on_hand", place.pk)
        if item.is_serialized:
            record(counted, by=by, add={*there[1:], self.choose(NUMBERS)}, cost=Decimal("9.00"))
        else:
            seen = self.shelves.there(item, place.pk) + self.choose([-1, 0, 2])
            record(counted, by=by, quantity=seen, cost=Decimal("9.00"))
        advance(started, to="pending_approval", by=by, on=day)
        return advance(started, to="approved", by=by, on=day).document

    def put_aside(self) -> None:
        """A location or an item is made inactive; what is inactive, soon active again."""
        inactive = [thing for thing in (*self.places, *self.items) if thing.inactive]
        thing = self.choose(inactive or [*self.places[1:], *self.items])
        thing.inactive = not thing.inactive
        thing.save()
