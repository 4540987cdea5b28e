"""An open order is changed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils import timezone

from items import numbers
from items.refusals import Refusal, Refused
from transactions import commitment, ledger, rules, verdicts
from transactions.models import AMENDED, LineUnit, StockMove, Transaction, TransactionLine
from transactions.posting.new import fresh
from transactions.posting.work import Work

HEADER = ("date", "expected_date", "reference", "memo", "location_id", "to_location_id")
CHANGING = (
    "line_no", "item", "description", "location", "quantity", "rate", "amount", "memo", "closed",
)  # fmt: skip
ZERO = Decimal(0)


class Amend(Work):
    """An open order's header and lines are changed (SPEC §4.4, §5.6).

    A line that exists carries its pk. Its quantity cannot fall below what was moved; its item and
    place are fixed from then on, and it cannot be left out.
    """

    def __init__(
        self,
        document: Transaction,
        lines: Sequence[TransactionLine],
        by: Any,
        confirmed: Collection[str],
        read: int | None = None,
    ) -> None:
        super().__init__(document, by)
        self.given = document
        self.lines = [fresh(line, self.document, n) for n, line in enumerate(lines, start=1)]
        self.confirmed, self.read = confirmed, read

    def work(self) -> None:
        changes = {name: getattr(self.given, name) for name in HEADER}
        self._read_stored()
        self.lock_documents(self.lines)
        self.document = self.family[self.document.pk]
        self._refuse_stale()
        stood, self.went_to = self.document.date, self.document.to_location_id
        for name, value in changes.items():
            setattr(self.document, name, value)
        for line in self.lines:
            line.transaction = self.document
        self.lock_balances(self.lines)
        self._read_stored()
        self._refuse(redated=changes["date"] != stood)
        self._save()
        self.write_posting(AMENDED, timezone.localdate())
        self.settle_orders()

    def _refuse_stale(self) -> None:
        """Tell the second of two people who change one order, and overwrite nothing."""
        latest = self.document.postings.select_related("by").last()
        if self.read is None or latest is None or latest.pk == self.read:
            return
        at = f"{timezone.localtime(latest.created_at):%H:%M}"
        text = (
            f"{latest.by.get_username()} did something else with {self.document} at {at} "
            f"({latest.step_label}), after you had opened this page. What you entered is still "
            "here: save again, and it takes the place of what is there now."
        )
        raise Refused([Refusal(text, url=self.document.get_absolute_url())])

    def _read_stored(self) -> None:
        """Read the lines as they are, and which lines of a parent they come from."""
        own = TransactionLine.objects.filter(transaction=self.document)
        own = own.select_related("item", "created_from_line__transaction").with_progress()
        self.stored = {line.pk: line for line in own}
        for line in self.lines:
            if (stored := self.stored.get(line.pk)) and line.created_from_line is None:
                line.created_from_line = stored.created_from_line

    def _refuse(self, *, redated: bool) -> None:
        if not self.kind.is_editable(self.document):
            text = f"{self.document} is {self.document.status_label}; look at it again."
            raise Refused([Refusal(text, url=self.document.get_absolute_url())])
        self._give_back_authorized()
        found = rules.entry(
            self.document, self.lines, self.family, dated=redated, standing=self._standing()
        )
        found += rules.numbers_typed(self.kind, self.lines)
        found += self._doubts() + self._redirected()
        found += [r for line in self.lines if (r := self._fixed(line))] + self._missing()
        if standing := [r for r in found if not (r.asks and r.code in self.confirmed)]:
            raise Refused(standing)

    def _standing(self) -> set[int]:
        """The numbers of lines that ask for nothing new; what is open may finish (SPEC §6.6)."""
        return {
            line.line_no
            for line in self.lines
            if (stored := self.stored.get(line.pk))
            and _place(line) == _place(stored)
            and line.quantity <= stored.quantity
        }

    def _doubts(self) -> list[Refusal]:
        """What is to be said of the numbers named, but of those that came or went already."""
        if not self.kind.designates:
            return []
        doubts = verdicts.wishes(self.kind.designates, self.lines)
        lines = {line.pk: line.line_no for line in self.lines if line.pk}
        moves = StockMove.objects.standing().filter(unit__isnull=False)
        moved = moves.filter(line__created_from_line__in=lines).values_list(
            "line__created_from_line", "unit__number_key"
        )
        pairs = moved.distinct().order_by() if doubts else ()
        done = {(lines[line or 0], key) for line, key in pairs}
        return [r for r in doubts if (r.line, numbers.key(r.number)) not in done]

    def _redirected(self) -> list[Refusal]:
        """What was picked or sent for one place does not go to another."""
        if self.went_to == self.document.to_location_id:
            return []
        if not any(line.moved for line in self.stored.values()):
            return []
        return [Refusal(f"{self.document}: some of it was sent already, so its destination stays.")]

    def _give_back_authorized(self) -> None:
        """What this authorization took of a sale's lines, it may take again."""
        sources = {s.pk: s for line in self.lines if (s := line.created_from_line)}
        for stored in self.stored.values():
            if source := sources.get(stored.created_from_line_id or 0):
                source.authorized -= stored.moved if stored.closed else stored.quantity

    def _fixed(self, line: TransactionLine) -> Refusal | None:
        """What may no longer change of a line of which something was moved."""
        if line.pk is None:
            return None
        stored = self.stored.get(line.pk)
        if stored is None:
            return Refusal(f"Line {line.line_no} is no longer on {self.document}. Look again.")
        where = f"Line {line.line_no}, {stored.item}:"
        if line.quantity < stored.moved:
            text = f"{where} {stored.moved} of it were moved already, so it cannot be less."
            return Refusal(text, line=line.line_no)
        same = (line.item_id, line.location_id) == (stored.item_id, stored.location_id)
        if stored.moved and not same:
            text = f"{where} some of it was moved already: item and location stay."
            return Refusal(text, line=line.line_no)
        return None

    def _missing(self) -> list[Refusal]:
        kept = {line.pk for line in self.lines}
        left_out = [pk for pk in self.stored if pk not in kept]
        used = TransactionLine.objects.filter(created_from_line__in=left_out)
        return [
            Refusal(f"{self.stored[pk].item}: other documents were made from this line. Close it.")
            for pk in sorted({line.created_from_line_id or 0 for line in used})
        ]

    def _save(self) -> None:
        """Write header and lines; the serial numbers named on them are written anew."""
        kept = {line.pk: line for line in self.lines if line.pk}
        self._follow(kept)
        LineUnit.objects.filter(line__transaction=self.document).delete()
        gone = set(self.stored) - set(kept)
        TransactionLine.objects.filter(pk__in=gone).delete()
        # First out of the way of the new numbers: a line's number is unique on its document.
        TransactionLine.objects.filter(pk__in=kept).update(line_no=F("line_no") + 1_000_000)
        TransactionLine.objects.bulk_update(kept.values(), CHANGING)
        added = [line for line in self.lines if not line.pk]
        TransactionLine.objects.bulk_create(added)
        self.order_lines += added
        self.document.total = self.kind.total(self.document, self.lines)
        self.document.save()
        ledger.share(self.kind, self.lines)

    def _follow(self, kept: dict[int, TransactionLine]) -> None:
        """Let the order's lines under lock become what was given.

        One that goes, or changes its item or place, gives back what it has open; one that stays
        keeps what it has committed: who was served is not sent to the end of the queue.
        """
        staying = []
        self._leave_destination()
        for line in self.order_lines:
            given = kept.get(line.pk)
            own = line.transaction_id == self.document.pk
            if own and (given is None or _place(given) != _place(line)):
                self._give_back(line)
            if own and given:
                for name in CHANGING:
                    setattr(line, name, getattr(given, name))
            if given or not own:
                staying.append(line)
        self.order_lines = staying

    def _leave_destination(self) -> None:
        """What goes to another place now is no longer on order where it went to before."""
        if self.went_to is None or self.went_to == self.document.to_location_id:
            return
        for line in self.order_lines:
            row = self.balances[line.item_id, self.went_to]
            row.on_order -= line.on_order
            row.on_order_by_transfer -= line.on_order
            line.on_order = ZERO

    def _give_back(self, line: TransactionLine) -> None:
        if self.kind.demands_stock:
            commitment.ask(line, self.balances[_place(line)], ZERO)
        if line.on_order:
            self.expect(line, ZERO)


def _place(line: TransactionLine) -> tuple[int, int]:
    return line.item_id, line.location_id
