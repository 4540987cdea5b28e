"""A count is written down, taken further, and at last posts what it found."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from typing import Any

from accounting.fields import cents, scaled
from inventory import sets
from items import numbers
from items.refusals import Refusal, Refused, refuse
from transactions import counting, proposals
from transactions.balances import Place
from transactions.models import LineUnit, Transaction, TransactionLine
from transactions.posting.new import New
from transactions.posting.step import Next
from transactions.posting.work import Work
from transactions.types.inventory_count import Status

# Warnings about what leaves, which whoever counted it has answered already.
COUNTED = ("SER-17", "SER-18", "SER-21")


class CountStep(Next):
    """A count's next step: its start takes the snapshot, its approval posts the proposals."""

    def work(self) -> None:
        super().work()
        if self.to == Status.STARTED:
            self._take_snapshot()
        elif self.to == Status.APPROVED:
            self._post_proposals()

    def _ends(self, lines: Iterable[TransactionLine]) -> list[Place]:
        """What approval transfers comes from other places, whose rows are locked with the rest."""
        lines = list(lines)
        ends = super()._ends(lines)
        return [*ends, *counting.places(lines)] if self.to == Status.APPROVED else ends

    def _take_snapshot(self) -> None:
        on_hand = {
            line.pk: self.balances[line.item_id, line.location_id].on_hand for line in self.lines
        }
        rows = [(pk, scaled(quantity)) for pk, quantity in on_hand.items()]
        sets.update(TransactionLine, ("expected",), rows)

    def _post_proposals(self) -> None:
        found = counting.findings(self.document, self.lines, lock=True)
        if refusals := proposals.obstacles(found):
            raise Refused(refusals)
        for document, lines in proposals.proposed(self.document, found, self.on):
            result = Proposed(self.document, document, lines, self.by).run(None)
            self.notices += result.notices


class Proposed(New):
    """An adjustment or transfer that an approved count posts; it belongs to the count."""

    def __init__(
        self, count: Transaction, document: Transaction, lines: Sequence[TransactionLine], by: Any
    ) -> None:
        super().__init__(document, lines, by, COUNTED)
        self.count = count

    def work(self) -> None:
        super().work()
        # Only now: a document entered from a parent would take place and lines from it.
        self.document.created_from = self.count
        self.document.save(update_fields=["created_from"])


class Record(Work):
    """What was seen is written on a count's line, while the count is started.

    Whoever reviews it may still set one number right, and a cost; not how many were counted.
    """

    def __init__(
        self,
        line: TransactionLine,
        by: Any,
        add: Collection[str],
        remove: Collection[str],
        quantity: Decimal | None,
        cost: Decimal | None,
    ) -> None:
        super().__init__(line.transaction, by)
        self.given = line
        self.add = {numbers.key(number): numbers.tidy(number) for number in add}
        self.remove = {numbers.key(number) for number in remove}
        self.quantity, self.cost = quantity, cost

    def work(self) -> None:
        self.lock_documents(())
        self.document = self.family[self.document.pk]
        lines = self.document.lines.select_related("item")
        self.line = lines.get(pk=self.given.pk)
        self._keep_to_places([self.line])
        if refusals := [*self._closed(), *self._mistyped()]:
            raise Refused(refusals)
        changes: dict[str, Decimal] = {}
        if self.add or self.remove:
            changes["quantity"] = Decimal(self._write_numbers())
        elif self.quantity is not None:
            changes["quantity"] = self.quantity
        if self.cost is not None:
            changes["override_rate"] = self.cost
        if changes:
            TransactionLine.objects.filter(pk=self.line.pk).update(**changes)
            self.document.save(update_fields=["modified_at"])

    def _closed(self) -> list[Refusal]:
        """Whether the count is still open to it."""
        one_for_one = len(self.add) == len(self.remove) and self.quantity is None
        in_review = self.document.status == Status.PENDING_APPROVAL and one_for_one
        if self.document.status == Status.STARTED or in_review:
            return []
        return [Refusal(f"{self.document} is {self.document.status_label}; look at it again.")]

    def _mistyped(self) -> list[Refusal]:
        line = self.line
        found = [
            refuse("SER-08", line.line_no, sn=number, problem=problem)
            for number in self.add.values()
            if (problem := numbers.problem(number))
        ]
        if self.add and not line.item.is_serialized:
            found.append(Refusal(f"{line.item} has no serial numbers: enter how many there are."))
        if self.quantity is not None and (line.item.is_serialized or self.quantity < 0):
            why = "is counted by its serial numbers" if line.item.is_serialized else "cannot be"
            found.append(Refusal(f"{line.item} {why}: {self.quantity}."))
        if self.cost is not None and self.cost < 0:
            found.append(Refusal(f"{line.item}: the cost cannot be negative."))
        if self.cost is not None and line.item.is_serialized and self.cost != cents(self.cost):
            found.append(Refusal(f"{line.item}: give the cost in whole cents."))
        return found

    def _write_numbers(self) -> int:
        """Add and take away numbers; how many there are then."""
        rows = LineUnit.objects.filter(line=self.line).values_list("pk", "number")
        stored = {numbers.key(number): pk for pk, number in rows}
        gone = stored.keys() & self.remove
        come = [number for key, number in self.add.items() if key not in stored or key in gone]
        if again := len(self.add) - len(come):
            text = f"{again} of them {'was' if again == 1 else 'were'} listed already."
            self.notices.append(Refusal(text))
        LineUnit.objects.filter(pk__in=sets.ids(stored[key] for key in gone)).delete()
        sets.insert(LineUnit, ("line_id", "number"), [(self.line.pk, n) for n in come], ("id",))
        return len(stored) - len(gone) + len(come)
