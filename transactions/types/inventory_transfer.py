from collections.abc import Sequence

from django.db.models import TextChoices

from company.models import Company
from transactions.models import Transaction, TransactionLine
from transactions.types.base import Kind, Movement, Pair, Serials, Stage
from transactions.types.base import Status as Unit


class Status(TextChoices):
    POSTED = "posted", "Posted"


def same_place(document: Transaction) -> Sequence[str]:
    """A transfer goes from one location to another."""
    if not (document.location_id and document.to_location_id):
        return ["Choose the location it goes from and the one it goes to."]
    if document.location_id == document.to_location_id:
        return [f"It cannot go from {document.location} to {document.location}."]
    return ()


class InventoryTransfer(Kind):
    """Stock is at another location (SPEC §4.10, R6t).

    Books nothing: one item has one asset account, wherever it lies.
    """

    name = "inventory_transfer"
    label = "Inventory Transfer"
    plural = "Inventory Transfers"
    prefix = "IT"
    order = 72
    stage = Stage.MOVEMENT
    statuses = Status
    verb = "Transfer"
    internal = True
    empties = True
    takes_out = True
    warns_of_levels = True
    header = ("to_location", "reference")
    required = ("location", "to_location")
    labels = {"location": "From Location", "to_location": "To Location"}
    quantity_label = "Qty To Transfer"
    rate_label = ""
    finished = (Status.POSTED,)

    def movement(self, line: TransactionLine, before: str, after: str) -> Movement:
        to = line.transaction.to_location_id
        return Movement(Serials.ON_HAND, Unit.ON_HAND, Unit.ON_HAND, to=to)

    def pairs(
        self, line: TransactionLine, document: Transaction, company: Company, after: str
    ) -> Sequence[Pair]:
        return ()

    def problems(self, document: Transaction, lines: Sequence[TransactionLine]) -> Sequence[str]:
        return same_place(document)


kind = InventoryTransfer()
