"""`manage.py audit`: every invariant by name, exit 1 with the offenders, and the run is kept."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from reports.models import AuditRun
from transactions import audit


def report(**options: int) -> str:
    said = StringIO()
    try:
        call_command("audit", stdout=said, no_color=True, **options)
    except CommandError as error:
        said.write(str(error))
    return said.getvalue()


@pytest.fixture
def stocked(books, ht9000):
    books.have(ht9000, "600.00", "A1234 A1235")
    return ht9000


def tamper(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def test_the_audit_names_every_invariant_and_what_it_looked_at(stocked):
    said = report()
    for code, looked_at, check in audit.INVARIANTS:
        assert f"{code:3}  {check.__name__.replace('_', ' ')}: ok" in said
        assert looked_at in said
    assert said.endswith(f"Audit: all {len(audit.INVARIANTS)} invariants hold.\n")


def test_a_quiet_audit_says_one_line(stocked):
    assert report(verbosity=0).count("\n") == 1


def test_a_wrong_quantity_fails_the_audit_and_is_named(stocked):
    call_command("audit", verbosity=0, stdout=StringIO())
    tamper("UPDATE items_itemlocation SET on_hand = on_hand + 10000")
    with pytest.raises(CommandError, match="invariants are broken") as failed:
        call_command("audit", stdout=StringIO())
    assert failed.value.returncode == 1
    said = report()
    assert "I1   on hand counts the units: 1 WRONG" in said
    assert "HT9000 at MAIN: 3 On Hand, but 2 units" in said
    tamper("UPDATE items_itemlocation SET on_hand = on_hand - 10000")


def test_only_the_first_offenders_are_shown(books, ht9000):
    books.have(ht9000, "600.00", " ".join(f"B{n}" for n in range(25)))
    tamper("UPDATE items_serialunit SET unit_cost = unit_cost + 10000")
    said = report(verbosity=0)
    assert "I7   units are where their moves left them: 25 WRONG" in said
    assert said.count("- HT9000 B") == 20
    assert "… and 5 more" in said
    tamper("UPDATE items_serialunit SET unit_cost = unit_cost - 10000")


def test_a_run_from_the_command_line_is_kept_without_a_user(stocked):
    report()
    tamper("UPDATE items_itemlocation SET on_hand = on_hand + 10000")
    report()
    tamper("UPDATE items_itemlocation SET on_hand = on_hand - 10000")
    broken, clean = AuditRun.objects.all()
    assert (clean.by, clean.broken, clean.is_finished) == (None, [], True)
    assert "on hand counts the units" in [finding["name"] for finding in broken.broken]
