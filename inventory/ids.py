"""Whole numbers and request ids as addresses and hidden fields bring them."""

from __future__ import annotations

from uuid import UUID

DIGITS = 18  # of the longest that every database holds; Python itself refuses to read 4,301


def number_in(text: str) -> int | None:
    """The id or the count in a text; None in what is none, or is longer than any."""
    return int(text) if text.isdecimal() and len(text) <= DIGITS else None


def uuid_in(text: str | None) -> UUID | None:
    """The id that a form carries so that it is done once, however often it is sent."""
    try:
        return UUID(text or "")
    except ValueError:
        return None
