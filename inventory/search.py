"""The one search box: finds any serial number, item, document, customer or vendor.

Serial numbers are found by their key, whole or from its beginning, out of its index: never by a
part from the middle, which would read every unit there ever was. Each group is one statement and
shows a bounded number of rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db import connection
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from items import numbers
from items.models import Item, SerialUnit
from parties.models import Customer, Vendor
from transactions import types
from transactions.models import NumberChange, Transaction
from users.access import Access

SHOWN = 20
LONGEST_NUMBER = Transaction._meta.get_field("number").max_length or 0
LAST_CHARACTER = "\U0010ffff"


@dataclass(frozen=True)
class Group:
    """One kind of thing that can be found: its heading, and how a term finds it."""

    name: str
    title: str
    find: Callable[[str, Access], QuerySet[Any]]
    subject: str = ""  # what a reader must be allowed to see


@dataclass(frozen=True)
class Found:
    """What a term found in a group; `more` if that is not all."""

    group: Group
    rows: Sequence[Any]
    more: bool


def serials(term: str, who: Access) -> QuerySet[SerialUnit]:
    """Each number that begins with the term, and what carried it once."""
    key = numbers.key(term)
    # Whoever lost such a number by a correction is found by it still. Asked for first: beside a
    # subquery in an OR, PostgreSQL has no use for the index and reads every unit.
    lost = list(NumberChange.objects.filter(old_key=key).values_list("unit", flat=True))
    units = SerialUnit.objects.one_per_number().within(who.places)
    units = units.filter(_beginning("number_key", key) | Q(pk__in=lost))
    return units.select_related("item", "location").order_by("number_key", "item__name", "pk")


def items(term: str, who: Access) -> QuerySet[Item]:
    """Items with the term in their name, display name or UPC; a whole name or UPC first."""
    found = Item.objects.filter(_containing(term, "name", "display_name", "upc"))
    return found.order_by(_first(Q(name__iexact=term) | Q(upc__iexact=term)), "inactive", "name")


def documents(term: str, who: Access) -> QuerySet[Transaction]:
    """Documents whose number or reference begins with the term; the whole number first."""
    found = _numbered(term.upper())
    for spelling in {term, term.upper(), term.lower()}:
        found |= _beginning("reference", spelling)
    return (
        Transaction.objects.filter(found)
        .visible_to(who)
        .select_related("customer", "vendor")
        .order_by(_first(Q(number__iexact=term)), "-date", "-pk")
    )


def _numbered(number: str) -> Q:
    """Documents whose number begins so, by way of the index of a kind's numbers.

    A number is its kind's prefix and digits, and of texts that begin alike, none stands after the
    one that goes on in nines, in any language's order.
    """
    found = Q(pk__in=[])
    for kind in types.all_kinds():
        if number in (kind.prefix, f"{kind.prefix}-"):
            found |= Q(type=kind.name)
        elif number.startswith(f"{kind.prefix}-"):
            nines = number + "9" * LONGEST_NUMBER
            within = Q(number__gte=number, number__lte=nines, number__startswith=number)
            found |= Q(type=kind.name) & within
    return found


def customers(term: str, who: Access) -> QuerySet[Customer]:
    return Customer.objects.filter(_containing(term, "name", "email", "phone"))


def vendors(term: str, who: Access) -> QuerySet[Vendor]:
    return Vendor.objects.filter(_containing(term, "name", "email", "phone"))


GROUPS = (
    Group("serials", "Serial numbers", serials, "serial_numbers"),
    Group("items", "Items", items, "items"),
    Group("documents", "Documents", documents),
    Group("customers", "Customers", customers, "customers"),
    Group("vendors", "Vendors", vendors, "vendors"),
)


def groups_for(who: Access) -> list[Group]:
    """The groups of things somebody may look at."""
    return [group for group in GROUPS if who.may(group.subject)]


def tidy(text: str) -> str:
    """A term as typed or scanned, without what no name or number contains."""
    return numbers.tidy(text.replace("\x00", ""))


def everywhere(term: str, who: Access) -> list[Found]:
    """What the term finds for somebody in each group, empty groups left out."""
    found = []
    for group in groups_for(who):
        rows = list(group.find(term, who)[: SHOWN + 1])
        if rows:
            found.append(Found(group, rows[:SHOWN], len(rows) > SHOWN))
    return found


def exact(term: str, found: Sequence[Found]) -> list[Any]:
    """Of what was found, that whose number, name or UPC is the term itself.

    Exact rows come first in their group, so none is beyond those shown.
    """
    return [row for group in found for row in group.rows if _is(row, term)]


def _is(row: Any, term: str) -> bool:
    if isinstance(row, SerialUnit):
        return row.number_key == numbers.key(term)
    names = {
        Item: lambda item: (item.name, item.upc),
        Transaction: lambda document: (document.number or "",),
    }
    given = names.get(type(row), lambda party: ())(row)
    return term.casefold() in [name.casefold() for name in given]


def _first(condition: Q) -> Case:
    return Case(When(condition, then=Value(0)), default=Value(1), output_field=IntegerField())


def _containing(text: str, *fields: str) -> Q:
    return reduce(or_, (Q(**{f"{field}__icontains": text}) for field in fields))


def _beginning(field: str, text: str) -> Q:
    """Rows whose field begins with the text, by way of the field's index.

    SQLite's LIKE is blind to case and cannot use the index; there the range does.
    """
    begins = Q(**{f"{field}__startswith": text})
    if connection.vendor == "sqlite":
        begins &= Q(**{f"{field}__gte": text, f"{field}__lt": text + LAST_CHARACTER})
    return begins
