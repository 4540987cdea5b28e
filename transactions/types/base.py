"""The vocabulary in which a kind of document says what it does.

A kind is data and pure functions. It sees a line's quantity, rate, total cost and places, never
units, and writes nothing: `transactions/posting` asks it and does the work.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import TextChoices

from accounting.fields import cents
from items.models import SerialUnit

if TYPE_CHECKING:
    from company.models import Company
    from locations.models import Location
    from transactions.models import Transaction, TransactionLine

Status = SerialUnit.Status
ZERO = Decimal(0)


class Stage(Enum):
    """Where in the life of a trade a kind stands."""

    ORDER = "order"  # a promise: moves nothing, posts nothing
    MOVEMENT = "movement"  # stock comes or goes
    BILLING = "billing"  # money is owed for it
    SETTLEMENT = "settlement"  # money is paid, or the books alone are written
    COUNT = "count"  # what is there is listed; what follows from it are other documents


class Serials(Enum):
    """Which serial numbers a movement takes (SPEC §6.2)."""

    NEW = "new"  # numbers not held; each begins a new unit
    TRADED_IN = "traded in"  # the same, out of a customer's hands
    ON_HAND = "on hand"  # units on hand at the line's location
    SOLD = "sold"  # units that the sale sold from which the line comes, not yet returned
    SENT = "sent"  # the units that the line's shipment put in transit; nobody types them
    OWN = "own"  # the units this document moved in its step before


@dataclass(frozen=True)
class Movement:
    """A line's units pass from one state to another at the line's location.

    No source: they come from outside. A target that is not held: they leave. `to` is the id of
    another location that they go to.
    """

    serials: Serials
    source: Status | None
    target: Status
    to: int | None = None


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
    judges: bool = False  # approves or rejects what others entered
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
    queue: ClassVar[str] = ""  # what the list is called of the orders that wait for one
    party: ClassVar[str] = ""  # "vendor" or "customer"
    # The kinds it may be created from, and the statuses they must be in.
    parents: ClassVar[Mapping[str, Sequence[str]]] = {}
    through: ClassVar[str] = ""  # made from an order, it takes the lines of this kind between
    draws_on: ClassVar[str] = ""  # of the parent's line: "on_order" or "committed"
    stand_alone: ClassVar[bool] = True  # may be entered without a parent
    has_lines: ClassVar[bool] = True
    header: ClassVar[Sequence[str]] = ()  # header fields beside date, party, location, memo
    required: ClassVar[Sequence[str]] = ()  # of the header
    posts: ClassVar[bool] = True  # writes to the general ledger in some step
    begins: ClassVar[bool] = False  # offers new business, so refuses inactive items
    signed: ClassVar[bool] = False  # a negative quantity takes stock out
    empties: ClassVar[bool] = False  # may take stock out of an inactive location
    demands_stock: ClassVar[bool] = False  # an order that commits stock
    internal: ClassVar[bool] = False  # moves stock within the company
    # Its serial numbers are wishes, not holds: of units on hand, or of units that were sold.
    designates: ClassVar[Serials | None] = None
    binds: ClassVar[bool] = False  # what is designated must be shipped
    shares_amount: ClassVar[int] = 0  # a line's amount is shared out over its units: +1 or −1
    moves_stock: ClassVar[bool] = False  # lines of its own, without a parent, move stock
    takes_out: ClassVar[bool] = False  # by lines of its own it takes units that are on hand
    balance: ClassVar[int] = 0  # is settled by payments: +1 a debt, −1 a credit
    renames: ClassVar[bool] = False  # gives units other serial numbers
    settles: ClassVar[Sequence[str]] = ()  # the kinds that it settles
    warns_of_levels: ClassVar[bool] = False  # takes stock of its own accord (SPEC §7.6)
    whole_lines: ClassVar[bool] = False  # takes a parent's line whole or not at all
    # What its pages say and propose.
    labels: ClassVar[Mapping[str, str]] = {}  # of header fields, where the usual ones will not do
    quantity_label: ClassVar[str] = "Quantity"
    rate_label: ClassVar[str] = "Rate"  # empty: its pages show no rates and amounts
    rate_from: ClassVar[Sequence[str]] = ()  # the item's fields that propose a rate, in order
    account_types: ClassVar[Sequence[str]] = ()  # of the account in its header; empty: any
    account_from: ClassVar[str] = ""  # the company's account that is proposed there
    # What a person says of a line beside quantity and rate: "location", "restock",
    # "override_rate", "memo".
    line_fields: ClassVar[Sequence[str]] = ()
    reasons: ClassVar[type[TextChoices] | None] = None  # to choose from, where `header` has one
    # How far a line has come, on its page: "committed", "moved", "billed" … and their headings.
    progress_columns: ClassVar[Mapping[str, str]] = {}
    finished: ClassVar[Sequence[str]] = ()  # the statuses in which nothing is left to do
    printed_as: ClassVar[str] = ""  # the title on paper, where it is another
    prints_prices: ClassVar[bool] = True

    @property
    def slug(self) -> str:
        return self.name.replace("_", "-")

    @property
    def tells_cost(self) -> bool:
        """Whether its rates and amounts are costs: all but what customers are asked for."""
        return not (self.party == "customer" and self.stage is not Stage.MOVEMENT)

    def __init_subclass__(cls) -> None:
        """A kind that is a movement of stock moves stock."""
        if "stage" in vars(cls) and cls.stage is Stage.MOVEMENT:
            cls.moves_stock = True

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

    def is_editable(self, document: Transaction) -> bool:
        """Whether an order may still be changed (SPEC §5.6)."""
        return False

    def serials_of(self, line: TransactionLine) -> Serials | None:
        """Which serial numbers are named on a new document's line, or None where none are."""
        movement = self.movement(line, "", str(self.statuses.values[0]))
        return movement.serials if movement else self.designates

    def progress(self, document: Transaction, lines: Sequence[TransactionLine]) -> str:
        """The status that follows from how far an order's lines have come."""
        return document.status

    def settled(self, document: Transaction, open_balance: Decimal) -> str:
        """The status that follows from what is still to be paid or applied."""
        return document.status

    def coming(self, line: TransactionLine, still: Decimal) -> Decimal:
        """What an order's line brings: on order where it goes to. `still` is not yet moved."""
        return ZERO

    def movement(self, line: TransactionLine, before: str, after: str) -> Movement | None:
        """What a line's units do when the document passes from one status to another."""
        return None

    def pairs(
        self, line: TransactionLine, document: Transaction, company: Company, after: str
    ) -> Sequence[Pair]:
        """What a line books when the document reaches a status."""
        return ()

    def entry(self, document: Transaction, company: Company) -> Sequence[Pair]:
        """What a new document books as a whole, beside its lines."""
        return ()

    def total(self, document: Transaction, lines: Sequence[TransactionLine]) -> Decimal:
        """What the document comes to."""
        return sum((line.amount for line in lines), Decimal("0.00"))

    def limit(self, source: TransactionLine) -> Decimal:
        """How much of a parent's line is left for this kind to take."""
        return ZERO

    def place(self, source: TransactionLine) -> Location:
        """Where a line is that is made from a parent's line."""
        return source.location

    def unit_cost(self, line: TransactionLine) -> Decimal:
        """What a unit costs that the line brings in from outside."""
        return line.rate

    def origin(self, line: TransactionLine) -> TransactionLine | None:
        """The line that moved what this one brings back, at the cost it left with."""
        return None

    def source_of(self, line: TransactionLine) -> TransactionLine | None:
        """The line of the sale or shipment that people know the goods by."""
        return line.created_from_line

    def sold_by(self, line: TransactionLine) -> int | None:
        """The id of the line that sold the units whose amount a line shares out."""
        return None

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


def accrued(line: TransactionLine) -> Decimal:
    """The part of what its source accrued that a bill's line clears; the last clears the rest.

    Rounded as a running total, so that several bills of one receipt clear it to the cent.
    """
    source = line.created_from_line
    if source is None:
        return ZERO

    def share(quantity: Decimal) -> Decimal:
        return cents(source.cost * quantity / source.quantity)

    return share(source.billed + line.quantity) - share(source.billed)


def sale_of(line: TransactionLine | None) -> TransactionLine | None:
    """The line that sold what an invoice's or cash sale's line asks money for."""
    return (line.created_from_line or line) if line else None
