"""The only writer of stock and books.

`post`, `advance` and `void` are each one database transaction: all of it, or none of it. Locks
are taken always in this order: the document and its parents by id; the item-location rows; the
units by (item, number key); the number counter last (docs/architecture.md). SPEC §5, §6.5.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, OperationalError, transaction
from django.db.models import F
from django.utils import timezone

from accounting.fields import cents
from company.models import Company
from inventory import sets
from items import numbers
from items.refusals import Refusal, Refused
from transactions import commitment, ledger, rules, serials
from transactions.balances import Balances, Place
from transactions.models import (
    VOIDED,
    NumberSeries,
    Posting,
    StockMove,
    Transaction,
    TransactionLine,
)
from transactions.serials import Take
from transactions.types.base import Pair, Stage

ATTEMPTS = 5
DEADLOCK_OR_SERIALIZATION = ("40P01", "40001")


@dataclass
class Result:
    """What a verb did: the document as saved, and what the user should be told."""

    document: Transaction
    notices: list[Refusal] = field(default_factory=list)


def post(
    document: Transaction,
    lines: Sequence[TransactionLine],
    *,
    by: Any,
    request_id: UUID | None = None,
    confirmed: Collection[str] = (),
) -> Result:
    """Save a new document and do what its kind says.

    `lines` are unsaved, in order, with `serials` as typed; `confirmed` are the codes of warnings
    the user has accepted. The same request id posts once: a repeated call gives back the document
    of the first. Raises Refused with every reason, and then nothing is stored.
    """
    return _durably(lambda: _New(document, lines, by, confirmed).run(request_id), request_id)


def advance(
    document: Transaction,
    *,
    to: str,
    by: Any,
    on: date | None = None,
    request_id: UUID | None = None,
) -> Result:
    """Take a document's next step (approve, pack, ship, close …), dated `on` or today.

    Raises Refused where the step is not open to it.
    """
    return _durably(lambda: _Next(document, to, on, by).run(request_id), request_id)


def void(document: Transaction, why: str, *, by: Any, request_id: UUID | None = None) -> Result:
    """Undo a document by its mirror image (SPEC §5.6).

    Raises Refused (SER-13) while later documents or moves depend on it.
    """
    return _durably(lambda: _Undo(document, why, by).run(request_id), request_id)


def _durably(work: Callable[[], Result], request_id: UUID | None) -> Result:
    """Run a verb in a transaction of its own, again if the database broke it off."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with transaction.atomic(durable=True):
                return work()
        except IntegrityError:
            # Two requests with one id at the same moment: the first one's document is the answer.
            if done := _already_done(request_id):
                return done
            raise
        except OperationalError as error:
            state = getattr(error.__cause__, "sqlstate", None)
            if state not in DEADLOCK_OR_SERIALIZATION or attempt == ATTEMPTS:
                raise
    raise AssertionError("unreachable")


def _already_done(request_id: UUID | None) -> Result | None:
    if request_id is None:
        return None
    posting = Posting.objects.filter(request_id=request_id).select_related("document").first()
    return Result(posting.document) if posting else None


