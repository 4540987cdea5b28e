"""A file taken apart: what it is by content, its encoding, its delimiter, its cells."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xlsxwriter import Workbook

from imports import reading
from imports.checking import headings
from imports.kinds import get
from imports.reading import Spoiled, Unreadable, read, shown
from inventory.spreadsheets import quoted, unquoted
from tests.imports.desk import csv_file, xlsx_file

ROWS = [["Item", "Sériennummer"], ["Œuvre №", "00123"], ["a,b", "x;y"]]
LATIN = [["Item", "Preis"], ["Müller", "12,50 €"]]


def cells(content: bytes) -> list[list[str]]:
    return [row.cells for row in read(content)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings_and_delimiters(encoding, delimiter):
    assert cells(csv_file(ROWS, delimiter, encoding)) == ROWS


def test_windows_1252_as_excel_writes_it():
    assert cells(csv_file(LATIN, ";", "windows-1252")) == LATIN


def test_excels_own_first_line_names_the_delimiter_and_counts_as_a_row():
    rows = list(read(b"sep=;\r\nItem;Cost\r\nA;1,5\r\n"))
    assert [(row.number, row.cells) for row in rows] == [(2, ["Item", "Cost"]), (3, ["A", "1,5"])]


def test_rows_keep_the_numbers_a_spreadsheet_shows():
    content = csv_file([["Item"], [], ["two\nlines"], ["", ""], ["last"]])
    assert [row.number for row in read(content)] == [1, 3, 5]
    assert [row.number for row in read(xlsx_file([["Item"], [], ["x"], [], ["last"]]))] == [1, 3, 5]


def test_a_workbook_keeps_text_and_whole_numbers_exactly():
    content = xlsx_file([["00123", 356938035643809, 2**53 - 1, 0.1, 12.5, -3, "=1+1", "'x"]])
    expected = ["00123", "356938035643809", str(2**53 - 1), "0.1", "12.5", "-3", "=1+1", "'x"]
    assert cells(content) == [expected]


def test_a_number_that_no_spreadsheet_holds_exactly_is_marked():
    (row,) = cells(xlsx_file([[35693803564380912, "x"]]))
    assert isinstance(row[0], Spoiled)
    assert (row[0], row[0].reason) == ("3.57E+16", "looks like a rounded number")


def test_a_number_made_a_date_is_marked():
    cell = shown(datetime(2026, 3, 1, tzinfo=UTC).replace(tzinfo=None))
    assert (cell, cell.reason) == ("2026-03-01", "was made a date by the spreadsheet")


def test_the_first_sheet_with_rows_is_read_and_hidden_ones_are_not():
    file = io.BytesIO()
    book = Workbook(file, {"in_memory": True})
    book.add_worksheet("Empty")
    hidden = book.add_worksheet("Hidden")
    hidden.write(0, 0, "secret")
    hidden.hide()
    book.add_worksheet("Stock").write(2, 1, "Item")
    book.close()
    assert [(row.number, row.cells[-1]) for row in read(file.getvalue())] == [(3, "Item")]


def archive(name: str, content: bytes = b"x") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "The file is empty"),
        (b"\xef\xbb\xbf\r\n".strip(b"\xef\xbb\xbf"), "The file is empty"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "a workbook of an old Excel, or one with a password"),
        (archive("word/document.xml"), "neither a CSV file nor an XLSX workbook"),
        (archive("xl/workbook.xml"), "The workbook cannot be read"),
        (b"PK\x03\x04 broken", "The workbook is damaged"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "neither a CSV file nor an XLSX workbook"),
        (b"%PDF-1.7\n\x81\x8d\x8f", "neither a CSV file nor an XLSX workbook"),
        (b'Item\n"' + b"x" * 140_000 + b'"\n', "Row 2 cannot be read: field larger"),
        (b"x" * 140_000, "The headings cannot be read: field larger"),
    ],
)
def test_what_is_no_table_is_refused_in_words(content, message):
    with pytest.raises(Unreadable, match=message):
        list(read(content))


def test_an_archive_that_unpacks_to_much_more_is_refused(monkeypatch):
    monkeypatch.setattr(reading, "MOST_UNPACKED", 10_000)
    with pytest.raises(Unreadable, match="too large to be unpacked"):
        read(archive("xl/workbook.xml", bytes(100_000)))


def workbook_with(*places: tuple[int, int], blank: tuple[int, int] | None = None) -> bytes:
    """A workbook with a cell at each place (row, column), and one that is only coloured."""
    file = io.BytesIO()
    book = Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet()
    for row, column in places:
        sheet.write_string(row, column, "x")
    if blank:
        sheet.write_blank(*blank, None, book.add_format({"bg_color": "yellow"}))
    book.close()
    return file.getvalue()


LAST = (1_048_575, 16_383)  # of the largest sheet there is


def test_cells_too_far_apart_to_be_held_in_memory_are_refused():
    """The library that reads the sheet would ask for half a terabyte, and end the process."""
    with pytest.raises(Unreadable, match="in rows 1 to 1,048,576 and over 16,384 columns"):
        read(workbook_with((0, 0), LAST))
    assert cells(workbook_with((LAST[0], 0))) == [["x"]]
    assert cells(workbook_with((0, 0), blank=LAST)) == [["x"]]


@pytest.mark.parametrize(
    "far",
    [
        b"<x:c s='1' r='XFD1048576' t='n'>",
        b'<c\n cm=">" r = "xfd1048576">',
        b'<c r="A99999999999999999999">',
        b'<c r="ZZZZZZZZZ2">',
    ],
)
def test_however_a_cell_says_where_it_is(far):
    sheet = b'<c r="A1"><v>1</v></c>' + b" " * reading.PIECE + far + b"<v>1</v></c>"
    for at in (len(sheet), reading.PIECE + 25):  # cut off in the middle of the tag
        pieces = io.BytesIO(sheet[:at] + sheet[at:])
        with pytest.raises(Unreadable, match="too far apart"):
            reading._refuse_vast_sheets(pieces)


def test_the_number_of_rows_is_bounded(monkeypatch):
    monkeypatch.setattr(reading, "MOST_ROWS", 3)
    assert len(list(read(csv_file([["Item"], *[["x"]] * 3])))) == 4
    with pytest.raises(Unreadable, match="more than 3 rows"):
        list(read(csv_file([["Item"], *[["x"]] * 4])))


@given(st.text())
def test_what_is_quoted_for_a_spreadsheet_is_read_as_it_was(text):
    assert unquoted(quoted(text)) == text
    assert not quoted(text).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_zeros_that_people_keep_by_a_formula_are_kept():
    assert cells(b'Item,Serial\nA,"=""00123"""\n')[1] == ["A", "00123"]


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_in_words(content):
    for start in (b"", b"PK\x03\x04", b"\xff\xfe", b"Item,Serial\n"):
        with suppress(Unreadable):
            list(read(start + content))


