"""The vocabulary in which a kind of document says what it does.

A kind is data and pure functions. It sees a line's quantity, rate, total cost and places, never
units, and writes nothing: `transactions/posting.py` asks it and does the work.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import TextChoices

from items.models import SerialUnit

if TYPE_CHECKING:
    from company.models import Company
    from transactions.models import Transaction, TransactionLine

Status = SerialUnit.Status
ZERO = Decimal(0)


class Stage(Enum):
    """Where in the life of a trade a kind stands."""

    ORDER = "order"  # a promise: moves nothing, posts nothing
    MOVEMENT = "movement"  # stock comes or goes
    BILLING = "billing"  # money is owed for it


class Serials(Enum):
    """Which serial numbers a movement takes (SPEC §6.2)."""

    NEW = "new"  # numbers not held; each begins a new unit
    ON_HAND = "on hand"  # units on hand at the line's location
    OWN = "own"  # the units this document moved in its step before


@dataclass(frozen=True)
class Movement:
    """A line's units pass from one state to another at the line's location.

    No source: they come from outside. A target that is not held: they leave.
    """

    serials: Serials
    source: Status | None
    target: Status


@dataclass(frozen=True)
class Pair:
    """Debit one account, credit another, by account id."""

    debit: int
    credit: int
    amount: Decimal


@dataclass(frozen=True)
class Step:
    """A transition people can choose on a document: the status it leads to, and its button."""

    to: str
    label: str
    asks_date: bool = False
    untouched: bool = False  # only while no document was made from it


class Kind:
    """A kind of document. Subclasses say what is particular about theirs."""

    name: ClassVar[str]
    label: ClassVar[str]
    plural: ClassVar[str]
    prefix: ClassVar[str]  # of its numbers: PO-1
    order: ClassVar[int]  # in menus and lists
    stage: ClassVar[Stage]
    statuses: ClassVar[type[TextChoices]]
    verb: ClassVar[str]  # on a parent's button: Receive
    party: ClassVar[str] = ""  # "vendor" or "customer"
    # The kinds it may be created from, and the statuses they must be in.
    parents: ClassVar[Mapping[str, Sequence[str]]] = {}
    stand_alone: ClassVar[bool] = True  # may be entered without a parent
    header: ClassVar[Sequence[str]] = ()  # header fields beside date, party, location, memo
    posts: ClassVar[bool] = True  # writes to the general ledger in some step
    begins: ClassVar[bool] = False  # offers new business, so refuses inactive items
    signed: ClassVar[bool] = False  # a negative quantity takes stock out
    demands_stock: ClassVar[bool] = False  # an order that commits stock; others expect it
    takes_committed: ClassVar[bool] = False  # draws on what the parent's line has committed
    designates: ClassVar[bool] = False  # its serial numbers are wishes, not holds
    shares_amount: ClassVar[bool] = False  # each line's amount is shared out over its units
    warns_of_levels: ClassVar[bool] = False  # takes stock of its own accord (SPEC §7.6)
    whole_lines: ClassVar[bool] = False  # takes a parent's line whole or not at all
    # What its pages say and propose.
    labels: ClassVar[Mapping[str, str]] = {}  # of header fields, where the usual ones will not do
    quantity_label: ClassVar[str] = "Quantity"
    rate_label: ClassVar[str] = "Rate"  # empty: its pages show no rates and amounts
    rate_from: ClassVar[Sequence[str]] = ()  # the item's fields that propose a rate, in order
    reasons: ClassVar[type[TextChoices] | None] = None  # to choose from, where `header` has one
    finished: ClassVar[Sequence[str]] = ()  # the statuses in which nothing is left to do

    @property
    def slug(self) -> str:
        return self.name.replace("_", "-")

    def first_status(self, document: Transaction, company: Company) -> str:
        """The status a new document is saved with."""
        return str(self.statuses.values[0])

    def first_statuses(self) -> Sequence[str]:
        """The statuses a person may choose from when entering it, if more than one."""
        return ()

    def steps(self, document: Transaction) -> Sequence[Step]:
        """What a person may do with it next."""
        return ()

    def is_active(self, document: Transaction) -> bool:
        """Whether an order counts in on order, committed and back ordered."""
        return False

    def takes_serials(self, line: TransactionLine) -> bool:
        """Whether a new document of this kind must be told the line's serial numbers."""
        movement = self.movement(line, "", self.statuses.values[0])
        return line.item.is_serialized and movement is not None

    def progress(self, document: Transaction, lines: Sequence[TransactionLine]) -> str:
        """The status that follows from how far its lines have come."""
        return document.status

    def movement(self, line: TransactionLine, before: str, after: str) -> Movement | None:
        """What a line's units do when the document passes from one status to another."""
        return None

    def pairs(
        self, line: TransactionLine, document: Transaction, company: Company, after: str
    ) -> Sequence[Pair]:
        """What a line books when the document reaches a status."""
        return ()

    def limit(self, source: TransactionLine) -> Decimal:
        """How much of a parent's line is left for this kind to take."""
        return ZERO

    def problems(self, document: Transaction, lines: Sequence[TransactionLine]) -> Sequence[str]:
        """What is wrong with a new document beyond the rules that hold for all."""
        return ()

    def __repr__(self) -> str:
        return f"<Kind {self.name}>"


def plain(*pairs: tuple[Any, Any, Decimal]) -> tuple[Pair, ...]:
    """Pairs from accounts, those of nothing and those within one account dropped.

    A negative amount books the other way round.
    """
    return tuple(
        Pair(debit, credit, amount) if amount > 0 else Pair(credit, debit, -amount)
        for debit, credit, amount in pairs
        if amount and debit != credit
    )
