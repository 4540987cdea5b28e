"""The correction of a serial number on its way: which unit, and what number it should carry."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import QueryDict

from inventory.ids import number_in
from items import numbers
from items.models import SerialUnit
from items.refusals import Refusal
from transactions.forms.draft import Draft
from transactions.forms.serial_entry import SerialEntry
from transactions.models import NumberChange
from transactions.posting import Result
from transactions.types import Kind


class RenameDraft(Draft):
    """A unit, found by the number it has now, and the number it should have."""

    template = "transactions/new_correction.html"

    def __init__(
        self, kind: Kind, user: Any, data: QueryDict | None = None, unit: str = ""
    ) -> None:
        super().__init__(kind, user, data)
        self.number = (self.data.get("number") or "").strip()
        self.right = (self.data.get("right") or "").strip()
        self.refusals: list[Refusal] = []
        chosen = number_in(self.data.get("unit") or unit or "")
        self.candidates = self._candidates(chosen)
        self.unit = next((u for u in self.candidates if u.pk == chosen), None)
        if len(self.candidates) == 1:
            self.unit = self.candidates[0]

    def _candidates(self, chosen: int | None) -> list[SerialUnit]:
        """The units that carry the typed number, or the one a link is about."""
        units = SerialUnit.objects.listed().select_related("item", "location")
        if self.number:
            return list(units.numbered(self.number).order_by("-location_id", "item__name", "-pk"))
        return list(units.filter(pk=chosen)) if chosen else []

    @property
    def shown_number(self) -> str:
        return self.number or (self.unit.number if self.unit else "")

    def act(self) -> Result | None:
        if self.action.verb != "save" or not self.header.is_valid():
            return None
        if self.unit is None:
            some = "Say which of them it is." if self.candidates else "No unit has this number."
            self.refusals = [Refusal(some)]
            return None
        self.document.renames = [
            NumberChange(
                unit=self.unit,
                old_number=self.unit.number,
                old_key=self.unit.number_key,
                new_number=numbers.tidy(self.right),
            )
        ]
        return self.submit([], [])

    def refuse(self, refusals: Sequence[Refusal], boxes: Sequence[SerialEntry]) -> None:
        """What is wrong with the new number is said at it."""
        self.refusals = [refusal for refusal in refusals if refusal.code or refusal.number]
        self.faults.general = [r for r in refusals if r not in self.refusals]
