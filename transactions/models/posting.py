"""What each posting did, and the log of every move of stock."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounting.fields import MoneyField, QuantityField
from accounting.models import JournalEntry
from items.models import Item, SerialUnit
from locations.models import Location
from transactions.models.document import VOIDED, Transaction, TransactionLine

AMENDED = "amended"  # a posting's step: an open order was changed


class PostingQuerySet(models.QuerySet["Posting"]):
    def standing(self) -> PostingQuerySet:
        """Neither a reversal nor reversed."""
        return self.filter(reverses__isnull=True, reversed_by__isnull=True)


class Posting(models.Model):
    """One call of a verb on a document: who did which step when, and what it wrote."""

    document = models.ForeignKey(Transaction, models.PROTECT, related_name="postings")
    step = models.CharField(max_length=40)  # the status the step led to
    date = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    request_id = models.UUIDField(null=True, unique=True)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by")
    entry = models.OneToOneField(JournalEntry, models.PROTECT, null=True, related_name="posting")

    objects = PostingQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["date"], name="posting_day")]

    def __str__(self) -> str:
        return f"{self.document} {self.step} {self.date}"

    @property
    def step_label(self) -> str:
        """What it did, in words: the status it led to, that it changed an order or undid a step."""
        other = {VOIDED: "Voided", AMENDED: "Changed"}
        return other.get(self.step) or str(self.document.kind.statuses(self.step).label)


class StockMoveQuerySet(models.QuerySet["StockMove"]):
    def standing(self) -> StockMoveQuerySet:
        """Neither voided nor a void's reversal."""
        # As two EXISTS and not as joins: from the postings, SQLite would read all moves for each.
        original = Posting.objects.filter(pk=OuterRef("posting"), reverses=None)
        reversal = Posting.objects.filter(reverses=OuterRef("posting"))
        return self.filter(Exists(original), ~Exists(reversal))

    def sales(self) -> StockMoveQuerySet:
        """Units that left to a customer."""
        return self.filter(target_status=SerialUnit.Status.SOLD)


class StockMove(models.Model):
    """A unit (or a quantity of an ordinary item) passing from one state and place to another.

    The stock ledger: rows are appended, never changed or deleted; triggers see to it. An empty
    source is the outside world. Few foreign keys are checked, because the checks are half of
    what an insert costs.
    """

    posting = models.ForeignKey(Posting, models.PROTECT, related_name="moves", db_index=False)
    line = models.ForeignKey(TransactionLine, models.PROTECT, related_name="moves")
    item = models.ForeignKey(
        Item, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="moves"
    )
    unit = models.ForeignKey(SerialUnit, models.PROTECT, null=True, related_name="moves")
    quantity = QuantityField()
    date = models.DateField()
    source_status = models.CharField(max_length=20, blank=True)
    source_location = models.ForeignKey(
        Location, models.PROTECT, null=True, related_name="+", db_index=False
    )
    target_status = models.CharField(max_length=20)
    target_location = models.ForeignKey(
        Location, models.PROTECT, null=True, related_name="+", db_index=False
    )
    cost = MoneyField()  # of the whole quantity
    # When and by which posting the unit came to its source: a void restores them without a search.
    source_date = models.DateField(null=True)
    source_posting = models.BigIntegerField(null=True)

    objects = StockMoveQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["item", "date"], name="stock_move_item_date"),
            # For the last purchase price: what came to a place from outside, the latest first.
            models.Index(
                fields=["item", "target_location", "date"],
                condition=Q(source_status=""),
                name="stock_move_arrival",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.item_id}: {self.source_status} → {self.target_status}"
