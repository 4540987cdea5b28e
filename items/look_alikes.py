"""Numbers of one item that differ only by what is easily mistaken: O and 0, I, l and 1.

Reads only: one statement for any number of numbers, by two indexes. Of two such numbers one, at
least, has a letter where the other may have a digit: the first is found by the form it takes with
digits, through the index `unit_look`, which holds nothing but such numbers; the second by its key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models.expressions import RawSQL

from inventory import sets
from items.models import SerialUnit, look

LOOK = "REPLACE(REPLACE(REPLACE(m.number_key, 'o', '0'), 'i', '1'), 'l', '1')"


def look_alikes(pairs: Iterable[tuple[int, str]]) -> Mapping[tuple[int, str], str]:
    """By (item id, number key), a known number of the item that looks like it but is another."""
    wanted = {(item, key): look(key) for item, key in pairs}
    if not wanted:
        return {}
    rows = list({(item, form) for (item, _), form in wanted.items()})
    columns = ("item_id", "number_key")
    as_digits = sets.ids_matching(SerialUnit, columns, rows)
    # The plus keeps both databases from walking all numbers of the item instead of that index.
    compared = {"item_id": "+m.item_id", "number_key": LOOK}
    with_letters = sets.ids_matching(
        SerialUnit, columns, rows, by=compared, where=f"NOT (m.number_key = ({LOOK}))"
    )
    either = RawSQL(  # noqa: S611  both are made of columns and parameters
        f"{as_digits.sql} UNION ALL {with_letters.sql}", [*as_digits.params, *with_letters.params]
    )
    found: dict[tuple[int, str], dict[str, str]] = {}
    units = SerialUnit.objects.listed().filter(pk__in=either).order_by("id")
    for item, key, number in units.values_list("item_id", "number_key", "number"):
        found.setdefault((item, look(key)), {})[key] = number
    return {
        (item, key): next(number for other, number in found[item, form].items() if other != key)
        for (item, key), form in wanted.items()
        if set(found.get((item, form), ())) - {key}
    }
