"""What the database is asked for, kept to what it can be asked."""

from __future__ import annotations

from typing import Any

from django.db.models import IntegerField
from django.db.models.lookups import In

LEAST, MOST = -(2**63), 2**63 - 1  # of the longest column


@IntegerField.register_lookup
class IntegerIn(In):
    """Among some numbers, of which those that no column holds are in no row.

    Django says so of one number, but not of several: a forged id of thirty digits in a field of
    many choices ends in an OverflowError of SQLite's driver.
    """

    def get_prep_lookup(self) -> Any:
        values = super().get_prep_lookup()
        if not isinstance(values, list):  # a query's
            return values
        return [v for v in values if not isinstance(v, int) or LEAST <= v <= MOST]
