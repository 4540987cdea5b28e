"""The invariants, proved from the ledger (SPEC §3.4).

Each is a function that gives the offenders it found, in words; its docstring says what must hold
and its name is what the audit reports. Every one is a fixed number of statements.
"""

from transactions.audit import books, stock
from transactions.audit.findings import INVARIANTS, Finding

INVARIANTS.sort(key=lambda entry: int(entry[0].removeprefix("I")))


def run() -> list[Finding]:
    """Prove every invariant."""
    return [
        Finding(
            code,
            check.__name__.replace("_", " "),
            " ".join((check.__doc__ or "").split()),
            looked_at,
            list(check()),
        )
        for code, looked_at, check in INVARIANTS
    ]


def offenders() -> list[str]:
    """All that is wrong, in words; empty when the books are right."""
    return [f"{f.code} {f.name}: {text}" for f in run() for text in f.offenders]


__all__ = ["INVARIANTS", "Finding", "books", "offenders", "run", "stock"]
