"""The chart of accounts, an account's journal lines, and the periods."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from accounting.models import Account, AccountingPeriod
from items.models import Item
from items.refusals import Refused
from tests.books import Books, nov
from tests.factories import AccountFactory


def test_an_account_is_entered_and_changed(client: Client):
    client.post("/accounts/new/", {"number": "6600", "name": "Rent", "type": "expense"})
    rent = Account.objects.get(number="6600")
    client.post(
        f"/accounts/{rent.pk}/edit/", {"number": "6600", "name": "Lease", "type": "expense"}
    )
    assert "Lease" in client.get(f"/accounts/{rent.pk}/?tab=notes").text


def test_a_number_is_given_once(client: Client):
    answer = client.post("/accounts/new/", {"number": "1000", "name": "X", "type": "bank"})
    assert "Account with this Number already exists." in answer.text


def test_the_list_shows_each_balance_on_its_usual_side(client: Client, books: Books, ht9000: Item):
    books.have(ht9000, "600.00", "A1 A2")
    books.sold(ht9000, "A1", "999.00")
    rows = b"".join(client.get("/accounts/?export=csv")).decode()
    assert "1300,Inventory Asset,Other Current Asset,600.00" in rows
    assert "2000,Accounts Payable,Accounts Payable,1200.00" in rows
    assert "4000,Sales Income,Income,999.00" in rows
    assert "5000,Cost of Goods Sold,Cost of Goods Sold,600.00" in rows
    assert "1000,Checking,Bank,0.00" in rows


def test_an_accounts_page_shows_debits_and_credits_with_their_documents(
    client: Client, books: Books, ht9000: Item
):
    receipt = books.have(ht9000, "600.00", "A1 A2")
    shipped = books.sold(ht9000, "A1", "999.00", on=nov(5))
    address = books.account("1300").get_absolute_url()
    page = client.get(address).text
    assert page.index(shipped.get_absolute_url()) < page.index(receipt.get_absolute_url())
    assert "1,200.00" in page
    assert "5000 Cost of Goods Sold" in page
    assert ht9000.get_absolute_url() in page
    rows = b"".join(client.get(f"{address}?export=csv")).decode().splitlines()
    assert rows[1:] == [
        "IF-1,2026-11-05,Item Fulfillment,HT9000,5000 Cost of Goods Sold,,600.00",
        "IR-1,2026-11-02,Item Receipt,HT9000,2010 Accrued Purchases,1200.00,",
    ]
    page = client.get(f"{address}?start=2026-11-03").text
    assert shipped.get_absolute_url() in page
    assert receipt.get_absolute_url() not in page


def test_a_void_stands_beside_what_it_reverses(client: Client, books: Books, ht9000: Item):
    books.void(books.adjust(ht9000, 1, "A1", rate="5.00"))
    page = client.get(books.account("1300").get_absolute_url()).text
    assert page.count("ADJ-1") == 2
    assert page.count(">Void<") == 1


def test_the_lists_cost_the_same_for_few_rows_and_for_many(
    queries_of: Callable[[str], int], books: Books, ht9000: Item
):
    journal = books.account("1300").get_absolute_url()
    for n in range(2):
        books.adjust(ht9000, 1, f"A{n}", rate="5.00")
    few = [queries_of("/accounts/"), queries_of(journal)]
    for n in range(15):
        books.adjust(ht9000, 1, f"B{n}", rate="5.00")
    AccountFactory.create_batch(30)
    assert [queries_of("/accounts/"), queries_of(journal)] == few


def test_nothing_posts_into_a_closed_period_until_it_is_open_again(
    client: Client, books: Books, ht9000: Item
):
    period = AccountingPeriod.objects.covering(nov(5))
    assert "Close" in client.get(f"/periods/{period.pk}/close/").text
    period.refresh_from_db()
    assert not period.closed

    client.post(f"/periods/{period.pk}/close/")
    with pytest.raises(Refused, match="Posting period Nov 2026 is closed"):
        books.adjust(ht9000, 1, "A1", rate="5.00")
    notes = client.get(f"/periods/{period.pk}/?tab=notes").text
    assert "Closed" in notes
    assert "robin" in notes

    client.post(f"/periods/{period.pk}/reopen/")
    books.adjust(ht9000, 1, "A1", rate="5.00")


def test_periods_do_not_overlap(client: Client):
    AccountingPeriod.objects.all().delete()
    AccountingPeriod.objects.create(name="May", start=date(2030, 5, 1), end=date(2030, 5, 31))
    june = {"name": "June", "start": "2030-05-31", "end": "2030-06-30"}
    answer = client.post("/periods/new/", june)
    assert "These dates overlap the period May." in answer.text
    answer = client.post("/periods/new/", {**june, "start": "2030-07-01"})
    assert "The period must not end before it starts." in answer.text
    client.post("/periods/new/", {**june, "start": "2030-06-01"})
    assert AccountingPeriod.objects.filter(name="June").exists()


def test_a_year_of_periods_is_added_at_once(client: Client):
    AccountingPeriod.objects.all().delete()
    AccountingPeriod.objects.create(name="Dec", start=date(2030, 12, 1), end=date(2030, 12, 31))
    assert "Add 2031" in client.get("/periods/").text
    for _ in range(2):  # a double click
        client.post("/periods/add-year/", {"year": "2031"})
    assert AccountingPeriod.objects.filter(start__year=2031).count() == 12
    assert not AccountingPeriod.objects.filter(start__year=2032).exists()


def test_the_list_of_periods_costs_the_same_for_12_and_for_36(queries_of: Callable[[str], int]):
    few = queries_of("/periods/")
    for year in (2031, 2032):
        for month in range(1, 13):
            day = date(year, month, 1)
            AccountingPeriod.objects.create(name=f"{day}", start=day, end=day)
    assert queries_of("/periods/") == few
