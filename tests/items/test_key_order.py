"""Keys of serial numbers compare alike on every database, and as Python does."""

from __future__ import annotations

from items import numbers
from items.models import SerialUnit

TYPED = ["A-2", "A10", "A_1", "AB", "a9", "Ä1", "z.1", "É-1", "9", "-9"]


def test_keys_are_in_the_order_of_their_characters(books, ht9000):
    books.have(ht9000, "600.00", " ".join(TYPED))
    keys = SerialUnit.objects.order_by("number_key").values_list("number_key", flat=True)
    assert list(keys) == sorted(numbers.key(number) for number in TYPED)


def test_what_follows_a_key_is_what_python_says_follows_it(books, ht9000):
    books.have(ht9000, "600.00", " ".join(TYPED))
    for typed in TYPED:
        key = numbers.key(typed)
        later = SerialUnit.objects.filter(number_key__gt=key).values_list("number_key", flat=True)
        assert sorted(later) == sorted(k for k in map(numbers.key, TYPED) if k > key)
