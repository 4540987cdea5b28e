"""The boxes in which a new item's opening serial numbers are entered (SPEC §7.3, §7.4)."""

from __future__ import annotations

from django.http import HttpRequest, QueryDict

from items.forms import OpeningFormSet
from items.number_rules import CHECKS, BadFormat, NumberRule
from items.refusals import refuse
from transactions.forms.box_buttons import VERBS, BoxButtons, mends, with_files
from transactions.forms.draft import Action
from transactions.forms.serial_entry import SerialEntry
from transactions.models import Transaction, TransactionLine


class OpeningBoxes(BoxButtons):
    """The same boxes as on a document; their item is still being written down."""

    corrected = None

    def __init__(self, data: QueryDict, opening: OpeningFormSet) -> None:
        self.data = data
        self.action = Action.read(data.get("action") or "")
        self.boxes = {form.box.key: form.box for form in opening}

    @property
    def is_asked(self) -> bool:
        """Whether a button of a box was pressed, and nothing is to be saved."""
        return self.action.verb in VERBS

    @property
    def document(self) -> Transaction:
        return Transaction()

    def box_named(self, key: str) -> SerialEntry | None:
        return self.boxes.get(key)

    def probe(self, box: SerialEntry) -> TransactionLine | None:
        return None

    def check(self, box: SerialEntry) -> None:
        """What is wrong with the numbers themselves, and by the rule that is in the form."""
        super().check(box)
        said = {refusal.number for refusal in box.refusals}
        try:
            found = [(n, self.rule.problem(n)) for n in box.current if n not in said]
        except BadFormat:
            return  # it is said at the field
        box.refusals += [refuse("SER-08", sn=n, problem=problem) for n, problem in found if problem]

    @property
    def rule(self) -> NumberRule:
        check = self.data.get("check_digit", "")
        mask = self.data.get("number_format", "")[:100]
        return NumberRule(mask, check if check in CHECKS else "", self.data.get("upc", ""))


def sent(request: HttpRequest) -> QueryDict:
    """The form as it was sent, with the numbers of files, and bad ones mended."""
    data = with_files(request).copy()
    for name in [name for name in data if name.endswith("-serials")]:
        entry = SerialEntry(name.removesuffix("-serials"), data.get(name, ""))
        entry.mend(mends(data, entry.key))
        data[name] = entry.text
    return data
