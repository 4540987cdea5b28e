"""Journal, costs, debts and voids (SPEC §3.4: I3, I5, I8 to I10; and I11)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from accounting.fields import MoneyField, cents
from accounting.models import Account, JournalLine, balance
from company.models import Company
from items.models import Item, ItemLocation, SerialUnit
from transactions import types
from transactions.audit.findings import invariant
from transactions.models import (
    Application,
    LineUnit,
    Posting,
    StockMove,
    Transaction,
    TransactionLine,
)
from transactions.types.base import Stage

Status = SerialUnit.Status
ZERO = Decimal(0)


@invariant("I3", "asset accounts against units and values")
def asset_accounts_equal_the_stock() -> Iterator[str]:
    """Each asset account's balance is the cost of what is on hand or picked of its items."""
    totals = JournalLine.objects.balances()
    held: dict[int, Decimal | None] = dict(
        Item.objects.order_by()
        .values_list("asset_account")
        .annotate(worth=Sum("item_locations__value"))
    )
    for account in Account.objects.filter(pk__in=held):
        stock, books = held[account.pk] or ZERO, totals.get(account.pk, ZERO)
        if stock != books:
            yield f"{account}: {books} in the books, {stock} in stock"
    cost = Subquery(
        SerialUnit.objects.filter(
            item=OuterRef("item"), location=OuterRef("location"), status__in=("on_hand", "picked")
        )
        .order_by()
        .values("item")
        .annotate(total=Sum("unit_cost"))
        .values("total"),
        output_field=MoneyField(),
    )
    rows = ItemLocation.objects.filter(item__in=Item.objects.serialized())
    for row in rows.annotate(cost=Coalesce(cost, ZERO, output_field=MoneyField())):
        if row.cost != row.value:
            yield f"{row}: worth {row.value}, its units cost {row.cost}"


@invariant("I3", "the in transit account against what is on its way")
def in_transit_account_equals_the_goods_in_transit() -> Iterator[str]:
    """Inventory In Transit holds what is on its way, at the cost it left with."""
    units = SerialUnit.objects.filter(status=Status.IN_TRANSIT)
    cost = units.aggregate(total=Sum("unit_cost"))["total"] or ZERO
    for side, sign in (("target", 1), ("source", -1)):
        moves = StockMove.objects.filter(unit=None, **{f"{side}_status": Status.IN_TRANSIT})
        cost += sign * (moves.aggregate(total=Sum("cost"))["total"] or ZERO)
    books = balance(Company.current().in_transit_account)
    if cost != books:
        yield f"{books} in the books, {cost} on the way"


@invariant("I5", "journal lines and postings")
def every_posting_balances() -> Iterator[str]:
    """A journal line debits one account and credits another; what does not post has no lines."""
    for line in JournalLine.objects.filter(Q(amount__lte=0) | Q(debit=F("credit"))):
        yield f"journal line {line.pk}: {line}"
    quiet = [kind.name for kind in types.all_kinds() if not kind.posts]
    for posting in Posting.objects.filter(document__type__in=quiet, entry__isnull=False):
        yield f"{posting} posts nothing, yet has a journal entry"
    for posting in Posting.objects.filter(entry__isnull=False).exclude(entry__date=F("date")):
        yield f"{posting}: its journal entry has another date"


@invariant("I8", "the accrued purchases account against unbilled receipts and uncredited returns")
def accrued_purchases_equal_what_waits_for_its_bill() -> Iterator[str]:
    """Accrued Purchases is what was received and not billed, less what was returned, uncredited."""
    account = Company.current().accrued_purchases_account
    bookings = JournalLine.objects.filter(Q(debit=account) | Q(credit=account))
    books = -bookings.balances().get(account.pk, ZERO)
    waiting = _unbilled("item_receipt") - _unbilled("vendor_return_shipment")
    if books != waiting:
        yield f"{books} in the books, {waiting} received and not billed"


def _unbilled(kind: str) -> Decimal:
    """What the live documents of a kind moved and nobody billed or credited yet, at cost."""
    lines = TransactionLine.objects.live().filter(transaction__type=kind)
    shares = (
        line.cost - cents(line.cost * line.billed / line.quantity)
        for line in lines.with_progress().iterator()
    )
    return sum(shares, Decimal("0.00"))


@invariant("I9", "cost of goods sold by line against what was sold and came back")
def cost_of_goods_sold_is_that_of_the_goods() -> Iterator[str]:
    """What a line of a sale or return booked as cost of goods sold is the cost of what it moved."""
    booked = _booked()
    moves = StockMove.objects.filter(
        posting__reverses__isnull=True, line__transaction__customer__isnull=False
    ).order_by()
    out = moves.filter(target_status=Status.SOLD)
    back = moves.filter(source_status__in=("", Status.SOLD))
    for rows, sign in ((out, 1), (back, -1)):
        for line, cost in rows.values_list("line").annotate(Sum("cost")):
            booked[line] = booked.get(line, ZERO) - sign * cost
    for line, amount in booked.items():
        if amount:
            yield f"line {line}: {amount} booked beyond what its goods cost"


@invariant("I9", "income by line against the units' shares")
def income_is_shared_out_over_the_units() -> Iterator[str]:
    """An invoiced or credited line's amount is the sum of its units' shares."""
    shares = LineUnit.objects.filter(amount__isnull=False).values_list("line")
    of_line = dict(shares.annotate(Sum("amount")).order_by())
    signs = {kind.name: kind.shares_amount for kind in types.all_kinds() if kind.shares_amount}
    lines = TransactionLine.objects.filter(
        transaction__type__in=signs, item__in=Item.objects.serialized()
    )
    for line in lines.select_related("transaction"):
        if of_line.get(line.pk, ZERO) != signs[line.transaction.type] * line.amount:
            yield f"{line.transaction} line {line.line_no}: {line.amount} not shared out"


