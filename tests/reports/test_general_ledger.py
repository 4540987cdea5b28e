"""The general ledger: each account's lines with a running balance, page by page (SPEC §7.8)."""

from __future__ import annotations

import html
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounting.models import Account
from company.models import UserPreference
from inventory.paging import number_page
from items.models import Item
from reports.balance_sheet import balance_sheets
from reports.dates import DateRange
from reports.general_ledger import Block, GeneralLedger
from reports.statements import income_statement, trial_balance
from tests.books import Books, nov
from transactions import types
from transactions.models import JournalRow, Transaction

PAGE = "/reports/general-ledger/"
NOVEMBER = DateRange(nov(1), nov(30))


def account(number: str) -> Account:
    return Account.objects.get(number=number)


def figures(lines: Any) -> list[tuple[Any, ...]]:
    """Document, debit, credit and balance of some lines."""
    return [(line.document_name, line.debit, line.credit, line.balance) for line in lines]


def walked(ledger: GeneralLedger, size: int) -> list[Block]:
    """The blocks of every page of a size, one page after another."""
    blocks, page = [], "1"
    while page:
        found = number_page(ledger, page, size)
        blocks += found.rows
        page = found.links["Next"] or ""
    return blocks


@pytest.fixture
def busy(books: Books, ht9000: Item, tk100: Item) -> None:
    """Two items bought and sold over some days, one sale voided, one unit written off."""
    books.have(ht9000, "600.00", "A1 A2 A3 A4 A5 A6")
    books.have(tk100, "700.00", "B1 B2")
    for number in range(1, 5):
        books.sold(ht9000, f"A{number}", on=nov(2 + number))
    books.sold(tk100, "B1", "1299.00", on=nov(9))
    for kind in ("invoice", "item_fulfillment"):
        books.void(Transaction.objects.filter(type=kind).latest("id"))
    books.adjust(ht9000, -1, "A6", on=nov(12))


def test_an_account_stands_between_its_opening_and_its_closing_balance(two_sold):
    ledger = GeneralLedger(DateRange(nov(3), nov(30)), account("1300"))
    [block] = ledger[0 : len(ledger)]
    assert block.totals.opening == block.before == Decimal("1800.00")
    assert figures(block.lines) == [("IF-1", None, Decimal("1200.00"), Decimal("600.00"))]
    assert block.totals.closing == block.after == Decimal("600.00")
    assert block.lines[0].other == account("5000")


def test_a_pair_stands_under_both_of_its_accounts(two_sold):
    ledger = GeneralLedger(DateRange(nov(8), nov(8)))
    lines = [(line.account.number, line.debit, line.credit) for line in ledger.lines()]
    assert lines == [
        ("1100", Decimal("1998.00"), None),
        ("1300", None, Decimal("1200.00")),
        ("4000", None, Decimal("1998.00")),
        ("5000", Decimal("1200.00"), None),
    ]
    assert ledger.debits == ledger.credits == Decimal("3198.00")


@pytest.mark.parametrize("day", [nov(2), nov(5), nov(9), nov(30)])
def test_trial_balance_general_ledger_and_balance_sheet_agree(busy, books, day):
    trial = {line.account: line.balance for line in trial_balance(day).lines}
    for dates in (DateRange(nov(4), max(day, nov(4))), DateRange(None, day)):
        if dates.last == day:
            totals = GeneralLedger(dates).accounts
            assert {t.account: t.closing for t in totals if t.closing} == trial
    [sheet] = balance_sheets([day])
    of_type = (*sheet.assets.values(), *sheet.liabilities.values(), sheet.equity)
    shown = {line.account: abs(line.amount) for section in of_type for line in section.lines}
    assert shown == {a: abs(balance) for a, balance in trial.items() if a in shown}
    earned = [-balance for a, balance in trial.items() if a not in shown]
    assert sheet.net_income == sum(earned, Decimal(0))
    assert sheet.net_income == income_statement(date(2026, 1, 1), day).net_income
    assert sheet.difference == 0


@pytest.mark.parametrize("newest_first", [False, True])
@pytest.mark.parametrize("size", [1, 3, 7, 100])
def test_running_balances_are_right_on_every_page(busy, books, size, newest_first):
    ledger = GeneralLedger(DateRange(nov(4), nov(30)), newest_first=newest_first)
    blocks = walked(ledger, size)
    assert figures(line for block in blocks for line in block.lines) == figures(ledger.lines())
    for totals in ledger.accounts:
        own = [block for block in blocks if block.totals.account == totals.account]
        edges = (totals.opening, totals.closing)
        assert (own[0].before, own[-1].after) == (edges[::-1] if newest_first else edges)
        assert [block.begins for block in own] == [True] + [False] * (len(own) - 1)
        assert [block.ends for block in own] == [False] * (len(own) - 1) + [True]
        for earlier, later in pairwise(own):
            assert earlier.after == later.before


def test_newest_first_is_the_same_ledger_upside_down(busy, books):
    usual = GeneralLedger(NOVEMBER, account("1300"))
    turned = GeneralLedger(NOVEMBER, account("1300"), newest_first=True)
    assert figures(turned.lines()) == figures(usual.lines())[::-1]


def test_an_account_without_lines_still_shows_what_it_stands_at(two_sold):
    ledger = GeneralLedger(DateRange(nov(8), nov(8)))
    blocks = walked(ledger, 1)
    [payable] = [block for block in blocks if block.totals.account.number == "2000"]
    assert (payable.lines, payable.before, payable.after) == (
        [], Decimal("-1800.00"), Decimal("-1800.00"),
    )  # fmt: skip
    quiet = GeneralLedger(DateRange(nov(20), nov(30)))
    assert len(quiet) == 0
    assert [block.totals for block in number_page(quiet, "", 50).rows] == quiet.accounts


