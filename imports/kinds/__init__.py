"""The kinds of files that can be imported, one file each."""

from __future__ import annotations

from imports.kinds import items, opening_stock, purchase_receipts
from imports.kinds.base import ImportKind

_KINDS: dict[str, ImportKind] = {
    module.kind.name: module.kind for module in (items, opening_stock, purchase_receipts)
}


def get(name: str) -> ImportKind:
    return _KINDS[name]


def all_kinds() -> list[ImportKind]:
    return list(_KINDS.values())


def choices() -> list[tuple[str, str]]:
    return [(kind.name, kind.label) for kind in _KINDS.values()]
