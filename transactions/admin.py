"""Documents and the stock ledger in the admin site: to look at, and to adjust inventory.

Adjust Inventory is the "add" page of documents here: the one kind that can be entered in the
admin. It needs no model of its own, and its permission is that of adding a document.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html

from inventory.admin import ReadOnlyAdmin, ReadOnlyInline
from items.models import Item
from items.refusals import Refusal
from transactions.forms.adjustment import Adjustment, linked
from transactions.models import (
    LineUnit,
    NumberSeries,
    Posting,
    StockMove,
    Transaction,
    TransactionLine,
)

MOST_ITEMS = 2_000  # named in the list that completes what is typed


class LineInline(ReadOnlyInline):
    model = TransactionLine
    fields = ["line_no", "item", "location", "quantity", "rate", "amount", "closed"]
    related = ["item", "location"]


class PostingInline(ReadOnlyInline):
    model = Posting
    fields = ["step", "date", "by", "created_at", "entry", "reverses"]
    related = ["document", "by", "entry", "reverses__document"]


@admin.register(Transaction)
class TransactionAdmin(ReadOnlyAdmin):
    """Documents of every kind, as posted. Adding one here is Adjust Inventory (SPEC §7.5)."""

    list_display = ["number", "type", "date", "party", "state", "reference", "created_by"]
    list_filter = ["type", "date"]
    list_select_related = ["vendor", "customer", "created_by"]
    date_hierarchy = "date"
    search_fields = ["number", "reference", "memo", "vendor__name", "customer__name"]
    fields = [
        ("type", "number", "state"),
        "date",
        ("vendor", "customer"),
        ("location", "account", "reason"),
        "created_from",
        ("expected_date", "due_date"),
        "reference",
        "memo",
        "void_reason",
        ("created_by", "created_at"),
    ]
    readonly_fields = ["state"]
    inlines = [LineInline, PostingInline]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return admin.ModelAdmin.has_add_permission(self, request)

    @admin.display(description="status", ordering="status")
    def state(self, document: Transaction) -> str:
        return document.status_label

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponseBase:
        """Adjust Inventory, through the same `post()` as its page.

        The admin's own view is replaced as a whole: it would wrap the request in a transaction,
        and `post()` must own the one it works in.
        """
        if not self.has_add_permission(request):
            raise PermissionDenied
        adjustment = Adjustment(request.POST or None)
        if request.POST and "more" not in request.POST and (done := adjustment.save(request.user)):
            return self._saved(request, done, adjustment.notices)
        return TemplateResponse(
            request, "admin/adjust_inventory.html", self._context(request, adjustment)
        )

    def _saved(
        self, request: HttpRequest, document: Transaction, notices: Sequence[Refusal]
    ) -> HttpResponseBase:
        self.log_addition(request, document, [{"added": {}}])
        page = reverse("admin:transactions_transaction_change", args=[document.pk])
        text = format_html('Inventory adjustment <a href="{}">{}</a> is saved.', page, document)
        messages.success(request, text)
        for notice in notices:
            messages.info(request, linked(notice))
        return redirect("admin:transactions_transaction_add" if "another" in request.POST else page)

    def _context(self, request: HttpRequest, adjustment: Adjustment) -> dict[str, Any]:
        fieldsets = [(None, {"fields": list(adjustment.header.fields)})]
        return {
            **self.admin_site.each_context(request),
            "title": "Adjust Inventory",
            "opts": self.opts,
            "adjustment": adjustment,
            "adminform": helpers.AdminForm(adjustment.header, fieldsets, {}, model_admin=self),
            "item_names": Item.objects.active().values_list("name", flat=True)[:MOST_ITEMS],
            "media": self.media,
            "has_view_permission": self.has_view_permission(request),
        }


@admin.register(TransactionLine)
class TransactionLineAdmin(ReadOnlyAdmin):
    list_display = ["transaction", "line_no", "item", "location", "quantity", "rate", "amount"]
    list_filter = ["transaction__type", "location"]
    list_select_related = ["transaction", "item", "location"]
    search_fields = ["transaction__number", "item__name"]


@admin.register(LineUnit)
class LineUnitAdmin(ReadOnlyAdmin):
    """Designated serial numbers, and the shares of invoiced amounts."""

    list_display = ["line", "document", "unit", "number", "amount"]
    list_select_related = ["line__transaction", "line__item", "unit"]
    search_fields = ["line__transaction__number", "unit__number_key__startswith", "number"]

    @admin.display(ordering="line__transaction")
    def document(self, line_unit: LineUnit) -> Transaction:
        return line_unit.line.transaction


@admin.register(Posting)
class PostingAdmin(ReadOnlyAdmin):
    list_display = ["document", "step", "date", "by", "created_at", "reverses"]
    list_filter = ["date"]
    list_select_related = ["document", "by", "reverses__document"]
    search_fields = ["document__number"]


@admin.register(StockMove)
class StockMoveAdmin(ReadOnlyAdmin):
    """The stock ledger."""

    list_display = ["id", "date", "document", "item", "unit", "quantity", "came", "went", "cost"]
    list_filter = ["date"]
    search_fields = [
        "line__transaction__number",
        "item__name",
        "unit__number_key__startswith",
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[StockMove]:
        return (
            super()
            .get_queryset(request)
            .select_related(
                "line__transaction", "item", "unit", "source_location", "target_location"
            )
        )

    @admin.display(ordering="line__transaction")
    def document(self, move: StockMove) -> Transaction:
        return move.line.transaction

    @admin.display(description="from")
    def came(self, move: StockMove) -> str:
        return f"{move.source_status} {move.source_location or ''}"

    @admin.display(description="to")
    def went(self, move: StockMove) -> str:
        return f"{move.target_status} {move.target_location or ''}"


@admin.register(NumberSeries)
class NumberSeriesAdmin(ReadOnlyAdmin):
    list_display = ["type", "next"]
