"""The ordinary business of the demo company: what it orders, receives, sells and ships each day."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from accounting.fields import cents
from demo import catalog, company
from demo.catalog import Model
from demo.clerk import Clerk, Part, Want
from demo.company import Records
from demo.drives import Drive
from items.models import Item, ItemLocation
from locations.models import Location
from parties.models import Customer, Vendor
from transactions.models import Transaction

SEED = 7200
MONDAY, THURSDAY, SATURDAY, SUNDAY = 0, 3, 5, 6
# Of ten such days, how many bring a sale that is to be shipped, and how many any sale at all.
ON_A_WORKDAY = (3, 5)
SALES = {SATURDAY: (0, 1), SUNDAY: (0, 0)}

Action = Callable[[date], object]


class Trade:
    """Business day by day, the same on every run of the same days.

    A serial number lies in the crate until it is ordered, on a shelf while anybody may have it,
    and nowhere once a customer was promised it. What is still to be done is in the diary; what
    it holds beyond the last day stays undone, as in any company.
    """

    def __init__(self, records: Records, drives: Sequence[Drive], first: date, last: date) -> None:
        self.records = records
        self.clerk = Clerk(records)
        self.random = Random(SEED)  # noqa: S311 (the same company every time)
        self.days = [first + timedelta(n) for n in range((last - first).days + 1)]
        self.workdays = [day for day in self.days if day.weekday() < SATURDAY]
        self.diary: dict[date, list[Action]] = defaultdict(list)
        self.models = {
            **{company.item(records, m): m for m in catalog.SERIALIZED},
            **{company.item(records, m, Item.Type.INVENTORY): m for m in catalog.ORDINARY},
        }
        self.items = {item.name: item for item in self.models}
        self.shelves: dict[tuple[Item, Location], list[str]] = defaultdict(list)
        self.crate: dict[str, list[str]] = defaultdict(list)
        # The drive that will fail is in the first delivery of its model, and nobody gets it.
        for drive in sorted(drives, key=lambda drive: not drive.failed):
            self.crate[drive.model].append(drive.number)
        self.failing = {drive.number for drive in drives if drive.failed}

    def run(self, until: date | None = None) -> None:
        """Live through the days, all of them or those before `until`."""
        for day in self.days:
            if day == until:
                break
            for action in self.diary.pop(day, ()):
                action(day)
            self._business(day)

    def after(self, day: date, workdays: int, action: Action) -> None:
        """Do something so many working days later: at once if none."""
        due = bisect_right(self.workdays, day) + workdays - 1
        if not workdays:
            action(day)
        elif due < len(self.workdays):
            self.diary[self.workdays[due]].append(action)

    def _business(self, day: date) -> None:
        if day.weekday() in (MONDAY, THURSDAY):
            self._restock(day)
        shipped, sold = SALES.get(day.weekday(), ON_A_WORKDAY)
        chance = self.random.randint(1, 10)
        if chance <= shipped:
            self._sell(day)
        elif chance <= sold:
            self._sell_in_store(day)

    # Buying

    def _restock(self, day: date) -> None:
        """Order what has sunk to its reorder point, one order a vendor."""
        stock = {
            (row.item_id, row.location_id): row.on_hand + row.on_order - row.committed
            for row in ItemLocation.objects.all()
        }
        wants: dict[str, list[Want]] = defaultdict(list)
        for item, model in self.models.items():
            for place, low, full in self._levels(model):
                have = int(stock.get((item.pk, place.pk), 0))
                if have <= low and (want := self.want(item, full - have, place)):
                    wants[model.vendor].append(want)
        for vendor, wanted in wants.items():
            self.order(day, self.records.vendors[vendor], wanted, self.random.randint(3, 7))

    def _levels(self, model: Model) -> list[tuple[Location, int, int]]:
        """Where a model is kept: from how few on it is ordered, and up to how many."""
        places = [(self.records.main, model.reorder_point, model.stock_level)]
        if model.store_level:
            places.append((self.records.store, model.store_level // 3, model.store_level))
        return places

    def want(self, item: Item, quantity: int, place: Location) -> Want | None:
        """Up to so many of an item at today's price, or None where no more can be had."""
        cost = self.models[item].cost * self.random.randint(94, 106) / 100
        rate = (cost * 4).quantize(Decimal(1)) / 4
        numbers = self.draw(item.name, quantity) if item.is_serialized else []
        count = len(numbers) if item.is_serialized else quantity
        return Want(item, count, rate, place, numbers) if count else None

    def draw(self, model: str, quantity: int) -> list[str]:
        """Serial numbers out of the crate, as far as there are any."""
        drawn, self.crate[model] = self.crate[model][:quantity], self.crate[model][quantity:]
        return drawn

    def order(self, day: date, vendor: Vendor, wants: Sequence[Want], lead: int) -> None:
        """Order what will arrive whole, so many working days later."""
        order = self.place_order(day, vendor, wants, day + timedelta(lead + 2))
        self.after(day, lead, lambda then: self.arrive(then, order, wants))

    def place_order(
        self, day: date, vendor: Vendor, wants: Sequence[Want], expected: date
    ) -> Transaction:
        bare = [want._replace(numbers=()) for want in wants]
        return self.clerk.order(vendor, bare, day, expected_date=expected)

    def arrive(self, day: date, order: Transaction, wants: Sequence[Want]) -> None:
        """Receive what was wanted, and have it billed some days later."""
        receipt = self.receive(day, order, wants)
        self.after(day, self.random.randint(1, 4), lambda then: self.bill(then, receipt))

    def receive(self, day: date, order: Transaction, wants: Sequence[Want]) -> Transaction:
        """Receive what was wanted and put it on the shelves."""
        receipt = self.clerk.receive(order, [w.numbers or w.quantity for w in wants], day)
        for want in wants:
            good = [number for number in want.numbers if number not in self.failing]
            self.shelves[want.item, want.place] += good
        return receipt

    def bill(self, day: date, receipt: Transaction, surcharge: str = "0") -> None:
        reference = f"{self.random.randint(10_000, 99_999)}"
        due = day + timedelta(30)
        self.clerk.bill(receipt, day, Decimal(surcharge), due_date=due, reference=reference)

    # Selling

    def _sell(self, day: date) -> None:
        """Promise a customer something from the main warehouse and ship it in the next days."""
        customer = self.random.choice(self.records.customers)
        wants = self._basket(self.records.main)
        if wants:
            order, parts = self.promise(day, customer, wants)
            wait = self.random.choice((1, 1, 2))
            self.after(day, wait, lambda then: self.ship(then, order, parts))

    def _sell_in_store(self, day: date) -> None:
        """Somebody buys in the store and takes it along."""
        customer = self.random.choice(self.records.customers)
        if wants := self._basket(self.records.store):
            order, parts = self.promise(day, customer, wants)
            self.ship(day, order, parts, bill_after=0)

    def _basket(self, place: Location) -> list[Want]:
        """One or two models from the shelves of a place."""
        stocked = self.stocked(place)
        chosen = self.random.sample(stocked, min(len(stocked), self.random.choice((1, 1, 2))))
        wants = [
            self.promised(item, place, self.random.choice((1, 2, 2, 3, 4, 6, 8))) for item in chosen
        ]
        return wants + self._extras(place) if wants else []

    def _extras(self, place: Location) -> list[Want]:
        """Cables or caddies that go along with one basket in three."""
        extra = self.items[self.random.choice(catalog.ORDINARY).name]
        row = ItemLocation.objects.filter(item=extra, location=place).first()
        count = self.random.randint(2, 6)
        if self.random.randint(1, 3) > 1 or not row or row.available < count:
            return []
        return [Want(extra, count, self._price(extra), place)]

    def promised(self, item: Item, place: Location, quantity: int) -> Want:
        """Up to so many units off a shelf, the oldest first."""
        free = self.shelves[item, place]
        taken, self.shelves[item, place] = free[:quantity], free[quantity:]
        return Want(item, len(taken), self._price(item), place, taken)

    def _price(self, item: Item) -> Decimal:
        """The list price, or a little less."""
        return cents(self.models[item].price * (100 - self.random.choice((0, 0, 0, 3, 5))) / 100)

    def fullest(self, place: Location) -> Item:
        """The model of which most lies free at a place."""
        return max(self.stocked(place), key=lambda item: len(self.shelves[item, place]))

    def stocked(self, place: Location) -> list[Item]:
        """The models of which something lies free at a place."""
        return [item for (item, at), free in self.shelves.items() if at == place and free]

    def promise(
        self, day: date, customer: Customer, wants: Sequence[Want]
    ) -> tuple[Transaction, list[Part]]:
        """A sales order, and what is to be picked for each of its lines."""
        bare = [want._replace(numbers=()) for want in wants]
        order = self.clerk.sell(customer, bare, day)
        return order, [want.numbers or want.quantity for want in wants]

    def ship(
        self, day: date, order: Transaction, parts: Sequence[Part], bill_after: int | None = None
    ) -> None:
        """Ship, and invoice at once or on the next working day."""
        fulfillment = self.clerk.fulfill(order, parts, day)
        wait = self.random.choice((0, 0, 1)) if bill_after is None else bill_after
        self.after(day, wait, lambda then: self.invoice(then, fulfillment))

    def invoice(self, day: date, fulfillment: Transaction) -> Transaction:
        return self.clerk.invoice(fulfillment, day, due_date=day + timedelta(30))
