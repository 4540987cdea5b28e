"""The header of a new document: the fields its kind has, with what is proposed for them."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils import timezone

from company.models import Company
from transactions.models import Transaction
from transactions.types import Kind


class HeaderForm(forms.ModelForm):
    """Date, party, location, memo and the kind's own header fields."""

    class Meta:
        model = Transaction
        fields = ("date",)

    def __init__(self, *args: Any, kind: Kind, company: Company, **kwargs: Any) -> None:
        kwargs["initial"] = {**_proposed(kind, company), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.kind = kind
        self._narrow_choices()
        if kind.first_statuses():
            labels = dict(kind.statuses.choices)
            choices = [(status, labels[status]) for status in kind.first_statuses()]
            self.fields["status"] = forms.ChoiceField(choices=choices, widget=forms.RadioSelect)
        for name, field in self.fields.items():
            field.label = kind.labels.get(name) or (field.label or name).replace("_", " ").title()
            if isinstance(field, forms.DateField):
                field.widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")

    def _narrow_choices(self) -> None:
        for name, field in self.fields.items():
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = field.queryset.filter(inactive=False)  # type: ignore[union-attr]
                field.required = name == self.kind.party
        if "reason" in self.fields and self.kind.reasons:
            choices = [("", "---------"), *self.kind.reasons.choices]
            self.fields["reason"] = forms.ChoiceField(choices=choices, required=False)

    @property
    def document(self) -> Transaction:
        """The document the header speaks of; what was mistyped is left out."""
        self.is_valid()
        document = self.instance
        document.date = document.date or timezone.localdate()
        if "status" in self.fields:
            document.status = self.cleaned_data.get("status", "")
        return document


def header_form(kind: Kind, company: Company, *, from_parent: bool) -> type[HeaderForm]:
    """The header form of a kind; one created from a parent takes party and place from there."""
    own = [kind.party] if kind.party and not from_parent else []
    if company.multi_location_inventory and not from_parent:
        own.append("location")
    fields = ["date", *own, *kind.header, "memo"]
    form = forms.modelform_factory(Transaction, form=HeaderForm, fields=fields)
    return cast("type[HeaderForm]", form)


def _proposed(kind: Kind, company: Company) -> dict[str, Any]:
    return {
        "date": timezone.localdate(),
        "location": company.default_location_id,
        "account": company.adjustment_account_id,
        "status": kind.first_status(Transaction(type=kind.name), company),
    }
