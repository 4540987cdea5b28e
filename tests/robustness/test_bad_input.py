"""Every form and every list, with what nobody should send: a refusal or a save, never an error.

The forms are found by opening every address; the values are drawn by a seed, which a failure names:
BAD_INPUT_SEED=… plays them again, BAD_INPUT_ROUNDS=… plays more of them (docs/reliability.md).
"""

from __future__ import annotations

import pytest
import time_machine
from django.contrib.auth.models import User

from tests import stage
from tests.books import Books
from tests.permissions import world
from tests.robustness.pages import Form
from tests.robustness.play import ROUNDS, SEED, Play
from users.roles import ADMINISTRATOR


@pytest.fixture(scope="module")
def player(lasting: None) -> User:
    """Who plays, in a company with all there is."""
    with time_machine.travel(stage.NOON, tick=False):
        world.build_all(stage.books(), stage.places())
        return world.member(ADMINISTRATOR)


@pytest.fixture(scope="module")
def forms(player: User) -> list[Form]:
    """The forms of every page; each test plays with all of them."""
    with time_machine.travel(stage.NOON, tick=False):
        return Play(SEED, player).forms()


@pytest.fixture
def play(player: User, books: Books, no_imports: None) -> Play:
    return Play(SEED, player)


def test_no_form_fails_or_stores_a_part(play: Play, forms: list[Form]):
    sent = [form for form in forms if form.method == "post"]
    assert len(sent) > 80
    for form in sent:
        for _ in range(ROUNDS):
            play.send(form)
    play.report()


def test_no_address_fails_whatever_is_asked_of_it(play: Play, forms: list[Form]):
    asked = {f.page: f.fields for f in forms if f.method == "get" and f.fields}
    for page in world.addresses():
        for _ in range(ROUNDS):
            play.ask(page, asked.get(page, []))
    play.report()


def test_no_form_is_taken_without_its_token(play: Play, forms: list[Form]):
    for form in forms:
        if form.method == "post":
            play.send_without_token(form)
