"""Whatever people do, in whatever order, the books are right: hypothesis plays the company.

Each step is a verb on a document chosen at random; refusals are answers too. The audit runs after
every step. `SOAK=2000` plays longer games.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from company.models import Company
from items.refusals import Refused
from tests.books import TODAY, Books
from tests.factories import ItemFactory, LocationFactory
from transactions import audit
from transactions.models import Transaction, TransactionLine

# Few numbers, so that they meet: sold ones come back, held ones are tried again.
numbers = st.sampled_from([f"N{n}" for n in range(6)])
serials = st.lists(numbers, min_size=1, max_size=3).map(" ".join)
rates = st.sampled_from(["10.00", "12.34", "99.99"])
days = st.integers(0, 20).map(lambda back: TODAY - timedelta(days=back))


class Trade(RuleBasedStateMachine):
    orders = Bundle("orders")
    receipts = Bundle("receipts")
    sales = Bundle("sales")
    fulfillments = Bundle("fulfillments")
    others = Bundle("others")

    @initialize()
    def open_shop(self) -> None:
        self.books = Books()
        self.items = [ItemFactory(), ItemFactory(), ItemFactory(ordinary=True)]
        self.places = [Company.current().default_location, LocationFactory()]

    def attempt(self, act: Callable[[], Any]) -> Any:
        """Do it, unless it is refused."""
        try:
            return act()
        except Refused:
            return multiple()

    def line(self, item: int, place: int, count: int, rate: str, typed: str) -> TransactionLine:
        thing = self.items[item]
        quantity = len(typed.split()) if thing.is_serialized else count
        return self.books.line(
            thing, quantity, rate, typed if thing.is_serialized else "", at=self.places[place]
        )

    @rule(target=orders, item=st.integers(0, 2), place=st.integers(0, 1), rate=rates, day=days,
          count=st.integers(1, 4))  # fmt: skip
    def order(self, item: int, place: int, rate: str, day: Any, count: int) -> Any:
        return self.attempt(
            lambda: self.books.order(self.items[item], count, rate, on=day, at=self.places[place])
        )

    @rule(target=receipts, order=orders, typed=serials, day=days)
    def receive(self, order: Transaction, typed: str, day: Any) -> Any:
        ordinary = not order.lines.get().item.is_serialized
        return self.attempt(
            lambda: self.books.receive(
                order,
                "" if ordinary else typed,
                on=day,
                quantity=len(typed.split()) if ordinary else None,
            )
        )

    @rule(target=others, parent=st.one_of(orders, receipts), rate=rates)
    def bill(self, parent: Transaction, rate: str) -> Any:
        return self.attempt(lambda: self.books.bill(parent, rate=rate))

    @rule(target=sales, item=st.integers(0, 2), place=st.integers(0, 1), rate=rates, day=days,
          count=st.integers(1, 4))  # fmt: skip
    def sell(self, item: int, place: int, rate: str, day: Any, count: int) -> Any:
        return self.attempt(
            lambda: self.books.sell(self.items[item], count, rate, on=day, at=self.places[place])
        )

    @rule(target=fulfillments, sale=sales, typed=serials, day=days,
          to=st.sampled_from(["picked", "packed", "shipped"]))  # fmt: skip
    def fulfill(self, sale: Transaction, typed: str, day: Any, to: str) -> Any:
        ordinary = not sale.lines.get().item.is_serialized
        return self.attempt(
            lambda: self.books.fulfill(
                sale,
                "" if ordinary else typed,
                on=day,
                to=to,
                quantity=len(typed.split()) if ordinary else None,
            )
        )

    @rule(document=fulfillments, to=st.sampled_from(["packed", "shipped"]), day=days)
    def go_on(self, document: Transaction, to: str, day: Any) -> None:
        self.attempt(lambda: self.books.advance(document, to, on=day))

    @rule(target=others, parent=st.one_of(sales, fulfillments))
    def invoice(self, parent: Transaction) -> Any:
        return self.attempt(lambda: self.books.invoice(parent))

    @rule(target=others, item=st.integers(0, 2), place=st.integers(0, 1), rate=rates, day=days,
          typed=serials, sign=st.sampled_from([1, -1]))  # fmt: skip
    def adjust(self, item: int, place: int, rate: str, day: Any, typed: str, sign: int) -> Any:
        line = self.line(item, place, len(typed.split()), rate, typed)
        line.quantity *= sign
        return self.attempt(
            lambda: self.books.post(
                "inventory_adjustment",
                [line],
                day,
                account=self.books.account("6500"),
                reason="correction",
            )
        )

    @rule(
        document=st.one_of(orders, sales),
        to=st.sampled_from(["closed", "cancelled", "pending_receipt", "pending_fulfillment"]),
    )
    def close_or_reopen(self, document: Transaction, to: str) -> None:
        self.attempt(lambda: self.books.advance(document, to))

    @rule(document=st.one_of(orders, receipts, sales, fulfillments, others))
    def void(self, document: Transaction) -> None:
        self.attempt(lambda: self.books.void(document))

    @invariant()
    def the_audit_is_clean(self) -> None:
        assert audit.offenders() == []

    @invariant()
    def debits_equal_credits(self) -> None:
        if hasattr(self, "books"):
            assert sum(self.books.balances().values(), Decimal(0)) == 0


@pytest.mark.django_db
def test_the_books_are_right_whatever_happens(books: Books) -> None:
    from django.db import transaction

    class Rolled(Trade):
        """Each game begins with empty books."""

        def __init__(self) -> None:
            super().__init__()
            self.point = transaction.savepoint()

        def teardown(self) -> None:
            transaction.savepoint_rollback(self.point)

    run_state_machine_as_test(
        Rolled,
        settings=settings(
            max_examples=int(os.environ.get("SOAK", "12")),
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
