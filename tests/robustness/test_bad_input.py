"""Every form and every list, with what nobody should send: a refusal or a save, never an error.

The forms are found by opening every address; the values are drawn by a seed, which a failure names:
BAD_INPUT_SEED=… plays them again, BAD_INPUT_ROUNDS=… plays more of them (docs/reliability.md).
"""

from __future__ import annotations

from tests.permissions import world
from tests.robustness.play import ROUNDS, SEED, Play


def test_no_form_fails_or_stores_a_part(everything: None):
    play = Play(SEED)
    forms = [form for form in play.forms() if form.method == "post"]
    assert len(forms) > 80
    for form in forms:
        for _ in range(ROUNDS):
            play.send(form)
    play.report()


def test_no_address_fails_whatever_is_asked_of_it(everything: None):
    play = Play(SEED)
    asked = {f.page: f.fields for f in play.forms() if f.method == "get" and f.fields}
    for page in world.addresses():
        for _ in range(ROUNDS):
            play.ask(page, asked.get(page, []))
    play.report()


def test_no_form_is_taken_without_its_token(everything: None):
    play = Play(SEED)
    forms = [form for form in play.forms() if form.method == "post"]
    for form in forms:
        play.send_without_token(form)
