"""Amounts of money as people type them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms

from accounting.fields import FigureField, cents
from transactions.forms.lines import FIGURE

# A comma between thousands is left out; one anywhere else is an error, it may mean a decimal point.
THOUSANDS = re.compile(r"^\s*[-+]?\d{1,3}(,\d{3})+(\.\d*)?\s*$")


class AmountField(FigureField):
    """An amount above zero in whole cents: 1234.5 or 1,234.50. Nothing typed, and 0, is None."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(FIGURE)
        super().__init__(
            max_digits=16, decimal_places=2, min_value=0, required=False, widget=widget, **kwargs
        )

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        text = str(value or "")
        return super().to_python(text.replace(",", "") if THOUSANDS.match(text) else text)

    def clean(self, value: Any) -> Decimal | None:
        amount = super().clean(value)
        return cents(amount) if amount else None
