"""The only writer of stock and books.

Each verb is one database transaction: all of it, or none of it. Locks are taken always in this
order: the document and its parents by id; the item-location rows; the units by (item, number
key); the number counter last (docs/architecture.md). SPEC §5, §6.5.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Protocol, TypeVar
from uuid import UUID

from django.db import IntegrityError, OperationalError, transaction

from items.refusals import Refused
from transactions.models import Transaction, TransactionLine
from transactions.posting.amend import Amend
from transactions.posting.count import CountStep, Record
from transactions.posting.new import New
from transactions.posting.step import Next
from transactions.posting.undo import Undo
from transactions.posting.work import Result, already_done
from transactions.types.base import Stage

ATTEMPTS = 5
DEADLOCK_OR_SERIALIZATION = ("40P01", "40001")

Done = TypeVar("Done")


def post(
    document: Transaction,
    lines: Sequence[TransactionLine],
    *,
    by: Any,
    request_id: UUID | None = None,
    confirmed: Collection[str] = (),
) -> Result:
    """Save a new document and do what its kind says.

    `lines` are unsaved, in order, with `serials` as typed; `confirmed` are the codes of warnings
    the user has accepted. The same request id posts once: a repeated call gives back the document
    of the first. Raises Refused with every reason, and then nothing is stored.
    """
    return _durably(lambda: New(document, lines, by, confirmed).run(request_id), request_id)


class Joined(Protocol):
    """`post` inside a transaction that is open already."""

    def __call__(
        self,
        document: Transaction,
        lines: Sequence[TransactionLine],
        *,
        by: Any,
        request_id: UUID | None = None,
    ) -> Result: ...


def together(work: Callable[[Joined], Done]) -> Done:
    """Several new documents and what belongs to them, in one transaction: all of it, or none.

    `work` is given a `post` that joins the transaction. It is run again should the database break
    the transaction off, so it must not keep anything from one run to the next.
    """

    def joined(
        document: Transaction,
        lines: Sequence[TransactionLine],
        *,
        by: Any,
        request_id: UUID | None = None,
    ) -> Result:
        return New(document, lines, by, ()).run(request_id)

    return _at_once(lambda: work(joined))


def advance(
    document: Transaction,
    *,
    to: str,
    by: Any,
    on: date | None = None,
    request_id: UUID | None = None,
) -> Result:
    """Take a document's next step (approve, pack, ship, close …), dated `on` or today.

    Raises Refused where the step is not open to it.
    """
    step = CountStep if document.kind.stage is Stage.COUNT else Next
    return _durably(lambda: step(document, to, on, by).run(request_id), request_id)


def amend(
    document: Transaction,
    lines: Sequence[TransactionLine],
    *,
    by: Any,
    request_id: UUID | None = None,
    confirmed: Collection[str] = (),
    read: int | None = None,
) -> Result:
    """Change an open order: its header, and its lines (those that exist carry their pk).

    `read` is the id of the posting that was its latest when it was read. Raises Refused if there is
    a later one, and with every reason where something would fall below what was moved already
    (SPEC §4.4).
    """
    return _durably(lambda: Amend(document, lines, by, confirmed, read).run(request_id), request_id)


def void(document: Transaction, why: str, *, by: Any, request_id: UUID | None = None) -> Result:
    """Undo a document by its mirror image (SPEC §5.6).

    Raises Refused (SER-13) while later documents or moves depend on it.
    """
    return _durably(lambda: Undo(document, why, by).run(request_id), request_id)


def correct(
    document: Transaction,
    anew: Transaction,
    lines: Sequence[TransactionLine],
    why: str,
    *,
    by: Any,
    request_id: UUID | None = None,
    confirmed: Collection[str] = (),
) -> Result:
    """Void a posted document and post another in its place, in one transaction (SPEC §5.6).

    Raises Refused as `void` and `post` do, and then the document stands as it was.
    """

    def work() -> Result:
        if done := already_done(request_id):
            return done
        undone = Undo(document, why, by).run(None)
        anew.corrects = undone.document
        result = New(anew, lines, by, confirmed).run(request_id)
        if origin := undone.document.created_from_id:
            # What a count proposed belongs to it still, though no document is made from counts.
            result.document.created_from_id = origin
            result.document.save(update_fields=["created_from"])
        return Result(result.document, undone.notices + result.notices)

    return _durably(work, request_id)


def record(
    line: TransactionLine,
    *,
    by: Any,
    add: Collection[str] = (),
    remove: Collection[str] = (),
    quantity: Decimal | None = None,
    cost: Decimal | None = None,
) -> Result:
    """Write down what was counted on a count's line: serial numbers seen, or a quantity.

    Numbers join those that are there, so that two people lose nothing of each other's. `cost` is
    what a unit of a surplus costs. Raises Refused where the count is not open to it.
    """
    return _durably(lambda: Record(line, by, add, remove, quantity, cost).run(None), None)


def _durably(work: Callable[[], Result], request_id: UUID | None) -> Result:
    """Run a verb in a transaction of its own."""
    try:
        return _at_once(work)
    except (IntegrityError, Refused):
        # Two requests with one id at the same moment: the first one's document is the answer.
        # What the second was refused for, such as an order with nothing left, is the first's doing.
        if done := already_done(request_id):
            return done
        raise


def _at_once(work: Callable[[], Done]) -> Done:
    """Run something in a transaction of its own, again if the database broke it off."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with transaction.atomic(durable=True):
                return work()
        except OperationalError as error:
            state = getattr(error.__cause__, "sqlstate", None)
            if state not in DEADLOCK_OR_SERIALIZATION or attempt == ATTEMPTS:
                raise
    raise AssertionError("unreachable")


__all__ = [
    "Joined",
    "Refused",
    "Result",
    "advance",
    "already_done",
    "amend",
    "correct",
    "post",
    "record",
    "together",
    "void",
]
