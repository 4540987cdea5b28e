"""Whole numbers as addresses and hidden fields bring them."""

from __future__ import annotations

DIGITS = 18  # of the longest that every database holds; Python itself refuses to read 4,301


def number_in(text: str) -> int | None:
    """The id or the count in a text; None in what is none, or is longer than any."""
    return int(text) if text.isdecimal() and len(text) <= DIGITS else None
