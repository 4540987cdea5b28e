"""Entering items: the record itself, its levels by location, and what is in stock on day one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from accounting.fields import FigureField
from accounting.models import Account
from audit_trail.versions import put_latest_on_record
from company.models import Company
from inventory.system_notes import COSTS
from items import figures, numbers
from items.models import Item, ItemLocation
from items.refusals import Refusal
from locations.models import Location
from transactions.forms.box_buttons import read_box
from transactions.models import Transaction, TransactionLine

ACCOUNT_TYPES = {
    "income_account": Account.Type.INCOME,
    "cogs_account": Account.Type.COGS,
    "asset_account": Account.Type.CURRENT_ASSET,
}

FIELDSETS = [
    ("Item", ["item_type", "name", "display_name", "upc", "description"]),
    (
        "Purchasing/Inventory",
        [
            "purchase_price",
            "default_return_cost",
            "preferred_vendor",
            "preferred_location",
            "reorder_point",
            "preferred_stock_level",
        ],
    ),
    ("Sales/Pricing", ["base_price"]),
    ("Accounting", ["income_account", "cogs_account", "asset_account"]),
    ("Serial Numbers", ["number_format", "check_digit"]),
]


def hide_costs(form: forms.BaseForm) -> None:
    """Take away the fields that say what things cost; what they hold stays as it is."""
    for name in {*COSTS, "unit_cost"} & set(form.fields):
        del form.fields[name]


def check_figures(form: forms.BaseForm, data: dict[str, Any], *, serialized: bool) -> None:
    for name, problem in figures.problems(data, serialized=serialized):
        form.add_error(name, problem)


class ItemForm(forms.ModelForm):
    """The item record (SPEC §2.2), the company's default accounts preselected."""

    class Meta:
        model = Item
        fields = [name for _, names in FIELDSETS for name in names]
        help_texts = {
            "item_type": "Fixed once the item is saved.",
            "number_format": "What new numbers must look like: A a letter, 9 a digit, * either; "
            "{8} or {8,12} how many of the one before. Any other character stands for itself, as "
            "does one behind a \\. Empty: anything.",
            "check_digit": "Finds a mistyped digit. Luhn is that of an IMEI.",
            "purchase_price": "Proposed on purchase orders; if blank, the last purchase price is.",
            "base_price": "Proposed on sales orders.",
            "default_return_cost": "Proposed as the cost of a return that has no sale.",
            "reorder_point": "The quantity on hand at which to order more.",
            "preferred_stock_level": "How much should be in stock after an order has come in.",
            "preferred_location": "Proposed on the lines of sales orders.",
            "income_account": "Credited with what it sells for.",
            "cogs_account": "Debited with what each sold unit cost.",
            "asset_account": "Holds the value of what is in stock.",
        }
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, sees_cost: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.company = Company.current()
        if not sees_cost:
            hide_costs(self)
        self._offer_accounts()
        for name in ("preferred_vendor", "preferred_location"):
            self._offer(name, Q(inactive=False))
        if not self.company.multi_location_inventory:
            del self.fields["preferred_location"]
        if self.instance.pk:
            self._lock()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        serialized = data.get("item_type") == Item.Type.SERIALIZED
        check_figures(self, data, serialized=serialized)
        for name in ("number_format", "check_digit"):
            if data.get(name) and not serialized:
                self.add_error(name, "Only a serialized item has serial numbers.")
        return data

    def _offer_accounts(self) -> None:
        """Only accounts of the right type, and none that posting keeps for itself."""
        kept = (self.company.in_transit_account_id, self.company.undeposited_funds_account_id)
        for name, type_ in ACCOUNT_TYPES.items():
            self._offer(name, Q(type=type_, inactive=False) & ~Q(pk__in=kept))
            self.fields[name].initial = getattr(self.company, name)

    def _offer(self, name: str, which: Q) -> None:
        """Limit a field's choices, the present one always among them."""
        field = cast("forms.ModelChoiceField", self.fields[name])
        present = getattr(self.instance, f"{name}_id")
        field.queryset = field.queryset.filter(which | Q(pk=present))

    def _lock(self) -> None:
        self._disable("item_type", "The type is fixed once the item is saved; make a new item.")
        if self.instance.is_in_stock():
            self._disable("asset_account", "Locked while any unit is in stock.")

    def _disable(self, name: str, why: str) -> None:
        self.fields[name].disabled = True
        self.fields[name].help_text = why


