"""The shop in which the dealer of `tests/scenarios/dealer.py` works, and what is drawn by lot.

`Shop` makes the plain records and proposes what would go on a line: mostly what will do, now and
then whatever is at hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from accounting.models import Account
from company.models import Company
from items.models import Item
from tests.books import TODAY, Books, nov
from tests.factories import (
    AccountFactory,
    CustomerFactory,
    ItemFactory,
    LocationFactory,
    VendorFactory,
)
from tests.scenarios.shelves import Shelves, key_of
from transactions.models import Transaction, TransactionLine
from transactions.types import Kind
from transactions.types.base import Serials

# Few numbers, so that they meet: sold ones come back, held ones are tried again.
NUMBERS = [f"N{n}" for n in range(1, 10)]
RATES = ["10.00", "12.34", "99.99", "0.07"]
FINE_RATES = [*RATES, "3.3333"]  # ordinary items have rates of four decimals
MALFORMED = ["", "..", "A B", "x" * 101]


class Shop:
    """The plain records, the day, the dice, and what should lie where."""

    def __init__(self, dice: Random) -> None:
        self.dice = dice
        self.books = Books()
        self.shelves = Shelves()
        self.day = nov(2)
        self._own_accounts()
        self.items = [
            ItemFactory(name="HT"),
            ItemFactory(name="TK", **self.own),
            ItemFactory(ordinary=True, name="CBL"),
            ItemFactory(ordinary=True, name="PAD", **self.own),
        ]
        main = Company.current().default_location
        self.places = [main, LocationFactory(name="EAST"), LocationFactory(name="WEST")]
        self.parties: dict[str, list[Any]] = {
            "vendor": [VendorFactory(name="Acme"), VendorFactory(name="Byte")],
            "customer": [CustomerFactory(name="Maple"), CustomerFactory(name="Ridge")],
        }
        Company.objects.update(
            multi_location_inventory=True,
            approve_purchase_orders=dice.random() < 0.2,
            approve_sales_orders=dice.random() < 0.2,
        )

    def _own_accounts(self) -> None:
        """Two of the items are booked on accounts of their own."""
        types = Account.Type
        self.own = {
            "income_account": AccountFactory(number="4900", type=types.INCOME),
            "cogs_account": AccountFactory(number="5900", type=types.COGS),
            "asset_account": AccountFactory(number="1390", type=types.CURRENT_ASSET),
        }

    # Drawn by lot

    def choose(self, things: Sequence[Any]) -> Any:
        return self.dice.choice(things)

    def happens(self, chance: float) -> bool:
        return self.dice.random() < chance

    def careless(self) -> bool:
        """Now and then somebody does not look what is there."""
        return self.happens(0.06)

    def date(self) -> date:
        """The day, sometimes one before it, seldom one that will not do."""
        if self.happens(0.02):
            return self.choose([TODAY + timedelta(1), nov(1) - timedelta(1), date(2031, 1, 1)])
        back = self.choose([1, 2, 5]) if self.happens(0.08) else 0
        return max(self.day - timedelta(back), nov(1))

    def morning(self) -> None:
        """Another day, as long as there are any."""
        if self.day < TODAY and self.happens(0.3):
            self.day += timedelta(1)

    # What goes on a document

    def header(self, document: Transaction) -> None:
        kind = document.kind
        if "account" in kind.header:
            document.account = self.account(kind)
        if kind.party and document.party is None:
            setattr(document, kind.party, self.choose(self.parties[kind.party]))
        if kind.first_statuses():
            document.status = self.choose([kind.first_statuses()[0], *kind.first_statuses()])
        document.reason = "" if self.careless() else "correction"

    def account(self, kind: Kind) -> Account:
        number = self.choose(["1000", "1010"]) if kind.account_types else "6500"
        return self.books.account(self.choose(["1300", "2010"]) if self.careless() else number)

    def line(self, kind: Kind, document: Transaction, used: set[str]) -> TransactionLine:
        """A line of its own. `used` are the numbers on the lines before, which it adds to."""
        sign = -1 if kind.signed and self.happens(0.5) else 1
        takes = kind.takes_out or kind.demands_stock or sign < 0
        item, place = self._goods(document, takes)
        quantity = self._quantity(item, self.shelves.there(item, place.pk) if takes else None)
        line = self.books.line(item, sign * quantity, self.rate(item), at=place)
        line.transaction = document
        line.override_rate = Decimal(self.choose(RATES)) if self.happens(0.9) else None
        line.memo = self.choose(["", "by phone"])
        whose = kind.serials_of(line) if item.is_serialized else None
        if whose and (kind.designates is None or self.happens(0.4)):
            line.serials = self.numbers(whose, line, used)
        return line

    def rate(self, item: Item) -> str:
        return self.choose(RATES if item.is_serialized else FINE_RATES)

    def _goods(self, document: Transaction, takes: bool) -> tuple[Item, Any]:
        """An item and a place; where goods are taken, mostly one that has some."""
        places = [document.location] if document.location else self.places
        spots = [(item, place) for item in self.items for place in places]
        stocked = [s for s in spots if self.shelves.there(s[0], s[1].pk) > 0]
        if takes and stocked and not self.careless():
            return self.choose(stocked)
        return self.choose(spots)

    def _quantity(self, item: Item, there: Decimal | None) -> Decimal:
        wanted = Decimal(self.choose([1, 1, 2, 3]))
        if not item.is_serialized:
            wanted = Decimal(self.choose(["1", "4", "7", "2.5", "0.3333"]))
        if there and not self.careless() and not self.happens(0.1):
            wanted = min(wanted, there)
        return wanted

    def numbers(self, whose: Serials, line: TransactionLine, used: set[str]) -> list[str]:
        """Mostly numbers that will do, sometimes any."""
        count = int(abs(line.quantity))
        if self.careless():
            return [self.choose([*NUMBERS, self.choose(MALFORMED)]) for _ in range(count)]
        free = [n for n in self._fitting(whose, line) if key_of(n) not in used]
        found = self.dice.sample(free, min(count, len(free)))
        used |= {key_of(number) for number in found}
        return [self.choose([number, number, number.lower()]) for number in found]

    def _fitting(self, whose: Serials, line: TransactionLine) -> list[str]:
        if whose is Serials.ON_HAND:
            return self.shelves.numbers(line.item, "on_hand", line.location_id)
        if whose in (Serials.NEW, Serials.TRADED_IN):
            held = {key for item, key in self.shelves.held if item == line.item_id}
            return [number for number in NUMBERS if key_of(number) not in held]
        return NUMBERS
