"""What the system says when it refuses, asks or informs: the messages of SPEC §6.3.

A refusal names one offender. Refused carries all of them, never only the first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError

# The user is asked for a different number in place of the offending one (SPEC §6.3).
PROMPTS = {"SER-01", "SER-02", "SER-03", "SER-16"}

MESSAGES = {
    "SER-01": "Serial number {sn} is already on hand for {item} at {place}. "
    "Enter a different serial number.",
    "SER-02": "Serial number {sn} of {item} is {place} and still belongs to your inventory. "
    "Enter a different serial number.",
    "SER-03": "You can't receive the return of {item} {sn}: this serial number is currently "
    "{place}.",
    "SER-04": "Serial number {sn} of {item} is not on hand. {last}",
    "SER-05": "Serial number {sn} of {item} is at {place}, not {location}. "
    "Select {place} or another serial number.",
    "SER-06": "Quantity is {quantity} but {count} serial numbers were entered. "
    "Enter one serial number per unit.",
    "SER-07": "Serial number {sn} is entered more than once for {item} ({lines}).",
    "SER-08": "“{sn}” isn't a valid serial number: {problem}.",
    "SER-09": "{sn} wasn't sold on {sale}, or it was already returned{document}.",
    "SER-10": "{sn} was sold to {buyer} on {document}, not to {customer}. Receive it anyway?",
    "SER-11": "{sn} has no recorded sale to a customer. Enter its return cost to bring it into "
    "inventory.",
    "SER-12": "{sn} is {place}.",
    "SER-13": "This change isn't allowed: {sn} was used later on {documents}. Void those first.",
    "SER-14": "On {date} serial number {sn} was {state}; {document} on {date2} conflicts "
    "with this date.",
    "SER-15": "Posting period {name} is closed.",
    "SER-16": "{sn} was received on {document} by {user} while you were entering this "
    "transaction. Enter a different serial number.",
    "SER-17": "Location {location} is inactive.",
    "SER-18": "Item {item} is inactive.",
    "SER-19": "{sn} was used before ({document}, {date}). A new entry with its own cost will "
    "be added to its history.",
    # Ours, where the SPEC has no sentence.
    "SER-20": "{sn} wasn't sent with {sale}, or it was already received.",
    "SER-21": "{sn} looks like {other} of {item}: only characters that are easily mistaken for one "
    "another (O and 0, I, l and 1) differ. Is it right?",
    "COST-0": "{item} comes into inventory at a cost of 0.00. Is that right?",
}


@dataclass(frozen=True)
class Refusal:
    """One thing that is wrong, in the user's words, and where the thing that stands in the way is.

    `line` is the line's number on the document, counted from 1; `url` leads to the place or
    document named in the message. One that `asks` is a warning: the user may confirm it.
    """

    message: str
    code: str = ""
    number: str = ""
    line: int | None = None
    url: str = ""
    asks: bool = False

    @property
    def prompts(self) -> bool:
        return self.code in PROMPTS

    def __str__(self) -> str:
        return self.message


def refuse(
    code: str, line: int | None = None, url: str = "", *, asks: bool = False, **facts: object
) -> Refusal:
    """The refusal of a SPEC §6.3 code, its sentence filled in with the facts."""
    message = MESSAGES[code].format(**facts)
    return Refusal(message, code, str(facts.get("sn", "")), line, url, asks)


class Refused(ValidationError):
    """A document that cannot be saved, with every reason; nothing of it was stored."""

    def __init__(self, refusals: Iterable[Refusal | str]) -> None:
        self.refusals = tuple(r if isinstance(r, Refusal) else Refusal(r) for r in refusals)
        super().__init__([ValidationError(r.message, code=r.code) for r in self.refusals])

    @property
    def codes(self) -> set[str]:
        return {r.code for r in self.refusals if r.code}