class _Work:
    """One verb at work on one document. Subclasses say what is read, checked and written."""

    document: Transaction
    lines: Sequence[TransactionLine]

    def __init__(self, document: Transaction, by: Any) -> None:
        # A copy: should the database break the attempt off, the caller's object is untouched.
        self.document = copy.copy(document)
        self.kind = document.kind
        self.by = by
        self.company = Company.current()
        self.notices: list[Refusal] = []

    def run(self, request_id: UUID | None) -> Result:
        if done := _already_done(request_id):
            return done
        self.request_id = request_id
        self.work()
        return Result(self.document, self.notices)

    def work(self) -> None:
        raise NotImplementedError

    # Locks

    def lock_documents(self, lines: Iterable[TransactionLine]) -> None:
        """Lock the document and every one above it, by id."""
        above = [line.created_from_line for line in lines if line.created_from_line]
        ids = {self.document.pk, self.document.created_from_id}
        for line in above:
            ids |= {line.transaction_id, line.transaction.created_from_id}
        wanted = Transaction.objects.filter(pk__in=[pk for pk in ids if pk]).order_by("pk")
        self.family = {d.pk: d for d in wanted.select_for_update(no_key=True, of=("self",))}

    def orders(self) -> list[Transaction]:
        """The orders whose progress this document changes, itself included."""
        return [d for d in self.family.values() if d.kind.stage is Stage.ORDER]

    def lock_balances(self, lines: Iterable[TransactionLine]) -> None:
        """Lock the item-location rows of the lines and of the orders they come from.

        Only then read the orders' lines and the parents' lines: what they have committed changes
        under these locks alone.
        """
        of_orders = TransactionLine.objects.filter(transaction__in=self.orders())
        places = list(of_orders.values_list("item_id", "location_id"))
        places += [(line.item_id, line.location_id) for line in lines]
        self.balances = Balances(places)
        self.order_lines = list(of_orders.select_related("item").order_by("pk"))
        sources = [line.created_from_line_id for line in lines if line.created_from_line_id]
        if not sources:
            return
        parents = TransactionLine.objects.filter(pk__in=sources).with_progress()
        fresh = parents.select_related("item", "transaction").in_bulk()
        for line in lines:
            if line.created_from_line_id:
                line.created_from_line = fresh[line.created_from_line_id]

    # Writing

    def write_posting(self, step: str, day: date, reverses: Posting | None = None) -> Posting:
        return Posting.objects.create(
            document=self.document,
            step=step,
            date=day,
            by=self.by,
            request_id=self.request_id,
            reverses=reverses,
        )

    def settle_orders(self) -> None:
        """Bring on order, committed and back ordered up to date, then serve the back orders.

        Reads how far each order has come from the lines as they now stand.
        """
        lines = TransactionLine.objects.filter(pk__in=[line.pk for line in self.order_lines])
        progress = lines.with_progress().in_bulk()
        for line in self.order_lines:
            now = progress[line.pk]
            line.moved, line.picked, line.billed = now.moved, now.picked, now.billed
            self._reopen(line)
        commitment.save(self.order_lines)
        self.notices += commitment.settle(self.balances)
        self.balances.save()
        for order in self.orders():
            own = [line for line in self.order_lines if line.transaction_id == order.pk]
            order.status = order.kind.progress(order, own)
            order.save(update_fields=["status", "modified_at"])

    def _reopen(self, line: TransactionLine) -> None:
        """Set what an order's line still has open."""
        order = self.family[line.transaction_id]
        is_open = order.kind.is_active(order) and not line.closed
        wanted = max(line.quantity - line.moved, Decimal(0)) if is_open else Decimal(0)
        row = self.balances[line.item_id, line.location_id]
        if order.kind.demands_stock:
            commitment.ask(line, row, wanted)
        else:
            row.on_order += wanted - line.on_order
            line.on_order = wanted

    def draw(self, sign: int) -> None:
        """A pick draws on what its order's line has committed; undoing it gives that back."""
        if not self.kind.takes_committed:
            return
        by_id = {line.pk: line for line in self.order_lines}
        for drawn in self.lines:
            line = by_id[drawn.created_from_line_id or 0]
            order = self.family[line.transaction_id]
            if sign < 0 or (order.kind.is_active(order) and not line.closed):
                row = self.balances[line.item_id, line.location_id]
                commitment.commit(line, row, sign * drawn.quantity)

    def price(self, takes: Iterable[Take]) -> None:
        """Each line's cost: that of its units, or what it brings in."""
        drawn: dict[Place, tuple[Decimal, Decimal]] = {}  # by lines before, of ordinary items
        for take in takes:
            line = take.line
            if take.movement.source is None:
                take.cost = cents(take.quantity * line.rate)
            elif line.item.is_serialized:
                take.cost = sum((u.unit_cost for u in take.units), Decimal("0.00"))
            else:
                place = (line.item_id, line.location_id)
                quantity, cost = drawn.get(place, (Decimal(0), Decimal(0)))
                total = self.balances.issue_cost(place, quantity + take.quantity)
                take.cost = total - cost
                drawn[place] = (quantity + take.quantity, total)
            line.cost = take.cost
            if line.quantity < 0:  # the cost is computed and cannot be typed (SPEC §4.9)
                line.rate = cents(take.cost / take.quantity)
                line.amount = -take.cost


