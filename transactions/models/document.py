"""Documents, their lines, and what else a document says."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, ExpressionWrapper, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse

from accounting.fields import MoneyField, QuantityField, RateField
from accounting.models import Account
from items.models import Item, SerialUnit
from locations.models import Location
from parties.models import Customer, Vendor
from transactions import types
from users.access import Access

if TYPE_CHECKING:
    from transactions.types.base import Kind

VOIDED = "voided"


class TransactionQuerySet(models.QuerySet["Transaction"]):
    def of(self, *kinds: str) -> TransactionQuerySet:
        return self.filter(type__in=kinds)

    def live(self) -> TransactionQuerySet:
        return self.exclude(status=VOIDED)

    def visible_to(self, who: Access) -> TransactionQuerySet:
        """The documents somebody may look at: of the kinds, and at the locations, open to them."""
        if who.is_administrator:
            return self
        return self.filter(type__in=types.seen_by(who)).within(who.places)

    def within(self, places: Collection[int]) -> TransactionQuerySet:
        """Documents that have to do with some locations, by id; none means with all of them.

        One of several places will do, and so will having none at all, as a payment has.
        """
        if not places:
            return self
        lines = TransactionLine.objects.filter(transaction=OuterRef("pk"))
        named = Q(location__in=places) | Q(to_location__in=places)
        nowhere = Q(location=None, to_location=None) & ~Exists(lines)
        return self.filter(named | Exists(lines.filter(location__in=places)) | nowhere)

    def numbered(self, number: str) -> TransactionQuerySet:
        return self.filter(number__iexact=number)


class Transaction(models.Model):
    """A document: an order, or the record of something that happened to stock or money.

    What its type does is said by its kind, a file in `transactions/types`. It is written by the
    verbs of `transactions/posting.py` alone, and once posted it is never edited (SPEC §5.6).
    """

    type = models.CharField(max_length=30, choices=types.choices)
    # Empty only inside the posting transaction: the counter is locked last of all.
    number = models.CharField(max_length=20, null=True, editable=False)
    date = models.DateField()
    status = models.CharField(max_length=40, editable=False)
    vendor = models.ForeignKey(
        Vendor, models.PROTECT, null=True, blank=True, related_name="transactions"
    )
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, blank=True, related_name="transactions"
    )
    location = models.ForeignKey(
        Location, models.PROTECT, null=True, blank=True, related_name="transactions"
    )
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="transactions"
    )
    to_location = models.ForeignKey(
        Location, models.PROTECT, null=True, blank=True, related_name="transactions_to"
    )
    created_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    # The voided document that this one was posted in place of (SPEC §5.6).
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, editable=False, related_name="corrected_by"
    )
    expected_date = models.DateField(null=True, blank=True)
    due_date = models.DateField(null=True, blank=True)
    reference = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=20, blank=True)
    memo = models.CharField(max_length=400, blank=True)
    total = MoneyField(default=0, editable=False)
    void_reason = models.CharField(max_length=200, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)
    modified_at = models.DateTimeField(auto_now=True)

    objects = TransactionQuerySet.as_manager()

    # Not columns: what posting is given beside the lines.
    applications: Sequence[Application] = ()
    journal_rows: Sequence[JournalRow] = ()
    renames: Sequence[NumberChange] = ()

    class Meta:
        ordering = ["-date", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["type", "number"],
                name="document_number_is_unique",
                violation_error_message="There is already a document with this number.",
            ),
            models.CheckConstraint(
                condition=Q(vendor__isnull=True) | Q(customer__isnull=True),
                name="document_has_one_party",
            ),
        ]
        indexes = [
            models.Index(fields=["type", "-date", "-id"], name="transaction_list"),
            models.Index(fields=["type", "status"], name="transaction_queue"),
            models.Index(fields=["-date", "-id"], name="transaction_day"),
            # Pattern operators, so that a reference's beginning is found under any collation.
            models.Index(
                fields=["reference"],
                name="transaction_reference",
                opclasses=["varchar_pattern_ops"],
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"New {self.kind.label}"

    def get_absolute_url(self) -> str:
        return reverse("transactions:view", args=[self.kind.slug, self.pk])

    @property
    def kind(self) -> Kind:
        return types.get(self.type)

    @property
    def status_label(self) -> str:
        return "Voided" if self.is_voided else str(self.kind.statuses(self.status).label)

    @property
    def is_voided(self) -> bool:
        return self.status == VOIDED

    @property
    def party(self) -> Vendor | Customer | None:
        return self.vendor or self.customer

    @property
    def open_balance(self) -> Decimal:
        """Of an invoice or bill, what is still to be paid; of a credit, what is left to apply."""
        if self.is_voided or not self.kind.balance:
            return Decimal("0.00")
        return self.total - Application.objects.on(self)


class TransactionLineQuerySet(models.QuerySet["TransactionLine"]):
    def visible_to(self, who: Access) -> TransactionLineQuerySet:
        """The lines somebody may look at: of the kinds, and at the locations, open to them."""
        if who.is_administrator:
            return self
        seen = self.filter(transaction__type__in=types.seen_by(who))
        return seen.filter(location__in=who.places) if who.is_limited else seen

    def live(self) -> TransactionLineQuerySet:
        return self.exclude(transaction__status=VOIDED)

    def with_progress(self) -> TransactionLineQuerySet:
        """How far each line has come, voided documents left out.

        Of an order's line: `moved` (received, or picked and shipped), `picked` (not yet shipped),
        `arrived` (of a transfer order's, received at the other end) and `billed`; of a line that
        moved stock: `moved` (what of it moved on) and `billed`.
        """
        movements, bills = types.Stage.MOVEMENT, types.Stage.BILLING
        return self.annotate(**_progress(types.of_stage(movements), types.of_stage(bills)))

    def with_authorized(self) -> TransactionLineQuerySet:
        """How much of each line (of a sale, a receipt) is authorized to be returned.

        Of an authorization that is no longer open, what was returned on it.
        """
        orders, movements = types.Stage.ORDER, types.Stage.MOVEMENT
        return self.annotate(**_authorized(types.of_stage(orders), types.of_stage(movements)))


# Django takes longer to make these expressions than to ask them; once made, they stay as they are.


@cache
def _progress(movements: tuple[str, ...], billing: tuple[str, ...]) -> dict[str, Any]:
    """The annotations of `with_progress`, for kinds by stage."""
    bills, moved = Q(transaction__type__in=billing), Q(transaction__type__in=movements)
    own = Q(created_from_line=OuterRef("pk"))
    theirs = Q(created_from_line__created_from_line=OuterRef("pk"))
    return {
        "moved": _done(own & moved),
        "picked": _done(own & moved & Q(transaction__status__in=("picked", "packed"))),
        "arrived": _done(theirs & moved),
        "billed": ExpressionWrapper(
            _done(bills & own) + _done(bills & theirs), output_field=QuantityField()
        ),
    }


@cache
def _authorized(orders: tuple[str, ...], movements: tuple[str, ...]) -> dict[str, Any]:
    """The annotation of `with_authorized`, for kinds by stage."""
    over = ("cancelled", "closed", "rejected")
    ended = Q(closed=True) | Q(transaction__status__in=over)
    on_ended = Q(created_from_line__closed=True) | Q(
        created_from_line__transaction__status__in=over
    )
    own = Q(created_from_line=OuterRef("pk"), transaction__type__in=orders)
    theirs = Q(created_from_line__created_from_line=OuterRef("pk"))
    back = Q(transaction__type__in=movements)
    total = _done(own & ~ended) + _done(theirs & back & on_ended)
    return {"authorized": ExpressionWrapper(total, output_field=QuantityField())}


def _done(which: Q) -> Any:
    """The quantity of the live lines that stand in a relation to the outer line."""
    lines = TransactionLine.objects.live().filter(which).order_by().values("item")
    total = Subquery(lines.annotate(total=Sum("quantity")).values("total"))
    return Coalesce(total, 0, output_field=QuantityField())


class TransactionLine(models.Model):
    """One item on a document: how many, at what rate, from or to which location.

    On an order's line `on_order`, `committed` and `back_ordered` say what is still to come or to
    go; they are zero until the order is approved and once the line is closed.
    """

    transaction = models.ForeignKey(Transaction, models.PROTECT, related_name="lines")
    line_no = models.PositiveIntegerField()
    item = models.ForeignKey(Item, models.PROTECT, related_name="lines")
    description = models.CharField(max_length=200, blank=True)
    location = models.ForeignKey(Location, models.PROTECT, related_name="lines")
    quantity = QuantityField()
    rate = RateField(default=0)
    amount = MoneyField(default=0)
    # What the stock it moved cost in all; the audit proves it from the moves.
    cost = MoneyField(default=0, editable=False)
    # Of goods a customer brings back: what a unit is worth where no sale tells (SPEC §5.4).
    override_rate = RateField(null=True, blank=True)
    restock = models.BooleanField(default=True)
    # Of an inventory count: the quantity on hand when counting started.
    expected = QuantityField(null=True, editable=False)
    created_from_line = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    closed = models.BooleanField(default=False, editable=False)
    on_order = QuantityField(default=0, editable=False)
    committed = QuantityField(default=0, editable=False)
    back_ordered = QuantityField(default=0, editable=False)
    memo = models.CharField(max_length=200, blank=True)

    objects = TransactionLineQuerySet.as_manager()

    # Not columns: what posting is given (serial numbers as typed), and how far the line has come.
    serials: Iterable[str] = ()
    moved: Decimal
    picked: Decimal
    arrived: Decimal
    billed: Decimal
    authorized: Decimal

    class Meta:
        ordering = ["transaction", "line_no"]
        constraints = [
            models.UniqueConstraint(
                fields=["transaction", "line_no"], name="line_number_is_unique"
            ),
        ]
        indexes = [
            models.Index(
                fields=["item", "location"],
                condition=Q(committed__gt=0) | Q(back_ordered__gt=0),
                name="line_demand",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.item}"

    @property
    def to_fulfill(self) -> Decimal:
        """What stock is still wanted for."""
        return self.committed + self.back_ordered

    @property
    def to_move(self) -> Decimal:
        """Of an authorization's line: still to be returned."""
        return Decimal(0) if self.closed else max(self.quantity - self.moved, Decimal(0))


class LineUnit(models.Model):
    """A serial number's part in a line beside moving.

    The number designated on an order, expected on an authorization or seen by a count; or a
    unit's share of the amount of an invoice's line (of a credit's, negative).
    """

    line = models.ForeignKey(TransactionLine, models.PROTECT, related_name="line_units")
    unit = models.ForeignKey(SerialUnit, models.PROTECT, null=True, related_name="line_units")
    number = models.CharField(max_length=100, blank=True)
    amount = MoneyField(null=True)
    # The line that sold the unit, for whose revenue the share counts; none for a trade-in.
    sale = models.ForeignKey(
        TransactionLine, models.DO_NOTHING, null=True, db_constraint=False, related_name="shares"
    )

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.number or str(self.unit)


class ApplicationQuerySet(models.QuerySet["Application"]):
    def live(self) -> ApplicationQuerySet:
        return self.exclude(payment__status=VOIDED)

    def on(self, document: Transaction) -> Decimal:
        """What was paid or used up of a document."""
        amounts = self.live().filter(document=document)
        return amounts.aggregate(sum=Sum("amount"))["sum"] or Decimal("0.00")


class Application(models.Model):
    """What a payment settles of an invoice or bill, or uses up of a credit."""

    payment = models.ForeignKey(Transaction, models.PROTECT, related_name="settles")
    document = models.ForeignKey(Transaction, models.PROTECT, related_name="settled_by")
    amount = MoneyField()

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["payment", "document"], name="payment_settles_a_document_once"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="applied_amount_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} of {self.document}"


class JournalRow(models.Model):
    """A line of a manual journal entry as it was typed: a debit or a credit of one account."""

    transaction = models.ForeignKey(Transaction, models.PROTECT, related_name="rows")
    row_no = models.PositiveIntegerField()
    account = models.ForeignKey(Account, models.PROTECT, related_name="journal_rows")
    debit = MoneyField(default=0)
    credit = MoneyField(default=0)
    memo = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["transaction", "row_no"]
        constraints = [
            models.CheckConstraint(
                condition=Q(debit__gt=0, credit=0) | Q(debit=0, credit__gt=0),
                name="journal_row_is_debit_or_credit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.debit or -self.credit}"


class NumberChange(models.Model):
    """A unit's number corrected by a document: what it was, what it is; both stay findable."""

    document = models.ForeignKey(Transaction, models.PROTECT, related_name="number_changes")
    unit = models.ForeignKey(SerialUnit, models.PROTECT, related_name="number_changes")
    old_number = models.CharField(max_length=100)
    old_key = models.CharField(max_length=100, db_index=True)
    new_number = models.CharField(max_length=100)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.old_number} → {self.new_number}"


class NumberSeries(models.Model):
    """The next number of a kind of document; its row is locked last, so numbers have no gaps."""

    type = models.CharField(max_length=30, unique=True)
    next = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name_plural = "number series"

    def __str__(self) -> str:
        return f"{self.type}: {self.next}"
