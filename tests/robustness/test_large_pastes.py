"""10 MB pasted into the boxes of every form: refused in words or saved, and soon.

In the suite one box of each kind, and one of each name that takes serial numbers or long texts;
BAD_INPUT_ROUNDS=… so many of each (1000: every box of every form), drawn by BAD_INPUT_SEED.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from time import perf_counter

from tests.robustness.pages import TOKEN, Form
from tests.robustness.play import ROUNDS, SEED, Play

MEGABYTE = 1024**2
SIZE = 10 * MEGABYTE
LINES = "".join(f"SN{n:010}\n" for n in range(SIZE // 13 + 1))[:SIZE]
WORDS = "x " * (SIZE // 2)
ONE_WORD = "A" * SIZE
TYPED = ("text", "textarea", "search", "email", "password", "number", "date", "month", "hidden")
SLOW = 60  # seconds; a busy machine takes its time, but what grows with the square takes hours


def boxes(play: Play) -> Iterator[tuple[Form, int, str]]:
    """(form, position, paste): some boxes of each kind."""
    forms = [form for form in play.forms() if form.method == "post"]
    every = [(form, position) for form in forms for position in range(len(form.fields))]
    play.chance.shuffle(every)
    seen: Counter[tuple[str, str]] = Counter()
    for form, position in every:
        control = form.fields[position]
        if control.kind not in TYPED or control.name == TOKEN:
            continue
        name = re.sub(r"\d+", "", control.name)
        is_long = control.kind == "textarea" or name.endswith("-serials")
        kind = (control.kind, name if is_long else "")
        seen[kind] += 1
        if seen[kind] <= ROUNDS:
            pastes = (ONE_WORD, LINES, WORDS) if is_long else (ONE_WORD,)
            yield from ((form, position, paste) for paste in pastes)


def test_ten_megabytes_in_a_box_are_refused_or_saved_soon(everything: None):
    play = Play(SEED)
    took = {}
    for form, position, paste in boxes(play):
        note = f"{form.address} {form.fields[position].name} {paste[:10]!r}"
        begun = perf_counter()
        play.post(form, {position: paste})
        took[note] = perf_counter() - begun
    slowest = max(took, key=lambda note: took[note])
    print(f"{len(took)} pastes, {sum(took.values()):.0f} s; {took[slowest]:.1f} s: {slowest}")
    play.report()
    assert took[slowest] < SLOW, slowest
