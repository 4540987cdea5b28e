"""Files of up to 25 MB of nonsense: refused in words, soon, and nothing of them is brought in."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from random import Random

import pytest

from imports.reading import MOST_BYTES
from items.models import Item
from tests.imports.desk import Desk, xlsx_file
from transactions.models import Transaction

MEGABYTE = 1024**2
HEAD = b"Item,Location,Serial Number,Unit Cost\n"


def noise(size: int) -> bytes:
    return Random(1).randbytes(size)


def bomb(megabytes: int) -> bytes:
    """A workbook with a part that unpacks to so much."""
    file = io.BytesIO(xlsx_file([["Item"]]))
    with (
        zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as made,
        made.open("xl/media/image1.png", "w", force_zip64=True) as entry,
    ):
        for _ in range(megabytes):
            entry.write(bytes(MEGABYTE))
    return file.getvalue()


FILES: dict[str, Callable[[], bytes]] = {
    "noise.csv": lambda: noise(MOST_BYTES),
    "noise.xlsx": lambda: b"PK\x03\x04" + noise(MOST_BYTES - 4),
    "one-line.csv": lambda: b"A" * (20 * MEGABYTE),
    "one-row.csv": lambda: HEAD + b"A" * (20 * MEGABYTE),
    "commas.csv": lambda: HEAD + b"," * (20 * MEGABYTE),
    "headings.csv": lambda: b"a," * (10 * MEGABYTE),
    "quotes.csv": lambda: HEAD + b'"' * (20 * MEGABYTE),
    "empty-lines.csv": lambda: b"\n" * 1_000_000,
    "rows.csv": lambda: HEAD + b"x\n" * 110_000,
    "bomb.xlsx": lambda: bomb(520),
}


@pytest.mark.parametrize("name", FILES)
def test_a_large_file_of_nonsense_is_refused_in_words(desk: Desk, ht9000: Item, name: str):
    file = desk.check("opening_stock", FILES[name](), name)
    assert file.status == "wrong"
    said = [file.problem, *file.findings.values_list("message", flat=True)]
    assert any(said)
    page = desk.page(file)
    assert any(text and text in page for text in said)
    assert "unexpected" not in page
    assert len(page) < 100_000
    assert not Transaction.objects.exists()
