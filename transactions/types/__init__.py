"""The kinds of document: every module of this package that defines a `kind` is one."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from transactions.types.base import Kind, Stage
from users.access import Access

__all__ = ["Kind", "Stage", "all_kinds", "choices", "get", "of_stage", "register", "unregister"]

_registry: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind known; the modules of this package are registered when first asked for."""
    _registry[kind.name] = kind


def unregister(name: str) -> None:
    """Forget a kind that was registered for a while."""
    _registry.pop(name, None)


@cache
def _load() -> None:
    for module in pkgutil.iter_modules(__path__):
        if module.name != "base":
            register(importlib.import_module(f"{__name__}.{module.name}").kind)


def all_kinds() -> list[Kind]:
    _load()
    return sorted(_registry.values(), key=lambda kind: kind.order)


def get(name: str) -> Kind:
    """The kind of a `Transaction.type`. Raises KeyError for an unknown one."""
    _load()
    return _registry[name]


def by_slug(slug: str) -> Kind:
    """The kind of an address: `purchase-order`. Raises KeyError for an unknown one."""
    return get(slug.replace("-", "_"))


def choices() -> list[tuple[str, str]]:
    return [(kind.name, kind.label) for kind in all_kinds()]


def seen_by(who: Access) -> list[str]:
    """The names of the kinds whose documents somebody may look at."""
    return [kind.name for kind in all_kinds() if who.may(kind.name)]


def of_stage(stage: Stage) -> tuple[str, ...]:
    return tuple(kind.name for kind in all_kinds() if kind.stage == stage)
