"""What the database itself holds, should Python ever be wrong.

`tests/house/test_tests_bite.py` takes each of these guards away and watches its test fail.
"""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from accounting.models import JournalEntry, JournalLine
from items.models import Item, SerialUnit
from items.refusals import Refused
from tests.books import Books, nov
from transactions import serials, triggers, verdicts
from transactions.models import StockMove


def test_the_constraint_refuses_a_second_held_unit(
    books: Books, ht9000: Item, place: SimpleNamespace
) -> None:
    books.have(ht9000, "600.00", "A1", at=place.main)
    with pytest.raises(IntegrityError), transaction.atomic():
        SerialUnit.objects.create(
            item=ht9000, number="a1", number_key="a1", location=place.east, unit_cost=1
        )


def test_a_number_taken_while_we_looked_away_is_refused_by_the_constraint(
    books: Books, ht9000: Item, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The conflict query sees nothing, as when two users receive at the same moment: SER-16."""
    books.have(ht9000, "600.00", "A1 A2")
    order = books.order(ht9000, 3, "600.00")
    look = serials.known_units
    monkeypatch.setattr(
        verdicts, "known_units", lambda pairs, lock=True: {} if lock else look(pairs)
    )
    with pytest.raises(Refused) as refused:
        books.receive(order, "A1 A2 A3")
    assert sorted((r.code, r.number) for r in refused.value.refusals) == [
        ("SER-16", "A1"),
        ("SER-16", "A2"),
    ]
    assert "was received on IR-1 by clerk while you were entering" in refused.value.messages[0]
    assert books.quantities(ht9000)["OO"] == 3


def test_a_unit_moved_while_we_looked_away_is_refused_by_the_guarded_update(
    books: Books, ht9000: Item, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pick acts on what it saw earlier; the guard sees that the unit has left."""
    books.have(ht9000, "600.00", "A1 A2")
    seen = serials.known_units([(ht9000.pk, "a1")])
    books.adjust(ht9000, -1, "A1", on=nov(3))
    sale = books.sell(ht9000, 1, "999.00", on=nov(4))
    monkeypatch.setattr(verdicts, "known_units", lambda pairs, lock=True: seen)
    with pytest.raises(Refused, match="moved by somebody else"):
        books.fulfill(sale, "A1", on=nov(4))
    assert SerialUnit.objects.get(number="A1").status == "adjusted_out"


@pytest.mark.parametrize("model", [StockMove, JournalLine, JournalEntry])
@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_ledger_is_append_only(books: Books, ht9000: Item, model: Any, change: str) -> None:
    books.have(ht9000, "600.00", "A1")
    table = model._meta.db_table
    statement = {
        "update": f"UPDATE {table} SET id = id",
        "delete": f"DELETE FROM {table}",
    }[change]
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert model.objects.exists()


@pytest.mark.django_db
def test_the_triggers_exist_after_all_migrations() -> None:
    catalog = {
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(catalog)
        found = {name for (name,) in cursor.fetchall()}
    wanted = {triggers.name(t, e) for t in triggers.tables() for e in triggers.EVENTS}
    assert wanted <= found


@pytest.mark.parametrize(
    ("status", "has_place"), [("sold", True), ("voided", True), ("on_hand", False)]
)
def test_a_unit_has_a_location_exactly_while_held(
    books: Books, ht9000: Item, place: SimpleNamespace, status: str, has_place: bool
) -> None:
    location = place.main if has_place else None
    with pytest.raises(IntegrityError), transaction.atomic():
        SerialUnit.objects.create(
            item=ht9000, number="A1", number_key="a1", status=status, location=location
        )


@pytest.mark.parametrize("key", ["", "x" * 101])
def test_a_number_key_has_1_to_100_characters(
    books: Books, ht9000: Item, place: SimpleNamespace, key: str
) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        SerialUnit.objects.create(item=ht9000, number="A1", number_key=key, location=place.main)
