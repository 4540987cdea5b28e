"""What every verb has in common: one document, its locks, its orders, and its posting."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone

from accounting.fields import cents
from company.models import Company
from items.refusals import Refusal, Refused
from locations.models import Location
from transactions import commitment, costs, progress, rules, settlement
from transactions.balances import Balances, Place
from transactions.models import Posting, Transaction, TransactionLine
from transactions.serials import Take
from transactions.types.base import Stage
from users import access

NOT_YOURS = (
    "{location} is not among the locations you work at. Leave it out, or ask an administrator."
)


@dataclass
class Result:
    """What a verb did: the document as saved, and what the user should be told."""

    document: Transaction
    notices: list[Refusal] = field(default_factory=list)


def already_done(request_id: UUID | None) -> Result | None:
    """What an earlier call with the same request id has done."""
    if request_id is None:
        return None
    posting = Posting.objects.filter(request_id=request_id).select_related("document").first()
    return Result(posting.document) if posting else None


class Work:
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
        if done := already_done(request_id):
            return done
        self.request_id = request_id
        self.work()
        return Result(self.document, self.notices)

    def work(self) -> None:
        raise NotImplementedError

    # Locks

    def lock_documents(self, lines: Iterable[TransactionLine]) -> None:
        """Lock the document, every one above it and every one it settles, by id."""
        above = [line.created_from_line for line in lines if line.created_from_line]
        ids = {self.document.pk, self.document.created_from_id, self.document.corrects_id}
        for line in above:
            ids |= {line.transaction_id, line.transaction.created_from_id}
        ids |= {application.document_id for application in self.document.applications}
        wanted = Transaction.objects.filter(pk__in=[pk for pk in ids if pk]).order_by("pk")
        wanted = wanted.select_related("vendor", "customer")
        self.family = {d.pk: d for d in wanted.select_for_update(no_key=True, of=("self",))}
        for application in self.document.applications:
            application.document = self.family[application.document_id]

    def orders(self) -> list[Transaction]:
        """The orders whose progress this document changes, itself included."""
        return [d for d in self.family.values() if d.kind.stage is Stage.ORDER]

    def lock_balances(self, lines: Iterable[TransactionLine]) -> None:
        """Lock the item-location rows of the lines and of the orders they come from.

        Only then read the orders' lines and the parents' lines: what they have committed changes
        under these locks alone.
        """
        lines = list(lines)
        self._keep_to_places(lines)
        of_orders = TransactionLine.objects.filter(transaction__in=self.orders())
        self.balances = Balances([*self._places(of_orders), *self._ends(lines)])
        self.order_lines = list(of_orders.select_related("item").order_by("pk"))
        for line in self.order_lines:
            line.transaction = self.family[line.transaction_id]
        self.read_parents(lines)

    def _keep_to_places(self, lines: Sequence[TransactionLine]) -> None:
        """Raise Refused where stock is touched at a location that is not among the user's.

        The place that a transfer goes to is no matter: whoever sends need not work there.
        """
        who = access.of(self.by)
        if closed := {n.location_id for n in lines if not who.works_at([n.location_id])}:
            places = Location.objects.filter(pk__in=closed)
            raise Refused([NOT_YOURS.format(location=place) for place in places])

    def _places(self, lines: Any) -> list[Place]:
        """Where the orders' lines lie, and where they go to."""
        rows = lines.values_list("item_id", "location_id", "transaction__to_location_id")
        return [(item, end) for item, *ends in rows for end in ends if end]

    def _ends(self, lines: Iterable[TransactionLine]) -> list[Place]:
        ends = {self.document.to_location_id} - {None}
        return [(line.item_id, end) for line in lines for end in (line.location_id, *ends) if end]

    def read_parents(self, lines: Sequence[TransactionLine]) -> None:
        """Read anew the lines that these come from, and what those come from."""
        sources = [line.created_from_line_id for line in lines if line.created_from_line_id]
        if not sources:
            return
        parents = TransactionLine.objects.filter(pk__in=sources)
        if self.kind.stage is Stage.ORDER:
            parents = parents.with_authorized()
        fresh = parents.select_related(
            "item",
            "location",
            "transaction__to_location",
            "created_from_line__created_from_line",
        ).in_bulk()
        progress.read(fresh.values())
        for line in lines:
            if line.created_from_line_id:
                line.created_from_line = fresh[line.created_from_line_id]

    # Writing

    def write_posting(self, step: str, day: date, reverses: Posting | None = None) -> Posting:
        """Write down what the verb does, on a day whose period nobody closes meanwhile.

        Raises Refused (SER-15) where somebody did, since the document was looked at.
        """
        if self.kind.posts and (closed := rules.dates(day, keep=True)):
            raise Refused(closed)
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
        progress.read(self.order_lines)
        for line in self.order_lines:
            self._reopen(line)
        commitment.save(self.order_lines)
        self.notices += commitment.settle(self.balances)
        self.balances.save()
        for order in self.orders():
            own = [line for line in self.order_lines if line.transaction_id == order.pk]
            self._save_status(order, order.kind.progress(order, own))

    def _reopen(self, line: TransactionLine) -> None:
        """Set what an order's line still has open."""
        order = self.family[line.transaction_id]
        is_open = order.kind.is_active(order) and not line.closed
        still = max(line.quantity - line.moved, Decimal(0)) if is_open else Decimal(0)
        if order.kind.demands_stock:
            commitment.ask(line, self.balances[line.item_id, line.location_id], still)
        self.expect(line, order.kind.coming(line, still))

    def expect(self, line: TransactionLine, coming: Decimal) -> None:
        """Set how much an order's line still brings to where it goes."""
        order = line.transaction
        row = self.balances[line.item_id, order.to_location_id or line.location_id]
        more = coming - line.on_order
        line.on_order += more
        row.on_order += more
        if order.kind.internal:
            row.on_order_by_transfer += more

    def settle_debts(self) -> None:
        """Bring up to date whether the documents that are paid for, or applied, still are open."""
        debts = {d.pk: d for d in self.family.values() if d.kind.balance and not d.is_voided}
        reached: dict[str, list[int]] = {}
        for pk, left in settlement.open_balances(debts.values()).items() if debts else ():
            status = debts[pk].kind.settled(debts[pk], left)
            if debts[pk].status != status:
                debts[pk].status = status
                reached.setdefault(status, []).append(pk)
        for status, pks in reached.items():
            documents = Transaction.objects.filter(pk__in=pks)
            documents.update(status=status, modified_at=timezone.now())

    def _save_status(self, document: Transaction, status: str) -> None:
        if document.status != status or document.pk == self.document.pk:
            document.status = status
            document.save(update_fields=["status", "modified_at"])

    def draw(self, sign: int) -> None:
        """A pick draws on what its order's line has committed; undoing it gives that back."""
        if self.kind.draws_on != "committed":
            return
        by_id = {line.pk: line for line in self.order_lines}
        for drawn in self.lines:
            line = by_id[drawn.created_from_line_id or 0]
            order = self.family[line.transaction_id]
            if sign < 0 or (order.kind.is_active(order) and not line.closed):
                row = self.balances[line.item_id, line.location_id]
                commitment.commit(line, row, sign * drawn.quantity)

    def price(self, takes: Sequence[Take]) -> None:
        """Each line's cost: that of its units, what it brings in, or what it left with."""
        origins = costs.Origins(takes, self.kind)
        drawn: dict[Place, tuple[Decimal, Decimal]] = {}  # by lines before, of ordinary items
        for take in takes:
            line = take.line
            if take.movement.source is None:
                take.cost = cents(take.quantity * self.kind.unit_cost(line))
            elif line.item.is_serialized:
                take.cost = sum((u.unit_cost for u in take.units), Decimal("0.00"))
            elif origin := self.kind.origin(line):
                take.cost = origins.draw(origin, take.quantity)
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


def stored_lines(document: Transaction) -> list[TransactionLine]:
    """The lines of a saved document, with all that a verb asks of them."""
    lines = document.lines.select_related(
        "item", "location", "created_from_line__transaction", "transaction"
    )
    return list(lines.order_by("line_no"))
