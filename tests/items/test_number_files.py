"""Serial numbers out of CSV and XLSX files (SPEC §6.4, §7.4)."""

import io

import pytest
import xlsxwriter

from items import number_files, numbers


def read(content: bytes, name: str = "numbers.csv") -> list[str]:
    return numbers.split(number_files.read(content, name))


def sheet(*rows: tuple[object, ...]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        page = book.add_worksheet()
        for place, row in enumerate(rows):
            page.write_row(place, 0, row)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"A1\nA2\r\nA3", ["A1", "A2", "A3"]),
        (b"Serial Number\nA1\n\nA2\n", ["A1", "A2"]),
        (b"item;S/N;cost\nX;00123;5\nX;A2;5\n", ["00123", "A2"]),
        ("\ufeffIMEI\nA1".encode(), ["A1"]),
        ("A1\nA2".encode("utf-16"), ["A1", "A2"]),
        (b"caf\xe9-1", ["café-1"]),
        (b"SN-1..SN-3", ["SN-1", "SN-2", "SN-3"]),
    ],
)
def test_a_column_of_a_text_file(content: bytes, found: list[str]) -> None:
    assert read(content) == found


def test_a_column_of_a_workbook_keeps_zeros_and_refuses_rounded_numbers() -> None:
    content = sheet(("Serial Number", "Cost"), ("00123", 5), (490154203237518, 5), (3.56e17, 5))
    found = read(content, "numbers.xlsx")
    assert found == ["00123", "490154203237518", "3.56E+17"]
    assert [numbers.problem(number) for number in found] == ["", "", "looks like a rounded number"]


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (b"A1,5\nA2,6", "n.csv", "has 2 columns"),
        (b"", "n.csv", "is empty"),
        (b"\x00\x01", "n.csv", "is not a text file"),
        (b"no workbook", "n.xlsx", "is not a spreadsheet"),
    ],
)
def test_what_cannot_be_read_says_why(content: bytes, name: str, why: str) -> None:
    with pytest.raises(number_files.Unreadable, match=why):
        read(content, name)
