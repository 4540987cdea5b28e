"""The books: accounts, periods and a journal of pairs. They know nothing of stock."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models import F, Q, Sum
from django.urls import reverse
from simple_history.models import HistoricalRecords

from accounting.fields import MoneyField


class AccountQuerySet(models.QuerySet["Account"]):
    def active(self) -> AccountQuerySet:
        return self.filter(inactive=False)

    def of_type(self, *types: str) -> AccountQuerySet:
        return self.filter(type__in=types)


class Account(models.Model):
    """A place in the general ledger where debits and credits of one kind are gathered."""

    class Type(models.TextChoices):
        BANK = "bank", "Bank"
        RECEIVABLE = "receivable", "Accounts Receivable"
        CURRENT_ASSET = "current_asset", "Other Current Asset"
        PAYABLE = "payable", "Accounts Payable"
        CURRENT_LIABILITY = "current_liability", "Other Current Liability"
        EQUITY = "equity", "Equity"
        INCOME = "income", "Income"
        COGS = "cogs", "Cost of Goods Sold"
        EXPENSE = "expense", "Expense"
        OTHER_INCOME = "other_income", "Other Income"
        OTHER_EXPENSE = "other_expense", "Other Expense"

    number = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=100)
    type = models.CharField(max_length=20, choices=Type)
    inactive = models.BooleanField(default=False)

    history = HistoricalRecords()
    objects = AccountQuerySet.as_manager()

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("accounts:view", args=[self.pk])


class PeriodQuerySet(models.QuerySet["AccountingPeriod"]):
    def covering(self, day: date) -> AccountingPeriod | None:
        """The period a day lies in, or None."""
        return self._around(day).first()

    def kept_as_is(self, day: date) -> AccountingPeriod | None:
        """The same, and nobody closes or redates it before the present transaction ends.

        Any number of transactions keep a period at once. SQLite has one writer, who keeps all.
        """
        if not connection.features.has_select_for_update:
            return self.covering(day)
        sql, values = self._around(day)[:1].query.sql_with_params()
        return next(iter(self.raw(f"{sql} FOR SHARE", values)), None)

    def _around(self, day: date) -> PeriodQuerySet:
        return self.filter(start__lte=day, end__gte=day)


class AccountingPeriod(models.Model):
    """A stretch of time the books are kept for; nothing posts into a closed one (SPEC §5.7)."""

    name = models.CharField(max_length=40, unique=True)
    start = models.DateField()
    end = models.DateField()
    closed = models.BooleanField(default=False)

    history = HistoricalRecords()
    objects = PeriodQuerySet.as_manager()

    class Meta:
        ordering = ["-start"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end__gte=F("start")),
                name="period_ends_after_it_starts",
                violation_error_message="The period must not end before it starts.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("periods:view", args=[self.pk])

    def clean(self) -> None:
        if not (self.start and self.end):
            return
        overlap = AccountingPeriod.objects.filter(start__lte=self.end, end__gte=self.start)
        if other := overlap.exclude(pk=self.pk).first():
            raise ValidationError(f"These dates overlap the period {other}.")


class JournalEntry(models.Model):
    """What one posting wrote into the general ledger, on one date."""

    date = models.DateField(db_index=True)
    memo = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name_plural = "journal entries"

    def __str__(self) -> str:
        return f"{self.date} {self.memo}"


class JournalLineQuerySet(models.QuerySet["JournalLine"]):
    def until(self, day: date) -> JournalLineQuerySet:
        return self.filter(entry__date__lte=day)

    def between(self, start: date, end: date) -> JournalLineQuerySet:
        return self.filter(entry__date__range=(start, end))

    def balances(self) -> dict[int, Decimal]:
        """Debits minus credits by account id: two statements however long the ledger."""
        totals: dict[int, Decimal] = {}
        for side, sign in (("debit_id", 1), ("credit_id", -1)):
            for account, amount in self.values_list(side).annotate(Sum("amount")).order_by():
                totals[account] = totals.get(account, Decimal("0.00")) + sign * amount
        return totals


class JournalLine(models.Model):
    """A pair: one account debited, another credited, one amount; it cannot be out of balance."""

    entry = models.ForeignKey(JournalEntry, models.PROTECT, related_name="lines")
    debit = models.ForeignKey(Account, models.PROTECT, related_name="debits")
    credit = models.ForeignKey(Account, models.PROTECT, related_name="credits")
    amount = MoneyField()
    # The document line it was booked for. A plain number: the books know nothing of documents.
    source_line = models.BigIntegerField(null=True, db_index=True)

    objects = JournalLineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="journal_amount_is_positive"),
            models.CheckConstraint(
                condition=~Q(debit=F("credit")), name="journal_line_joins_two_accounts"
            ),
        ]

    def __str__(self) -> str:
        return f"Dr {self.debit_id} Cr {self.credit_id} {self.amount}"


def balance(account: Account, lines: Any = None) -> Decimal:
    """Debits minus credits of one account over the given journal lines (default: all)."""
    lines = JournalLine.objects.all() if lines is None else lines
    return (
        lines.filter(Q(debit=account) | Q(credit=account))
        .balances()
        .get(account.pk, Decimal("0.00"))
    )
