"""The box of serial numbers: checked, mended in place, filled from ranges, files and series."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from items.models import Item
from tests.books import Books, nov
from tests.pages import FormPage
from tests.permissions.world import client_of, member
from transactions.models import Transaction
from users.roles import INVENTORY_MANAGER, WAREHOUSE_CLERK

NEW = "/transactions/inventory-adjustment/new/"


@pytest.fixture
def stock(books: Books, ht9000: Item) -> Item:
    """A1 to A3 are on hand."""
    books.have(ht9000, "600.00", "A1 A2 A3")
    return ht9000


def adjustment(client: Client, serials: str, quantity: str = "2", htmx: bool = False) -> FormPage:
    page = FormPage(client, NEW, htmx=htmx).fill(date="2026-11-12", reason="correction")
    page.fill(entry__item="HT9000", entry__quantity=quantity, entry__rate="1.00")
    page.press("check:entry")
    return page.set("entry-serials", serials)


def test_a_check_says_what_is_wrong_where_it_is_and_adds_nothing(client, stock):
    page = adjustment(client, "A1 N1 ... N2 N1", "4")
    page.press("check:entry")
    assert "Serial number A1 is already on hand for HT9000 at MAIN." in page.text
    assert f'href="/serials/{stock.pk}/A1/"' in page.response.content.decode()
    assert "“...” isn't a valid serial number: made of dots only." in page.text
    assert "Serial number N1 is entered more than once" in page.text
    assert "5 entered of 4 needed · 1 too many · 3 to correct" in page.text
    assert page.value("entry-serials") == "A1 N1 ... N2 N1"
    assert page.values("line-item") == []


def test_bad_numbers_are_set_right_in_place_and_the_line_is_added(client, books, stock):
    page = adjustment(client, "A1 N1 ... N2 N1", "4")
    page.press("check:entry")
    for bad, right in (("A1", "N3"), ("N1", "N4")):
        place = page.values("entry-bad").index(bad)
        mends = [field for field in page.fields if field[0] == "entry-mend"]
        mends[place][1] = right
    page.tick("entry-drop", "...").press("check:entry")
    assert page.value("entry-serials").split() == ["N3", "N1", "N2", "N4"]
    assert page.values("entry-bad") == []
    page.press("add-line")
    page.press("save")
    assert sorted(books.on_hand(stock)) == ["A1", "A2", "A3", "N1", "N2", "N3", "N4"]


def test_what_was_typed_to_mend_a_number_counts_on_any_button(client, stock):
    page = adjustment(client, "A1 N1")
    page.press("check:entry")
    page.set("entry-mend", "N2").press("add-line")
    assert page.values("line-serials") == ["N2 N1"]


def test_all_that_is_red_is_left_out_at_once(client, stock):
    page = adjustment(client, "A1 A2 N1 N2")
    page.press("leave-out:entry")
    assert page.value("entry-serials").split() == ["N1", "N2"]
    page.press("add-line")
    assert page.values("line-serials") == ["N1 N2"]


def test_find_and_replace_goes_over_every_number(client, stock):
    page = adjustment(client, "so-1 SO-2 X3", "3")
    page.set("entry-find", "sO").set("entry-swap", "S0").press("swap:entry")
    assert page.value("entry-serials").split() == ["S0-1", "S0-2", "X3"]


def test_a_range_is_read_wherever_it_is_typed(client, books, stock):
    page = adjustment(client, "SN-0098..SN-0103", "6")
    page.press("save")
    assert len(books.on_hand(stock)) == 9
    receipt = FormPage(
        client,
        f"/transactions/item-receipt/new/?from={books.order(stock, 3, '600.00', on=nov(3)).pk}",
    )
    key = next(name for name, _ in receipt.fields if name.endswith("-serials"))
    receipt.set(key, "R9..R11").press("save")
    assert {"R9", "R10", "R11"} <= set(books.on_hand(stock))


def test_a_range_that_is_too_long_is_refused_and_stays(client, stock):
    page = adjustment(client, "N1..N9999999", "1")
    page.press("add-line")
    assert "a range of 9,999,999, where a line's ranges may come to 100,000" in page.text
    assert page.value("entry-serials") == "N1..N9999999"


class TestGenerating:
    def test_it_proposes_the_number_after_the_latest(self, client, books, stock):
        books.adjust(stock, 1, "SN-0098/B", on=nov(3), rate="1.00")
        page = adjustment(client, "", "4")
        page.press("generator:entry")
        names = ("prefix", "first", "digits", "suffix", "quantity-made")
        assert [page.value(f"entry-{name}") for name in names] == ["SN-", "99", "4", "/B", "4"]
        page.press("generate:entry")
        assert page.value("entry-serials").split() == [
            "SN-0099/B", "SN-0100/B", "SN-0101/B", "SN-0102/B"
        ]  # fmt: skip

    def test_taken_numbers_are_listed_and_skipped_on_request(self, client, books, stock):
        page = adjustment(client, "A5", "4")
        page.press("generator:entry")
        page.set("entry-prefix", "A").set("entry-first", "2").set("entry-digits", "1")
        page.set("entry-quantity-made", "3").press("generate:entry")
        assert "2 of these are used already: A2 , A3 . Nothing was entered." in page.text
        assert page.value("entry-serials") == "A5"
        page.press("number-on:entry")
        assert page.value("entry-serials").split() == ["A5", "A4", "A6", "A7"]

    @pytest.mark.parametrize(
        ("first", "quantity", "why"),
        [
            ("x", "3", "are whole numbers"),
            ("1", "0", "Enter a quantity from 1 to 100,000"),
            ("1", "100001", "Enter a quantity from 1 to 100,000"),
            ("9" * 101, "1", "has at most 100 characters"),
        ],
    )
    def test_what_cannot_be_generated_says_why(self, client, stock, first, quantity, why):
        page = adjustment(client, "N1", "4")
        page.press("generator:entry")
        page.set("entry-first", first).set("entry-quantity-made", quantity)
        page.press("generate:entry")
        assert why in page.text
        assert page.value("entry-serials") == "N1"


class TestTheScript:
    """What js/entry-box.js asks: the numbers it has just been given, and no others."""

    def ask(self, client: Client, serials: str, **more: object) -> str:
        data = {
            "live": "1", "action": "check:entry", "date": "2026-11-12", "entry-item": "HT9000",
            "entry-quantity": "1", "entry-serials": serials, **more,
        }  # fmt: skip
        return client.post(NEW, data, headers={"HX-Request": "true"}).content.decode()

    def test_is_told_of_the_bad_ones_alone(self, client, stock):
        said = self.ask(client, "A1\nN1\nN2")
        assert said.count("data-bad=") == 1
        assert "already on hand for HT9000 at MAIN" in said
        assert "data-read" not in said

    def test_has_ranges_and_files_read_by_the_server(self, client, stock):
        assert "N9\nN10\nN11" in self.ask(client, "N9..N11")
        file = SimpleUploadedFile("n.csv", b"Serial Number\nF1\nF2\nA1\n")
        said = self.ask(client, "", **{"entry-file": file})
        assert "F1\nF2\nA1" in said
        assert said.count("data-bad=") == 1
        file = SimpleUploadedFile("n.csv", b"a,b\nc,d\n")
        assert "n.csv has 2 columns" in self.ask(client, "", **{"entry-file": file})

    def test_is_answered_by_as_many_statements_for_a_thousand_as_for_one(self, client, stock):
        counts = []
        for serials in ("N1\nA1", "\n".join(f"N{n}" for n in range(1000)) + "\nA1\nA2"):
            with CaptureQueriesContext(connection) as queries:
                self.ask(client, serials)
            counts.append(len(queries))
        assert counts[0] == counts[1]

    def test_shows_the_first_rows_of_many_and_names_the_rest(self, client, books, stock):
        books.have(stock, "600.00", "B1..B80")
        said = self.ask(client, "B1..B80")
        assert said.count("data-bad=") == 50
        assert "B80\n" in said.partition("data-rest")[2]

    def test_of_another_pick_names_the_order_with_its_link(self, client, books, stock):
        sale = books.sell(stock, 1, "999.00", on=nov(5))
        shipment = books.fulfill(sale, "A1", on=nov(6), to="picked")
        said = self.ask(client, "A1", **{"entry-quantity": "-1"})
        assert f"A1 is picked for {sale}." in said
        assert shipment.get_absolute_url() in said


def test_a_file_goes_into_its_box_without_a_script(client, stock):
    page = adjustment(client, "N1", "3")
    file = SimpleUploadedFile("n.csv", b"F1\nF2\n")
    data: dict[str, object] = {}
    for name, value in page.fields:
        data.setdefault(name, []).append(value)  # type: ignore[attr-defined]
    answer = client.post(NEW, {**data, "entry-file": file, "action": "check:entry"})
    assert "N1\nF1\nF2" in answer.content.decode()
    assert not Transaction.objects.of("inventory_adjustment").exists()


@pytest.fixture
def shut(books: Books, ht9000: Item, place: SimpleNamespace) -> Item:
    """O1 is on hand at OLD, which is inactive by now."""
    books.have(ht9000, "600.00", "O1", at=place.old)
    place.old.inactive = True
    place.old.save()
    return ht9000


def test_a_number_at_an_inactive_location_is_told_on_a_check_and_when_it_is_added(client, shut):
    """SER-17, said of the number as SER-05 is (SPEC §6.1 U11)."""
    page = adjustment(client, "O1", "-1")
    page.press("check:entry")
    assert page.values("entry-bad") == ["O1"]
    assert "Location OLD is inactive." in page.text
    assert f'href="/serials/{shut.pk}/O1/"' in page.response.content.decode()
    page.press("add-line")
    assert page.values("line-serials") == []
    assert "Location OLD is inactive." in page.text


def test_whoever_may_not_empty_an_inactive_location_is_told_when_the_line_is_added(shut, place):
    header = {"location": place.old.pk, "to_location": place.main.pk}
    for role, added in ((WAREHOUSE_CLERK, []), (INVENTORY_MANAGER, ["O1"])):
        page = FormPage(client_of(member(role)), "/transactions/inventory-transfer/new/")
        page.fill(date="2026-11-12", entry__item="HT9000", entry__quantity="1", **header)
        page.press("check:entry")
        page.set("entry-serials", "O1").press("add-line")
        assert ("needs the right Full" in page.text) == (not added), page.text
        if added:
            assert page.values("line-serials") == []
            page.press("add-line+anyway")
        assert page.values("line-serials") == added, page.text
