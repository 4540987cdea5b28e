"""Inventory Valuation Detail: every movement of an item, and the balance after each (§7.8).

A movement is what one line of a document did to the stock on hand and picked in one posting, so
a receipt of a thousand serial numbers is one movement. They stand by date, and within a day as
they were posted: the balance after the last of a day is the stock as of that day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet, Sum
from django.urls import reverse

from items.models import Item, ItemQuerySet
from reports.dates import DateRange
from reports.stock.as_of import ZERO, Amount, lies
from transactions import types
from transactions.models import StockMove, StockMoveQuerySet

Row = dict[str, Any]
PLACE = ("date", "posting_id", "line_id")  # where a movement stands among those of its item


@dataclass(frozen=True)
class Movement:
    """What a document's line did, and what there was after it."""

    row: Row
    balance: Amount

    @property
    def is_void(self) -> bool:
        return self.row["undoes"] is not None

    @property
    def label(self) -> str:
        return types.get(self.row["type"]).label

    @property
    def url(self) -> str:
        return reverse(
            "transactions:view", args=[types.get(self.row["type"]).slug, self.row["document"]]
        )


@dataclass
class Section:
    """An item's movements, or those of them that one page has room for."""

    item: Item
    opening: Amount
    begins: bool = True  # with the first movement of the dates
    ends: bool = True  # with the last
    movements: list[Movement] = field(default_factory=list)

    @property
    def closing(self) -> Amount:
        return self.movements[-1].balance if self.movements else self.opening

    def add(self, row: Row) -> None:
        self.movements.append(Movement(row, after(self.closing, row)))


def after(balance: Amount, row: Row) -> Amount:
    """The balance once a movement is done."""
    for side, sign in (("in", 1), ("out", -1)):
        moved = Amount(row[f"quantity_{side}"] or Decimal(0), row[f"cost_{side}"] or ZERO)
        balance = balance.plus(moved, sign)
    return balance


@dataclass(frozen=True)
class Summary:
    """What was there, came, went and remained, over all that is asked for."""

    opening: Amount
    came: Amount
    went: Amount

    @property
    def closing(self) -> Amount:
        return self.opening.plus(self.came).plus(self.went, -1)