class LevelForm(forms.ModelForm):
    """One location's own reorder point and preferred stock level."""

    class Meta:
        model = ItemLocation
        fields = ["reorder_point", "preferred_stock_level", "default_return_cost"]

    def __init__(self, *args: Any, sees_cost: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not sees_cost:
            hide_costs(self)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        check_figures(self, data, serialized=self.instance.item.is_serialized)
        return data


class LevelFormSet(forms.BaseFormSet):
    """A form for each active location, whether the item was ever there or not."""

    def __init__(self, *args: Any, item: Item, sees_cost: bool = True, **kwargs: Any) -> None:
        self.sees_cost = sees_cost
        known = {row.location_id: row for row in item.item_locations.select_related("location")}
        self.rows = [
            known.get(place.pk) or ItemLocation(item=item, location=place)
            for place in Location.objects.active()
        ]
        super().__init__(*args, **kwargs)

    def total_form_count(self) -> int:
        return len(self.rows)

    initial_form_count = total_form_count

    def add_prefix(self, index: Any) -> str:
        """By location, so that one made meanwhile does not shift the others."""
        return f"{self.prefix}-{self.rows[index].location_id}"

    def get_form_kwargs(self, index: Any) -> dict[str, Any]:
        return {"instance": self.rows[index], "sees_cost": self.sees_cost}

    def save(self) -> None:
        """Write the levels alone, and their history: the quantities beside them are posting's."""
        names = LevelForm.Meta.fields
        rows = [
            ItemLocation(
                item=row.item,
                location=row.location,
                **{name: getattr(form.instance, name) for name in names},
            )
            for form, row in zip(self.forms, self.rows, strict=True)
            if form.has_changed()
        ]
        saved = ItemLocation.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["item", "location"],
            update_fields=names,
        )
        ItemLocation.history.bulk_history_create(saved, update=True)
        put_latest_on_record(saved)


def level_formset(item: Item, data: Any = None, *, sees_cost: bool = True) -> LevelFormSet:
    made = forms.formset_factory(LevelForm, formset=LevelFormSet, max_num=1000)
    wanted = cast("type[LevelFormSet]", made)
    return wanted(data, prefix="level", item=item, sees_cost=sees_cost)


class OpeningForm(forms.Form):
    """What of a new item is in stock at one location, and what a unit cost (R1b)."""

    location = forms.TypedChoiceField(required=False, empty_value=None)
    quantity = FigureField(
        label="Quantity on hand", required=False, min_value=0, max_digits=18, decimal_places=4
    )
    unit_cost = FigureField(required=False, min_value=0, max_digits=18, decimal_places=4)
    serials = forms.CharField(label="Serial numbers", required=False)

    def __init__(self, *args: Any, places: dict[int, Location], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.box = read_box(self.prefix or "", self["serials"].value() or "", self.data)
        if not places:
            del self.fields["location"]
            return
        field = cast("forms.TypedChoiceField", self.fields["location"])
        field.choices = [("", "---------"), *((pk, str(place)) for pk, place in places.items())]
        field.coerce = lambda pk: places.get(int(pk))

    def clean_serials(self) -> str:
        if self.box.excess:
            self.box.refusals = self.box.excess
            raise ValidationError(str(self.box.excess[0]))
        return str(self.cleaned_data["serials"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        stocked = data.get("quantity") or numbers.split(data.get("serials") or "")
        if stocked and not self.errors:
            if not data.get("quantity"):
                self.add_error("quantity", "Enter the quantity on hand.")
            if data.get("unit_cost") is None:
                self.add_error("unit_cost", "Enter what a unit cost; 0.00 if nothing.")
            if "location" in self.fields and not data.get("location"):
                self.add_error("location", "Choose where the units are.")
        return data

    def line(self, item: Item, company: Company) -> TransactionLine:
        line = TransactionLine(
            item=item,
            quantity=self.cleaned_data["quantity"],
            rate=self.cleaned_data["unit_cost"],
            location=self.cleaned_data.get("location") or company.default_location,
        )
        line.serials = numbers.split(self.cleaned_data["serials"])
        return line


class OpeningFormSet(forms.BaseFormSet):
    """The opening quantities of a new item."""

    @property
    def filled(self) -> list[OpeningForm]:
        return [form for form in self.forms if form.cleaned_data.get("quantity")]

    def document(self, company: Company) -> Transaction:
        """The adjustment that brings them in against the opening balance."""
        return Transaction(
            type="inventory_adjustment",
            date=timezone.localdate(),
            account=company.opening_balance_account,
            memo="Opening quantity",
        )

    def refuse(self, refusals: Iterable[Refusal]) -> None:
        """Show each refusal at the line it is about."""
        for refusal in refusals:
            if refusal.line:
                field, form = "serials" if refusal.code else None, self.filled[refusal.line - 1]
                form.add_error(field, refusal.message)
                form.box.refusals.append(refusal)
            else:
                self.non_form_errors().append(ValidationError(refusal.message))


def opening_formset(
    company: Company, data: Any = None, *, may_adjust: bool = True
) -> OpeningFormSet:
    """One line; with Multi-Location Inventory up to four, each for a location to be chosen.

    None for whoever may not adjust stock.
    """
    places = Location.objects.active().in_bulk() if company.multi_location_inventory else {}
    lines = max(1, min(len(places), 4)) if may_adjust else 0
    made = forms.formset_factory(OpeningForm, formset=OpeningFormSet, extra=lines, max_num=lines)
    return cast("OpeningFormSet", made(data, prefix="opening", form_kwargs={"places": places}))


class MemoForm(forms.Form):
    """The one thing of a serial number that people may write (SPEC §2.3)."""

    memo = forms.CharField(max_length=200, required=False)
