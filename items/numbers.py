"""Serial numbers as people type them: taking text apart, and deciding what is the same number.

Pure functions; SPEC §6.4, §7.4. The page that explains them to users is
`templates/items/how_numbers_are_read.html`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

LONGEST = 100
NO_NUMBER = 1_000  # a longer one is another kind of text, and is not shown again and again
MOST = 100_000  # numbers that the ranges of a text may come to: a typo cannot make millions
# Numbers that are looked up in one request. Each costs its look-up, and a server that takes longer
# than its time limit is ended without an answer.
AT_ONCE = 250_000

DOTS = ".."

_SEPARATORS = re.compile(r"[\s,;]+")
# Invisible characters that scanners and spreadsheets leave behind; never part of a number.
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
# Nearly every number there is: nothing to fold away, nothing to refuse.
_PLAIN = re.compile(r"[0-9A-Za-z\-]{1,100}")
_LAST_DIGITS = re.compile(r"(.*?)([0-9]+)([^0-9]*)", re.DOTALL)
_ROUNDED = re.compile(r"\d(?:[.,]\d+)?E\+\d+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Series:
    """Numbers that count up in their last run of digits: what stands around it, and its width."""

    before: str
    first: int
    width: int
    after: str

    @classmethod
    def of(cls, number: str) -> Series | None:
        """The series that a number begins; None if it has no digit to count."""
        found = _LAST_DIGITS.fullmatch(number) if len(number) <= LONGEST else None
        if not found:
            return None
        before, digits, after = found.groups()
        return cls(before, int(digits), len(digits), after)

    def number(self, place: int) -> str:
        """The number at a place in the series, counted from 0."""
        return f"{self.before}{self.first + place:0{self.width}d}{self.after}"

    def place_of(self, number: str) -> int | None:
        """Where in the series a number stands; None if it does not belong to it."""
        other = Series.of(number)
        if other is None or other.first < self.first:
            return None
        place = other.first - self.first
        return place if self.number(place) == number else None


@dataclass(frozen=True, slots=True)
class Run:
    """Numbers that follow one another: the first, the last, and how many there are."""

    first: str
    last: str
    count: int

    def __str__(self) -> str:
        return self.first if self.count == 1 else f"{self.first}{DOTS}{self.last}"


def split(text: str) -> list[str]:
    """The numbers in a pasted or typed text, in order, as typed; empty tokens are ignored.

    Ranges are counted out. One that cannot be, or that goes beyond MOST, stays as it was typed, and
    `problem` says why.
    """
    typed = [number for token in _SEPARATORS.split(text) if (number := tidy(token))]
    return list(expand(typed)) if DOTS in text else typed


def expand(tokens: Iterable[str]) -> Iterator[str]:
    """The tokens with their ranges counted out: SN-0098..SN-0100 is three numbers."""
    room = MOST
    for token in tokens:
        count = count_of(token) if room and DOTS in token else 0
        if 0 < count <= room:
            room -= count
            series = Series.of(token.partition(DOTS)[0])
            assert series is not None  # noqa: S101  it has a count
            yield from map(series.number, range(count))
        else:
            yield token


def count_of(token: str) -> int:
    """How many numbers a token stands for; 0 if it is a range that cannot be counted out."""
    first, dots, last = token.partition(DOTS)
    if not dots:
        return 1
    series = Series.of(first)
    place = series.place_of(last) if series else None
    return 0 if place is None else place + 1


def runs(listed: Sequence[str]) -> Iterator[Run]:
    """Numbers that follow one another taken together, in their order; two do not make a run."""
    start = 0
    while start < len(listed):
        length = _run_from(listed, start)
        if length > 2:
            yield Run(listed[start], listed[start + length - 1], length)
        else:
            yield from (Run(number, number, 1) for number in listed[start : start + length])
        start += length


def excess(listed: Sequence[str]) -> str:
    """Why what was split is not even looked at in one box, or an empty string if it is."""
    if len(listed) > AT_ONCE:
        return (
            f"There are {len(listed):,} serial numbers in this box, and it takes {AT_ONCE:,} at "
            "once. None was looked up. Enter the rest on another document, or import them from a "
            "file."
        )
    longest = max(listed, key=len, default="")
    if len(longest) > NO_NUMBER:
        return (
            f"“{longest[:20]}…” has {len(longest):,} characters, and a serial number at most "
            f"{LONGEST}. Put a space, a comma or a new line between the numbers."
        )
    return ""


def compress(listed: Sequence[str]) -> list[str]:
    """Valid numbers in as few words as possible; `expand` gives them back, all and in order."""
    return [str(run) for run in runs(listed)]


def _run_from(listed: Sequence[str], start: int) -> int:
    first = listed[start]
    series = Series.of(first)
    length = 1
    # A dot in front of the two dots would be taken for the first of them.
    if series is None or first.endswith("."):
        return length
    while (
        start + length < len(listed)
        and length < MOST
        and listed[start + length] == series.number(length)
    ):
        length += 1
    return length


def tidy(number: str) -> str:
    """A number as it is stored and shown: without surrounding or invisible characters."""
    return _INVISIBLE.sub("", number).strip().strip("\x00\x7f")


def key(number: str) -> str:
    """What decides whether two numbers are the same: A1234, a1234 and Ａ1234 share one key."""
    if _PLAIN.fullmatch(number):
        return number.lower()
    folded = unicodedata.normalize("NFKC", tidy(number)).casefold()
    return unicodedata.normalize("NFKC", folded)  # folding can undo the first for a few letters


def problem(number: str) -> str:
    """Why a number cannot be a serial number, or an empty string when it can (SER-08)."""
    if _PLAIN.fullmatch(number):
        return ""
    normalized = unicodedata.normalize("NFKC", number)
    if not tidy(number):
        return "empty"
    if max(len(number), len(key(number))) > LONGEST:
        return f"longer than {LONGEST} characters"
    if "," in normalized or any(_is_blank(c) for c in normalized):
        return "contains a space, comma or control character"
    if not normalized.strip("."):
        return "made of dots only"
    if DOTS in normalized:
        return _range_problem(number)
    if _ROUNDED.fullmatch(normalized):
        return "looks like a rounded number"
    return ""


def _range_problem(token: str) -> str:
    """Why a token with two dots stands for no numbers."""
    first, _, last = token.partition(DOTS)
    series, count = Series.of(first), count_of(token)
    if count:
        return f"a range of {count:,}, where a line's ranges may come to {MOST:,}"
    if series is None:
        return f"two dots make a range, and there is no digit to count up in “{first}”"
    other = Series.of(last)
    alike = other and (other.before, other.after) == (series.before, series.after)
    if other and alike and other.first < series.first:
        return "a range that runs backwards"
    return f"two dots make a range, and “{last}” does not follow from “{first}”"


def _is_blank(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) in ("Cc", "Cf", "Cs")
