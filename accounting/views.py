"""The pages of the books: the chart of accounts, an account's journal lines, and the periods."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.db.models import (
    Case,
    Count,
    ExpressionWrapper,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    When,
)
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.views import View

from accounting.fields import MoneyField
from accounting.filters import AccountFilter, JournalFilter, PeriodFilter
from accounting.forms import AccountForm, PeriodForm
from accounting.models import Account, AccountingPeriod, JournalEntry, JournalLine
from accounting.tables import AccountTable, JournalTable, PeriodTable, period_badge
from company.setup import open_year
from inventory.ids import number_in
from inventory.listing import Listing, ListingView
from inventory.records import EditRecord, NewRecord, RecordPage
from transactions.models import TransactionLine

T = Account.Type
GROWS_BY_CREDIT = (T.PAYABLE, T.CURRENT_LIABILITY, T.EQUITY, T.INCOME, T.OTHER_INCOME)


class AccountList(ListingView):
    title = "Accounts"
    description = "The chart of accounts, each with its balance on its usual side."
    table = AccountTable
    filters = AccountFilter
    search = ("number__startswith", "name")
    search_hint = "Number or name"
    new_url = reverse_lazy("accounts:new")
    new_label = "New Account"

    def rows(self) -> QuerySet[Account]:
        debited, credited = _sum("debit"), _sum("credit")
        usual = Case(
            When(type__in=GROWS_BY_CREDIT, then=_less(credited, debited)),
            default=_less(debited, credited),
        )
        return Account.objects.annotate(balance=usual)


def _less(one: Any, other: Any) -> ExpressionWrapper:
    return ExpressionWrapper(one - other, MoneyField())


def _sum(side: str) -> Coalesce:
    """All that was booked to one side of the outer query's account."""
    lines = JournalLine.objects.filter(**{side: OuterRef("pk")}).order_by().values(side)
    total = Subquery(lines.annotate(total=Sum("amount")).values("total"))
    return Coalesce(total, 0, output_field=MoneyField())


def _total(lines: QuerySet[JournalLine]) -> Decimal:
    return lines.aggregate(total=Sum("amount"))["total"] or Decimal("0.00")


class NewAccount(NewRecord):
    model = Account
    form_class = AccountForm
    key = "number"


class EditAccount(EditRecord):
    model = Account
    form_class = AccountForm


class AccountPage(RecordPage):
    """An account: its balance and everything booked to it, the latest first."""

    model = Account
    template_name = "accounting/account.html"
    tabs = (("journal", "Journal Lines"),)

    def facts(self) -> list[tuple[Any, ...]]:
        account = self.object
        side = "Credit" if account.type in GROWS_BY_CREDIT else "Debit"
        return [
            ("Number", account.number),
            ("Name", account.name),
            ("Type", account.get_type_display()),
            ("Usual side", side),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        debited, credited = _total(self.object.debits), _total(self.object.credits)
        balance = debited - credited
        if self.object.type in GROWS_BY_CREDIT:
            balance = -balance
        return super().get_context_data(debits=debited, credits=credited, balance=balance, **kwargs)

    def journal_listing(self) -> Listing:
        return Listing(
            self.request,
            journal_lines(self.object),
            JournalTable,
            JournalFilter,
            title="Journal Lines",
            order=("-date",),
            search=("entry__posting__document__number", "item_name"),
            search_hint="Document or item",
            empty={
                "title": "Nothing is booked to this account",
                "text": "Every document that debits or credits it will be listed here.",
            },
        )


def journal_lines(account: Account) -> QuerySet[JournalLine]:
    """The pairs with the account on one side, with the documents and items they are for."""
    lines = TransactionLine.objects.filter(pk=OuterRef("source_line"))
    return (
        JournalLine.objects.filter(Q(debit=account) | Q(credit=account))
        .select_related("entry__posting__document", "debit", "credit")
        .annotate(
            debited=Case(When(debit=account, then=F("amount")), output_field=MoneyField()),
            credited=Case(When(credit=account, then=F("amount")), output_field=MoneyField()),
            item_pk=Subquery(lines.values("item_id")),
            item_name=Subquery(lines.values("item__name")),
        )
    )


class PeriodList(ListingView):
    title = "Accounting Periods"
    description = "Nothing posts into a closed period."
    template_name = "accounting/periods.html"
    table = PeriodTable
    filters = PeriodFilter
    search = ("name",)
    search_hint = "Name"
    new_url = reverse_lazy("periods:new")
    new_label = "New Period"

    def rows(self) -> QuerySet[AccountingPeriod]:
        return AccountingPeriod.objects.all()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(next_year=_next_year(), **kwargs)


class NewPeriod(NewRecord):
    model = AccountingPeriod
    form_class = PeriodForm


class EditPeriod(EditRecord):
    model = AccountingPeriod
    form_class = PeriodForm


class PeriodPage(RecordPage):
    """A period: its days, and in the System Notes who closed and reopened it."""

    model = AccountingPeriod
    template_name = "accounting/period.html"

    def facts(self) -> list[tuple[Any, ...]]:
        period = self.object
        entries = JournalEntry.objects.filter(date__range=(period.start, period.end))
        return [
            ("First day", f"{period.start}"),
            ("Last day", f"{period.end}"),
            ("Journal entries", entries.aggregate(count=Count("pk"))["count"]),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(badge=period_badge(self.object.closed), **kwargs)


class ChangePeriod(View):
    """Asks before a period is closed or reopened, then does it; its System Notes say who did."""

    closed = True

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        period = get_object_or_404(AccountingPeriod, pk=pk)
        verb = "Close" if self.closed else "Reopen"
        context = {"title": f"{verb} {period}?", "verb": verb, "period": period}
        return render(request, "accounting/change_period.html", context)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        period = get_object_or_404(AccountingPeriod, pk=pk)
        if period.closed != self.closed:
            period.closed = self.closed
            period.save()
        messages.success(request, f"{period} is {'closed' if self.closed else 'open'}.")
        return redirect("periods:list")


class AddYear(View):
    """Makes the twelve periods of the next year: the one that the button named."""

    def post(self, request: HttpRequest) -> HttpResponse:
        year = number_in(request.POST.get("year", "")) or 0
        if year == _next_year():
            # Of two clicks at once the second finds the first one's periods.
            with suppress(IntegrityError), transaction.atomic():
                open_year(year)
        if AccountingPeriod.objects.filter(end__year=year).exists():
            messages.success(request, f"The periods of {year} are open.")
        else:
            messages.error(request, "The button was out of date; this is the list as it is now.")
        return redirect("periods:list")


def _next_year() -> int:
    """The year after the last period, or this year while there is none."""
    last = AccountingPeriod.objects.aggregate(end=Max("end"))["end"]
    return last.year + 1 if last else timezone.localdate().year
