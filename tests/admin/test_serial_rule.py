"""The serial rule speaks through the model, and the database has the last word on it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from items.models import Item, SerialUnit
from tests.books import Books

Status = SerialUnit.Status


def unit(item: Item, number: str, place: object, **more: object) -> SerialUnit:
    return SerialUnit(item=item, number=number, location=place, **more)


@pytest.mark.parametrize("spelling", ["A1234", "a1234", "Ａ1234", " A1234\u200b"])
def test_a_rival_is_named_with_its_place_by_full_clean(
    books: Books, ht9000: Item, place: SimpleNamespace, spelling: str
):
    unit(ht9000, spelling, place.main).full_clean()
    books.have(ht9000, "600.00", "A1234", at=place.east)
    with pytest.raises(ValidationError) as refused:
        unit(ht9000, spelling, place.main).full_clean()
    taken = "Serial number A1234 is already on hand for HT9000 at EAST."
    said = refused.value.message_dict
    assert said == {"number": [f"{taken} Enter a different serial number."]}


def test_a_rival_at_an_inactive_location_counts(books: Books, ht9000: Item, place: SimpleNamespace):
    books.have(ht9000, "600.00", "A1234", at=place.old)
    place.old.inactive = True
    place.old.save()
    with pytest.raises(ValidationError, match="at OLD"):
        unit(ht9000, "A1234", place.main).full_clean()


def test_a_picked_rival_counts_and_a_sold_one_does_not(
    books: Books, ht9000: Item, place: SimpleNamespace
):
    books.have(ht9000, "600.00", "A1234")
    pick = books.fulfill(books.sell(ht9000, 1, "999.00"), "A1234", to="picked")
    with pytest.raises(ValidationError, match="A1234"):
        unit(ht9000, "A1234", place.main).full_clean()
    books.advance(pick, "shipped")
    unit(ht9000, "A1234", place.main).full_clean()


def test_another_item_may_have_the_same_number(
    books: Books, ht9000: Item, tk100: Item, place: SimpleNamespace
):
    books.have(ht9000, "600.00", "A1234")
    unit(tk100, "A1234", place.main).full_clean()


def test_a_number_that_cannot_be_one_is_refused_by_full_clean(ht9000: Item, place: SimpleNamespace):
    with pytest.raises(ValidationError, match="isn't a valid serial number"):
        unit(ht9000, "A 1", place.main).full_clean()


@pytest.mark.django_db
def test_the_database_refuses_a_rival_whoever_writes_it(ht9000: Item, place: SimpleNamespace):
    def write(item: Item, location: object, status: str) -> None:
        with transaction.atomic():
            unit(item, "A1234", location, number_key="a1234", status=status).save()

    with transaction.atomic():
        write(ht9000, place.main, Status.ON_HAND)
        for location, status in [
            (place.main, Status.ON_HAND),
            (place.east, Status.ON_HAND),
            (place.east, Status.PICKED),
            (place.old, Status.IN_TRANSIT),
        ]:
            with pytest.raises(IntegrityError):
                write(ht9000, location, status)
        write(ht9000, None, Status.SOLD)
        transaction.set_rollback(True)  # no unit without a move stays behind for the audit