def _booked() -> dict[int, Decimal]:
    """By a line of a sale or return, its cost of goods sold, reversals left out: two statements."""
    theirs = TransactionLine.objects.filter(transaction__customer__isnull=False)
    lines = JournalLine.objects.filter(
        entry__posting__reverses__isnull=True, source_line__in=theirs.values("pk")
    )
    found: dict[int, Decimal] = {}
    for side, sign in (("debit", 1), ("credit", -1)):
        costs = lines.filter(**{f"{side}__type": Account.Type.COGS}).values_list("source_line")
        for line, total in costs.annotate(Sum("amount")).order_by():
            found[line] = found.get(line, ZERO) + sign * total
    return found


@invariant("I10", "voided postings against their reversals")
def a_void_is_the_mirror_image() -> Iterator[str]:
    """A reversal books and moves exactly the opposite of what it reverses."""
    for posting in Posting.objects.filter(reverses__isnull=False).exclude(
        document__status="voided"
    ):
        yield f"{posting}: reversed without being voided"
    for posting in Posting.objects.standing().filter(document__status="voided"):
        yield f"{posting} stands on a voided document"
    for name, rows in (("journal", _journal_sums()), ("moves", _move_sums())):
        for document, *key, total in rows:
            if total:
                yield f"document {document}: its void leaves {total} in the {name} of {key}"


def _journal_sums() -> Iterable[tuple[Any, ...]]:
    """Of voided documents: (document, account, debits − credits); all should be zero."""
    sums: dict[tuple[Any, ...], Decimal] = {}
    lines = JournalLine.objects.filter(entry__posting__document__status="voided")
    for side, sign in (("debit", 1), ("credit", -1)):
        rows = lines.values_list("entry__posting__document", side).annotate(Sum("amount"))
        for document, account, amount in rows.order_by():
            key = (document, account)
            sums[key] = sums.get(key, ZERO) + sign * amount
    return [(*key, total) for key, total in sums.items()]


def _move_sums() -> Iterable[tuple[Any, ...]]:
    """Of voided documents: (document, item, place, state, in − out); zero while held."""
    sums: dict[tuple[Any, ...], Decimal] = {}
    moves = StockMove.objects.filter(posting__document__status="voided")
    for side, sign in (("target", 1), ("source", -1)):
        rows = (
            moves.filter(**{f"{side}_location__isnull": False})
            .values_list("posting__document", "item_id", f"{side}_location", f"{side}_status")
            .annotate(Sum("quantity"))
        )
        for *key, quantity in rows.order_by():
            sums[tuple(key)] = sums.get(tuple(key), ZERO) + sign * quantity
    return [(*key, total) for key, total in sums.items()]


@invariant("I5", "orders and their statuses")
def statuses_follow_from_progress() -> Iterator[str]:
    """An order's status is the one that follows from its lines."""
    orders = Transaction.objects.of(*types.of_stage(Stage.ORDER))
    lines: dict[int, list[TransactionLine]] = {}
    every = TransactionLine.objects.filter(transaction__in=orders).with_progress()
    for line in every:
        lines.setdefault(line.transaction_id, []).append(line)
    for order in orders:
        expected = order.kind.progress(order, lines.get(order.pk, []))
        if order.status != expected:
            yield f"{order} is {order.status}, should be {expected}"


@invariant("I11", "invoices, bills and credits against payments and their accounts")
def what_is_open_is_what_is_owed() -> Iterator[str]:
    """Receivable and payable accounts hold what is open; nothing is paid beyond its total."""
    debts = {kind.name: kind for kind in types.all_kinds() if kind.balance}
    paid = dict(
        Application.objects.live().values_list("document").annotate(Sum("amount")).order_by()
    )
    owed = {"customer": ZERO, "vendor": ZERO}
    for document in Transaction.objects.live().filter(type__in=debts):
        open_balance = document.total - paid.get(document.pk, ZERO)
        owed[document.kind.party] += document.kind.balance * open_balance
        if open_balance < 0 or document.status != document.kind.settled(document, open_balance):
            yield f"{document} is {document.status} with {open_balance} of {document.total} open"
    for party, account, sign in (
        ("customer", Account.Type.RECEIVABLE, 1),
        ("vendor", Account.Type.PAYABLE, -1),
    ):
        books = sign * _booked_on(account)
        if books != owed[party]:
            yield f"{books} in the books of {account.label}, {owed[party]} open"


def _booked_on(type_: str) -> Decimal:
    """Debits minus credits on the accounts of a type, manual journal entries left out."""
    lines = JournalLine.objects.exclude(entry__posting__document__type="journal_entry")
    accounts = set(Account.objects.of_type(type_).values_list("pk", flat=True))
    return sum(
        (amount for pk, amount in lines.balances().items() if pk in accounts), Decimal("0.00")
    )


@invariant("I11", "documents against the sums of their lines")
def totals_are_the_sums_of_the_lines() -> Iterator[str]:
    """A document's total is what its lines come to."""
    amounts = TransactionLine.objects.values_list("transaction").annotate(Sum("amount"))
    sums = dict(amounts.order_by())
    names = [kind.name for kind in types.all_kinds() if kind.has_lines]
    for document in Transaction.objects.filter(type__in=names):
        if document.total != sums.get(document.pk, ZERO):
            yield f"{document}: {document.total}, its lines {sums.get(document.pk, ZERO)}"
