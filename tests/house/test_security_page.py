"""docs/security.md names tests that exist, and walks every chapter."""

from __future__ import annotations

import re

from tests.house.sources import ROOT

PAGE = (ROOT / "docs" / "security.md").read_text()
NAMED = re.compile(r"`(\w+(?:/\w+)*/test_\w+\.py)(?:::(test_\w+))?`")


def test_every_test_named_on_the_security_page_exists():
    named = NAMED.findall(PAGE)
    assert len(named) > 80
    missing = [
        f"{file}::{name}"
        for file, name in named
        if not (path := ROOT / "tests" / file).exists()
        or (name and not re.search(rf"^\s*def {name}\(", path.read_text(), re.MULTILINE))
    ]
    assert not missing


def test_every_chapter_of_the_standard_is_walked():
    assert re.findall(r"^## V(\d+) ", PAGE, re.MULTILINE) == [str(n) for n in range(1, 15)]


def test_a_row_has_a_number_a_requirement_and_an_answer():
    rows = [line for line in PAGE.splitlines() if re.match(r"\| [(\d]", line)]
    assert len(rows) > 80
    assert not [row for row in rows if len(row.split(" | ")) < 3 or not row.split(" | ")[2].strip()]
