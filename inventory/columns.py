"""The base table of every list, and columns by what they hold: money, quantities, serials…"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils import dateformat, timezone
from django.utils.safestring import SafeString

from inventory.templatetags import format, ui
from users.access import Access


class ListTable(tables.Table):
    """A table of a list; subclasses name their columns.

    `cards` shows each row as a card on a phone; without it the table scrolls sideways with its
    first column in sight. A row's class comes from `row_class`.
    """

    cards = True

    def __init__(self, *args: Any, who: Access | None = None, **kwargs: Any) -> None:
        """`who` reads it: columns that need a right they have not are not in the table at all.

        So nothing of such a column is shown, exported, printed, sorted by or searched in.
        """
        closed = self._closed_to(who) if who else []
        kwargs["exclude"] = [*(kwargs.get("exclude") or ()), *closed]
        super().__init__(*args, default=format.blank(None), **kwargs)
        self.who = who
        self.row_attrs["class"] = lambda record: self.row_class(record) or None
        for column in self.columns.iterall():
            if column.column.verbose_name is None:
                column.column.verbose_name = headline(column.verbose_name)

    def _closed_to(self, who: Access) -> list[str]:
        columns = self.base_columns.items()
        return [name for name, column in columns if not who.may(getattr(column, "needs", ""))]

    def row_class(self, record: Any) -> str:
        """ "is-low", "is-void" and the like; nothing by default."""
        return ""


def headline(label: str) -> str:
    """ "unit cost" as it heads a column: Unit Cost."""
    return " ".join(word[:1].upper() + word[1:] for word in str(label).split())


class RecordColumn(tables.Column):
    """The column that names the record and leads to it; a row's first."""

    attrs = {"a": {"class": "row-link"}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("linkify", lambda record: record.get_absolute_url())
        super().__init__(*args, **kwargs)


class FigureColumn(tables.Column):
    attrs = {"th": {"class": "num"}, "td": {"class": "num"}}

    def value(self, value: Any) -> Any:
        """The bare figure, for exports."""
        return value


class MoneyColumn(FigureColumn):
    """An amount or a rate. `needs` is the right to see it: COST for what it cost or earned."""

    def __init__(self, *args: Any, needs: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.needs = needs

    def render(self, value: Decimal) -> SafeString:
        return format.money(value)


class QuantityColumn(FigureColumn):
    """A number of units. With linkify the figure leads to what it counts."""

    def render(self, value: Decimal) -> SafeString:
        return format.quantity(value)


class DateColumn(tables.Column):
    """A day, the same width everywhere: 2026-03-07."""

    attrs = {"td": {"class": "nowrap"}}

    def render(self, value: Any) -> str:
        return dateformat.format(value, "Y-m-d")

    def value(self, value: Any) -> Any:
        return value


class InstantColumn(tables.Column):
    """A day and the time of it, as the company's clock shows it."""

    attrs = {"td": {"class": "nowrap"}}

    def render(self, value: Any) -> str:
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"

    def value(self, value: Any) -> Any:
        return value


class StatusColumn(tables.Column):
    """A record's status as its badge; `labels` gives exports the words for a bare code."""

    def __init__(self, *args: Any, labels: dict[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.labels = labels

    def render(self, record: Any) -> SafeString:
        return ui.status(record)

    def value(self, record: Any) -> str:
        return ui.status_label(record)


class SerialColumn(tables.Column):
    """A serial number, leading to its page; records have `item_id`."""

    attrs = {"a": {"class": "serial row-link"}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("linkify", _serial_url)
        super().__init__(*args, **kwargs)


class YesNoColumn(tables.Column):
    """A mark in words: the label if true, a dash if not."""

    def __init__(self, *args: Any, word: str = "Yes", **kwargs: Any) -> None:
        super().__init__(*args, empty_values=(None, "", False), **kwargs)
        self.word = word

    def render(self, value: bool) -> SafeString:
        return ui.badge(self.word)

    def value(self, value: bool) -> str:
        return self.word


def _serial_url(record: Any, value: Any) -> str:
    return reverse("items:serial", args=[record.item_id, value])
