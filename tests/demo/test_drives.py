"""Making the demo company again, and making it of another file of drives."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import TestCase

from demo import drives, story
from items.models import Item
from tests.books import TODAY
from transactions import audit
from transactions.models import Transaction

LOG_IN = "log in as demo with password spindle-7200"

pytestmark = pytest.mark.usefixtures("today", "db")


def run(*words: Any, **options: Any) -> str:
    said = StringIO()
    call_command("demo", *words, stdout=said, **options)
    return said.getvalue()


def test_if_new_makes_no_user_with_a_known_password_beside_others(user):
    assert run(if_new=True) == ""
    assert not User.objects.filter(username="demo").exists()


def documents() -> list[tuple[Any, ...]]:
    """All that was posted, in the words of the documents."""
    lines = Transaction.objects.order_by("id").values_list(
        "type", "number", "date", "status", "vendor__name", "customer__name",
        "created_from__number", "due_date", "reference", "lines__item__name",
        "lines__location__name", "lines__quantity", "lines__rate", "lines__moves__unit__number",
    )  # fmt: skip
    return list(lines.order_by("id", "lines__line_no", "lines__moves__id"))


def first_month() -> list[tuple[Any, ...]]:
    """The documents of the story's first month; the database is as empty afterwards as before."""
    atomics = TestCase._enter_atomics()
    story.live(drives.read(drives.OWN), TODAY, until=TODAY - timedelta(120))
    told = documents()
    TestCase._rollback_atomics(atomics)
    return told


def test_two_runs_make_the_same_documents():
    told = first_month()
    assert len(told) > 100
    assert first_month() == told


def test_the_projects_own_drives_are_several_models_and_a_failed_one():
    found = drives.read(drives.OWN)
    assert 8 <= len({drive.model for drive in found}) <= 12
    assert [drive.number for drive in found if drive.failed] == ["9VS3FM1J"]


FILE = """\
model,serial_number,capacity_bytes,failure
ST3000DM001,W1F0A1,3000592982016,0
ST3000DM001,W1F0A2,3000592982016,1
ST9999XX,A1,1500301910016,0
st9999xx,A2,1500301910016,0
"""


@pytest.fixture
def write(tmp_path: Path) -> Any:
    def write(text: str) -> Path:
        file = tmp_path / "drives.csv"
        file.write_text(text)
        return file

    return write


def test_a_file_of_drives_is_received_and_billed_model_by_model(write):
    said = run(drives=write(FILE))
    assert said.startswith("Platter & Spindle: 6 documents, 4 drives.\n")
    assert said.endswith(f"{LOG_IN}\n")
    assert audit.offenders() == []
    stock = Item.objects.with_quantities().values_list("display_name", "on_hand", "on_order")
    assert set(stock) == {
        ("Seagate Barracuda 3 TB (ST3000DM001)", 2, 0),
        ("ST9999XX (1.5 TB)", 2, 0),
    }
    orders = Transaction.objects.of("purchase_order")
    assert set(orders.values_list("status", flat=True)) == {"fully_billed"}


@pytest.mark.parametrize(
    ("bad", "problem"),
    [
        ("ST3000DM001,W1F0A3", "line 6: the column capacity_bytes is missing"),
        ("ST3000DM001, ,3000592982016,0", "line 6: the serial number is blank"),
        (" ,W1F0A3,3000592982016,0", "line 6: the model is blank"),
        ("ST3000DM001,W 1,3000592982016,0", "line 6: “W 1” isn't a valid serial number"),
        ("ST3000DM001,W1F0A3,big,0", "line 6: the capacity “big” is not a number of bytes"),
        (
            "ST3000DM001,w1f0a1,3000592982016,0",
            "line 6: serial number w1f0a1 of ST3000DM001 is already in line 2",
        ),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_stored(write, bad, problem):
    good = write(FILE)
    assert len(drives.read(good)) == 4
    with pytest.raises(CommandError, match="nothing was stored") as refused:
        run(drives=write(f"{FILE}{bad}\n"))
    assert problem in str(refused.value)
    assert not User.objects.exists()
    assert not Item.objects.exists()


def test_every_bad_row_is_counted(write):
    rows = "ST3000DM001,,3000592982016,0\n" * 25
    with pytest.raises(CommandError) as refused:
        run(drives=write(FILE + rows))
    assert "line 6: " in str(refused.value)
    assert str(refused.value).endswith("… and 5 more")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("model,capacity_bytes,failure\n", "there is no column serial_number"),
        ("", "there is no column model, serial_number, capacity_bytes, failure"),
        ("model,serial_number,capacity_bytes,failure\n", "there is no drive"),
    ],
)
def test_a_file_without_drives_is_refused(write, text, problem):
    with pytest.raises(CommandError, match=problem):
        run(drives=write(text))


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        run(drives=tmp_path / "nowhere.csv")
