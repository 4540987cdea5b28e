from __future__ import annotations

from django import forms

from parties.models import Customer, Vendor

FIELDS = ["name", "email", "phone", "address", "inactive"]
WIDGETS = {"address": forms.Textarea(attrs={"rows": 3})}


class CustomerForm(forms.ModelForm):
    """A customer's record (SPEC §2.1)."""

    class Meta:
        model = Customer
        fields = FIELDS
        widgets = WIDGETS
        help_texts = {"inactive": "Not offered on new sales orders."}


class VendorForm(forms.ModelForm):
    """A vendor's record (SPEC §2.1)."""

    class Meta:
        model = Vendor
        fields = FIELDS
        widgets = WIDGETS
        help_texts = {"inactive": "Not offered on new purchase orders."}
