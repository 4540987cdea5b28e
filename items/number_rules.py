"""The rule that an item's serial numbers must meet: a format, a check digit (SPEC §2.2).

Pure. A format is a row of characters: A stands for a letter, 9 for a digit, * for either; {8} or
{8,12} says how many of the one before it; a backslash takes the next character as it is; every
other character stands for itself, large and small letters alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from items import numbers

LUHN, GTIN = "luhn", "gtin"
CLASSES = {"A": "[^\\W\\d_]", "9": "[0-9]", "*": "[^\\W_]"}
NAMES = {"A": "a letter", "9": "a digit", "*": "a letter or digit"}
# Of so many signs of varying length on, one expression could try every way to part a number among
# them, for years.
VARYING = 3
_TOKEN = re.compile(r"(\\.|[^\\{}\s,;])(?:\{([0-9]{1,3})(?:,([0-9]{1,3}))?\})?")


class Place(NamedTuple):
    """One sign of a format, and how many characters may stand there."""

    sign: str  # A, 9, * or, behind a backslash, the character itself
    least: int
    most: int

    @property
    def pattern(self) -> str:
        one = CLASSES.get(self.sign) or re.escape(self.sign[-1])
        return f"{one}{{{self.least},{self.most}}}"

    def onward(self, number: str, reached: int) -> int:
        """The positions (bits) that the sign leads to from those that were reached."""
        one = re.compile(CLASSES.get(self.sign) or re.escape(self.sign[-1]), re.IGNORECASE)
        alike = sum(1 << at for at, character in enumerate(number) if one.fullmatch(character))
        found = 0
        for count in range(self.most + 1):
            if count >= self.least:
                found |= reached
            reached = (reached & alike) << 1
        return found

    @property
    def meaning(self) -> str:
        return NAMES.get(self.sign) or f"“{self.sign[-1]}”"


class BadFormat(ValueError):
    """A format that cannot be read; the message says why, for the user."""


@lru_cache(maxsize=256)
def places(mask: str) -> tuple[Place, ...]:
    """A format taken apart. Raises BadFormat."""
    found, at = [], 0
    while at < len(mask):
        token = _TOKEN.match(mask, at)
        if token is None:
            raise BadFormat(
                f"“{mask[at:]}” cannot be read. A space, comma or lone brace cannot stand here."
            )
        sign, least, most = token.groups()
        low = int(least or 1)
        high = int(most or low)
        if not low <= high or not high:
            raise BadFormat(f"“{token.group()}” wants at least one, and the larger number last.")
        sign = sign if len(sign) == 2 or sign in CLASSES else f"\\{sign}"
        found.append(Place(sign, low, high))
        at = token.end()
    if sum(place.least for place in found) > numbers.LONGEST:
        raise BadFormat(f"A serial number has at most {numbers.LONGEST} characters.")
    return tuple(found)


@dataclass(frozen=True)
class NumberRule:
    """What the serial numbers of one item must be like; empty, it lets everything pass."""

    mask: str = ""
    check_digit: str = ""
    barcode: str = ""  # the item's own, which is none of its units' number

    def __bool__(self) -> bool:
        return bool(self.mask or self.check_digit or self.barcode)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile("".join(place.pattern for place in places(self.mask)), re.IGNORECASE)

    @cached_property
    def _barcode_key(self) -> str:
        return numbers.key(self.barcode)

    def problem(self, number: str) -> str:
        """Why the number breaks the rule, or an empty string when it does not."""
        if self.barcode and numbers.key(number) == self._barcode_key:
            return "it is the barcode of the item itself (UPC)"
        if self.mask and not self._fits(number):
            return self._misfit(number)
        if self.check_digit and not CHECKS[self.check_digit](number):
            return "the check digit is wrong, so one of its digits is"
        return ""

    def _fits(self, number: str) -> bool:
        wanted = places(self.mask)
        if sum(place.least < place.most for place in wanted) < VARYING:
            return bool(self._pattern.fullmatch(number))
        reached = 1  # a bit for each position up to which the number fits the signs so far
        for place in wanted:
            reached = place.onward(number, reached)
        return bool(reached >> len(number) & 1)

    def _misfit(self, number: str) -> str:
        wanted = places(self.mask)
        least, most = sum(p.least for p in wanted), sum(p.most for p in wanted)
        if not least <= len(number) <= most:
            length = f"{least}" if least == most else f"{least} to {most}"
            return f"{len(number)} character{'s' * (len(number) != 1)} long instead of {length}"
        if least == most:
            each = [place for place in wanted for _ in range(place.least)]
            for at, (place, character) in enumerate(zip(each, number, strict=True), start=1):
                if not re.fullmatch(
                    place._replace(least=1, most=1).pattern, character, re.IGNORECASE
                ):
                    return f"its character {at}, “{character}”, should be {place.meaning}"
        return f"not of the format {self.mask}"


def luhn(number: str) -> bool:
    """Whether the last digit is the check digit of an IMEI or a card (ISO/IEC 7812)."""
    return _weighted(number, lambda place, digit: sum(divmod(digit * (1 + place % 2), 10)))


def gtin(number: str) -> bool:
    """Whether the last digit is the check digit of a GTIN, EAN or UPC (GS1)."""
    return _weighted(number, lambda place, digit: digit * (1 + 2 * (place % 2)))


def _weighted(number: str, weigh: Callable[[int, int], int]) -> bool:
    """Whether the digits, weighed by their place from the right, add up to a multiple of ten."""
    if not (number.isascii() and number.isdigit()):
        return False
    return sum(weigh(place, int(digit)) for place, digit in enumerate(reversed(number))) % 10 == 0


CHECKS = {LUHN: luhn, GTIN: gtin}
