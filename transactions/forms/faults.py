"""What stands in the way of a document, sorted by where on the page it is said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from items import numbers
from items.refusals import Refusal
from transactions.forms.serial_entry import SerialEntry

PROMPTED = 100  # rows of the dialog


@dataclass(frozen=True)
class Prompt:
    """A serial number for which a different one is asked: a row of the dialog (SPEC §6.3)."""

    box: str
    original: str
    current: str
    refusals: Sequence[Refusal] = ()


@dataclass
class Faults:
    """Refusals by place: the whole document, a line, the dialog, or a question to confirm."""

    general: list[Refusal] = field(default_factory=list)
    lines: dict[str, list[Refusal]] = field(default_factory=dict)
    prompts: list[Prompt] = field(default_factory=list)
    settled: list[Prompt] = field(default_factory=list)  # replaced already; carried along
    questions: list[str] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)  # the codes of the questions

    @property
    def is_dialog(self) -> bool:
        """Whether the user is asked something before going on."""
        return bool(self.prompts or self.questions)

    @property
    def unseen(self) -> list[numbers.Run]:
        """The numbers to be replaced that the dialog has no room for, as ranges."""
        return list(numbers.runs([prompt.current for prompt in self.prompts[PROMPTED:]]))

    def __bool__(self) -> bool:
        return bool(self.general or self.lines or self.prompts or self.questions)


def sort_refusals(refusals: Iterable[Refusal], boxes: Sequence[SerialEntry]) -> Faults:
    """Put each refusal where the user can do something about it.

    `boxes` are the serial entries of the lines, in the order in which posting was given them.
    Questions wait until nothing else is wrong.
    """
    faults = Faults()
    asking = []
    prompting: dict[tuple[str, str], list[Refusal]] = {}
    for refusal in refusals:
        box = boxes[refusal.line - 1] if refusal.line else None
        if refusal.asks:
            asking.append(refusal)
        elif box is None:
            faults.general.append(refusal)
        elif refusal.prompts or numbers.key(refusal.number) in _answers(box):
            prompting.setdefault((box.key, numbers.key(refusal.number)), []).append(refusal)
        else:
            faults.lines.setdefault(box.key, []).append(refusal)
    if prompting:
        faults.prompts, faults.settled = _prompts(boxes, prompting)
    if not faults:
        faults.questions = [refusal.message for refusal in asking]
        faults.asked = {refusal.code for refusal in asking}
    return faults


def _answers(box: SerialEntry) -> set[str]:
    return {numbers.key(answer) for answer in box.replaced.values()}


def _prompts(
    boxes: Sequence[SerialEntry], refused: dict[tuple[str, str], list[Refusal]]
) -> tuple[list[Prompt], list[Prompt]]:
    """The dialog's rows that need an answer, and those whose answer was good."""
    open_, settled = [], []
    for box in boxes:
        answers = _answers(box)
        seen = set()
        for original, current in zip(box.typed, box.current, strict=True):
            key = numbers.key(current)
            was_replaced = numbers.key(original) in box.replaced
            refusals = refused.get((box.key, key), ())
            if (refusals and (was_replaced or key not in answers)) and original not in seen:
                open_.append(Prompt(box.key, original, current, refusals))
            elif was_replaced:
                settled.append(Prompt(box.key, original, current))
            seen.add(original)
    return open_, settled
