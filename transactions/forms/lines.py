"""The forms of a document's lines: the row being entered, and a parent's line being taken."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import SuspiciousOperation
from django.db.models import QuerySet
from django.http import QueryDict

from accounting.fields import LIMIT, FigureField, QuantityField, RateField
from company.models import Company
from items import numbers
from items.models import Item
from locations.models import Location
from transactions.models import TransactionLine
from transactions.types import Kind, Stage

# How an added line travels in the form: one hidden field each, all of them for every line.
CARRIED = (
    "item", "location", "quantity", "rate", "override_rate", "description", "memo", "serials", "pk",
    "closed",
)  # fmt: skip
LONGEST_TEXT = 200  # of a line's description or memo
FIGURE = {"inputmode": "decimal", "autocomplete": "off"}
# A change of the item asks for what it proposes; quantity and serial numbers are left alone.
ITEM = {
    "list": "item-options",
    "autocomplete": "off",
    "autocapitalize": "off",
    "spellcheck": "false",
    "placeholder": "Name, UPC or serial number",
    "hx-post": "",
    "hx-trigger": "change",
    "hx-vals": '{"action": "look-up"}',
    "hx-target": "#entry-details",
    "hx-swap": "outerHTML",
    "hx-disabled-elt": "unset",
}


class LineFigure(FigureField):
    """A quantity or rate typed as text, so that what was mistyped is shown again."""

    def __init__(self, column: QuantityField | RateField, **kwargs: Any) -> None:
        self.column = column
        widget = forms.TextInput(FIGURE)
        super().__init__(max_digits=18, decimal_places=4, widget=widget, **kwargs)

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        number = super().to_python(str(value).replace("\N{MINUS SIGN}", "-") if value else value)
        return None if number is None else self.column.present(number)


class EntryForm(forms.Form):
    """The row in which the next line is entered."""

    item = forms.CharField()
    quantity = LineFigure(QuantityField())
    location = forms.ModelChoiceField(
        Location.objects.none(), required=False, empty_label="Default"
    )
    rate = LineFigure(RateField(), required=False)
    override_rate = LineFigure(
        RateField(), required=False, label="Override Rate", help_text="What a unit is worth."
    )
    description = forms.CharField(required=False, max_length=200)
    memo = forms.CharField(required=False, max_length=200)

    def __init__(
        self, data: Any = None, *, kind: Kind, company: Company, initial: Any = None
    ) -> None:
        super().__init__(data, prefix="entry", initial=initial)
        self.fields["quantity"].label = kind.quantity_label
        self.fields["rate"].label = kind.rate_label
        if company.multi_location_inventory and not kind.internal:
            # Stock may be taken out of an inactive location, but nothing new goes there.
            places = Location.objects.all() if kind.signed else Location.objects.active()
            offer(self.fields["location"], places)
        else:
            del self.fields["location"]
        for name in ("memo", "override_rate"):
            if name not in kind.line_fields:
                del self.fields[name]
        if not kind.rate_label:
            del self.fields["rate"]
        self.fields["item"].widget.attrs = dict(ITEM)


class TakeForm(forms.Form):
    """What is taken of one line of the parent."""

    take = forms.BooleanField(required=False)
    quantity = LineFigure(QuantityField(), required=False)
    rate = LineFigure(RateField(), required=False)
    location = forms.ModelChoiceField(Location.objects.none(), empty_label=None)
    restock = forms.BooleanField(
        required=False, help_text="Clear it for goods that cannot be sold again."
    )
    override_rate = LineFigure(
        RateField(), required=False, label="Override Rate", help_text="What a unit is worth."
    )

    def __init__(
        self,
        data: Any,
        *,
        kind: Kind,
        source: TransactionLine,
        fields: Sequence[str],
        initial: dict[str, Any],
    ) -> None:
        super().__init__(data, prefix=f"line-{source.pk}", initial=initial)
        offer(self.fields["location"], Location.objects.active())
        for name in ("location", "restock", "override_rate"):
            if name not in fields:
                del self.fields[name]
        self.fields["take"].label = f"{kind.verb} {source.item}"
        self.fields["quantity"].label = kind.quantity_label
        self.fields["quantity"].disabled = kind.whole_lines
        if kind.stage is not Stage.BILLING:  # goods move at the rate of their order
            del self.fields["rate"]

    def clean(self) -> None:
        values = super().clean() or {}
        for name in ("quantity", "rate"):
            blank = name in self.fields and values.get(name) is None
            if values.get("take") and blank and name not in self.errors:
                self.add_error(name, f"Enter the {name}.")


def offer(field: forms.Field, places: QuerySet[Location]) -> None:
    """Let a field choose among locations, inactive ones marked."""
    field.queryset = places  # type: ignore[attr-defined]
    field.label_from_instance = _named  # type: ignore[attr-defined]


def _named(location: Location) -> str:
    return f"{location} (inactive)" if location.inactive else str(location)


def carried_lines(data: QueryDict) -> list[TransactionLine]:
    """The lines added so far, out of their hidden fields. Raises SuspiciousOperation on forgery."""
    try:
        rows = list(zip(*(data.getlist(f"line-{name}") for name in CARRIED), strict=True))
        items = Item.objects.in_bulk({int(row[0]) for row in rows}) if rows else {}
        places = Location.objects.in_bulk({int(row[1]) for row in rows}) if rows else {}
        return [_carried(row, items, places) for row in rows]
    except (ValueError, KeyError, ArithmeticError) as error:
        raise SuspiciousOperation("The lines of this form were tampered with.") from error


def _carried(row: Any, items: dict[int, Item], places: dict[int, Location]) -> TransactionLine:
    item, location, quantity, rate, override_rate, description, memo, serials, pk, closed = row
    line = TransactionLine(
        pk=int(pk) if pk else None,
        closed=bool(closed),
        item=items[int(item)],
        location=places[int(location)],
        quantity=QuantityField().present(_carried_figure(quantity)),
        rate=_carried_figure(rate),
        override_rate=_carried_figure(override_rate) if override_rate else None,
        description=_carried_text(description, "description"),
        memo=_carried_text(memo, "memo"),
    )
    line.serials = numbers.split(serials)
    if said := numbers.excess(line.serials):
        raise ValueError(said)
    return line


def _carried_figure(text: str) -> Decimal:
    """Was checked when the line was added; NaN and what has no end cannot come from there."""
    number = Decimal(text)
    if not abs(number) <= LIMIT:
        raise ValueError(f"{text[:40]} is no figure.")
    return number


def _carried_text(text: str, name: str) -> str:
    if len(text) > LONGEST_TEXT or "\0" in text:
        raise ValueError(f"{text[:40]} is no {name}.")
    return text


def carry(line: TransactionLine, numbers_typed: Sequence[str]) -> list[tuple[str, Any]]:
    """The hidden fields of an added line: (name, value)."""
    values = (
        line.item_id,
        line.location_id,
        f"{line.quantity:f}",
        f"{line.rate:f}",
        "" if line.override_rate is None else f"{line.override_rate:f}",
        line.description,
        line.memo,
        " ".join(numbers_typed),
        line.pk or "",
        "1" if line.closed else "",
    )
    return [(f"line-{name}", value) for name, value in zip(CARRIED, values, strict=True)]
