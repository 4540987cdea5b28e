"""What was in stock at the end of any day, by the stock ledger, and what the books said of it.

Every move counts on its own date, a void's reversal on the reversal's: that is how the journal
counts, so the two agree on every day there ever was (SPEC §5.7 rule 3).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Q, Sum

from accounting.models import Account, JournalLine
from company.models import Company
from items.models import Item, SerialUnit
from reports.dates import DateRange
from transactions.models import StockMove, StockMoveQuerySet

Status = SerialUnit.Status
VALUED = (Status.ON_HAND, Status.PICKED)  # what the asset accounts hold; In Transit has its own
SIDES = (("target", 1), ("source", -1))
ZERO = Decimal("0.00")


class Amount(NamedTuple):
    """A quantity and what it cost."""

    quantity: Decimal = Decimal(0)
    value: Decimal = ZERO

    def plus(self, other: Amount, sign: int = 1) -> Amount:
        return Amount(self.quantity + sign * other.quantity, self.value + sign * other.value)

    @property
    def average(self) -> Decimal | None:
        return self.value / self.quantity if self.quantity else None


def total(amounts: Iterable[Amount]) -> Amount:
    """The sum of some amounts."""
    found = Amount()
    for amount in amounts:
        found = found.plus(amount)
    return found


class Spot(NamedTuple):
    """Where stock is: of which item, at which location, in which state."""

    item: int
    location: int
    status: str


Stock = dict[Spot, Amount]


def moves_until(day: date) -> StockMoveQuerySet:
    return StockMove.objects.filter(date__lte=day)


def stock(moves: StockMoveQuerySet) -> Stock:
    """What the moves add up to, place by place: two statements, however many moves."""
    found: Stock = {}
    for side, sign in SIDES:
        place = (f"{side}_location", f"{side}_status")
        held = moves.filter(**{f"{place[0]}__isnull": False}).values_list("item_id", *place)
        for *spot, quantity, cost in held.annotate(Sum("quantity"), Sum("cost")).order_by():
            key = Spot(*spot)
            found[key] = found.get(key, Amount()).plus(Amount(quantity, cost), sign)
    return {spot: amount for spot, amount in found.items() if any(amount)}


def valued(stock: Stock) -> Amount:
    """Of some stock, what is on hand or picked."""
    return total(amount for spot, amount in stock.items() if spot.status in VALUED)


def lies(side: str, location: int | None = None, statuses: Sequence[str] = VALUED) -> Q:
    """Whether one side of a move is in stock, at a location if one is given."""
    there = Q(**{f"{side}_status__in": statuses})
    return there if location is None else there & Q(**{f"{side}_location": location})


def values_on(
    moves: StockMoveQuerySet, days: Sequence[date], location: int | None
) -> list[Decimal]:
    """What the stock on hand and picked was worth at the end of each day: two statements.

    The days come in order, and the moves must not be later than the last.
    """
    booked: dict[date, Decimal] = {}
    for side, sign in SIDES:
        rows = moves.filter(lies(side, location)).values_list("date")
        for day, cost in rows.annotate(Sum("cost")).order_by():
            booked[day] = booked.get(day, ZERO) + sign * cost
    return [sum((cost for on, cost in booked.items() if on <= day), ZERO) for day in days]


@dataclass(frozen=True)
class TieLine:
    """An account that holds stock: what is in stock by the moves, what is in the ledger."""

    account: Account | None
    serialized: Decimal = ZERO
    ordinary: Decimal = ZERO
    ledger: Decimal = ZERO

    @property
    def in_stock(self) -> Decimal:
        return self.serialized + self.ordinary

    @property
    def difference(self) -> Decimal:
        return self.in_stock - self.ledger


@dataclass(frozen=True)
class TieOut:
    """All stock of a day against the ledger's accounts on that day."""

    day: date
    lines: Sequence[TieLine]
    listed: Decimal  # the value of what the list above shows,
    whole: Decimal  # and of what it would show if nothing narrowed it

    @property
    def total(self) -> TieLine:
        return TieLine(
            None,
            sum((line.serialized for line in self.lines), ZERO),
            sum((line.ordinary for line in self.lines), ZERO),
            sum((line.ledger for line in self.lines), ZERO),
        )

    @property
    def is_narrowed(self) -> bool:
        return self.listed != self.whole

    @property
    def is_equal(self) -> bool:
        """Whether every account agrees, and not only all of them together."""
        return not any(line.difference for line in self.lines)

    @property
    def dates(self) -> DateRange:
        """For the links to the accounts: everything up to the day."""
        return DateRange(end=self.day)


def account_lines(everything: Stock, day: date) -> list[TieLine]:
    """The whole stock of a day by account, beside the ledger: six statements."""
    transit = Company.current().in_transit_account_id
    accounts = dict(Item.objects.values_list("pk", "asset_account"))
    serialized = set(Item.objects.serialized().values_list("pk", flat=True))
    sums: dict[tuple[int, bool], Decimal] = {}
    for spot, amount in everything.items():
        account = accounts[spot.item] if spot.status in VALUED else transit
        key = (account, spot.item in serialized)
        sums[key] = sums.get(key, ZERO) + amount.value
    ledger = JournalLine.objects.until(day).balances()
    lines = [
        TieLine(
            account,
            sums.get((account.pk, True), ZERO),
            sums.get((account.pk, False), ZERO),
            ledger.get(account.pk, ZERO),
        )
        for account in Account.objects.filter(pk__in={*accounts.values(), transit})
    ]
    return [line for line in lines if line.in_stock or line.ledger]
