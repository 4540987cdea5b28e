"""Choosing how labels are printed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django import forms

from labels.drawing import CODE_128, CODES
from labels.stocks import ROLLS, SHEETS, STOCKS, Stock

MOST = 10_000  # labels in one file
FIELDS = ("stock", "code", "with_item", "start", "part")


class LabelForm(forms.Form):
    """The paper, the code, what is written beside it, and where a used sheet begins."""

    stock = forms.ChoiceField(
        label="Paper",
        choices=[
            ("Sheets", [(stock.name, stock.label) for stock in SHEETS]),
            ("Rolls", [(stock.name, stock.label) for stock in ROLLS]),
        ],
    )
    code = forms.ChoiceField(label="Code", choices=CODES.items())
    start = forms.IntegerField(
        label="Start at label",
        min_value=1,
        initial=1,
        help_text="On a sheet that is used in part, counted along the rows.",
    )
    with_item = forms.TypedChoiceField(
        label="Text",
        choices=[("1", "Number and item"), ("0", "Number only")],
        coerce=lambda value: value == "1",
    )
    part = forms.TypedChoiceField(label="Numbers", coerce=int)

    def __init__(self, data: Mapping[str, Any], count: int, defaults: Mapping[str, Any]) -> None:
        given = {name: data.get(name) or defaults.get(name) for name in FIELDS}
        usual = {"stock": SHEETS[0].name, "code": CODE_128, "with_item": "1", "start": 1, "part": 1}
        super().__init__({**usual, **{name: value for name, value in given.items() if value}})
        parts = range(1, max(1, -(-count // MOST)) + 1)
        part = cast("forms.TypedChoiceField", self.fields["part"])
        part.choices = [(n, _part(n, count)) for n in parts]
        if len(parts) == 1:
            part.widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        stock, start = STOCKS.get(data.get("stock", "")), data.get("start")
        if stock and start and start > stock.each:
            if "start" in self.data and not stock.is_roll:
                text = f"This sheet has {stock.each} labels."
                self.add_error("start", text)
            data["start"] = 1
        return data

    @property
    def chosen(self) -> Stock:
        return STOCKS[self.cleaned_data["stock"]]


def _part(number: int, count: int) -> str:
    first = (number - 1) * MOST + 1
    return f"{first:,} to {min(count, number * MOST):,} of {count:,}"
