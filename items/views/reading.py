"""How serial numbers are read, explained and tried; an item's number rule, tried (SPEC §7.4)."""

from __future__ import annotations

from typing import Any

from django.views.generic import TemplateView

from items import numbers
from items.number_rules import CHECKS, BadFormat, NumberRule

SHOWN = 200  # tokens of the preview


class HowNumbersAreRead(TemplateView):
    """The grammar of a box of serial numbers; ?text= is read as a box would read it."""

    template_name = "items/how_numbers_are_read.html"

    def get_template_names(self) -> list[str]:
        part = "#preview" if self.request.htmx else ""  # type: ignore[attr-defined]
        return [f"{self.template_name}{part}"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text = self.request.GET.get("text", "")[:20_000]
        typed = numbers.split(text)
        good = [number for number in typed if not numbers.problem(number)]
        bad = [(number, problem) for number in typed if (problem := numbers.problem(number))]
        return {
            "title": "How Serial Numbers Are Read",
            "text": text,
            "examples": EXAMPLES,
            "longest": numbers.LONGEST,
            "most": numbers.MOST,
            "at_once": numbers.AT_ONCE,
            "count": len(good),
            "distinct": len({numbers.key(number) for number in good}),
            "runs": list(numbers.runs(good))[:SHOWN],
            "more": max(len(list(numbers.runs(good))) - SHOWN, 0),
            "bad": bad[:SHOWN],
            **kwargs,
        }


# What is typed, and what it is.
EXAMPLES = (
    ("A1234 A1235, A1236", "Three numbers. Spaces, commas, semicolons, tabs, breaks part them."),
    ("SN-0098..SN-0103", "Six numbers, SN-0098 to SN-0103: two dots make a range."),
    ("X7..X12", "Six numbers. The width grows where it has to: X9, X10."),
    ("99-A..102-A", "Four numbers: the last run of digits counts up, the rest is kept."),
    ("SN-0098", "One number: hyphens, slashes and single dots belong to it."),
    ("a1234, A1234", "The same number twice: large and small letters are the same."),
    ("00123, 123", "Two numbers: leading zeros count."),
    ("3.56E+14", "Refused: a spreadsheet has rounded it."),
)  # fmt: skip


class TryNumber(TemplateView):
    """Whether a number would meet a rule that is still being written; for the item's form."""

    template_name = "items/rule_answer.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        given = self.request.GET
        mask, check = given.get("number_format", ""), given.get("check_digit", "")
        rule = NumberRule(mask[:100], check if check in CHECKS else "", given.get("upc", ""))
        return tried_on(rule, given.get("try", ""))


def tried_on(rule: NumberRule, text: str) -> dict[str, str]:
    """A number, and what is wrong with it; nothing while none is tried."""
    tried = numbers.tidy(text)[:200]
    try:
        problem = numbers.problem(tried) or rule.problem(tried) if tried else ""
    except BadFormat as error:
        problem = f"the format cannot be read. {error}"
    return {"tried": tried, "problem": problem}
