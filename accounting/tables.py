"""The columns of the chart of accounts, of an account's journal lines and of periods."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounting.models import Account, AccountingPeriod, JournalLine
from inventory.columns import DateColumn, ListTable, MoneyColumn, RecordColumn, YesNoColumn
from inventory.templatetags import ui
from users.roles import COST


class AccountTable(ListTable):
    number = RecordColumn()
    name = tables.Column()
    type = tables.Column()
    balance = MoneyColumn(needs=COST)
    inactive = YesNoColumn("Inactive", word="Inactive")


class JournalTable(ListTable):
    """What was booked to one account; the rows know on which side (`debited`, `credited`)."""

    document = RecordColumn(
        "Document",
        accessor="entry__posting__document__number",
        order_by="entry_id",
        linkify=lambda record: record.entry.posting.document.get_absolute_url(),
    )
    date = DateColumn("Date", accessor="entry__date")
    type = tables.Column("Type", accessor="entry__posting__document__type")
    item = tables.Column(
        accessor="item_name",
        linkify=lambda record: record.item_pk and reverse("items:view", args=[record.item_pk]),
    )
    other = tables.Column("Other Account", empty_values=(), orderable=False)
    debit = MoneyColumn(accessor="debited")
    credit = MoneyColumn(accessor="credited")

    def render_document(self, record: JournalLine, value: str) -> SafeString | str:
        """A void's reversal says so: it stands on the same document."""
        if record.entry.posting.reverses_id is None:
            return value
        return format_html("{} {}", value, ui.badge("Void"))

    def value_document(self, value: str) -> str:
        return value

    def render_type(self, record: JournalLine) -> str:
        return record.entry.posting.document.kind.label

    def value_other(self, record: JournalLine) -> str:
        return str(_other(record))

    def render_other(self, record: JournalLine) -> SafeString:
        other = _other(record)
        return format_html('<a href="{}">{}</a>', other.get_absolute_url(), other)


def _other(line: Any) -> Account:
    """The account on the other side."""
    return line.debit if line.debited is None else line.credit


class PeriodTable(ListTable):
    name = RecordColumn(order_by="start")
    start = DateColumn()
    end = DateColumn()
    closed = tables.Column("Status")
    change = tables.Column("Action", empty_values=(), orderable=False, exclude_from_export=True)

    def render_closed(self, value: bool) -> SafeString:
        return period_badge(value)

    def value_closed(self, value: bool) -> str:
        return "Closed" if value else "Open"

    def render_change(self, record: AccountingPeriod) -> SafeString:
        verb = "Reopen" if record.closed else "Close"
        address = reverse(f"periods:{verb.lower()}", args=[record.pk])
        hidden = format_html('<span class="visually-hidden"> {}</span>', record)
        return format_html('<a href="{}">{}{}</a>', address, verb, hidden)


def period_badge(closed: bool) -> SafeString:
    return ui.badge("Closed") if closed else ui.badge("Open", "open")
