"""Amounts and quantities as people write them in spreadsheets. Pure."""

from __future__ import annotations

import re
from decimal import Decimal

from accounting.fields import LIMIT

_CURRENCY = re.compile(r"[\s\u00a0$€£¥]|(?<=\d)'(?=\d{3})")
_PLAIN = re.compile(r"-?(\d+(\.\d*)?|\.\d+)\Z")
_GROUPED = {
    ",": re.compile(r"-?\d{1,3}(,\d{3})+(\.\d*)?\Z"),
    ".": re.compile(r"-?\d{1,3}(\.\d{3})+(,\d*)?\Z"),
}
_DECIMAL_COMMA = re.compile(r"-?\d*,\d+\Z")


class NotAFigure(ValueError):
    """Text that is no number, or may be two; the message says which."""


def figure(text: str) -> Decimal:
    """The number in a text: 600, 600.00, 1,234.50, 1.234,50, $600, (600). Raises NotAFigure.

    1,234 may be either of two numbers and is refused, never guessed.
    """
    bare = _CURRENCY.sub("", text).replace("−", "-")
    if bare.startswith("(") and bare.endswith(")"):
        bare = f"-{bare[1:-1]}"
    value = _decimal(bare)
    if value is None:
        raise NotAFigure("isn't a number")
    if abs(value) >= LIMIT:
        raise NotAFigure("is too large a number")
    if value != value.quantize(Decimal("0.0001")):
        raise NotAFigure("has more than four decimals")
    return value


def _decimal(bare: str) -> Decimal | None:
    if _PLAIN.match(bare):
        return Decimal(bare)
    if re.match(r"-?\d{1,3},\d{3}\Z", bare):
        whole, part = bare.split(",")
        raise NotAFigure(f"may be {whole}{part} or {whole}.{part}; write it without the comma")
    if _GROUPED[","].match(bare):
        return Decimal(bare.replace(",", ""))
    if _GROUPED["."].match(bare):
        return Decimal(bare.replace(".", "").replace(",", "."))
    if _DECIMAL_COMMA.match(bare):
        return Decimal(bare.replace(",", "."))
    return None
