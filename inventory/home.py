"""What waits to be done this morning, and what came and went. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from heapq import nsmallest
from typing import Any

from django.db.models import Count, F, Q, Sum

from inventory import sets
from items.models import Item, ItemLocation
from parties.models import Vendor
from transactions.models import NumberSeries, Posting, StockMove, Transaction, TransactionQuerySet
from transactions.types import item_fulfillment, purchase_order, sales_order
from users.access import Access

SHOWN = 5  # of each queue
DAYS = 14
ZERO = Decimal(0)


@dataclass(frozen=True)
class Queue:
    """Documents that wait for the same thing: how many, and the most urgent of them."""

    documents: int
    units: Decimal
    overdue: int
    first: Sequence[Transaction]

    @property
    def more(self) -> int:
        return self.documents - len(self.first)

    @property
    def overdue_label(self) -> str:
        return f"{self.overdue} overdue"


def to_receive(who: Access, today: date) -> Queue:
    """Purchase orders with units still on order."""
    orders = Transaction.objects.of("purchase_order").filter(
        status__in=purchase_order.TO_RECEIVE, lines__on_order__gt=0
    )
    return _queue(who, orders, Sum("lines__on_order"), today)


def to_pick(who: Access, today: date) -> Queue:
    """Sales orders with units committed to them."""
    orders = Transaction.objects.of("sales_order").filter(
        status__in=sales_order.TO_FULFILL, lines__committed__gt=0
    )
    return _queue(who, orders, Sum("lines__committed"), today)


def to_ship(who: Access, today: date) -> Queue:
    """Fulfillments picked or packed."""
    waiting = (item_fulfillment.Status.PICKED, item_fulfillment.Status.PACKED)
    picks = Transaction.objects.of("item_fulfillment").filter(status__in=waiting)
    return _queue(who, picks, Sum("lines__quantity"), today)


def to_bill(who: Access, today: date) -> Queue:
    """Purchase orders of which something was received and not yet billed."""
    orders = Transaction.objects.of("purchase_order")
    waiting = (
        purchase_order.Status.PENDING_BILL,
        purchase_order.Status.BILLING_PARTIALLY_RECEIVED,
    )
    return _queue(who, orders.filter(status__in=waiting), Sum("lines__quantity"), today)


def to_invoice(who: Access, today: date) -> Queue:
    """Sales orders of which something was shipped and not yet invoiced."""
    orders = Transaction.objects.of("sales_order")
    waiting = (
        sales_order.Status.PENDING_BILLING,
        sales_order.Status.BILLING_PARTIALLY_FULFILLED,
    )
    return _queue(who, orders.filter(status__in=waiting), Sum("lines__quantity"), today)


def _queue(who: Access, documents: TransactionQuerySet, units: Sum, today: date) -> Queue:
    """Two statements; the first expected come first, then the oldest."""
    late = Q(expected_date__lt=today)
    documents = documents.within(who.places)
    totals = documents.aggregate(
        documents=Count("pk", distinct=True),
        overdue=Count("pk", distinct=True, filter=late),
        units=units,
    )
    first = (
        documents.annotate(units=units)
        .select_related("vendor", "customer")
        .order_by(F("expected_date").asc(nulls_last=True), "date", "pk")
    )
    return Queue(
        totals["documents"], totals["units"] or ZERO, totals["overdue"], list(first[:SHOWN])
    )


@dataclass(frozen=True)
class Shortage:
    """Items at or below their reorder point."""

    items: int
    first: Sequence[Item]

    @property
    def more(self) -> int:
        return self.items - len(self.first)


def low_stock(who: Access, *, by_location: bool) -> Shortage:
    """Three statements; the items furthest below their reorder point come first."""
    where: dict[str, Any] = {"by_location": by_location, "at": who.places}
    short = list(Item.objects.active().shortages(**where))
    # Those without a point of their own, low at a place of theirs, come last.
    furthest = nsmallest(SHOWN, short, key=lambda x: (x["gap"] is None, x["gap"], x["name"]))
    ids = [row["pk"] for row in furthest]
    shown = Item.objects.with_level(**where).filter(pk__in=ids)
    first = sorted(shown.with_low_places(**where), key=lambda x: ids.index(x.pk))
    return Shortage(len(short), first)


@dataclass(frozen=True)
class Day:
    """Units that came into the house and left it on one day."""

    date: date
    came: Decimal = ZERO
    went: Decimal = ZERO


def comings_and_goings(who: Access, today: date) -> list[Day]:
    """The last fourteen days, the earliest first; two statements."""
    first = today - timedelta(days=DAYS - 1)
    # By way of the documents, whose lines have an index; the moves have none by date alone. They
    # are listed, so that the planner sees how few they are.
    recent = Posting.objects.filter(date__gte=first).order_by().values_list("document", flat=True)
    moves = StockMove.objects.standing().filter(
        date__gte=first, line__transaction__in=sets.ids(set(recent))
    )
    inward = Q(source_location=None, target_location__isnull=False)
    outward = Q(source_location__isnull=False, target_location=None)
    if who.is_limited:
        inward &= Q(target_location__in=who.places)
        outward &= Q(source_location__in=who.places)
    sums = (
        moves.order_by()
        .values("date")
        .annotate(came=Sum("quantity", filter=inward), went=Sum("quantity", filter=outward))
    )
    found = {
        row["date"]: Day(row["date"], row["came"] or ZERO, row["went"] or ZERO) for row in sums
    }
    days = (first + timedelta(days=n) for n in range(DAYS))
    return [found.get(day, Day(day)) for day in days]


@dataclass(frozen=True)
class Stock:
    """What the house holds: serial numbers on hand, units picked, and what all stock is worth."""

    serials: Decimal
    picked: Decimal
    back_ordered: Decimal
    value: Decimal


def stock(who: Access) -> Stock:
    """One statement, out of the quantities; their audit proves them from the units."""
    serialized = Q(item__item_type=Item.Type.SERIALIZED)
    sums = (
        ItemLocation.objects.within(who.places)
        .order_by()
        .aggregate(
            serials=Sum("on_hand", filter=serialized),
            units_picked=Sum("picked", filter=serialized),
            waiting=Sum("back_ordered"),
            worth=Sum("value", filter=serialized),
        )
    )
    return Stock(
        sums["serials"] or ZERO,
        sums["units_picked"] or ZERO,
        sums["waiting"] or ZERO,
        sums["worth"] or ZERO,
    )


@dataclass(frozen=True)
class Event:
    """One thing somebody did: which posting it was, and the status it led to."""

    posting: Posting
    status: str


def latest_events(who: Access, count: int = 10) -> list[Event]:
    """Who did what last, of the documents somebody may see; one statement."""
    postings = Posting.objects.select_related("by", "document__vendor", "document__customer")
    if not who.is_administrator:
        seen = Transaction.objects.visible_to(who)
        postings = postings.filter(document__in=seen.values("pk"))
    return [Event(posting, posting.step_label) for posting in postings.order_by("-id")[:count]]


def first_steps() -> dict[str, bool]:
    """What a new company does first, and whether it is done."""
    return {
        "item": Item.objects.exists(),
        "vendor": Vendor.objects.exists(),
        "order": NumberSeries.objects.filter(type="purchase_order").exists(),
    }
