"""Adjust Inventory as the admin site asks for it: one header, and rows of lines below."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, cast
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounting.fields import QuantityField, RateField
from company.models import Company
from inventory.ids import number_in, uuid_in
from items import numbers
from items.models import Item
from items.refusals import Refusal, Refused
from locations.models import Location
from transactions import types
from transactions.forms.header import HeaderForm, header_form
from transactions.forms.item_field import matches
from transactions.forms.lines import LineFigure
from transactions.models import Transaction, TransactionLine
from transactions.posting import post


class ItemField(forms.CharField):
    """An item by its name, its UPC or a serial number of it."""

    widget = forms.TextInput(
        {"list": "items", "size": 22, "autocomplete": "off", "spellcheck": "false"}
    )

    def clean(self, value: Any) -> Item | None:
        text = super().clean(value)
        if not text:
            return None
        found = list({match.item.pk: match.item for match in matches(text)}.values())
        if len(found) > 1:
            names = ", ".join(item.name for item in found[:5])
            raise ValidationError(f"Which of them? {names}.")
        if not found:
            raise ValidationError("No item has this name, UPC or serial number.")
        return found[0]


class AdjustmentLineForm(forms.Form):
    """One item: how many come in (or, below zero, go out), at what cost, by which numbers."""

    item = ItemField()
    location = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    quantity = LineFigure(QuantityField(), label="Adjust Qty By")
    rate = LineFigure(RateField(), label="Est. Unit Cost", required=False)
    serials = forms.CharField(
        label="Serial Numbers",
        required=False,
        strip=False,
        widget=forms.Textarea({"rows": 3, "cols": 24, "spellcheck": "false"}),
    )
    memo = forms.CharField(max_length=200, required=False, widget=forms.TextInput({"size": 14}))

    def __init__(
        self, *args: Any, company: Company, places: Sequence[Location], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.company = company
        location = cast("forms.TypedChoiceField", self.fields["location"])
        location.choices = [("", "---------"), *((place.pk, str(place)) for place in places)]
        self.places = {place.pk: place for place in places}
        for name in ("quantity", "rate"):
            self.fields[name].widget.attrs["size"] = 8
        if not company.multi_location_inventory:
            del self.fields["location"]

    def clean_serials(self) -> str:
        text: str = self.cleaned_data["serials"]
        if said := numbers.excess(numbers.split(text)):
            raise ValidationError(said)
        return text

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        comes_in = (data.get("quantity") or 0) > 0
        if comes_in and data.get("rate") is None and "rate" not in self.errors:
            self.add_error("rate", "Enter what a unit cost; 0 if nothing.")
        return data

    def line(self, place: Location | None) -> TransactionLine:
        data = self.cleaned_data
        line = TransactionLine(
            item=data["item"],
            location=self.places.get(data.get("location") or 0, place)
            or self.company.default_location,
            quantity=data["quantity"],
            rate=data["rate"] if data["quantity"] > 0 else Decimal(0),
            memo=data["memo"],
        )
        line.serials = numbers.split(data["serials"])
        return line


class AdjustmentLineFormSet(forms.BaseFormSet):
    """The lines of an adjustment; rows left empty are none."""

    @property
    def filled(self) -> list[AdjustmentLineForm]:
        return [form for form in self.forms if form.has_changed()]

    def show(self, refusals: Iterable[Refusal], header: HeaderForm) -> list[Refusal]:
        """Put each refusal where it belongs; gives back those the user may confirm."""
        questions = []
        for refusal in refusals:
            if refusal.asks:
                questions.append(refusal)
            elif refusal.line:
                field = "serials" if refusal.number else None
                self.filled[refusal.line - 1].add_error(field, linked(refusal))
            else:
                header.add_error(None, linked(refusal))
        return questions


def linked(refusal: Refusal) -> SafeString:
    """A refusal with the way to what stands in the way."""
    if not refusal.url:
        return format_html("{}", refusal.message)
    return format_html('{} <a href="{}">Look at it</a>', refusal.message, refusal.url)


class Adjustment:
    """Adjust Inventory as filled in: header, lines, and the warnings the user has accepted."""

    kind = types.get("inventory_adjustment")

    def __init__(self, data: Any = None) -> None:
        company = Company.current()
        form = header_form(self.kind, company, from_parent=False)
        document = Transaction(type=self.kind.name)
        self.header = form(data, kind=self.kind, company=company, instance=document)
        rows = forms.formset_factory(AdjustmentLineForm, AdjustmentLineFormSet, extra=3)
        given = {"company": company, "places": list(Location.objects.all())}
        lines = rows(_with_more_rows(data), prefix="lines", form_kwargs=given)
        self.lines = cast("AdjustmentLineFormSet", lines)
        self.confirmed = data.getlist("confirmed") if data else []
        # Made once for the form, so that a double click saves once.
        self.request_id = uuid_in((data or {}).get("request_id")) or uuid4()
        self.questions: list[Refusal] = []

    @property
    def has_errors(self) -> bool:
        return bool(self.header.errors or self.lines.total_error_count() or self.questions)

    def save(self, by: Any) -> Transaction | None:
        """Post it; None with every refusal shown, and nothing stored."""
        if not all([self.header.is_valid(), self.lines.is_valid()]):
            return None
        document = self.header.document
        lines = [form.line(document.location) for form in self.lines.filled]
        try:
            result = post(
                document, lines, by=by, request_id=self.request_id, confirmed=self.confirmed
            )
        except Refused as refused:
            self.questions = self.lines.show(refused.refusals, self.header)
            return None
        self.notices = result.notices
        return result.document


def _with_more_rows(data: Any) -> Any:
    """As submitted; with three more empty rows if the button for that was pressed."""
    if not data or "more" not in data:
        return data
    data = data.copy()
    rows = number_in(data.get("lines-TOTAL_FORMS", ""))
    data["lines-TOTAL_FORMS"] = str((rows or 0) + 3)
    return data
