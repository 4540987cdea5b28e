"""What text must look like in a spreadsheet to stay the text it is.

A cell that begins like a formula would be run as one. Such text is written with an apostrophe in
front, and read back without it; `unquoted(quoted(text)) == text` for every text.
"""

from __future__ import annotations

import re

# A formula's beginning, behind apostrophes that are the text's own.
_LIKE_A_FORMULA = re.compile(r"'*[=+\-@\t\r\n]")
_QUOTED = re.compile(r"'+[=+\-@\t\r\n]")
# How people make Excel keep the zeros of a CSV file: ="00123".
_KEPT_AS_TEXT = re.compile(r'="([^"]*)"\Z')


def quoted(text: str) -> str:
    """Text that a spreadsheet shows and does not run."""
    return f"'{text}" if _LIKE_A_FORMULA.match(text) else text


def unquoted(text: str) -> str:
    """What a cell of a file says: without our apostrophe, or out of ="…"."""
    if kept := _KEPT_AS_TEXT.match(text):
        return kept[1]
    return text[1:] if _QUOTED.match(text) else text
