"""Writing down what a count sees, and what the numbers seen may mean (SPEC §4.11)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from items.models import Item
from items.refusals import Refused
from tests.books import Books, nov
from tests.counts import Counts, made, seen
from transactions import counting
from transactions.models import Transaction


@pytest.fixture
def counts(books: Books) -> Counts:
    return Counts(books)


def test_numbers_join_those_that_are_there(books, place, ht9000, counts):
    count = counts.start(place.main, ht9000)
    counts.see(count, "A1 A2")
    result = counts.see(count, "a2 A3 A3")
    assert seen(count) == ["A1", "A2", "A3"]
    assert [str(notice) for notice in result.notices] == ["1 of them was listed already."]
    counts.forget(count, "a1")
    assert seen(count) == ["A2", "A3"]
    assert count.lines.get().quantity == 2


def test_a_malformed_number_refuses_all_that_were_typed_with_it(books, place, ht9000, counts):
    count = counts.start(place.main, ht9000)
    counts.see(count, "A1")
    with pytest.raises(Refused) as refused:
        counts.see(count, "A2 ... 1.23E+11")
    assert refused.value.codes == {"SER-08"}
    assert len(refused.value.refusals) == 2
    assert seen(count) == ["A1"]


def test_nothing_is_counted_before_the_start_or_after_completion(books, place, ht9000, counts):
    count = counts.open(place.main, ht9000)
    with pytest.raises(Refused, match="is Open"):
        counts.see(count, "A1")
    books.advance(count, "started")
    counts.see(count, "A1")
    counts.complete(count)
    with pytest.raises(Refused, match="Completed/Pending Approval"):
        counts.see(count, "A2")
    with pytest.raises(Refused, match="Completed/Pending Approval"):
        counts.forget(count, "A1")


def test_a_reviewer_may_set_one_number_right(books, place, ht9000, counts):
    books.have(ht9000, "600.00", "A1034")
    count = counts.start(place.main, ht9000)
    counts.see(count, "A1O34")
    counts.complete(count)
    hints = counting.look_alikes([counts.finding(count)])
    assert [unit.number for unit in hints.values()] == ["A1034"]
    counts.see(count, "A1034", remove=["A1O34"])
    books.advance(count, "approved")
    assert not Transaction.objects.filter(created_from=count).exists()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("AO1", "A01"), ("AI1", "A11"), ("A8X", "ABX"), ("55", "S5"), ("Z2", "22"), ("l0", "1O")],
)
def test_a_number_that_looks_like_a_missing_one_is_hinted_at(
    typed, meant, books, place, ht9000, counts
):
    books.have(ht9000, "600.00", meant)
    count = counts.start(place.main, ht9000)
    counts.see(count, f"{typed} QQQ")
    hints = counting.look_alikes([counts.finding(count)])
    assert {number: unit.number for (_, number), unit in hints.items()} == {typed: meant}


def test_a_missing_look_alike_is_hinted_at_before_one_elsewhere(books, place, ht9000, counts):
    books.have(ht9000, "600.00", "AO1", at=place.east)
    order = books.order(ht9000, 1, "600.00", on=nov(2))
    books.make("item_receipt", order, "A01", on=nov(2), confirmed=["SER-21"])
    count = counts.start(place.main, ht9000)
    counts.see(count, "aOl")
    [unit] = counting.look_alikes([counts.finding(count)]).values()
    assert unit.number == "A01"


@pytest.mark.parametrize("cost", ["-1.00", "0.0050"])
def test_a_cost_is_whole_cents_and_not_negative(cost, books, place, ht9000, counts):
    count = counts.start(place.main, ht9000)
    counts.see(count, cost=Decimal("1.00"))
    with pytest.raises(Refused, match="cost"):
        counts.see(count, cost=Decimal(cost))


# Sets, not rows


def statements(work: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as queries:
        work()
    return len(queries)


def test_counting_takes_as_many_statements_for_one_unit_as_for_hundreds(
    books, place, ht9000, tk100, counts
):
    def taken(item: Item, many: int) -> list[int]:
        def typed(letter: str) -> str:
            return " ".join(f"{letter}{n:04}" for n in range(many))

        books.have(item, "600.00", f"{typed('A')} {typed('M')}")
        books.have(item, "600.00", typed("E"), at=place.east)
        count = counts.start(place.main, item)
        scans = statements(lambda: counts.see(count, f"{typed('A')} {typed('E')} {typed('U')}"))
        removal = statements(lambda: counts.forget(count, typed("U")))
        counts.see(count, typed("U"))
        finding = statements(lambda: counting.look_alikes([counts.finding(count)]))
        counts.complete(count)
        approval = statements(lambda: books.advance(count, "approved"))
        assert [line.quantity for line in made(count, "inventory_adjustment")] == [many, -many]
        return [scans, removal, finding, approval]

    assert taken(ht9000, 1) == taken(tk100, 300)
