"""The pages of an inventory count: the new one, and its record with what follows from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from locations.models import Location
from transactions import counting, proposals
from transactions.counting import Figures, Finding
from transactions.forms.count import CostForm, CountDraft
from transactions.forms.draft import Draft
from transactions.models import Transaction, TransactionLine
from transactions.serials import Unit
from transactions.types.inventory_count import Status
from transactions.views.entering import NewDocument
from transactions.views.record import ViewDocument
from users import access
from users.roles import EDIT

# What was counted is held against what there is; before, and once approved, it is not.
LIVE = (Status.STARTED, Status.PENDING_APPROVAL, Status.REJECTED)
SHOWN = 10  # numbers of an answer on the count's own page; the line's page lists them all


class NewCount(NewDocument):
    """Where is counted, and which items."""

    def draft(self, data: Any) -> Draft | None:
        return CountDraft(self.kind, self.request.user, data)


@dataclass(frozen=True)
class Guess:
    """A number nobody knows, and the unit on hand that may be meant."""

    number: str
    meant: Unit | None
    place: str


@dataclass(frozen=True)
class Review:
    """What a line comes to, as the count's page shows it: the first numbers of each answer."""

    line: TransactionLine
    figures: Figures | None
    finding: Finding | None = None
    elsewhere: Sequence[tuple[Unit, str]] = ()
    guesses: Sequence[Guess] = ()

    @property
    def more_missing(self) -> int:
        return len(self.finding.missing) - SHOWN if self.finding else 0

    @property
    def more_elsewhere(self) -> int:
        return len(self.finding.elsewhere) - SHOWN if self.finding else 0

    @property
    def more_blocked(self) -> int:
        return len(self.finding.blocked) - SHOWN if self.finding else 0

    @property
    def more_unknown(self) -> int:
        return len(self.finding.unknown) - SHOWN if self.finding else 0

    @property
    def cost(self) -> CostForm | None:
        """Asked for where there is more than we know of."""
        if self.finding is None or not self.finding.figures.unknown:
            return None
        cost = self.finding.cost
        typed = "" if cost is None else plain(cost, places=2)
        return CostForm(prefix=f"line-{self.line.line_no}", initial={"cost": typed})


class ViewCount(ViewDocument):
    """A count: what was counted against what there is, and what follows from it."""

    template_name = "transactions/count.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        count = context["document"]
        lines = list(
            count.lines.select_related("item", "location", "transaction").order_by("line_no")
        )
        may_count = access.of(self.request.user).may(count.type, EDIT)
        live = count.status in LIVE
        found = counting.findings(count, lines) if live else []
        reviews = reviewed(found) if live else finished(count, lines)
        return context | {
            "reviews": reviews,
            "differing": [r for r in reviews if r.finding and self.is_said(count, r.finding)],
            "uncounted": [f.line.item for f in found if f.on_hand and not f.line.quantity],
            "obstacles": proposals.obstacles(found),
            "moved": sum(finding.moved for finding in found),
            "is_open": count.status == Status.OPEN,
            "is_counting": may_count and count.status == Status.STARTED,
            "is_reviewed": count.status in (Status.STARTED, Status.PENDING_APPROVAL),
            "may_count": may_count,
        }

    @staticmethod
    def is_said(count: Transaction, finding: Finding) -> bool:
        """Whether a difference is worth saying: not before anything of the item was counted."""
        begun = count.status != Status.STARTED or finding.line.quantity
        return finding.differs and bool(begun)


def finished(count: Transaction, lines: Sequence[TransactionLine]) -> list[Review]:
    """The lines of a count at which nothing is counted: with what its documents posted."""
    approved = count.status == Status.APPROVED
    figures = proposals.posted(count, lines) if approved else {}
    return [Review(line, figures.get(line.pk)) for line in lines]


def reviewed(found: Sequence[Finding]) -> list[Review]:
    """The four answers of each line, with hints at what unknown numbers may mean."""
    hints, places = counting.look_alikes(found), location_names()
    return [
        Review(
            finding.line,
            finding.figures,
            finding,
            [(unit, places[unit.location_id or 0]) for unit in finding.elsewhere[:SHOWN]],
            [guess(finding, number, hints, places) for number in finding.unknown[:SHOWN]],
        )
        for finding in found
    ]


def guess(
    finding: Finding, number: str, hints: Mapping[tuple[int, str], Unit], places: Mapping[int, str]
) -> Guess:
    unit = hints.get((finding.line.pk, number))
    if unit is None:
        return Guess(number, None, "")
    if unit.location_id != finding.line.location_id:
        return Guess(number, unit, f"on hand at {places[unit.location_id or 0]}")
    return Guess(number, unit, "seen already" if unit.number_key in finding.seen else "missing")


def plain(figure: Decimal, places: int = 0) -> str:
    """A figure as it is typed, with so many decimals at least; nothing for none."""
    exact = figure.normalize()
    decimals = max(places, -int(exact.as_tuple().exponent))
    return f"{exact:.{decimals}f}" if figure or places else ""


def location_names() -> dict[int, str]:
    return {place.pk: place.name for place in Location.objects.all()}
