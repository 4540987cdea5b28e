"""A manual journal entry on its way, row by row."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any, cast

from django import forms

from accounting.models import Account
from inventory.ids import number_in
from items.refusals import Refusal
from transactions.forms.amounts import AmountField
from transactions.forms.draft import Draft
from transactions.forms.header import accounts
from transactions.forms.serial_entry import SerialEntry
from transactions.models import JournalRow
from transactions.posting import Result

ROWS = 4  # on a new page, and how many a press of Add Rows adds
MOST_ROWS = 1000
ZERO = Decimal("0.00")


class RowForm(forms.Form):
    """A row: an account, and its debit or its credit."""

    account = forms.TypedChoiceField(
        required=False,
        empty_value=None,
        error_messages={"invalid_choice": "This account can no longer be chosen."},
    )
    debit = AmountField()
    credit = AmountField()
    memo = forms.CharField(max_length=200, required=False)

    def __init__(
        self, data: Any = None, *, number: int, offered: Sequence[Account], initial: Any = None
    ) -> None:
        super().__init__(data, prefix=f"row-{number}", initial=initial)
        account = cast("forms.TypedChoiceField", self.fields["account"])
        account.choices = [("", ""), *((row.pk, str(row)) for row in offered)]
        account.coerce = {str(row.pk): row for row in offered}.get
        for name, field in self.fields.items():
            field.label = f"{name.title()}, row {number}"

    def clean(self) -> None:
        values = super().clean() or {}
        if not self.has_changed():
            return
        if not values.get("account") and "account" not in self.errors:
            self.add_error("account", "Choose an account.")
        if values.get("debit") and values.get("credit"):
            self.add_error("credit", "Enter either a debit or a credit.")
        elif not (values.get("debit") or values.get("credit") or self.errors):
            self.add_error("debit", "Enter a debit or a credit.")


class Row:
    """A row of the page, as typed."""

    def __init__(self, form: RowForm, shown: RowForm) -> None:
        self.form, self.shown = form, shown
        self.refusals: list[Refusal] = []

    @property
    def values(self) -> dict[str, Any]:
        """What was typed well."""
        self.form.is_valid()
        return self.form.cleaned_data

    @property
    def journal_row(self) -> JournalRow:
        values = self.values
        return JournalRow(
            account=values["account"],
            debit=values["debit"] or ZERO,
            credit=values["credit"] or ZERO,
            memo=values["memo"],
        )


class JournalDraft(Draft):
    """A new journal entry."""

    template = "transactions/new_journal.html"

    @cached_property
    def rows(self) -> list[Row]:
        offered = list(accounts(self.kind))
        return [self._row(number, offered) for number in range(1, self._count + 1)]

    def _row(self, number: int, offered: Sequence[Account]) -> Row:
        """The row to read, and to show: what is wrong with it is said only on saving."""
        if self.is_new and number <= len(self.was):
            row = self.was[number - 1]
            saved = {"account": row.account_id, "memo": row.memo}
            saved |= {"debit": row.debit or None, "credit": row.credit or None}
            shown = RowForm(initial=saved, number=number, offered=offered)
            return Row(RowForm(self._typed(shown), number=number, offered=offered), shown)
        form = RowForm(self.data, number=number, offered=offered)
        if self.action.verb == "save":
            return Row(form, shown=form)
        typed = {name: form[name].data for name in form.fields}
        return Row(form, shown=RowForm(initial=typed, number=number, offered=offered))

    @staticmethod
    def _typed(shown: RowForm) -> dict[str, Any]:
        """What a row with its proposals would send."""
        return {shown.add_prefix(name): shown[name].value() for name in shown.fields}

    @cached_property
    def was(self) -> list[JournalRow]:
        """The rows of the entry that is being corrected."""
        return list(self.corrected.rows.all()) if self.corrected else []

    @property
    def _count(self) -> int:
        count = number_in(self.data.get("rows") or "")
        if count is None:
            count = max(ROWS, len(self.was))
        more = ROWS if self.action.verb == "add-rows" else 0
        return min(count + more, MOST_ROWS)

    def act(self) -> Result | None:
        if self.action.verb != "save":
            return None
        if not all([self.header.is_valid(), *(row.form.is_valid() for row in self.rows)]):
            return None
        self.document.journal_rows = [row.journal_row for row in self._filled]
        return self.submit([], [])

    @property
    def _filled(self) -> list[Row]:
        return [row for row in self.rows if row.form.has_changed()]

    def refuse(self, refusals: Sequence[Refusal], boxes: Sequence[SerialEntry]) -> None:
        """Say of an account's rows what is wrong with it, and of the whole the rest."""
        for refusal in refusals:
            at = [
                row for row in self._filled
                if refusal.url and row.values["account"].get_absolute_url() == refusal.url
            ]  # fmt: skip
            for row in at:
                row.refusals.append(refusal)
            if not at:
                self.faults.general.append(refusal)

    # What the page says

    @property
    def is_refused(self) -> bool:
        """Whether a row says why nothing was saved."""
        wrong = any(row.refusals or row.shown.errors for row in self.rows)
        return self.action.verb == "save" and wrong

    @property
    def debits(self) -> Decimal:
        return sum((row.values.get("debit") or ZERO for row in self.rows), ZERO)

    @property
    def credits(self) -> Decimal:
        return sum((row.values.get("credit") or ZERO for row in self.rows), ZERO)

    @property
    def difference(self) -> Decimal:
        return self.debits - self.credits

    def prepare(self) -> None:
        if self.action.verb == "add-rows":
            first = self.rows[-ROWS].shown.fields["account"]
            first.widget.attrs["autofocus"] = True