class _New(_Work):
    """A new document is saved."""

    def __init__(
        self,
        document: Transaction,
        lines: Sequence[TransactionLine],
        by: Any,
        confirmed: Collection[str],
    ) -> None:
        super().__init__(document, by)
        self.lines = [_fresh(line, self.document, n) for n, line in enumerate(lines, start=1)]
        self.confirmed = confirmed
        self.document.created_by = by
        self.document.status = self.kind.first_status(self.document, self.company)

    def work(self) -> None:
        document, status = self.document, self.document.status
        self.lock_documents(self.lines)
        self._save_header()
        self.lock_balances(self.lines)
        takes = self._takes("", status)
        found = rules.entry(document, self.lines, self.family)
        found += rules.numbers_typed(self.kind, self.lines)
        said = {numbers.key(refusal.number) for refusal in found if refusal.number}
        found += [r for r in self._resolve(takes) if numbers.key(r.number) not in said]
        self._refuse(found)
        self.price(takes)
        self._save_lines()
        posting = self.write_posting(status, document.date)
        ledger.move(posting, takes, self.balances)
        self.draw(-1)
        ledger.book(posting, self._pairs())
        ledger.share(self.kind, self.lines)
        self.settle_orders()
        self._number()

    def _resolve(self, takes: Sequence[Take]) -> list[Refusal]:
        """Find the units behind the numbers; what cannot be taken, and why."""
        if self.kind.designates:
            known = serials.known_units(serials.typed(self.lines), lock=False)
            return serials.wishes(self.lines, known)
        moving = [take for take in takes if take.line.item.is_serialized]
        known = serials.known_units(serials.typed(take.line for take in moving))
        refusals, notices = serials.resolve(moving, known, self.document.date)
        self.notices += notices
        return refusals + rules.stock(takes, self.balances.rows)

    def _takes(self, before: str, after: str) -> list[Take]:
        moves = ((line, self.kind.movement(line, before, after)) for line in self.lines)
        return [Take(line, movement) for line, movement in moves if movement]

    def _refuse(self, refusals: Sequence[Refusal]) -> None:
        """Raise what is not confirmed; warnings count only where nothing else is wrong."""
        standing = [r for r in refusals if not (r.asks and r.code in self.confirmed)]
        if standing:
            raise Refused(standing)

    def _save_header(self) -> None:
        self.document.save(force_insert=True)
        self.family[self.document.pk] = self.document

    def _save_lines(self) -> None:
        TransactionLine.objects.bulk_create(self.lines)
        if self.kind.stage is Stage.ORDER:
            self.order_lines = list(self.lines)

    def _pairs(self) -> list[tuple[int, Pair]]:
        return [
            (line.pk, pair)
            for line in self.lines
            for pair in self.kind.pairs(line, self.document, self.company, self.document.status)
        ]

    def _number(self) -> None:
        """Give the next number of the kind; last, because every posting of it waits here."""
        sets.ensure(NumberSeries, ("type",), [(self.kind.name,)])
        series = NumberSeries.objects.filter(type=self.kind.name)
        series.update(next=F("next") + 1)
        number = series.get().next - 1
        self.document.number = f"{self.kind.prefix}-{number}"
        self.document.save(update_fields=["number"])


