"""What nobody should send: by kind of field, and all of it into any field."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.robustness.pages import Field, file_of

MARK = "<b onclick=nasty>"  # must never come back as it is

TEXTS = [
    "",
    "   ",
    "a\0b",
    "\0",
    "\ufeffx",
    "\u200b",
    "A\u200d\u200bB",
    "\u202eabc\u202c",
    "مرحبا",
    "שלום",
    "👩‍👩‍👧‍👦🏴‍☠️",
    "e\u0301" * 60,
    "Z\u0310\u0311\u0312\u0313\u0314\u0315",
    "İıßŉΐﬃ",
    "ﷺ" * 50,  # eighteen letters each, once normalized
    "ß" * 60,
    "\ufffe\uffff",
    "\x1b[31m\x07\x7f",
    "one\r\ntwo\rthree\u2028four\u2029five\x0bsix",
    "=1+1",
    "+cmd|' /C calc'!A0",
    "@SUM(A1:A9)",
    "-2+3",
    "'; DROP TABLE items_item; --",
    '" OR 1=1 --',
    f'"><script>{MARK}</script>',
    MARK,
    "{{ 7|add:7 }}{% now 'Y' %}",
    "%s %d %(x)s {0} {x}",
    "../../../../etc/passwd",
    "\\..\\",
    "A..",
    "A1..A2",
    "SN-0001..SN-9999999999",
    "SN-9..SN-1",
    "A" * 100_000,
    "x " * 5_000,
    "A" * 61,
    "A" * 201,
]
NUMBERS = [
    "-1",
    "0",
    "-0",
    "1",
    "0.00001",
    "1.00005",
    "99999999999999999999",
    "9" * 400,
    "9" * 5_000,  # Python refuses to read more than 4,300 digits
    "-" + "9" * 30,
    "922337203685477.5808",
    "9223372036854775808",
    "2147483648",
    "NaN",
    "sNaN",
    "Infinity",
    "-Infinity",
    "1e999",
    "1e-999",
    "1E+400000",
    "1_000",
    "0x10",
    "١٢٣",
    "²",
    "1,000.00",
    "1.000,00",
    "1 000",
    "$5",
    "\N{MINUS SIGN}5",
    "--5",
    "1\0",
]
DATES = [
    "0001-01-01",
    "0000-00-00",
    "9999-12-31",
    "1000-01-01",
    "2026-02-30",
    "2026-13-01",
    "10000-01-01",
    "-0001-01-01",
    "26-1-1",
    "31/12/2026",
    "2026-11-23T00:00:00",
    "2026-W48-1",
    "today",
    "٢٠٢٦-١١-٢٣",
]
IDS = ["0", "-1", "999999999", "9" * 30, "1.0", "None", "null", "[]", "{}", "1,2", "on", "a:b"]
UUIDS = ["not-a-uuid", "00000000-0000-0000-0000-000000000000", "{" + "a" * 32 + "}"]
PAGES = ["last", "after.", "before.W10", "after.WzFd", "after.W251bGwsIG51bGxd", "after.W3sifV0"]
SORTS = ["-", "--number", "pk", "-password", "number,number", "date", "-date", "?"]

BY_KIND = {
    "number": NUMBERS,
    "date": DATES,
    "month": DATES,
    "select": IDS,
    "radio": IDS,
    "checkbox": IDS,
    "hidden": IDS + NUMBERS + UUIDS,
}
ALL = TEXTS + NUMBERS + DATES + IDS + UUIDS


def value_for(control: Field, chance: Random) -> Any:
    """A nasty value; three times of four one of the field's own kind."""
    text = chance.choice(BY_KIND.get(control.kind, ALL) if chance.random() < 0.75 else ALL)
    return file_of(text) if control.kind == "file" else text


def asked(name: str, chance: Random) -> str:
    """A nasty value of a parameter in an address."""
    own: dict[str, list[str]] = {"page": PAGES, "sort": SORTS, "export": ["csv", "xlsx", "pdf"]}
    word = name.rpartition("-")[2]
    return chance.choice(own[word] if word in own and chance.random() < 0.75 else ALL)
