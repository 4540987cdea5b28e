"""A document on paper, as a customer, a vendor or a driver expects it (SPEC §7)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Min
from django.views.generic import TemplateView

from company.models import Company
from items.numbers import runs
from transactions.models import LineUnit, StockMove, Transaction, TransactionLine
from transactions.types import Kind, Stage
from transactions.views.kinds import KindMixin
from users import access

LETTERS = 92  # of a serial number's type, on one line of the narrower paper
MOST_COLUMNS = 8
MANY = 20  # numbers from which on ranges are printed
ONE_PAGE = 30  # lines of text, by a careful guess


@dataclass(frozen=True)
class PrintedLine:
    """A line on paper, with all of its serial numbers."""

    line: TransactionLine
    numbers: Sequence[str] = field(default_factory=list)

    @cached_property
    def words(self) -> Sequence[str]:
        """The numbers as they are printed: many of them as ranges, with how many each comes to."""
        if len(self.numbers) < MANY:
            return self.numbers
        return [
            f"{run} ({run.count:,})" if run.count > 1 else str(run) for run in runs(self.numbers)
        ]

    @property
    def columns(self) -> int:
        """How many numbers stand side by side: as many as the longest of them leaves room for."""
        longest = max(map(len, self.words), default=1)
        return max(1, min(MOST_COLUMNS, LETTERS // (longest + 2)))

    @property
    def height(self) -> int:
        """How many lines of text it takes, about."""
        return 2 + -(-len(self.words) // self.columns)


@dataclass(frozen=True)
class Address:
    """Whom it is for, or a place that goods come from or go to."""

    label: str
    name: str
    lines: str


class PrintDocument(KindMixin, TemplateView):
    """A document as it goes out with the goods or the mail."""

    template_name = "transactions/print.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        document, kind, company = self.document, self.kind, Company.current()
        heading, who = printed_title(kind), access.of(self.request.user)
        shows_money = who.sees_money_of(kind)
        return {
            "title": f"{heading} {document}",
            "heading": heading,
            "kind": kind,
            "document": document,
            "addresses": list(addresses(document, company)),
            "facts": [(label, value) for label, value in facts(document) if value],
            **lines_table(document, company, shows_money=shows_money),
            "settled": settled(document) if kind.settles and shows_money else [],
            "rows": list(document.rows.select_related("account"))
            if shows_money and not kind.has_lines
            else [],
            "renamed": list(document.number_changes.select_related("unit__item")),
            "totals": list(totals(document)) if shows_money else [],
            "signature": signature(kind),
        }


def lines_table(document: Transaction, company: Company, *, shows_money: bool) -> dict[str, Any]:
    """The lines, and which columns their table has."""
    kind = document.kind
    lines = printed_lines(document) if kind.has_lines else []
    shows_prices = shows_money and kind.prints_prices and bool(kind.rate_label)
    shows_places = not kind.party and company.multi_location_inventory
    return {
        "lines": lines,
        "runs_over": sum(line.height for line in lines) > ONE_PAGE,
        "shows_prices": shows_prices,
        "shows_places": shows_places,
        "width": 2 + shows_places + 2 * shows_prices,
    }


def printed_title(kind: Kind) -> str:
    return kind.printed_as or kind.label


def addresses(document: Transaction, company: Company) -> Iterator[Address]:
    """The party and, where the company has several, the places of its own that matter to them."""
    kind, party = document.kind, document.party
    if party:
        yield Address(_party_label(kind), party.name, party.address)
    if not company.multi_location_inventory or kind.party == "customer":
        return
    route = _route(document)
    if route.location:
        yield Address(_place_label(route), route.location.name, route.location.address)
    if route.to_location:
        yield Address("To", route.to_location.name, route.to_location.address)


def _route(document: Transaction) -> Transaction:
    """The document that says from where to where: itself, or the transfer order above it."""
    while document.kind.internal and not document.to_location_id and document.created_from:
        document = document.created_from
    return document


def _party_label(kind: Kind) -> str:
    if kind.party == "customer" and kind.stage is Stage.BILLING:
        return "Bill To"
    return "Ship To" if kind.draws_on == "committed" else kind.party.capitalize()


def _place_label(document: Transaction) -> str:
    kind = document.kind
    if document.to_location:
        return "From"
    expects = kind.party and kind.stage is Stage.ORDER and "expected_date" in kind.header
    return "Deliver To" if expects else kind.labels.get("location", "Location")


def facts(document: Transaction) -> Iterator[tuple[str, Any]]:
    """What the header says beside whom it is for; what is for the company alone, only to it."""
    kind, origin = document.kind, document.created_from
    yield "Date", document.date
    yield "Due Date", document.due_date
    yield "Expected Date", document.expected_date
    if origin:
        yield printed_title(origin.kind), origin
    yield "Reference", document.reference
    if not kind.party:
        yield kind.labels.get("account", "Account"), document.account
        yield "Reason", dict(kind.reasons.choices).get(document.reason) if kind.reasons else ""
        yield "Entered By", document.created_by


def totals(document: Transaction) -> Iterator[tuple[str, Decimal]]:
    """What it comes to and, once something was paid or applied, what is left."""
    kind = document.kind
    worthless = kind.renames or (kind.has_lines and not kind.rate_label)
    if worthless or not kind.prints_prices:
        return
    yield "Estimated Total Value" if kind.signed else "Total", document.total
    left = document.open_balance if kind.balance and not document.is_voided else document.total
    if left != document.total:
        yield "Paid" if kind.balance > 0 else "Applied", document.total - left
        yield "Balance Due" if kind.balance > 0 else "Balance", left


def settled(document: Transaction) -> list[tuple[Transaction, Decimal]]:
    """What a payment pays and, less than nothing, the credits that it uses up."""
    parts = document.settles.select_related("document")
    return [(part.document, part.amount * part.document.kind.balance) for part in parts]


def signature(kind: Kind) -> str:
    """What somebody signs who hands goods over or takes them; empty if nobody signs."""
    if kind.stage is not Stage.MOVEMENT:
        return ""
    return "Approved by" if kind.signed else "Received by"


def printed_lines(document: Transaction) -> list[PrintedLine]:
    """The lines with all their serial numbers: three statements, however many there are."""
    related = ("item", "location", "created_from_line")
    lines = list(document.lines.select_related(*related).order_by("line_no"))
    numbers = all_numbers(document.kind, [line for line in lines if line.item.is_serialized])
    return [PrintedLine(line, numbers.get(line.pk, [])) for line in lines]


def all_numbers(kind: Kind, lines: Sequence[TransactionLine]) -> Mapping[int, Sequence[str]]:
    """By line id: the numbers it moved, else those it names, else those of what it bills."""
    if not lines:
        return {}
    billed = {line.pk: line.created_from_line_id for line in lines if kind.stage is Stage.BILLING}
    moved = _moved({line.pk for line in lines} | {pk for pk in billed.values() if pk})
    named = _named([line.pk for line in lines])
    found = {}
    for line in lines:
        own = moved.get(line.pk) or named.get(line.pk)
        found[line.pk] = own or moved.get(billed.get(line.pk) or 0, [])
    return found


def _moved(lines: set[int]) -> dict[int, list[str]]:
    """A unit that was picked, packed and shipped counts once, in the order of entry."""
    moves = StockMove.objects.filter(line__in=lines, unit__isnull=False)
    units = moves.order_by().values_list("line", "unit", "unit__number").annotate(first=Min("id"))
    return _by_line((line, number) for line, _, number, _ in units.order_by("line", "first"))


def _named(lines: Sequence[int]) -> dict[int, list[str]]:
    """Designated on an order, expected on an authorization, sharing a bill's amount."""
    parts = LineUnit.objects.filter(line__in=lines).order_by("line", "id")
    rows = parts.values_list("line", "number", "unit__number")
    return _by_line((line, number or of_unit) for line, number, of_unit in rows)


def _by_line(pairs: Iterator[tuple[int, str]]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for line, number in pairs:
        found.setdefault(line, []).append(number)
    return found
