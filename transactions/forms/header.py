"""The header of a new document: the fields its kind has, with what is proposed for them."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from accounting.models import Account
from company.models import Company
from transactions import rules
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
                field.queryset = self._offered(name, field.queryset)  # type: ignore[arg-type]
                field.required = name == self.kind.party or name in self.kind.required
        if "reason" in self.fields and self.kind.reasons:
            choices = [("", "---------"), *self.kind.reasons.choices]
            self.fields["reason"] = forms.ChoiceField(choices=choices, required=False)

    def _offered(self, name: str, rows: QuerySet) -> QuerySet:
        """What the field offers: nothing inactive, save a place that stock may still leave.

        And a party that still owes or is owed money.
        """
        if name == "account":
            return accounts(self.kind)
        leaves = name == "location" and self.kind.empties and "location" in self.kind.required
        pays = name == self.kind.party and self.kind.settles
        return rows if leaves or pays else rows.filter(inactive=False)

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
    if company.multi_location_inventory and kind.has_lines and not from_parent:
        own.append("location")
    fields = ["date", *own, *kind.header, "memo"]
    form = forms.modelform_factory(Transaction, form=HeaderForm, fields=fields)
    return cast("type[HeaderForm]", form)


def accounts(kind: Kind) -> QuerySet[Account]:
    """The accounts a person may choose on a document of a kind; none that stock alone moves."""
    rows = Account.objects.filter(inactive=False).exclude(pk__in=rules.stock_accounts())
    return rows.filter(type__in=kind.account_types) if kind.account_types else rows


def _account(kind: Kind, company: Company) -> Any:
    """The account that is proposed: the company's for the kind, or else a bank, if it takes one."""
    if kind.account_from:
        return getattr(company, f"{kind.account_from}_id")
    if Account.Type.BANK not in kind.account_types:
        return None
    return accounts(kind).filter(type=Account.Type.BANK).first()


def _proposed(kind: Kind, company: Company) -> dict[str, Any]:
    return {
        "date": timezone.localdate(),
        "location": company.default_location_id,
        "account": _account(kind, company),
        "status": kind.first_status(Transaction(type=kind.name), company),
    }
