"""The contests of `make races`: what is prepared, who contends, and what must be true afterwards.

A contender is the name of an act and plain values, so that a thread or another process can do it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from typing import Any

from django.utils import timezone

from company.models import Company
from items.models import Item, SerialUnit
from locations.models import Location
from tests.books import Books
from tests.factories import ItemFactory, LocationFactory
from transactions.models import Transaction
from transactions.posting import record

Contender = tuple[Any, ...]
TAKEN = {"SER-01", "SER-16"}  # the number is on hand by now


# What contenders do, in any thread or process


def receive(order: int, serials: str) -> None:
    _books().receive(_document(order), serials, on=timezone.localdate())


def pick(order: int, serials: str) -> None:
    _books().fulfill(_document(order), serials, on=timezone.localdate(), to="picked")


def adjust_out(item: int, serials: str) -> None:
    _books().adjust(_item(item), -len(serials.split()), serials, on=timezone.localdate())


def transfer(item: int, serials: str, at: int, to: int) -> None:
    here, there = Location.objects.get(pk=at), Location.objects.get(pk=to)
    many = len(serials.split())
    _books().transfer(_item(item), many, serials, here, there, on=timezone.localdate())


def advance(document: int, to: str) -> None:
    _books().advance(_document(document), to, on=timezone.localdate())


def void(document: int) -> None:
    _books().void(_document(document))


ACTS: dict[str, Callable[..., None]] = {
    act.__name__: act for act in (receive, pick, adjust_out, transfer, advance, void)
}


# What is prepared and what must come out


@dataclass(frozen=True)
class Round:
    """One attempt: who contends, and a look at what has come of it (empty: it is right)."""

    contenders: tuple[Contender, Contender]
    wrong: Callable[[Counter], str]


def receive_receive(turn: int) -> Round:
    """One number on two orders, at one place or at two: one receipt brings it in."""
    books, item = _books(), ItemFactory()
    places = [books.company.default_location] * 2 if turn % 2 else _two_places()
    orders = [books.order(item, 1, "600.00", on=timezone.localdate(), at=at) for at in places]

    def wrong(found: Counter) -> str:
        held = SerialUnit.objects.held().filter(item=item).count()
        return _one_winner(found, TAKEN) or ("" if held == 1 else f"held {held} times")

    return Round(tuple(("receive", order.pk, "A1") for order in orders), wrong)


def pick_pick(turn: int) -> Round:
    """One unit for two orders: one picks it."""
    books, item = _books(), _stocked("A1 A2")
    orders = [books.sell(item, 1, "999.00", on=timezone.localdate()) for _ in range(2)]
    contenders = tuple(("pick", order.pk, "A1") for order in orders)
    return Round(contenders, lambda found: _one_winner(found, {"SER-12"}))


def pick_adjust(turn: int) -> Round:
    """One unit, picked for a customer or adjusted out: one of the two happens to it."""
    books, item = _books(), _stocked("A1 A2")
    order = books.sell(item, 1, "999.00", on=timezone.localdate())
    contenders = (("pick", order.pk, "A1"), ("adjust_out", item.pk, "A1"))
    return Round(contenders, lambda found: _one_winner(found, None))


def transfer_transfer(turn: int) -> Round:
    """Two units each way between two places, at once: both arrive."""
    books, item = _books(), ItemFactory()
    west, east = _two_places()
    for at, typed in ((west, "W1 W2"), (east, "E1 E2")):
        books.adjust(item, 2, typed, rate="1.00", on=timezone.localdate(), at=at)

    def wrong(found: Counter) -> str:
        at_east = set(
            SerialUnit.objects.at(east).filter(item=item).values_list("number", flat=True)
        )
        crossed = found == {"won": 2} and at_east == {"W1", "W2"}
        return "" if crossed else f"{dict(found)}, at the east {sorted(at_east)}"

    there = ("transfer", item.pk, "W1 W2", west.pk, east.pk)
    return Round((there, ("transfer", item.pk, "E2 E1", east.pk, west.pk)), wrong)


def ship_void(turn: int) -> Round:
    """A picked unit is shipped, or its fulfillment voided: it ends on hand once that is voided."""
    books, item = _books(), _stocked("A1")
    order = books.sell(item, 1, "999.00", on=timezone.localdate())
    picked = books.fulfill(order, "A1", on=timezone.localdate(), to="picked")

    def wrong(found: Counter) -> str:
        unit, voided = SerialUnit.objects.get(item=item), _document(picked.pk).is_voided
        right = unit.status == ("on_hand" if voided else "sold")
        return "" if right and found["won"] else f"{dict(found)}, {unit.status}"

    return Round((("advance", picked.pk, "shipped"), ("void", picked.pk)), wrong)


def count_receive(turn: int) -> Round:
    """A number found by a count and received elsewhere: it is brought in once.

    Received first, it lies at the other place: the count then transfers it from there.
    """
    books, item = _books(), ItemFactory()
    here, there = _two_places()
    lines = [books.line(item, 0, at=here)]
    day = timezone.localdate()
    counted = books.post(
        "inventory_count", lines, day, location=here, account=books.account("6500")
    )
    books.advance(counted, "started", on=day)
    record(counted.lines.get(), by=books.user, add=["N1", "N2"], cost=Decimal("500.00"))
    books.advance(counted, "pending_approval", on=day)
    order = books.order(item, 1, "600.00", on=day, at=there)

    def wrong(found: Counter) -> str:
        moved = Transaction.objects.filter(created_from=counted, type="inventory_transfer").exists()
        brought = SerialUnit.objects.filter(item=item, number="N1").count()
        right = found["won"] == (2 if moved else 1) and set(found) <= {"won", *TAKEN}
        return "" if right and brought == 1 else f"{dict(found)}, brought in {brought} times"

    return Round((("advance", counted.pk, "approved"), ("receive", order.pk, "N1")), wrong)


def approve_approve(turn: int) -> Round:
    """Two orders for the only unit are approved: one is committed, the other back ordered."""
    books, item = _books(), _stocked("A1")
    Company.objects.update(approve_sales_orders=True)
    orders = [books.sell(item, 1, "999.00", on=timezone.localdate()) for _ in range(2)]
    Company.objects.update(approve_sales_orders=False)

    def wrong(found: Counter) -> str:
        lines = [order.lines.get() for order in orders]
        shares = sorted((int(line.committed), int(line.back_ordered)) for line in lines)
        right = found == {"won": 2} and shares == [(0, 1), (1, 0)]
        return "" if right else f"{dict(found)}, committed and back ordered {shares}"

    return Round(tuple(("advance", order.pk, "pending_fulfillment") for order in orders), wrong)


CONTESTS = {
    "receive/receive": receive_receive,
    "pick/pick": pick_pick,
    "pick/adjust": pick_adjust,
    "transfer/transfer": transfer_transfer,
    "ship/void": ship_void,
    "count/receive": count_receive,
    "approve/approve": approve_approve,
}


def _one_winner(found: Counter, codes: set[str] | None) -> str:
    """Exactly one won, and the other was refused, with one of these codes if any are named."""
    right = found["won"] == 1 and len(found) == 2
    named = codes is None or set(found) <= {"won", *codes}
    return "" if right and named else str(dict(found))


_turns = count()


def _two_places() -> list[Location]:
    return [LocationFactory(name=f"Place {next(_turns)}") for _ in range(2)]


def _stocked(typed: str) -> Item:
    item = ItemFactory()
    many = len(typed.split())
    _books().adjust(item, many, typed, rate="600.00", on=timezone.localdate())
    return item


def _books() -> Books:
    return Books()


def _document(pk: int) -> Transaction:
    return Transaction.objects.get(pk=pk)


def _item(pk: int) -> Item:
    return Item.objects.get(pk=pk)