# Headings


def names(*cells: str) -> list[str]:
    return headings(get("opening_stock"), cells)[0]


@pytest.mark.django_db
def test_headings_forgive_case_spaces_marks_and_other_words():
    assert names("  SERIAL no. ", "unit-cost", "Sku", "Warehouse") == [
        "serial_number",
        "unit_cost",
        "item",
        "location",
    ]


@pytest.mark.django_db
def test_unknown_headings_are_named_and_left_alone():
    found, notices = headings(get("opening_stock"), ["Item", "Colour", "Unit Cost", "", "Size"])
    assert found == ["item", "", "unit_cost", "", ""]
    assert notices == ["The columns “Colour” and “Size” are not used."]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (["Item", "Serial"], "The column Unit Cost is missing. The first row has “Item”, “Serial”"),
        (["Serial"], "The columns Item and Unit Cost are missing"),
        (["Item", "SKU", "Unit Cost"], "“Item” and “SKU” are both Item"),
    ],
)
def test_missing_and_repeated_headings_are_named(cells, message):
    assert names("Item", "Serial", "Unit Cost")
    with pytest.raises(Unreadable, match=message):
        names(*cells)


@pytest.mark.parametrize("kind", ["items", "opening_stock", "purchase_receipts"])
def test_no_word_means_two_columns(kind):
    words = [word for column in get(kind).columns for word in column.headings]
    assert len(words) == len(set(words))