class _Next(_Work):
    """A document takes its next step."""

    def __init__(self, document: Transaction, to: str, on: date | None, by: Any) -> None:
        super().__init__(document, by)
        self.to = to
        self.on = on or timezone.localdate()

    def work(self) -> None:
        self.document = Transaction.objects.get(pk=self.document.pk)
        self.lines = _stored_lines(self.document)
        self.lock_documents(self.lines)
        self.document = self.family[self.document.pk]
        before = self.document.status
        if refusals := rules.step(self.document, self.to, self.on):
            raise Refused(refusals)
        self.lock_balances(self.lines)
        takes = self._takes(before)
        self.document.status = self.to
        self.document.save(update_fields=["status", "modified_at"])
        posting = self.write_posting(self.to, self.on)
        ledger.move(posting, takes, self.balances)
        ledger.book(posting, self._pairs(takes))
        self.settle_orders()

    def _takes(self, before: str) -> list[Take]:
        """The units the document moved in the step before move on."""
        takes = [
            Take(line, movement)
            for line in self.lines
            if (movement := self.kind.movement(line, before, self.to))
        ]
        if not takes:
            return []
        own = serials.units_on(self.document, takes[0].movement.source or "")
        serials.known_units([(u.item_id, u.number_key) for units in own.values() for u in units])
        for take in takes:
            take.units = own.get(take.line.pk, [])
        self.price(takes)
        if early := rules.too_early(takes, self.on):
            raise Refused(early)
        return takes

    def _pairs(self, takes: Sequence[Take]) -> list[tuple[int, Pair]]:
        return [
            (take.line.pk, pair)
            for take in takes
            for pair in self.kind.pairs(take.line, self.document, self.company, self.to)
        ]


class _Undo(_Work):
    """A document is voided: each of its standing postings is reversed, the latest first."""

    def __init__(self, document: Transaction, why: str, by: Any) -> None:
        super().__init__(document, by)
        self.why = why

    def work(self) -> None:
        self.document = Transaction.objects.get(pk=self.document.pk)
        self.lines = _stored_lines(self.document)
        self.lock_documents(self.lines)
        self.document = self.family[self.document.pk]
        if refusals := rules.voiding(self.document, self.why):
            raise Refused(refusals)
        self.lock_balances(self.lines)
        postings = list(self.document.postings.standing().order_by("-id"))
        self._check_units(postings)
        self.document.status = VOIDED
        self.document.void_reason = self.why
        self.document.save(update_fields=["status", "void_reason", "modified_at"])
        for posting in postings:
            self._reverse(posting)
            self.request_id = None  # one request, several postings: the first carries its id
        self.draw(+1)
        self.settle_orders()

    def _check_units(self, postings: Sequence[Posting]) -> None:
        """Refuse when a number, whichever unit carries it, has moved since."""
        pairs = (
            StockMove.objects.filter(line__transaction=self.document, unit__isnull=False)
            .values_list("unit__item_id", "unit__number_key")
            .distinct()
        )
        known = serials.known_units(list(pairs))
        units = [unit for carriers in known.values() for unit in carriers]
        latest = postings[0].pk if postings else 0
        if later := serials.later_documents(units, latest):
            raise Refused(later)
        if used := rules.used_since(self.document, latest):
            raise Refused(used)

    def _reverse(self, posting: Posting) -> None:
        mirror = self.write_posting(VOIDED, rules.reversal_date(posting), reverses=posting)
        ledger.reverse(posting, mirror, self.balances)


def _fresh(line: TransactionLine, document: Transaction, number: int) -> TransactionLine:
    """A copy of a line as given, ready to be saved on the document."""
    line = copy.copy(line)
    line.transaction = document
    line.line_no = number
    line.serials = [numbers.tidy(number) for number in line.serials]
    line.amount = cents(line.quantity * line.rate)
    return line


def _stored_lines(document: Transaction) -> list[TransactionLine]:
    lines = document.lines.select_related("item", "location", "created_from_line__transaction")
    return list(lines.order_by("line_no"))


__all__ = ["Refused", "Result", "advance", "post", "void"]
