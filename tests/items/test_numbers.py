"""Serial numbers as typed: what is one number, what is the same one, what is none (SPEC §6.4)."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from items import numbers

DRIVES = Path(__file__).parents[2] / "demo" / "drives.csv"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("A1 A2,A3\nA4\tA5;A6\r\nA7", ["A1", "A2", "A3", "A4", "A5", "A6", "A7"]),
        ("\n\n  A1 ,, ; A2\n\n", ["A1", "A2"]),
        ("", []),
        (" \n\t", []),
        ("SN-0098/B.1", ["SN-0098/B.1"]),
        ("A1\u200b", ["A1"]),
        ("\ufeffA1", ["A1"]),
        ("A1\u00a0A2\u3000A3", ["A1", "A2", "A3"]),
        ("00123 123", ["00123", "123"]),
    ],
)
def test_a_text_is_taken_apart_at_separators(typed: str, found: list[str]) -> None:
    assert numbers.split(typed) == found


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("A1234", "a1234", True),
        ("A1234", "Ａ1234", True),
        ("A1234", " A1234\u200d", True),
        ("straße", "STRASSE", True),
        ("00123", "123", False),
        ("A-1", "A1", False),
        ("O1", "01", False),
        ("A/1", "A.1", False),
    ],
)
def test_the_key_decides_what_is_the_same_number(one: str, other: str, same: bool) -> None:
    assert (numbers.key(one) == numbers.key(other)) is same


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        ("A1234", ""),
        ("x" * 100, ""),
        ("-", ""),
        ("1.2.3", ""),
        ("1E5", ""),
        ("", "empty"),
        ("\u200b", "empty"),
        ("x" * 101, "longer than 100 characters"),
        ("ﷺ" * 20, "longer than 100 characters"),  # eighteen characters each, once normalized
        ("a b", "contains a space, comma or control character"),
        ("a，b", "contains a space, comma or control character"),
        ("a\x00b", "contains a space, comma or control character"),
        ("a\ud800b", "contains a space, comma or control character"),
        (".", "made of dots only"),
        ("…", "made of dots only"),
        ("3.56E+14", "looks like a rounded number"),
        ("3,56e+14", "contains a space, comma or control character"),
        ("1E+11", "looks like a rounded number"),
    ],
)
def test_what_cannot_be_a_serial_number_and_why(number: str, problem: str) -> None:
    assert numbers.problem(number) == problem


@given(st.text(max_size=200))
def test_whatever_is_typed_comes_apart_into_tidy_numbers(text: str) -> None:
    for number in numbers.split(text):
        assert number == numbers.tidy(number) != ""
        assert not any(c.isspace() or c in ",;" for c in number)


@given(st.text(max_size=120))
def test_a_key_is_its_own_key(text: str) -> None:
    if not numbers.problem(text):
        assert numbers.key(numbers.key(text)) == numbers.key(text)


@given(st.lists(st.from_regex(r"[A-Z0-9][A-Z0-9/.\-]{0,20}", fullmatch=True), max_size=30))
def test_numbers_survive_a_trip_through_a_paste(typed: list[str]) -> None:
    for separator in (" ", ",", "\n", "\t", ";", ", ", "\r\n"):
        assert numbers.split(separator.join(typed)) == typed


def test_every_real_drives_number_is_taken_as_it_is() -> None:
    with DRIVES.open(newline="") as file:
        for row in csv.DictReader(file):
            assert numbers.split(row["serial_number"]) == [row["serial_number"]]
            assert not numbers.problem(row["serial_number"])
