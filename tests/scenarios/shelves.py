"""What must lie where, told from what was typed on the documents alone.

A second opinion beside the audit, which reads the ledger that posting wrote: `Shelves` never does.
Each kind's journeys are written out here once more, in the words of SPEC §3.1, so that a mistake
in a kind is not repeated in its proof.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple

from items.models import Item, ItemLocation, SerialUnit
from transactions.models import Transaction, TransactionLine


class Spot(NamedTuple):
    """A state and a location; what we no longer have is at None instead."""

    state: str
    place: int


@dataclass
class Journey:
    """A quantity of an item, and the serial numbers in it, going from one spot to another."""

    item: Item
    quantity: Decimal
    source: Spot | None
    target: Spot | None
    keys: Sequence[str]
    line: int  # the id of the document's line


Numbered = tuple[int, str]  # item id, number key
BRING = ("item_receipt", "vendor_bill", "credit_memo", "cash_refund", "return_receipt")
TAKE = ("invoice", "cash_sale", "vendor_return_shipment")
SHIP = ("item_fulfillment", "transfer_shipment")
# From a parent's lines these only ask for money or give it back.
OF_THEIR_OWN = ("vendor_bill", "invoice", "cash_sale", "credit_memo", "cash_refund")


class Shelves:
    """Quantities by item and spot, and where each serial number is."""

    def __init__(self) -> None:
        self.quantities: Counter[tuple[int, Spot]] = Counter()
        self.held: dict[Numbered, Spot] = {}
        self.latest: dict[Numbered, list[int]] = {}  # the documents that moved it, still standing
        self.done: dict[int, list[Journey]] = {}

    # Asked by the dealer

    def numbers(self, item: Item, state: str, place: int) -> list[str]:
        """The number keys of an item at a spot."""
        return [key for (i, key), s in self.held.items() if i == item.pk and s == (state, place)]

    def there(self, item: Item, place: int) -> Decimal:
        """How many are on hand at a location."""
        return self.quantities[item.pk, Spot("on_hand", place)]

    # Told by the dealer

    def posted(self, document: Transaction, typed: Sequence[Sequence[str]]) -> None:
        """A document was saved, with these numbers on its lines."""
        lines = document.lines.select_related("item", "created_from_line").order_by("line_no")
        for line, numbers in zip(lines, typed, strict=True):
            if ends := _ends(document, line):
                self._go(document, line, ends, [key_of(number) for number in numbers])

    def shipped(self, document: Transaction, before: str) -> None:
        """What was picked, or packed, has left."""
        if document.type not in SHIP or before not in ("picked", "packed"):
            return
        if document.status != "shipped":
            return
        for picked in list(self.done[document.pk]):
            away = _away(document)
            self._add(document, replace(picked, source=picked.target, target=away))

    def voided(self, document: Transaction) -> None:
        """All that the document moved is back where it was, if nothing has moved it since."""
        for journey in reversed(self.done.pop(document.pk, [])):
            self._shift(journey.item, journey.quantity, journey.target, journey.source)
            for key in journey.keys:
                moved_by = self.latest[journey.item.pk, key]
                latest = moved_by.pop()
                assert latest == document.pk, f"{key} was moved later, yet {document} was voided"
                self._put(journey.item, key, journey.source)

    def _go(
        self,
        document: Transaction,
        line: TransactionLine,
        ends: tuple[Spot | None, Spot | None],
        keys: list[str],
    ) -> None:
        if document.type == "transfer_receipt" and not keys and line.item.is_serialized:
            keys = self._under_way(line)  # nobody types what a shipment holds
        self._add(document, Journey(line.item, abs(line.quantity), *ends, keys, line.pk))

    def _under_way(self, line: TransactionLine) -> list[str]:
        """The numbers that the line's shipment sent and that are still in transit."""
        sent = line.created_from_line
        return [
            key
            for journey in self.done[sent.transaction_id if sent else 0]
            if journey.line == line.created_from_line_id
            and journey.target == ("in_transit", line.location_id)
            for key in journey.keys
            if self.held.get((line.item_id, key)) == ("in_transit", line.location_id)
        ]

    def _add(self, document: Transaction, journey: Journey) -> None:
        self.done.setdefault(document.pk, []).append(journey)
        self._shift(journey.item, journey.quantity, journey.source, journey.target)
        if journey.item.is_serialized:
            assert len(journey.keys) == journey.quantity, f"{document}: {journey}"
        for key in journey.keys:
            number = (journey.item.pk, key)
            assert self.held.get(number) == journey.source, f"{document}: {key} was not there"
            self.latest.setdefault(number, []).append(document.pk)
            self._put(journey.item, key, journey.target)

    def _shift(self, item: Item, quantity: Decimal, source: Spot | None, to: Spot | None) -> None:
        if source:
            self.quantities[item.pk, source] -= quantity
        if to:
            self.quantities[item.pk, to] += quantity

    def _put(self, item: Item, key: str, spot: Spot | None) -> None:
        if spot:
            self.held[item.pk, key] = spot
        else:
            self.held.pop((item.pk, key), None)

    # Held against the database

    def differences(self) -> Iterator[str]:
        """Where the database has something else; three statements."""
        units = SerialUnit.objects.filter(location__isnull=False)
        rows = units.values_list("item_id", "number_key", "status", "location_id")
        there = {(item, key): Spot(status, place) for item, key, status, place in rows}
        for number in there.keys() | self.held.keys():
            if there.get(number) != self.held.get(number):
                yield f"{number} is {there.get(number)}, should be {self.held.get(number)}"
        stock: Counter[tuple[int, Spot]] = Counter()
        for row in ItemLocation.objects.all():
            for state in ("on_hand", "picked", "in_transit"):
                stock[row.item_id, Spot(state, row.location_id)] += getattr(row, state)
        for spot in stock.keys() | self.quantities.keys():
            if stock[spot] != self.quantities[spot]:
                yield f"{spot}: {stock[spot]}, should be {self.quantities[spot]}"


def key_of(number: str) -> str:
    return number.strip().casefold()


def _ends(document: Transaction, line: TransactionLine) -> tuple[Spot | None, Spot | None] | None:
    """Where a new document's line comes from and goes to; None where it moves nothing."""
    kind, here = document.type, Spot("on_hand", line.location_id)
    if kind in OF_THEIR_OWN and line.created_from_line:
        return None
    if kind == "inventory_adjustment":
        return (None, here) if line.quantity > 0 else (here, None)
    if kind == "return_receipt" and not line.restock:
        return None, None
    if kind in BRING:
        return None, here
    if kind in TAKE:
        return here, None
    if kind == "inventory_transfer":
        return here, Spot("on_hand", document.to_location_id or 0)
    if kind == "transfer_receipt":
        return Spot("in_transit", line.location_id), here
    if kind in SHIP:
        shipped = document.status == "shipped"
        return here, _away(document) if shipped else Spot("picked", line.location_id)
    return None


def _away(document: Transaction) -> Spot | None:
    """Where shipped goods are: on their way to another location of ours, or with a customer."""
    if document.type == "item_fulfillment":
        return None
    return Spot("in_transit", document.to_location_id or 0)
