"""Nearly twenty thousand drives with real serial numbers, as files to import.

They are those of Backblaze Drive Stats where that file lies beside the project; else as many are
made after the pattern of the demo's own.
"""

from __future__ import annotations

import csv
from pathlib import Path

from demo import drives
from tests.imports.desk import csv_file

ROOT = Path(__file__).resolve().parents[2]
COUNT = 19_886
REAL = "shared/data/drives-2013-04-10.csv"


def all_drives() -> list[tuple[str, str]]:
    """Model and serial number of each."""
    file = next((folder / REAL for folder in ROOT.parents if (folder / REAL).exists()), None)
    if file:
        with file.open(encoding="utf-8") as text:
            return [(row["model"], row["serial_number"]) for row in csv.DictReader(text)]
    own = drives.read(drives.OWN)
    return [(own[n % len(own)].model, f"{own[n % len(own)].number}{n}") for n in range(COUNT)]


def item_file(found: list[tuple[str, str]]) -> bytes:
    models = sorted({model for model, _ in found})
    return csv_file([["Item", "Display Name"], *([model, f"{model} drive"] for model in models)])


def stock_file(found: list[tuple[str, str]]) -> bytes:
    rows = ([model, "MAIN", number, "45.00"] for model, number in found)
    return csv_file([["Item", "Location", "Serial Number", "Unit Cost"], *rows])
