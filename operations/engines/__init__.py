"""How each database is backed up and restored; both modules offer the same functions.

`dump(about_at, path)` writes a backup, `check(path, about)` reads one to its end, `load(path,
about)` fills the database, which is empty within `set_aside()`.
"""

from types import ModuleType

from django.db import connection

from operations.engines import postgresql, sqlite

ENGINES = {"postgresql": postgresql, "sqlite": sqlite}


def own() -> ModuleType:
    """That of the database in use."""
    return ENGINES[connection.vendor]
