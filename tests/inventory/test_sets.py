"""Rows in, rows out: one statement for any number of rows, and by the right index."""

import pytest
from django.db import connection
from django.db.models import Value
from django.db.models.functions import Concat
from django.test.utils import CaptureQueriesContext

from inventory import sets
from items.models import Item, SerialUnit
from locations.models import Location
from tests.books import Books


def guarded_update(ids: list[int], place: int) -> int:
    rows = [(pk, "on_hand", place, f"seen {pk}") for pk in ids]
    return sets.update(SerialUnit, ("memo",), rows, guard=("status", "location_id"))


def test_a_guarded_update_changes_what_still_is_where_it_was_seen(
    books: Books, ht9000: Item
) -> None:
    books.adjust(ht9000, 3, "A1 A2 A3", rate="1.00")
    books.adjust(ht9000, -1, "A2")
    place = books.company.default_location_id
    ids = list(SerialUnit.objects.order_by("number").values_list("pk", flat=True))
    assert guarded_update(ids, place) == 2
    assert list(SerialUnit.objects.order_by("number").values_list("memo", flat=True)) == [
        f"seen {ids[0]}", "", f"seen {ids[2]}"
    ]  # fmt: skip


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's planner is meant")
def test_a_guarded_update_finds_its_rows_by_id(books: Books, ht9000: Item) -> None:
    """By an index of a guard's column it would look at every unit of the place for every row."""
    books.adjust(ht9000, 2, "A1 A2", rate="1.00")
    ids = list(SerialUnit.objects.values_list("pk", flat=True))
    place = books.company.default_location_id
    with CaptureQueriesContext(connection) as captured:
        guarded_update(ids, place)
    [query] = captured.captured_queries
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + query["sql"])
        plan = [row[3] for row in cursor.fetchall()]
    assert "SEARCH items_serialunit USING INTEGER PRIMARY KEY (rowid=?)" in plan


def test_a_column_of_one_value_and_no_rows_at_all_are_fine(books: Books, ht9000: Item) -> None:
    books.adjust(ht9000, 3, "A1 A2 A3", rate="1.00")
    pairs = [(ht9000.pk, key) for key in ("a1", "a3", "x9")]
    found = SerialUnit.objects.filter(
        pk__in=sets.ids_matching(SerialUnit, ("item_id", "number_key"), pairs)
    )
    assert sorted(unit.number for unit in found) == ["A1", "A3"]
    nothing = sets.ids_matching(SerialUnit, ("item_id", "number_key"), [])
    assert not SerialUnit.objects.filter(pk__in=nothing).exists()
    assert sets.update(SerialUnit, ("memo",), []) == 0
    assert sets.insert(SerialUnit, ("memo",), [], ("id",)) == []


def test_texts_are_found_whatever_they_hold(books: Books, ht9000: Item) -> None:
    books.adjust(ht9000, 3, "A'1 B\"2 C{3}", rate="1.00")
    found = SerialUnit.objects.filter(number_key__in=sets.texts(["a'1", 'b"2', "c{3}", "", "%"]))
    assert sorted(unit.number for unit in found) == ["A'1", 'B"2', "C{3}"]
    assert not SerialUnit.objects.filter(number_key__in=sets.texts([])).exists()


def test_rows_may_be_a_query_and_then_none_of_them_travels(books: Books, ht9000: Item) -> None:
    books.adjust(ht9000, 2, "A1 A2", rate="1.00")
    books.adjust(ht9000, -1, "A2")
    # To the id and what was expected, what becomes of each: its number written into the memo.
    found = SerialUnit.objects.order_by("number").values_list("id", Value("on_hand"), "number")
    assert sets.update(SerialUnit, ("memo",), found, guard=("status",)) == 1
    assert dict(SerialUnit.objects.values_list("number", "memo")) == {"A1": "A1", "A2": ""}

    copied = Location.objects.values_list(Concat("name", Value(" II")), "address", "inactive")
    before = Location.objects.count()
    with CaptureQueriesContext(connection) as captured:
        sets.insert(Location, ("name", "address", "inactive"), copied)
    assert len(captured) == 1
    assert Location.objects.filter(name__endswith=" II").count() == before


def test_locking_reads_nothing(books: Books, ht9000: Item) -> None:
    books.adjust(ht9000, 2, "A1 A2", rate="1.00")
    with CaptureQueriesContext(connection) as captured:
        sets.lock(SerialUnit.objects.order_by("id").select_for_update(no_key=True))
    locking = [query["sql"] for query in captured if "FOR NO KEY UPDATE" in query["sql"]]
    assert len(locking) == (connection.vendor == "postgresql")
