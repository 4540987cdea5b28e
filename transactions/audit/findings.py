"""What an invariant found, and the list of them all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field


@dataclass
class Finding:
    """What one invariant looked at, and what broke it."""

    code: str
    name: str
    statement: str
    looked_at: str
    offenders: list[str] = field(default_factory=list)


Check = Callable[[], Iterator[str]]
INVARIANTS: list[tuple[str, str, Check]] = []


def invariant(code: str, looked_at: str) -> Callable[[Check], Check]:
    """Add a check to the audit under the number that SPEC §3.4 gives it."""

    def add(check: Check) -> Check:
        INVARIANTS.append((code, looked_at, check))
        return check

    return add
