from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounting.models import Account, AccountingPeriod, JournalEntry, JournalLine
from inventory.admin import ReadOnlyAdmin, ReadOnlyInline, RecordAdmin


@admin.register(Account)
class AccountAdmin(RecordAdmin):
    list_display = ["number", "name", "type", "inactive"]
    list_display_links = ["number", "name"]
    list_filter = ["type", "inactive"]
    search_fields = ["number", "name"]


@admin.register(AccountingPeriod)
class AccountingPeriodAdmin(RecordAdmin):
    list_display = ["name", "start", "end", "closed"]
    list_filter = ["closed"]
    search_fields = ["name"]


class JournalLineInline(ReadOnlyInline):
    model = JournalLine
    fields = ["debit", "credit", "amount"]
    related = ["debit", "credit"]


@admin.register(JournalEntry)
class JournalEntryAdmin(ReadOnlyAdmin):
    list_display = ["id", "date", "document", "memo"]
    date_hierarchy = "date"
    search_fields = ["posting__document__number"]
    fields = ["date", "memo", "document"]
    readonly_fields = ["document"]
    inlines = [JournalLineInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[JournalEntry]:
        return super().get_queryset(request).select_related("posting__document")

    @admin.display(ordering="posting__document__number")
    def document(self, entry: JournalEntry) -> SafeString:
        document = entry.posting.document
        return format_html('<a href="{}">{}</a>', document.get_absolute_url(), document)


@admin.register(JournalLine)
class JournalLineAdmin(ReadOnlyAdmin):
    list_display = ["id", "date", "debit", "credit", "amount"]
    list_filter = ["entry__date", "debit", "credit"]
    list_select_related = ["entry", "debit", "credit"]
    search_fields = ["entry__posting__document__number", "debit__number", "credit__number"]

    @admin.display(ordering="entry__date")
    def date(self, line: JournalLine) -> str:
        return f"{line.entry.date}"
