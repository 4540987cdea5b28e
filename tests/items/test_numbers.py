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


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("SN-0098..SN-0101", ["SN-0098", "SN-0099", "SN-0100", "SN-0101"]),
        ("X9..X11", ["X9", "X10", "X11"]),
        ("099..101", ["099", "100", "101"]),
        ("9-A2-B..9-A4-B", ["9-A2-B", "9-A3-B", "9-A4-B"]),
        ("A1..A1", ["A1"]),
        ("A1..A3,B7 C1..C2", ["A1", "A2", "A3", "B7", "C1", "C2"]),
        ("1.2.3", ["1.2.3"]),
    ],
)
def test_two_dots_count_up_the_last_run_of_digits(typed: str, found: list[str]) -> None:
    assert numbers.split(typed) == found


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("A9..A1", "a range that runs backwards"),
        ("SN-0098..SN-103", "two dots make a range, and “SN-103” does not follow from “SN-0098”"),
        ("A1..B2", "two dots make a range, and “B2” does not follow from “A1”"),
        ("A..B", "two dots make a range, and there is no digit to count up in “A”"),
        ("A1..", "two dots make a range, and “” does not follow from “A1”"),
        ("A1...A3", "two dots make a range, and “.A3” does not follow from “A1”"),
        ("A1..A9999999", "a range of 9,999,999, where a line's ranges may come to 100,000"),
    ],
)
def test_a_range_that_cannot_be_stays_as_typed_and_is_refused(typed: str, why: str) -> None:
    assert numbers.split(typed) == [typed]
    assert numbers.problem(typed) == why


def test_the_ranges_of_a_text_are_bounded_together() -> None:
    assert len(numbers.split("A1..A100000")) == numbers.MOST
    found = numbers.split("A1..A60000 B1..B60000")
    assert len(found) == 60_001
    assert numbers.problem(found[-1])


def test_a_number_of_thousands_of_digits_is_only_too_long() -> None:
    assert numbers.problem(f"{'9' * 9_000}..{'9' * 9_001}") == "longer than 100 characters"


NUMBER = st.from_regex(r"[A-Z0-9./\-]{1,12}", fullmatch=True).filter(
    lambda number: not numbers.problem(number)
)
SERIES = st.builds(
    lambda before, first, width, after, count: [
        numbers.Series(before, first, width, after).number(n) for n in range(count)
    ],
    st.from_regex(r"[A-Z.\-]{0,3}", fullmatch=True), st.integers(0, 2_000), st.integers(1, 5),
    st.from_regex(r"[A-Z.\-]{0,2}", fullmatch=True), st.integers(1, 40),
)  # fmt: skip


@given(st.lists(st.one_of(NUMBER.map(lambda number: [number]), SERIES), max_size=8))
def test_ranges_lose_nothing(parts: list[list[str]]) -> None:
    listed = [n for part in parts for n in part if not numbers.problem(n)]
    short = numbers.compress(listed)
    assert list(numbers.expand(short)) == listed
    assert numbers.split(" ".join(short)) == listed
    assert sum(run.count for run in numbers.runs(listed)) == len(listed)


def test_what_follows_one_another_is_one_range() -> None:
    listed = numbers.split("ZA14C300..ZA14C419 X1 X2 A")
    assert numbers.compress(listed) == ["ZA14C300..ZA14C419", "X1", "X2", "A"]


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
