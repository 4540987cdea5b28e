"""Serial numbers as people type them: taking text apart, and deciding what is the same number.

Pure functions; SPEC §6.4.
"""

import re
import unicodedata

LONGEST = 100

_SEPARATORS = re.compile(r"[\s,;]+")
# Invisible characters that scanners and spreadsheets leave behind; never part of a number.
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
# Nearly every number there is: nothing to fold away, nothing to refuse.
_PLAIN = re.compile(r"[0-9A-Za-z\-]{1,100}")
_ROUNDED = re.compile(r"\d(?:[.,]\d+)?E\+\d+", re.IGNORECASE)


def split(text: str) -> list[str]:
    """The numbers in a pasted or typed text, in order, as typed; empty tokens are ignored."""
    return [number for token in _SEPARATORS.split(text) if (number := tidy(token))]


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
    if _ROUNDED.fullmatch(normalized):
        return "looks like a rounded number"
    return ""


def _is_blank(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) in ("Cc", "Cf", "Cs")