def test_a_void_shows_as_what_it_is(busy, books):
    sales = GeneralLedger(NOVEMBER, account("4000"))
    assert figures(sales.lines())[-2:] == [
        ("INV-5", None, Decimal("1299.00"), Decimal("-5295.00")),
        ("Void of INV-5", Decimal("1299.00"), None, Decimal("-3996.00")),
    ]
    assert list(sales.lines())[-1].memo == "entered by mistake"


def test_the_memos_of_an_entry_typed_row_by_row_stand_with_their_accounts(two_sold, books, ht9000):
    document = books.adjust(ht9000, -1, "A1236", on=nov(12), memo="Year end")
    rows = [("6500", "400.00", "0", "Theft"), ("6500", "200.00", "0", "Flood"),
            ("1300", "0", "600.00", "")]  # fmt: skip
    for number, (of, debit, credit, memo) in enumerate(rows, start=1):
        JournalRow.objects.create(
            transaction=document, row_no=number, account=account(of), debit=Decimal(debit),
            credit=Decimal(credit), memo=memo,
        )  # fmt: skip
    lines = GeneralLedger(DateRange(nov(12), nov(12))).lines()
    assert {line.account.number: line.memo for line in lines} == {
        "1300": "Year end",
        "6500": "Theft; Flood",
    }


def test_of_one_type_alone_balances_are_sums_of_what_is_listed(busy, books):
    ledger = GeneralLedger(DateRange(nov(4), nov(30)), account("1300"), "inventory_adjustment")
    [block] = ledger[0 : len(ledger)]
    assert block.before == 0
    assert figures(block.lines) == [("ADJ-1", None, Decimal("600.00"), Decimal("-600.00"))]


def test_the_page_leads_to_the_document_its_party_and_its_serial_numbers(client: Client, two_sold):
    text = html.unescape(client.get(PAGE, {"account": account("1300").pk}).content.decode())
    receipt = Transaction.objects.get(type="item_receipt")
    serials = reverse("transactions:line-serials", args=["item-receipt", receipt.pk, 1])
    for url in (receipt.get_absolute_url(), receipt.vendor.get_absolute_url(), serials):
        assert f'href="{url}"' in text
    assert client.get(serials).status_code == 200


def test_an_ordinary_item_has_no_serial_numbers_to_lead_to(books, cable):
    order = books.order(cable, 20, "10.00", on=nov(2))
    books.receive(order, quantity=20, on=nov(2))
    [line] = GeneralLedger(NOVEMBER, account("1300")).lines()
    assert (line.item, line.serials_url) == (cable, "")


def test_the_page_shows_this_month_and_all_accounts_unless_asked(client: Client, two_sold):
    ledger = client.get(PAGE).context["ledger"]
    assert (ledger.dates, ledger.account, ledger.kind) == (NOVEMBER, None, "")


def test_every_kind_that_posts_may_be_asked_for(client: Client, two_sold):
    offered = {value for value, _ in client.get(PAGE).context["form"].fields["type"].choices}
    assert offered == {"", *(kind.name for kind in types.all_kinds() if kind.posts)}


def test_the_second_page_carries_the_balance_forward(client: Client, busy, user):
    UserPreference.objects.update_or_create(user=user, defaults={"rows_per_page": 5})
    asked = {"account": account("1300").pk, "start": "2026-11-02", "end": "2026-11-30"}
    first, second = (client.get(PAGE, {**asked, "page": page}) for page in (1, 2))
    [above], [below] = first.context["page"].rows, second.context["page"].rows
    assert above.after == below.before == Decimal("3200.00")
    assert b"Carried forward" in first.content
    assert b"Brought forward" in second.content
    assert b"Opening balance" not in second.content


@pytest.mark.parametrize(
    "asked",
    [{"account": "99999"}, {"account": "x"}, {"type": "nonsense"}, {"page": "x"}, {"sort": "x"},
     {"start": "2026-12-24", "end": "2026-11-30"}, {"start": "0001-01-01"}],
)  # fmt: skip
def test_nonsense_in_the_address_does_no_harm(client: Client, two_sold, asked):
    page = client.get(PAGE, asked)
    assert page.status_code == 200
    assert page.context["ledger"].debits == page.context["ledger"].credits


def test_dates_without_entries_say_so(client: Client, two_sold):
    page = client.get(PAGE, {"start": "2026-09-01", "end": "2026-09-30"})
    assert b"Nothing was booked in these dates" in page.content


def test_the_file_holds_every_line_between_the_balances(client: Client, two_sold):
    asked = {"account": account("1300").pk, "start": "2026-11-03", "end": "2026-11-30"}
    answer = client.get(PAGE, {**asked, "export": "csv"})
    lines = answer.getvalue().decode("utf-8-sig").splitlines()
    assert lines[1:] == [
        "1300 Inventory Asset,,Opening balance,,,,,,,,1800.00",
        (
            "1300 Inventory Asset,2026-11-08,Item Fulfillment,IF-1,Maple,HT9000,,"
            "5000 Cost of Goods Sold,,1200.00,600.00"
        ),
        "1300 Inventory Asset,,Closing balance,,,,,,0.00,1200.00,600.00",
    ]


def test_later_pages_cost_the_same_few_queries(queries_of, client: Client, busy, user):
    UserPreference.objects.update_or_create(user=user, defaults={"rows_per_page": 5})
    pages = [queries_of(f"{PAGE}?page={number}") for number in (1, 2, 3, 4)]
    assert max(pages) <= pages[0] + 2  # what stands before the page
