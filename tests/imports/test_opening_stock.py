"""Opening stock out of a file: one row a unit, against Opening Balance Equity (SPEC §7.9)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from company.models import Company
from imports import running
from imports.kinds import drafts, opening_stock
from imports.models import Import
from items.models import ItemLocation, SerialUnit
from tests.books import TODAY, nov
from tests.imports.desk import csv_file, said, xlsx_file
from transactions.models import Transaction

HEAD = ["Item", "Location", "Serial Number", "Unit Cost"]
A1 = ["HT9000", "MAIN", "A1", "600.00"]
A2 = ["HT9000", "MAIN", "A2", "600.00"]


def test_a_row_a_unit_becomes_an_adjustment_against_opening_balance_equity(desk, books, ht9000):
    file = desk.bring_in(
        "opening_stock",
        [HEAD, ["HT9000", "MAIN", "00123", "600.00"], ["ht9000", "EAST", "A2", "$1,640.50"]],
    )
    adjustment = file.documents.get()
    assert (adjustment.type, adjustment.date) == ("inventory_adjustment", TODAY)
    assert adjustment.memo == "Imported from stock.csv"
    assert books.balances()["1300"] == Decimal("2240.50")
    assert books.balances()["3900"] == Decimal("-2240.50")
    units = SerialUnit.objects.order_by("number")
    assert list(units.values_list("number", "location__name", "unit_cost")) == [
        ("00123", "MAIN", Decimal(600)),
        ("A2", "EAST", Decimal("1640.50")),
    ]
    assert file.counts["New units"] == 2


def test_the_documents_bear_the_date_that_was_chosen(desk, books, ht9000):
    file = desk.bring_in("opening_stock", [HEAD, A1], date="2026-11-02")
    assert file.documents.get().date == nov(2)


def test_a_closed_period_refuses_the_whole_file(desk, books, ht9000):
    assert desk.check("opening_stock", [HEAD, A1]).status == "ready"
    file = desk.check("opening_stock", [HEAD, A1], date="2026-10-02")
    assert said(file) == [(None, "SER-15", "Posting period Oct 2026 is closed.")]


def test_without_locations_everything_is_at_the_one_there_is(desk, books, ht9000):
    Company.objects.update(multi_location_inventory=False)
    desk.bring_in("opening_stock", [["SKU", "S/N", "Cost"], ["HT9000", "A1", "5"]])
    assert SerialUnit.objects.get().location == Company.current().default_location
    wrong = desk.check("opening_stock", [HEAD, ["HT9000", "EAST", "A2", "5"]])
    assert "Turn on Multi-Location Inventory" in said(wrong)[0][2]


def test_every_wrong_row_is_named_with_its_number_and_code_and_nothing_is_stored(
    desk, books, ht9000, place
):
    books.have(ht9000, "600.00", "HELD")
    before = Transaction.objects.count()
    rows = [
        HEAD,
        A1,
        ["HT9000", "MAIN", "HELD", "600.00"],
        ["HT9000", "EAST", "a1", "600.00"],
        ["HT9000", "MAIN", "B 1", "600.00"],
        [],
        ["HT9000", "MAIN", "3.56E+14", "600.00"],
        ["HT9001", "MAIN", "B2", "600.00"],
        ["HT9000", "WEST", "B3", "600.00"],
        ["HT9000", "MAIN", "B4", ""],
        ["HT9000", "MAIN", "B5", "1,234"],
        ["HT9000", "MAIN", "B6", "600.005"],
        ["HT9000", "MAIN", "", "600.00"],
    ]
    file = desk.check("opening_stock", rows)
    assert file.status == "wrong"
    held = "Serial number HELD is already on hand for HT9000 at MAIN."
    twice = "Serial number a1 is entered more than once for HT9000 (rows 2 and 4)."
    blank = "“B 1” isn't a valid serial number: contains a space, comma or control character."
    assert said(file) == [
        (3, "SER-01", f"{held} Enter a different serial number."),
        (4, "SER-07", twice),
        (5, "SER-08", blank),
        (7, "SER-08", "“3.56E+14” isn't a valid serial number: looks like a rounded number."),
        (8, "", "There is no item “HT9001”. Import it first."),
        (9, "", "There is no location “WEST”."),
        (10, "", "The unit cost is missing; write 0 if there was none."),
        (11, "", "The unit cost “1,234” may be 1234 or 1.234; write it without the comma."),
        (12, "", "A serialized item's cost is in whole cents."),
        (13, "", "HT9000 needs a serial number in every row."),
    ]
    assert file.counts["Wrong rows"] == 10
    desk.confirm_refused(file)
    assert Transaction.objects.count() == before
    assert "10 rows must be put right" in desk.page(file)
    export = desk.client.get(f"{file.get_absolute_url()}?export=csv")
    lines = b"".join(export.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 11
    assert lines[1].startswith("3,Wrong,SER-01,,HELD,Serial number HELD is already on hand")


def test_a_file_imported_twice_changes_nothing_the_second_time(desk, books, ht9000, user):
    first = desk.bring_in("opening_stock", [HEAD, A1, A2])
    documents = Transaction.objects.count()
    # The same rows, as a workbook, its columns the other way round.
    again = desk.check(
        "opening_stock", xlsx_file([row[::-1] for row in (HEAD, A1, A2)]), "stock.xlsx"
    )
    assert again.status == "nothing"
    assert said(again, "known")[0] == (
        None,
        "",
        f"These rows were imported on 2026-11-23 at 12:00 by {user}.",
    )
    page = desk.client.get(again.get_absolute_url()).content.decode()
    assert first.get_absolute_url() in page
    assert desk.confirm(again).status == "nothing"
    assert Transaction.objects.count() == documents


def test_two_copies_confirmed_at_once_are_imported_once(desk, books, ht9000):
    one, other = (desk.check("opening_stock", [HEAD, A1]) for _ in range(2))
    assert (one.status, other.status) == ("ready", "ready")
    desk.confirm(one)
    assert desk.confirm(other).status == "nothing"
    assert SerialUnit.objects.count() == 1


def test_rows_that_came_in_before_are_recognized_whatever_became_of_them(desk, books, ht9000):
    desk.bring_in("opening_stock", [HEAD, A1, A2])
    books.sold(ht9000, "A2", on=TODAY)
    file = desk.check("opening_stock", [HEAD, A1, A2, ["HT9000", "MAIN", "A3", "600.00"]])
    assert [row for row, *_ in said(file, "known")] == [2, 3]
    assert (file.counts["New units"], file.counts["Already there"]) == (1, 2)
    desk.confirm(file)
    assert books.on_hand(ht9000) == ["A1", "A3"]
    nothing = desk.check("opening_stock", [HEAD, A2, A1])
    assert nothing.status == "nothing"
    assert "all of it is there already" in desk.page(nothing)


def test_a_number_on_hand_at_another_cost_is_refused_and_not_taken_for_known(desk, books, ht9000):
    desk.bring_in("opening_stock", [HEAD, A1])
    file = desk.check("opening_stock", [HEAD, ["HT9000", "MAIN", "A1", "700"]])
    assert [code for _, code, _ in said(file)] == ["SER-01"]


def test_what_was_voided_may_be_imported_again(desk, books, ht9000):
    file = desk.bring_in("opening_stock", [HEAD, A1])
    books.void(file.documents.get())
    assert "Its documents were voided since." in desk.page(file)
    desk.bring_in("opening_stock", [HEAD, A1])
    assert books.on_hand(ht9000) == ["A1"]


def test_a_number_used_before_is_a_note_and_no_obstacle(desk, books, ht9000):
    books.have(ht9000, "600.00", "A1")
    books.sold(ht9000, "A1")
    file = desk.check("opening_stock", [HEAD, A1])
    assert file.status == "ready"
    assert [(row, code) for row, code, _ in said(file, "note")] == [(2, "SER-19")]
    assert desk.confirm(file).status == "imported"


def test_an_ordinary_item_comes_by_quantity_and_once_for_a_location(desk, books, cable, place):
    head = [*HEAD, "Quantity"]
    row = ["CBL", "MAIN", "", "2.5050", "40"]
    file = desk.bring_in("opening_stock", [head, row])
    assert books.balances()["1300"] == Decimal("100.20")
    assert ItemLocation.objects.get(item=cable, location=place.main).on_hand == 40
    more = desk.check("opening_stock", [head, row, ["CBL", "EAST", "", "2", "5"]])
    assert (len(said(more, "known")), more.counts["Items by quantity"]) == (1, 1)
    other = desk.check("opening_stock", [head, ["CBL", "MAIN", "", "2.5050", "41"]])
    assert said(other)[0][2].startswith(f"40 of CBL at MAIN came in with {file.documents.get()}.")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (["CBL", "MAIN", "A1", "2", "1"], "CBL has no serial numbers."),
        (["CBL", "MAIN", "", "2", ""], "How many of CBL?"),
        (["CBL", "MAIN", "", "2", "-1"], "Enter a quantity above zero."),
        (["CBL", "MAIN", "", "2", "many"], "The quantity “many” isn't a number."),
        (["HT9000", "MAIN", "A9", "2", "2"], "HT9000 has serial numbers: one row for each unit."),
        (["HT9000", "MAIN", "A9", "2", "0"], "It is not on hand. Leave out the row."),
        (["HT9000", "MAIN", "A9", "-2", ""], "The unit cost cannot be negative."),
    ],
)
def test_a_row_that_cannot_be_is_refused(desk, books, cable, ht9000, row, message):
    head = [*HEAD, "Quantity"]
    assert desk.check("opening_stock", [head, ["CBL", "MAIN", "", "2", "3"]]).status == "ready"
    assert [text for *_, text in said(desk.check("opening_stock", [head, row]))] == [message]


def test_an_inactive_place_or_item_is_named_at_each_of_its_rows(desk, books, ht9000, place):
    place.old.inactive = True
    place.old.save()
    rows = [HEAD, A1, ["HT9000", "OLD", "B1", "1"], ["HT9000", "OLD", "B2", "1"]]
    file = desk.check("opening_stock", rows)
    assert [(row, code) for row, code, _ in said(file)] == [(3, "SER-17"), (4, "SER-17")]


def test_many_costs_become_several_adjustments_or_none(desk, books, ht9000, monkeypatch):
    monkeypatch.setattr(opening_stock, "MOST_LINES", 2)
    rows = [["HT9000", "MAIN", f"C{n}", str(n)] for n in range(1, 6)]
    file = desk.check("opening_stock", [HEAD, *rows])
    # Somebody receives one of the numbers after the file was looked at.
    books.have(ht9000, "5.00", "C5")
    before = Transaction.objects.count()
    file = desk.confirm(file)
    assert [(row, code) for row, code, _ in said(file)] == [(6, "SER-01")]
    assert Transaction.objects.count() == before
    file = desk.bring_in("opening_stock", [HEAD, *rows[:4]])
    assert file.documents.count() == 2


def test_what_is_refused_while_posting_is_led_back_to_its_row(desk, books, ht9000, monkeypatch):
    """The check passes and posting does not, as when somebody is quicker by a moment."""
    file = desk.check("opening_stock", [HEAD, A1, A2])
    books.have(ht9000, "600.00", "A2")
    monkeypatch.setattr(drafts.checks, "document_refusals", lambda *_: ([], []))
    file = desk.confirm(file)
    assert (file.status, [(row, code) for row, code, _ in said(file)]) == (
        "wrong",
        [(3, "SER-01")],
    )
    assert books.on_hand(ht9000) == ["A2"]


def test_an_import_takes_the_same_statements_for_a_few_rows_and_for_many(desk, books, ht9000):
    counts = []
    for start, size in ((0, 5), (1000, 300)):
        numbers = range(start, start + size)
        rows = [["HT9000", "MAIN", f"N{n}", "1"] for n in numbers]
        with CaptureQueriesContext(connection) as queries:
            desk.bring_in("opening_stock", [HEAD, *rows])
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_whoever_confirms_answers_for_what_is_posted(desk, books, ht9000, administrator, user):
    file = desk.check("opening_stock", [HEAD, A1])
    desk.client.force_login(administrator)
    file = desk.confirm(file)
    assert (file.by, file.confirmed_by) == (user, administrator)
    assert file.documents.get().created_by == administrator


def test_a_second_press_hands_in_and_imports_once(desk, books, ht9000):
    content = csv_file([HEAD, A1])
    one = desk.hand_in("opening_stock", content)
    again = desk.hand_in("opening_stock", content, request_id=str(one.request_id))
    assert Import.objects.count() == 1
    assert again == one
    running.work_off()
    for _ in range(2):
        desk.client.post(f"/setup/import/{one.pk}/confirm/")
    running.work_off()
    assert SerialUnit.objects.count() == 1
    desk.client.post(f"/setup/import/{one.pk}/confirm/")
    one.refresh_from_db()
    assert one.status == "imported"
