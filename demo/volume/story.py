"""What a dealer does with a thousand units in seven weeks: 101 documents, 3,053 moves.

A story has ten items of its own and its part in the company's five best sellers. All its units
have come in by its last day of arrivals; one that began later than that is still under way, so
the latest stories leave orders open, units picked and in transit, and invoices unpaid.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from operator import itemgetter
from typing import Any

from accounting.models import Account
from demo.volume import names
from demo.volume.desk import Desk, Part, Unit
from items.models import Item
from locations.models import Location
from parties.models import Customer, Vendor
from transactions.models import Transaction, TransactionLine

UNITS, ITEMS = 1_000, 10
ARRIVALS = 25  # within so many days all its units have come in
SUNDAY = 6

Action = Callable[[date], object]
Plan = Iterator[tuple[int, Action]]
Wants = Sequence[tuple[str, int]]

# Days: ordered, received (in so many parts), billed; the vendor; what of which item.
PURCHASES: Sequence[tuple[int, Sequence[int], int, Wants]] = (
    (0, (4, 6), 0, (("own0", 100), ("own1", 60))),
    (0, (5,), 0, (("own2", 80), ("own3", 50), ("cable", 300))),
    (1, (5,), 0, (("own4", 70), ("own5", 50))),
    (1, (6,), 1, (("own6", 60), ("own7", 50), ("own8", 40))),
    (2, (7, 9), 1, (("top0", 120),)),
    (2, (7,), 1, (("top0", 80),)),
    (3, (8,), 2, (("top1", 60), ("top2", 60))),
    (3, (8,), 2, (("top3", 50), ("top4", 30))),
)
# Days: ordered, picked, shipped; from where, for which customer, what.
SALES: Sequence[tuple[tuple[int, int, int], str, int, Wants]] = (
    ((10, 11, 12), "main", 0, (("own0", 20), ("own1", 10))),
    ((11, 12, 13), "main", 1, (("own2", 30), ("cable", 40))),
    ((12, 12, 13), "main", 2, (("top0", 60),)),
    ((12, 13, 14), "main", 3, (("own3", 30),)),
    ((13, 14, 15), "main", 4, (("own4", 15), ("own5", 30))),
    ((14, 15, 16), "main", 5, (("own6", 20), ("own7", 30))),
    ((15, 16, 17), "store", 0, (("top0", 40), ("own0", 20))),
    ((15, 16, 18), "main", 1, (("own8", 30), ("top1", 20))),
    ((16, 17, 18), "depot", 2, (("top0", 30), ("own4", 40))),
    ((16, 17, 18), "main", 3, (("top3", 10), ("top4", 20), ("cable", 20))),
    ((17, 18, 19), "store", 4, (("own1", 20), ("top3", 20))),
    ((19, 20, 21), "main", 5, (("top0", 20),)),
    ((21, 23, 26), "main", 0, (("own5", 20), ("own7", 15))),
    ((23, 26, 27), "main", 1, (("own2", 20), ("top2", 18))),
)
# Days: ordered, picked (none: shipped at once), shipped, received; to where, what.
TRANSFERS: Sequence[tuple[tuple[int, int | None, int, int], str, Wants]] = (
    ((9, 10, 11, 13), "store", (("top0", 60), ("own0", 30), ("own1", 30))),
    ((11, None, 12, 14), "depot", (("top0", 50), ("own4", 50))),
    ((21, 22, 24, 28), "store", (("own6", 30), ("top1", 30))),
)
# Bought back from those who had them, at three fifths of the cost.
BUYS_BACK: Wants = (("own0", 20), ("top0", 10))


@dataclass
class Cast:
    """Who and what a story is about; items and places by their names in the tables above."""

    items: dict[str, Item]
    serials: dict[str, int]  # of serialized items: which drive it is
    places: dict[str, Location]
    vendors: Sequence[Vendor]
    customers: Sequence[Customer]
    account: Account  # of adjustments
    bank: Account
    till: Account


@dataclass
class Story:
    """One story: what it does on which of its days."""

    number: int
    first: date
    cast: Cast
    desk: Desk
    shelves: dict[tuple[str, str], list[Unit]] = field(default_factory=lambda: defaultdict(list))
    sold: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    bills: dict[int, list[Transaction]] = field(default_factory=lambda: defaultdict(list))
    invoices: dict[int, list[Transaction]] = field(default_factory=lambda: defaultdict(list))
    under_way: dict[str, Transaction] = field(default_factory=dict)
    drawn: int = 0

    def plan(self) -> list[tuple[date, Action]]:
        """Everything it does, in order. Nothing happens on a Sunday."""
        actions = sorted(self._actions(), key=itemgetter(0))
        return [(self._workday(day), action) for day, action in actions]

    def _workday(self, number: int) -> date:
        day = self.first + timedelta(number)
        return day + timedelta(1) if day.weekday() == SUNDAY else day

    def _actions(self) -> Plan:
        for name, (day, receipts, vendor, wants) in enumerate(PURCHASES):
            yield from self._buy(f"order {name}", day, receipts, vendor, wants)
        for name, (days, place, customer, wants) in enumerate(SALES):
            yield from self._sell(f"sale {name}", days, place, customer, wants)
        for name, (stops, to, wants) in enumerate(TRANSFERS):
            yield from self._transfer(f"transfer {name}", stops, to, wants)
        yield 12, partial(self._carry, "third", "top2", 40)
        yield 15, partial(self._carry, "annex", "own2", 30)
        yield 16, partial(self._carry, "store", "top3", 35)
        yield 14, partial(self._find, "own5", 5)
        yield 15, partial(self._find, "own7", 5, void=True)
        yield 17, partial(self._lose, "own3", 10)
        yield 18, partial(self._sell_for_cash, "top0", 12)
        yield 19, partial(self._sell_for_cash, "own0", 5)
        yield from self._buy_back()
        yield from self._ask_too_much()
        for vendor in range(3):
            yield 40, partial(self._pay, "vendor_payment", self.bills[vendor])
        for customer in range(6):
            yield 45, partial(self._pay, "customer_payment", self.invoices[customer])

    # Buying

    def _buy(self, name: str, day: int, receipts: Sequence[int], vendor: int, wants: Wants) -> Plan:
        yield day, partial(self._order, name, vendor, wants)
        for n, then in enumerate(receipts):
            part = [(key, quantity // len(receipts)) for key, quantity in wants]
            yield then, partial(self._receive, name, f"{name} {n}", part)
            yield then + 3, partial(self._bill, f"{name} {n}", vendor)

    def _order(self, name: str, vendor: int, wants: Wants, day: date, share: int = 100) -> None:
        parts = [
            Part(item, quantity, self._place("main"), _cost(item) * share / 100)
            for item, quantity in self._items(wants)
        ]
        self.under_way[name] = self.desk.post(
            "purchase_order", day, parts, vendor=self.cast.vendors[vendor],
            expected_date=day + timedelta(5),
        )  # fmt: skip

    def _receive(
        self, order: str, name: str, wants: Wants, day: date, numbers: Sequence[str] = ()
    ) -> None:
        parent, place = self.under_way[order], self._place("main")
        sources = self.desk.lines_of[parent.pk]
        parts, again = [], list(numbers)
        for source, (key, quantity) in zip(sources, wants, strict=True):
            own, again = again[:quantity], again[quantity:]
            typed = own or self._new(key, quantity)
            parts.append(Part(source.item, quantity, place, source.rate, source, numbers=typed))
        receipt = self._follow("item_receipt", parent, day, parts)
        self.under_way[name] = receipt
        for line, (key, _) in zip(self.desk.lines_of[receipt.pk], wants, strict=True):
            self.shelves[key, "main"] += self.desk.units_of[line.pk]

    def _bill(self, receipt: str, vendor: int, day: date) -> None:
        parent = self.under_way[receipt]
        bill = self._follow(
            "vendor_bill", parent, day, self._whole(parent), due_date=day + timedelta(30),
            reference=f"{10_000 + parent.pk * 7919 % 90_000}",
        )  # fmt: skip
        self.bills[vendor].append(bill)

    def _buy_back(self) -> Plan:
        yield 18, partial(self._order, "back", 2, BUYS_BACK, share=60)
        yield 18, self._receive_again
        yield 20, partial(self._bill, "back 0", 2)

    def _receive_again(self, day: date) -> None:
        again = [number for key, n in BUYS_BACK for number in self.sold[key][:n]]
        self._receive("back", "back 0", BUYS_BACK, day, again)

    # Selling

    def _sell(
        self, name: str, days: tuple[int, int, int], place: str, customer: int, wants: Wants
    ) -> Plan:
        ordered, picked, shipped = days
        yield ordered, partial(self._promise, name, place, customer, wants)
        yield picked, partial(self._pick, "item_fulfillment", name, place, wants)
        yield shipped, partial(self._ship, name, wants)
        yield shipped + 1, partial(self._invoice, name, customer)

    def _promise(self, name: str, place: str, customer: int, wants: Wants, day: date) -> None:
        parts = [
            Part(item, quantity, self._place(place), _price(item))
            for item, quantity in self._items(wants)
        ]
        buyer = self.cast.customers[customer]
        self.under_way[name] = self.desk.post("sales_order", day, parts, customer=buyer)

    def _pick(
        self, kind: str, name: str, place: str, wants: Wants, day: date, status: str = "picked"
    ) -> None:
        parent = self.under_way[name]
        parts = [
            Part(source.item, quantity, source.location, source.rate, source,
                 self._taken(key, place, quantity))
            for source, (key, quantity) in zip(self._lines(parent), wants, strict=True)
        ]  # fmt: skip
        fulfillment = self._follow(kind, parent, day, parts, status=status)
        self.under_way[f"{name} out"] = fulfillment

    def _ship(self, name: str, wants: Wants, day: date) -> None:
        fulfillment = self.under_way[f"{name} out"]
        self.desk.advance(fulfillment, "shipped", day)
        for line, (key, _) in zip(self._lines(fulfillment), wants, strict=True):
            self.sold[key] += [unit.number for unit in self.desk.units_of[line.pk]]

    def _invoice(self, name: str, customer: int, day: date) -> None:
        parent = self.under_way[f"{name} out"]
        due = day + timedelta(30)
        invoice = self._follow("invoice", parent, day, self._whole(parent), due_date=due)
        self.invoices[customer].append(invoice)

    def _sell_for_cash(self, key: str, quantity: int, day: date) -> None:
        item, place = self.cast.items[key], self._place("store")
        units = self._taken(key, "store", quantity)
        self.desk.post(
            "cash_sale", day, [Part(item, quantity, place, _price(item), units=units)],
            customer=self.cast.customers[2], account=self.cast.till,
        )  # fmt: skip

    def _ask_too_much(self) -> Plan:
        """A customer and a vendor who both wait in vain."""
        yield 15, partial(self._order, "never", 1, [("own2", 40)])
        yield 22, partial(self._promise, "too much", "main", 5, [("own8", 20)])
        yield 45, lambda day: self.desk.advance(self.under_way["never"], "closed", day)
        yield 45, lambda day: self.desk.advance(self.under_way["too much"], "cancelled", day)

    def _pay(self, kind: str, documents: Sequence[Transaction], day: date) -> None:
        party = "vendor" if kind == "vendor_payment" else "customer"
        account = self.cast.bank if party == "vendor" else self.cast.till
        owed = documents[0]
        self.desk.post(kind, day, pays=documents, account=account, **{party: getattr(owed, party)})

    # Moving

    def _transfer(
        self, name: str, days: tuple[int, int | None, int, int], to: str, wants: Wants
    ) -> Plan:
        ordered, picked, shipped, received = days
        yield ordered, partial(self._ask_for, name, to, wants)
        pick = partial(self._pick, "transfer_shipment", name, "main", wants)
        if picked is None:
            yield shipped, partial(pick, status="shipped")
        else:
            yield picked, pick
            yield (
                shipped,
                lambda day: self.desk.advance(self.under_way[f"{name} out"], "shipped", day),
            )
        yield received, partial(self._arrive, name, to, wants)

    def _ask_for(self, name: str, to: str, wants: Wants, day: date) -> None:
        main = self._place("main")
        parts = [Part(item, quantity, main) for item, quantity in self._items(wants)]
        self.under_way[name] = self.desk.post(
            "transfer_order", day, parts, location=main, to_location=self._place(to)
        )

    def _arrive(self, name: str, to: str, wants: Wants, day: date) -> None:
        parent = self.under_way[f"{name} out"]
        receipt = self._follow(
            "transfer_receipt", parent, day, self._whole(parent, self._place(to))
        )
        for line, (key, _) in zip(self._lines(receipt), wants, strict=True):
            self.shelves[key, to] += self.desk.units_of[line.pk]

    def _carry(self, to: str, key: str, quantity: int, day: date) -> None:
        units = self._taken(key, "main", quantity)
        part = Part(self.cast.items[key], quantity, self._place("main"), units=units)
        self.desk.post(
            "inventory_transfer", day, [part], location=self._place("main"),
            to_location=self._place(to),
        )  # fmt: skip
        self.shelves[key, to] += units

    def _find(self, key: str, quantity: int, day: date, *, void: bool = False) -> None:
        item = self.cast.items[key]
        part = Part(item, quantity, self._place("main"), _cost(item),
                    numbers=self._new(key, quantity))  # fmt: skip
        found = self.desk.post("inventory_adjustment", day, [part], account=self.cast.account)
        if void:
            self.desk.void_arrival(found, "Counted twice")
        else:
            self.shelves[key, "main"] += self.desk.units_of[self._lines(found)[0].pk]

    def _lose(self, key: str, quantity: int, day: date) -> None:
        units = self._taken(key, "main", quantity)
        part = Part(self.cast.items[key], -quantity, self._place("main"), units=units)
        self.desk.post(
            "inventory_adjustment", day, [part], account=self.cast.account, reason="damage",
            memo="Water damage",
        )  # fmt: skip

    # What the actions have in common

    def _follow(
        self, kind: str, parent: Transaction, day: date, parts: Sequence[Part], **header: Any
    ) -> Transaction:
        """A document made from another, with the same party and places."""
        return self.desk.post(
            kind, day, parts, created_from=parent, vendor=parent.vendor, customer=parent.customer,
            location=parent.location, to_location=parent.to_location, **header,
        )  # fmt: skip

    def _whole(self, parent: Transaction, place: Location | None = None) -> list[Part]:
        """All of a document's lines; goods that arrive are the units that were sent."""
        return [
            Part(line.item, int(line.quantity), place or line.location, line.rate, line,
                 self.desk.units_of[line.pk] if place else ())
            for line in self._lines(parent)
        ]  # fmt: skip

    def _lines(self, document: Transaction) -> list[TransactionLine]:
        return self.desk.lines_of[document.pk]

    def _items(self, wants: Wants) -> list[tuple[Item, int]]:
        return [(self.cast.items[key], quantity) for key, quantity in wants]

    def _place(self, name: str) -> Location:
        return self.cast.places[name]

    def _taken(self, key: str, place: str, quantity: int) -> list[Unit]:
        """Units off a shelf, the oldest first; none of an item without serial numbers."""
        shelf = self.shelves[key, place]
        taken = shelf[:quantity]
        del shelf[:quantity]
        return taken

    def _new(self, key: str, quantity: int) -> list[str]:
        """Serial numbers that were never there."""
        if key not in self.cast.serials:
            return []
        start = self.number * UNITS + self.drawn
        self.drawn += quantity
        return [names.serial(self.cast.serials[key], n) for n in range(start, start + quantity)]


def _cost(item: Item) -> Decimal:
    return item.purchase_price or Decimal(0)


def _price(item: Item) -> Decimal:
    return item.base_price or Decimal(0)
