"""Text that is compared character by character."""

from __future__ import annotations

from typing import Any

from django.db import models


class KeyField(models.CharField):
    """Text whose order is that of its characters, whatever language the database speaks.

    So one index finds a key, all keys that begin alike, and the keys that follow one; and the
    order is the same on every database, and Python's own.
    """

    def db_parameters(self, connection: Any) -> dict[str, Any]:
        parameters: dict[str, Any] = super().db_parameters(connection)
        if connection.vendor == "postgresql":  # SQLite compares so anyway
            parameters["collation"] = "C"
        return parameters
