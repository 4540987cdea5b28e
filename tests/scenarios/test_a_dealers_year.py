"""A dealer's year, in the bookkeeper's words: twelve months, each closed when it is over.

The figures are worked out by hand from the story (`tests/scenarios/dealer_story.py`). With c for
what a computer costs in the month, 600 + 10 × its number, every month has

    income     2,000 sold to Maple − 1,000 credited + 950 for cash − 150 given for the trade-in
               + 200 for cables − 50 refunded = 1,950; from February on + 180, last month's trade-in
    cost       2c − c come back + c for cash; cables 100 − 25 come back; variances 5 × 2 and 5;
               the trade-in − 100, and from February on + 100 when it is sold again
               = 2c + 90, in January 2c − 10
    expense    200 rent + 25 for two cables = 225; in March, June, September and December the
               computer that came back is written off: + c

and the clearances bring 6 × 700 = 4,200: in June for 610 + 620 + 630 + 640 + 650 + 660 = 3,810, in
December for 670 + 680 + 690 + 700 + 710 + 720 = 4,170.
"""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
import time_machine
from django.db.models import Sum

from accounting.models import AccountingPeriod
from items.models import Item, ItemLocation
from items.refusals import Refused
from reports.balance_sheet import balance_sheets
from reports.statements import income_statement
from tests.books import Books
from tests.scenarios.dealer_story import Story
from transactions import audit
from transactions.models import Transaction, TransactionLine

# Income, cost of sales, expense, net income.
MONTHS = {
    1: (1950, 1210, 225, 515),
    2: (2130, 1330, 225, 575),
    3: (2130, 1350, 855, -75),
    4: (2130, 1370, 225, 535),
    5: (2130, 1390, 225, 515),
    6: (6330, 5220, 885, 225),
    7: (2130, 1430, 225, 475),
    8: (2130, 1450, 225, 455),
    9: (2130, 1470, 915, -255),
    10: (2130, 1490, 225, 415),
    11: (2130, 1510, 225, 395),
    12: (6330, 5700, 945, -315),
}
YEAR = (33780, 24920, 5400, 3460)

# What is in stock when the month is over: of each month so far the computer billed late, the one
# that came back (unless written off) and, until the clearance, the one carried to EAST; the last
# trade-in, 100; and 12 cables a month, 150, of which two are on their way, 25.
STOCK = {
    1: 610 + 610 + 610 + 100 + 125,  # 2,055
    2: 2055 + 3 * 620 + 150,  # 4,065
    3: 4065 + 2 * 630 + 150,  # 5,475
    4: 5475 + 3 * 640 + 150,  # 7,545
    5: 7545 + 3 * 650 + 150,  # 9,645
    6: 9645 + 2 * 660 + 150 - 3810,  # 7,305
    7: 7305 + 3 * 670 + 150,  # 9,465
    8: 9465 + 3 * 680 + 150,  # 11,655
    9: 11655 + 2 * 690 + 150,  # 13,185
    10: 13185 + 3 * 700 + 150,  # 15,435
    11: 15435 + 3 * 710 + 150,  # 17,715
    12: 17715 + 2 * 720 + 150 - 4170,  # 15,135
}


def stated(start: date, end: date) -> tuple[Decimal, ...]:
    """Income, cost of sales, expense and net income."""
    found = income_statement(start, end)
    sections = (found.income, found.cost_of_sales, found.expense)
    return (*(section.total for section in sections), found.net_income)


def ends(month: int) -> tuple[date, date]:
    return date(2026, month, 1), date(2026, month, calendar.monthrange(2026, month)[1])


def unbilled() -> Decimal:
    """What the live receipts brought that no bill has asked for yet."""
    lines = TransactionLine.objects.live().filter(transaction__type="item_receipt")
    open_lines = [line for line in lines.with_progress() if line.billed < line.quantity]
    return sum((line.cost - line.cost * line.billed / line.quantity for line in open_lines),
               Decimal(0))  # fmt: skip


def open_of(*kinds: str) -> Decimal:
    """What is open of invoices or bills, less what is open of credits."""
    documents = Transaction.objects.of(*kinds).live()
    return sum((d.kind.balance * d.open_balance for d in documents), Decimal(0))


def the_month_ties(books: Books, month: int) -> None:
    """What the subledgers say is what the books say, and what the story says."""
    stock = ItemLocation.objects.aggregate(value=Sum("value"))["value"]
    assert stock == books.balance("1300") == STOCK[month]
    assert books.balance("1310") == 25  # two cables on their way to EAST
    assert open_of("invoice", "credit_memo") == books.balance("1100") == 400  # Maple's
    assert open_of("vendor_bill", "bill_credit") == -books.balance("2000") == 250  # the cables
    assert unbilled() == -books.balance("2010") == 600 + 10 * month  # the computer that came late
    assert audit.offenders() == []
    [sheet] = balance_sheets([ends(month)[1]])
    assert sheet.total_assets == sheet.total_liabilities + sheet.total_equity
    assert sheet.net_income == sum(figures[3] for m, figures in MONTHS.items() if m <= month)


def close(month: int) -> None:
    AccountingPeriod.objects.filter(start=ends(month)[0]).update(closed=True)


@pytest.fixture
def year(books: Books, place: SimpleNamespace, ht9000: Item, cable: Item) -> dict[int, tuple]:
    """The year as it was lived, and each month's statement on the day it was closed."""
    AccountingPeriod.objects.update(closed=False)
    story = Story(books, ht9000, cable, place)
    closed = {}
    for month in range(1, 13):
        with time_machine.travel(datetime(2026, month, 28, 12, tzinfo=UTC), tick=False):
            story.month(month)
            the_month_ties(books, month)
            closed[month] = stated(*ends(month))
            close(month)
    return closed


def test_a_dealers_year(books, year, ht9000):
    assert year == MONTHS
    assert stated(date(2026, 1, 1), date(2026, 12, 31)) == YEAR
    assert {month: stated(*ends(month)) for month in MONTHS} == MONTHS  # nothing came in later
    assert tuple(sum(column) for column in zip(*MONTHS.values(), strict=True)) == YEAR

    [sheet] = balance_sheets([date(2026, 12, 31)])
    # Paid in 20,000, earned 3,460; owed 250 for cables and 720 for the computer that came late.
    assert (sheet.total_equity, sheet.total_liabilities) == (23460, 970)
    # Money 8,870; Maple 400; stock 15,135 and 25 on its way.
    assert sheet.total_assets == 24430
    assert books.balance("1000") + books.balance("1010") == 8870

    with time_machine.travel(datetime(2026, 12, 28, 12, tzinfo=UTC), tick=False):
        AccountingPeriod.objects.filter(start=ends(12)[0]).update(closed=False)
        books.adjust(ht9000, 1, "LATE-1", on=date(2026, 12, 28), rate="10.00")
        close(12)
        with pytest.raises(Refused) as refused:
            books.adjust(ht9000, 1, "LATE-2", on=date(2026, 12, 28), rate="10.00")
    assert [refusal.code for refusal in refused.value.refusals] == ["SER-15"]
