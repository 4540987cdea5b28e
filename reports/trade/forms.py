from __future__ import annotations

from typing import Any

from django import forms

from accounting.fields import FigureField
from company.models import Company
from locations.models import Location
from parties.models import Vendor
from reports.trade.reorder import Need


class NeedForm(forms.Form):
    """One row of what is low: whether to order it, and how much."""

    order = forms.BooleanField(required=False)
    quantity = FigureField(
        required=False,
        min_value=0,
        max_digits=18,
        decimal_places=4,
        widget=forms.NumberInput({"class": "num", "inputmode": "decimal"}),
    )

    def __init__(self, need: Need, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix=f"need-{need.key}", **kwargs)
        where = f"{need.item} for {need.location}" if need.at_location else str(need.item)
        self.fields["order"].label = f"Order {where}"
        self.fields["quantity"].label = f"Quantity of {where}"
        whole = need.item.is_serialized
        self.fields["quantity"].widget.attrs["step"] = "1" if whole else "any"

    def clean(self) -> None:
        super().clean()
        ticked, valid = self.cleaned_data.get("order"), "quantity" not in self.errors
        if ticked and valid and not self.cleaned_data.get("quantity"):
            self.add_error("quantity", "Enter how many to order, or clear the tick.")


class NeedFilterForm(forms.Form):
    """Of what is low, that of one vendor and for one location."""

    vendor = forms.ModelChoiceField(
        Vendor.objects.all(), required=False, label="Preferred Vendor", empty_label="All vendors"
    )
    location = forms.ModelChoiceField(
        Location.objects.active(), required=False, label="For", empty_label="All locations"
    )

    def __init__(self, *args: Any, company: Company, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not company.multi_location_inventory:
            del self.fields["location"]

    def narrow(self, needs: list[Need]) -> list[Need]:
        """The needs asked for; a wrong choice leaves nothing out."""
        self.errors  # noqa: B018  reads the fields
        for name, value in self.cleaned_data.items():
            if value:
                needs = [need for need in needs if getattr(need, name) == value]
        return needs


class WorksheetForm(forms.Form):
    """Which location is counted, and what stands on the sheet."""

    location = forms.ModelChoiceField(Location.objects.all(), required=False, empty_label=None)
    serials = forms.BooleanField(required=False, label="With serial numbers")
    none = forms.BooleanField(required=False, label="Also items with none on hand")

    def __init__(self, *args: Any, company: Company, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.company = company
        if not company.multi_location_inventory:
            del self.fields["location"]

    @property
    def place(self) -> Location:
        """The location asked for, or the company's own for none and for nonsense."""
        self.errors  # noqa: B018  reads the fields
        return self.cleaned_data.get("location") or self.company.default_location

    def asks(self, name: str) -> bool:
        self.errors  # noqa: B018  reads the fields
        return bool(self.cleaned_data.get(name))
