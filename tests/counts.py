"""A clerk with a scanner, for tests: opens counts, writes down what is seen, has them approved."""

from __future__ import annotations

from items.models import Item
from locations.models import Location
from tests.books import Books
from transactions import counting, posting
from transactions.models import LineUnit, Transaction, TransactionLine


class Counts:
    """What a clerk does with counts, one line each."""

    def __init__(self, books: Books) -> None:
        self.books = books

    def open(self, at: Location, *items: Item, **more: str) -> Transaction:
        lines = [self.books.line(item, 0, at=at) for item in items]
        account = self.books.account("6500")
        return self.books.post("inventory_count", lines, location=at, account=account, **more)

    def start(self, at: Location, *items: Item) -> Transaction:
        return self.books.advance(self.open(at, *items), "started")

    def see(self, count: Transaction, seen: str = "", line: int = 1, **more: object):
        row = count.lines.get(line_no=line)
        return posting.record(row, by=self.books.user, add=seen.split(), **more)

    def forget(self, count: Transaction, numbers: str):
        row = count.lines.get(line_no=1)
        return posting.record(row, by=self.books.user, remove=numbers.split())

    def complete(self, count: Transaction) -> Transaction:
        return self.books.advance(count, "pending_approval")

    def approve(self, count: Transaction) -> Transaction:
        return self.books.advance(self.complete(count), "approved")

    @staticmethod
    def finding(count: Transaction, line: int = 1) -> counting.Finding:
        lines = list(count.lines.select_related("item", "location").order_by("line_no"))
        return counting.findings(count, lines)[line - 1]


def made(count: Transaction, kind: str) -> list[TransactionLine]:
    """The lines of the documents of a kind that a count's approval posted."""
    lines = TransactionLine.objects.live().filter(transaction__created_from=count)
    return list(lines.filter(transaction__type=kind).order_by("pk"))


def numbers(units: list) -> list[str]:
    return [unit.number for unit in units]


def seen(count: Transaction) -> list[str]:
    return list(LineUnit.objects.filter(line__transaction=count).values_list("number", flat=True))
