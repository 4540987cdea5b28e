from __future__ import annotations

from django import forms

from accounting.models import Account, AccountingPeriod


class AccountForm(forms.ModelForm):
    """An account's record (SPEC §2.1)."""

    class Meta:
        model = Account
        fields = ["number", "name", "type", "inactive"]
        help_texts = {"inactive": "Not offered on new records; what it holds stays in the books."}


class PeriodForm(forms.ModelForm):
    """An accounting period's name and days; it is closed on a page of its own."""

    class Meta:
        model = AccountingPeriod
        fields = ["name", "start", "end"]
        widgets = {
            name: forms.DateInput({"type": "date"}, format="%Y-%m-%d") for name in ("start", "end")
        }
