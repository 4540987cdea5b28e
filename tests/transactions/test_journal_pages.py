"""Make Journal Entries: rows typed, added up, refused where they are wrong, and seen after."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.books import nov
from tests.journals import write
from tests.pages import FormPage
from transactions.models import JournalRow, Transaction

NEW = "/transactions/journal-entry/new/"


def typed(client, books, *, htmx: bool = False) -> FormPage:
    """A balanced entry of two rows, the second row left empty."""
    page = FormPage(client, NEW, htmx=htmx)
    page.set("row-1-account", str(books.account("6500").pk)).set("row-1-debit", "1,025.50")
    page.set("row-3-account", str(books.account("1000").pk)).set("row-3-credit", "1025.5")
    return page.set("row-3-memo", "Bank charges")


def rows() -> list[tuple[str, Decimal, Decimal, str]]:
    found = JournalRow.objects.order_by("row_no")
    return [(row.account.number, row.debit, row.credit, row.memo) for row in found]


class TestEntering:
    @pytest.mark.parametrize("htmx", [False, True])
    def test_rows_are_saved_as_typed(self, client, books, htmx):
        page = typed(client, books, htmx=htmx).fill(date="2026-11-09", reference="R1", memo="Bank")
        page.press("save")
        entry = Transaction.objects.get()
        assert page.leads_to == entry.get_absolute_url()
        assert (entry.date, entry.reference, entry.memo) == (nov(9), "R1", "Bank")
        assert rows() == [
            ("6500", Decimal("1025.50"), 0, ""),
            ("1000", 0, Decimal("1025.50"), "Bank charges"),
        ]
        assert books.balance("6500") == Decimal("1025.50")

    @pytest.mark.parametrize("htmx", [False, True])
    def test_rows_can_be_added_and_keep_what_was_typed(self, client, books, htmx):
        page = typed(client, books, htmx=htmx)
        assert page.value("rows") == "4"
        page.press("add-rows")
        page.press("add-rows")
        assert page.value("rows") == "12"
        assert page.value("row-1-debit") == "1,025.50"
        page.set("row-12-account", str(books.account("3900").pk)).set("row-12-debit", "1.00")
        page.set("row-3-credit", "1026.50").press("save")
        assert [number for number, *_ in rows()] == ["6500", "1000", "3900"]

    def test_totals_and_difference_run_along(self, client, books):
        page = FormPage(client, NEW)
        assert "Debits 0.00 Credits 0.00 Difference 0.00" in page.text
        page.set("row-1-debit", "1,025.50").set("row-2-credit", "1000")
        page.set("row-4-debit", "x").press("refresh")
        assert "Debits 1,025.50 Credits 1,000.00 Difference 25.50" in page.text
        assert "Choose an account" not in page.text
        assert page.value("row-4-debit") == "x"

    def test_the_accounts_of_stock_and_inactive_ones_are_not_offered(self, client, books, ht9000):
        closed = books.account("6510")
        closed.inactive = True
        closed.save()
        html = FormPage(client, NEW).response.content.decode()
        offered = [n for n in ("1000", "1300", "1310", "2010", "6510") if f">{n} " in html]
        assert offered == ["1000"]

    def test_saving_twice_saves_once(self, client, books):
        page = typed(client, books)
        first = page.response
        page.press("save")
        address = page.leads_to
        page.response = first
        page.press("save")
        assert page.leads_to == address
        assert Transaction.objects.count() == 1


class TestRefusals:
    def test_an_unbalanced_entry_names_the_difference(self, client, books):
        page = typed(client, books).set("row-3-credit", "1000")
        page.press("save")
        assert "Debits and credits differ by 25.50: the debit side has more." in page.text
        assert page.value("row-3-memo") == "Bank charges"
        page.set("row-3-credit", "1025.50").press("save")
        assert len(rows()) == 2

    def test_an_empty_entry_is_refused(self, client, books):
        page = FormPage(client, NEW)
        page.press("save")
        assert "Enter at least two rows: a debit and a credit." in page.text

    @pytest.mark.parametrize(
        ("field", "text", "said"),
        [
            ("row-1-account", "", "Choose an account."),
            ("row-1-account", "999999", "This account can no longer be chosen."),
            ("row-1-credit", "5.00", "Enter either a debit or a credit."),
            ("row-1-debit", "", "Enter a debit or a credit."),
            ("row-1-debit", "0", "Enter a debit or a credit."),
            ("row-1-debit", "-5.00", "greater than or equal to 0"),
            ("row-1-debit", "5.005", "no more than 2 decimal places"),
            ("row-1-debit", "x", "Enter a number."),
            ("row-2-memo", "lonely", "Choose an account."),
        ],
    )
    def test_what_is_wrong_is_said_in_its_row(self, client, books, field, text, said):
        page = typed(client, books).set(field, text)
        page.press("save")
        assert "Please correct the rows marked below." in page.text
        assert said in page.text
        assert not rows()
        if text != "999999":
            assert page.value(field) == text

    def test_an_account_that_stock_took_meanwhile_is_refused_in_its_row(
        self, client, books, ht9000, monkeypatch
    ):
        """The list of accounts was read before an item began to use one of them."""
        asset = books.account("1300")
        page = typed(client, books)
        monkeypatch.setattr("transactions.forms.journal.accounts", lambda kind: [asset])
        page.set("row-1-account", str(asset.pk)).set("row-3-account", str(asset.pk))
        page.press("save")
        assert page.text.count("1300 Inventory Asset is kept by stock itself.") == 2

    def test_a_closed_period_is_refused(self, client, books):
        page = typed(client, books).fill(date="2026-10-09")
        page.press("save")
        assert "Posting period Oct 2026 is closed." in page.text
        page.fill(date="").press("save")
        assert "Date : This field is required." in page.text

    @pytest.mark.parametrize("count", ["x", "-1", "", "99999999999"])
    def test_a_forged_number_of_rows_does_no_harm(self, client, books, count):
        page = typed(client, books).set("rows", count)
        assert page.press("refresh").status_code == 200


class TestSeenAfter:
    def test_the_entry_shows_its_rows_as_typed_and_what_was_booked(self, client, books):
        entry = write(
            books, ("6500", "30.00", 0, "Fees"), ("1000", 0, "10.00"), ("1000", 0, "20.00")
        )
        seen = FormPage(client, entry.get_absolute_url())
        assert "Journal Entry JE-1 Posted" in seen.text
        assert "6500 Inventory Adjustment Fees 30.00" in seen.text
        assert "1000 Checking 10.00 1000 Checking 20.00 Total 30.00 30.00" in seen.text
        assert "GL Impact" in seen.text
        printed = FormPage(client, f"{entry.get_absolute_url()}print/").text
        assert "1000 Checking 10.00 1000 Checking 20.00" in printed
        assert "30.00" in client.get("/transactions/journal-entry/").content.decode()

    def test_it_is_voided_from_its_page(self, client, books):
        entry = write(books, ("6500", "30.00", 0), ("1000", 0, "30.00"))
        client.post(f"{entry.get_absolute_url()}void/", {"why": "wrong account"})
        assert books.status(entry) == "Voided"
        assert books.balances() == {}
        seen = FormPage(client, entry.get_absolute_url()).text
        assert "Voided: wrong account" in seen
        assert "30.00" in seen

    def test_pages_take_the_same_number_of_queries_for_few_rows_and_for_many(
        self, client, books, queries_of
    ):
        few = write(books, ("6500", "1.00", 0), ("1000", 0, "1.00")).get_absolute_url()
        debits = [(number, "1.00", 0) for number in ("6500", "3900", "4000", "5000", "1010")]
        many = write(books, *debits, ("1000", 0, "5.00")).get_absolute_url()
        queries_of(few)
        assert queries_of(many) == queries_of(few)
        assert queries_of(f"{many}print/") == queries_of(f"{few}print/")