class Movements:
    """The movements of some items between two days, at a location or at all."""

    def __init__(self, items: ItemQuerySet, dates: DateRange, location: int | None = None) -> None:
        self.dates = dates
        self.came, self.went = lies("target", location), lies("source", location)
        crossing = (self.came & ~self.went) | (self.went & ~self.came)
        moves = StockMove.objects.filter(crossing, date__lte=dates.last)
        self.moves: StockMoveQuerySet = moves.filter(item__in=items.order_by().values("pk"))

    def rows(self) -> QuerySet[StockMove, Row]:
        """One row a movement, by item and in the order in which the balance runs."""
        return (
            self.moves.filter(date__gte=self.dates.first)
            .values(
                "item_id", *PLACE, name=F("item__name"), document=F("line__transaction_id"),
                number=F("line__transaction__number"), type=F("line__transaction__type"),
                undoes=F("posting__reverses_id"),
            )
            .annotate(
                quantity_in=Sum("quantity", filter=self.came),
                quantity_out=Sum("quantity", filter=self.went),
                cost_in=Sum("cost", filter=self.came),
                cost_out=Sum("cost", filter=self.went),
                units=Count("unit"),
                serial=Max("unit__number"),
            )
            .order_by("name", "item_id", *PLACE)
        )  # fmt: skip

    def summary(self) -> Summary:
        """The whole selection in one statement."""
        earlier, within = Q(date__lt=self.dates.first), Q(date__gte=self.dates.first)
        found = self.moves.aggregate(
            **self._sums("before", earlier), **self._sums("within", within)
        )
        before, came, went = _amounts(found, "before"), *_sides(found, "within")
        return Summary(before, came, went)

    def sections(self, rows: Sequence[Row]) -> list[Section]:
        """The rows of a page under their items, each balance carried on from the pages before."""
        if not rows:
            return []
        around = self._around(rows)
        items = Item.objects.in_bulk([row["item_id"] for row in rows])
        sections: dict[int, Section] = {}
        for row in rows:
            key = row["item_id"]
            if key not in sections:
                found = around[key]
                before = _amounts(found, "before")
                sections[key] = Section(
                    items[key], before, not found["earlier"], not found["later"]
                )
            sections[key].add(row)
        return list(sections.values())

    def file(self) -> Iterator[list[Any]]:
        """Every movement with its balance, and each item's opening, row by row."""
        yield ["Item", "Date", "Type", "Document", "Serial Number", "Quantity In", "Quantity Out",
               "Cost In", "Cost Out", "Quantity", "Value"]  # fmt: skip
        openings = self._openings()
        for _, rows in groupby(self.rows().iterator(2_000), lambda row: row["item_id"]):
            yield from _file_section(rows, openings)

    def _openings(self) -> dict[int, Amount]:
        moves = self.moves.filter(date__lt=self.dates.first).values("item_id").order_by()
        rows: Iterable[Any] = moves.annotate(**self._sums("before", Q()))
        return {row["item_id"]: _amounts(row, "before") for row in rows}

    def _around(self, rows: Sequence[Row]) -> dict[int, Row]:
        """By item: the sums of all before the page's rows, and how many rows lie outside it."""
        first, last = rows[0], rows[-1]
        start = Q(date__gte=self.dates.first)
        sooner = (~Q(item=first["item_id"]) & ~start) | (Q(item=first["item_id"]) & _before(first))
        later = Q(item=last["item_id"]) & _after(last)
        moves = self.moves.filter(item__in={row["item_id"] for row in rows})
        groups: Any = moves.values("item_id").annotate(
            **self._sums("before", sooner),
            earlier=Count("pk", filter=sooner & start),
            later=Count("pk", filter=later),
        )
        return {row["item_id"]: row for row in groups.order_by()}

    def _sums(self, name: str, which: Q) -> dict[str, Sum]:
        return {
            f"{name}_{side}_{column}": Sum(column, filter=which & crossing)
            for side, crossing in (("in", self.came), ("out", self.went))
            for column in ("quantity", "cost")
        }


def _before(row: Row) -> Q:
    return _beyond(row, "lt")


def _after(row: Row) -> Q:
    return _beyond(row, "gt")


def _beyond(row: Row, lookup: str) -> Q:
    """The moves before or after a movement of the same item."""
    found, same = Q(), Q()
    for name in PLACE:
        found |= same & Q(**{f"{name}__{lookup}": row[name]})
        same &= Q(**{name: row[name]})
    return found


def _sides(found: Row, name: str) -> Iterable[Amount]:
    """What came and what went, out of the sums of that name."""
    for side in ("in", "out"):
        quantity, cost = found[f"{name}_{side}_quantity"], found[f"{name}_{side}_cost"]
        yield Amount(quantity or Decimal(0), cost or ZERO)


def _amounts(found: Row, name: str) -> Amount:
    came, went = _sides(found, name)
    return came.plus(went, -1)


def _file_section(rows: Iterable[Row], openings: dict[int, Amount]) -> Iterator[list[Any]]:
    """An item's opening and its movements, each with the balance after it."""
    balance: Amount | None = None
    for row in rows:
        if balance is None:
            balance = openings.get(row["item_id"], Amount())
            yield [row["name"], None, "Opening", *[None] * 6, *balance]
        balance = after(balance, row)
        yield _line(Movement(row, balance))


def _line(movement: Movement) -> list[Any]:
    row = movement.row
    kind = f"{movement.label} (void)" if movement.is_void else movement.label
    serial = row["serial"] if row["units"] == 1 else None
    figures = [row[name] for name in ("quantity_in", "quantity_out", "cost_in", "cost_out")]
    return [row["name"], row["date"], kind, row["number"], serial, *figures, *movement.balance]
