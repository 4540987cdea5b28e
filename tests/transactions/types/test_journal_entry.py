from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from accounting.models import Account
from items.refusals import Refused
from tests.books import nov
from tests.journals import unwritten, write
from transactions.models import JournalRow
from transactions.posting import post
from transactions.types.base import Pair
from transactions.types.journal_entry import paired
from users import access

FEES = ("6500", "25.00", 0), ("1000", 0, "25.00")


def test_the_books_are_written_as_typed(books):
    entry = write(
        books, ("6500", "25.00", 0, "Fees"), ("3900", "75.50", 0), ("1000", 0, "100.50"), on=nov(4)
    )
    assert (entry.number, books.status(entry)) == ("JE-1", "Posted")
    assert entry.total == Decimal("100.50")
    assert books.balances() == {
        "6500": Decimal("25.00"), "3900": Decimal("75.50"), "1000": Decimal("-100.50"),
    }  # fmt: skip
    rows = [(r.row_no, r.account.number, r.debit, r.credit, r.memo) for r in entry.rows.all()]
    assert rows == [
        (1, "6500", Decimal("25.00"), 0, "Fees"),
        (2, "3900", Decimal("75.50"), 0, ""),
        (3, "1000", 0, Decimal("100.50"), ""),
    ]


def test_a_void_undoes_it(books):
    entry = write(books, *FEES, on=nov(4))
    books.void(entry)
    assert books.balances() == {}
    assert entry.rows.count() == 2


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([], "at least two rows"),
        ([("6500", "25.00", 0)], "at least two rows"),
        ([("6500", "25.00", 0), ("1000", 0, "24.99")], r"differ by 0\.01: the debit side"),
        ([("6500", "25.00", 0), ("1000", 0, "1025.00")], r"differ by 1,000\.00: the credit side"),
        ([*FEES, ("1000", "1.00", "1.00")], "Row 3: enter either a debit or a credit"),
        ([*FEES, ("1000", 0, 0)], "Row 3: enter either a debit or a credit"),
        ([("6500", "-25.00", 0), ("1000", 0, "-25.00")], "Row 1: enter either"),
        ([("6500", "0.005", 0), ("1000", 0, "0.005")], "Row 1: give the amount in whole cents"),
        ([("6500", "25.00", 0), ("6500", 0, "25.00")], "that changes nothing"),
    ],
)
def test_what_is_no_entry_is_refused(books, rows, why):
    write(books, *FEES)
    with pytest.raises(Refused, match=why):
        write(books, *rows)


@pytest.mark.parametrize("number", ["1310", "2010", "1300", "6510"])
def test_accounts_that_stock_alone_moves_and_inactive_ones_are_refused(books, ht9000, number):
    Account.objects.filter(number="6510").update(inactive=True)
    write(books, *FEES)
    with pytest.raises(Refused) as refused:
        write(books, ("6500", "25.00", 0), (number, 0, "25.00"))
    [refusal] = refused.value.refusals
    assert refusal.url == books.account(number).get_absolute_url()
    assert ("is inactive" if number == "6510" else "kept by stock itself") in refusal.message


def test_nothing_is_written_into_a_closed_period(books):
    write(books, *FEES, on=nov(1))
    with pytest.raises(Refused) as refused:
        write(books, *FEES, on=nov(1).replace(month=10))
    assert refused.value.codes == {"SER-15"}


def test_posting_takes_the_same_statements_for_two_rows_and_for_many(books):
    def statements(*rows: tuple) -> int:
        document = unwritten(books, *rows)
        with CaptureQueriesContext(connection) as captured:
            post(document, [], by=books.user)
        return len(captured)

    access.of(books.user)  # is read once for a request, whatever it posts
    few = statements(*FEES)
    many = [(number, "1.00", 0) for number in ("6500", "3900", "4000", "5000", "1010")]
    assert statements(*many, ("1000", 0, "5.00")) == few


# The pairs, as a pure function of the rows.


def rows_of(*sides: tuple[int, int, int]) -> list[JournalRow]:
    """Rows of (account id, debit, credit)."""
    return [JournalRow(account_id=a, debit=Decimal(d), credit=Decimal(c)) for a, d, c in sides]


def sums(rows: Sequence[JournalRow]) -> dict[int, tuple[Decimal, Decimal]]:
    """Debits and credits by account."""
    found: dict[int, tuple[Decimal, Decimal]] = defaultdict(lambda: (Decimal(0), Decimal(0)))
    for row in rows:
        debit, credit = found[row.account_id]
        found[row.account_id] = (debit + row.debit, credit + row.credit)
    return dict(found)


def typed_as_rows(pairs: Sequence[Pair]) -> list[JournalRow]:
    debits = [(pair.debit, pair.amount, 0) for pair in pairs]
    return rows_of(*debits, *((pair.credit, 0, pair.amount) for pair in pairs))


@st.composite
def balanced(draw) -> list[JournalRow]:
    """Rows of a few accounts, any of them on both sides, whose debits are their credits."""
    accounts = st.integers(1, 5)
    debits = draw(st.lists(st.tuples(accounts, st.integers(1, 9)), min_size=1, max_size=7))
    rows = [(account, amount, 0) for account, amount in debits]
    left = sum(amount for _, amount in debits)
    while left:
        amount = draw(st.integers(1, left))
        rows.append((draw(accounts), 0, amount))
        left -= amount
    return rows_of(*draw(st.permutations(rows)))


@given(balanced())
def test_pairs_come_to_what_was_typed_without_pairing_an_account_with_itself(rows):
    pairs = paired(rows)
    assert pairs == paired(rows)
    assert all(pair.amount > 0 and pair.debit != pair.credit for pair in pairs)
    booked = sums(typed_as_rows(pairs))
    total = sum(row.debit for row in rows)
    for account, (debit, credit) in sums(rows).items():
        # Only what the other accounts cannot take cancels out within the account.
        excess = max(debit + credit - total, 0)
        assert booked.get(account, (0, 0)) == (debit - excess, credit - excess)


@given(balanced())
def test_there_are_hardly_more_pairs_than_accounts(rows):
    assert len(paired(rows)) <= 2 * len(sums(rows))


def test_the_same_account_on_both_sides_is_paired_with_others():
    rows = rows_of((1, 100, 0), (1, 0, 40), (2, 0, 100), (3, 40, 0))
    assert set(paired(rows)) == {Pair(1, 2, Decimal(100)), Pair(3, 1, Decimal(40))}


def test_what_nobody_else_can_take_cancels_out():
    assert paired(rows_of((1, 100, 0), (1, 0, 40), (2, 0, 60))) == (Pair(1, 2, Decimal(60)),)
    assert paired(rows_of((1, 100, 0), (1, 0, 100))) == ()
