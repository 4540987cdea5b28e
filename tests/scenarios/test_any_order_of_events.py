"""Whatever people do, in whatever order, the books are right: hypothesis plays the company.

Each step is one deed of `tests/scenarios/dealer.py`, refused or not; the audit runs after each, and
what lies where is held against what was typed. `make soak` plays at least 20,000 steps and tells
how often each kind was accepted and refused; SOAK_SEED plays the same games again.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from random import Random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from tests.books import Books
from tests.scenarios.dealer import Dealer
from transactions import audit

# The ordinary suite plays the same few games each time. Each round has a transaction of its own,
# so that PostgreSQL can clean up behind it.
ROUNDS = int(os.environ.get("SOAK_ROUNDS", "1"))
GAMES = int(os.environ.get("SOAK_GAMES", "6"))
STEPS = int(os.environ.get("SOAK_STEPS", "50"))
SHRINK = int(os.environ.get("SOAK_SHRINK", "1"))  # 0: the failing game as it was, at once
SEED = int(os.environ.get("SOAK_SEED", "1"))

# Seeded from what hypothesis draws, so a game is played again move by move, yet each throw is
# even: drawn one by one, hypothesis favours the first of everything and little is ever sold.
throws = st.integers(0, 2**32 - 1)


class Trade(RuleBasedStateMachine):
    """The dealer's days, each game on empty books."""

    accepted: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    steps = 0

    @initialize(throw=throws)
    def open_shop(self, throw: int) -> None:
        self.point = transaction.savepoint()
        self.turn = 0
        self.dealer = Dealer(Random(throw))

    def teardown(self) -> None:
        if hasattr(self, "dealer"):
            Trade.accepted += self.dealer.accepted
            Trade.refused += self.dealer.refused
            transaction.savepoint_rollback(self.point)

    @rule(throw=throws)
    def deal(self, throw: int) -> None:
        Trade.steps += 1
        self.turn += 1  # a game of the same throw over and over is not one of the same deed
        self.dealer.deal(Random(1_000 * throw + self.turn))

    @invariant()
    def the_audit_is_clean(self) -> None:
        assert audit.offenders() == []

    @invariant()
    def everything_is_where_it_was_put(self) -> None:
        if hasattr(self, "dealer"):
            assert list(self.dealer.shelves.differences()) == []


@pytest.fixture(scope="module", autouse=True)
def report() -> Iterator[None]:
    """How much was played: shown by `make soak`."""
    print(f"\nSOAK_SEED={SEED}: {ROUNDS} rounds of {GAMES} games of {STEPS} steps")
    yield
    print(f"\nSOAK_SEED={SEED}: {Trade.steps} steps, the audit after each")
    for what in sorted(Trade.accepted | Trade.refused):
        print(f"  {what:44} {Trade.accepted[what]:6} accepted {Trade.refused[what]:6} refused")


@pytest.mark.parametrize("game", range(ROUNDS))
def test_the_books_are_right_whatever_happens(books: Books, game: int) -> None:
    run_state_machine_as_test(
        seed(SEED + game)(Trade),
        settings=settings(
            max_examples=GAMES,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            phases=(Phase.generate, Phase.shrink)[: 1 + SHRINK],
            suppress_health_check=list(HealthCheck),
        ),
    )
