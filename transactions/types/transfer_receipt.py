from collections.abc import Sequence
from decimal import Decimal

from django.db.models import TextChoices

from company.models import Company
from locations.models import Location
from transactions.models import Transaction, TransactionLine
from transactions.types import item_fulfillment, transfer_order, transfer_shipment
from transactions.types.base import Kind, Movement, Pair, Serials, Stage, plain
from transactions.types.base import Status as Unit


class Status(TextChoices):
    RECEIVED = "received", "Received"


class TransferReceipt(Kind):
    """Stock arrives from another location, at the cost it left with (SPEC §4.2, §4.10, R6).

    Dr Inventory Asset, Cr Inventory In Transit.
    """

    name = "transfer_receipt"
    label = "Transfer Receipt"
    plural = "Transfer Receipts"
    prefix = "TR"
    order = 76
    stage = Stage.MOVEMENT
    statuses = Status
    verb = "Receive"
    queue = "Receive Transfer Orders"
    parents = {
        transfer_order.kind.name: transfer_order.TO_RECEIVE,
        transfer_shipment.kind.name: (item_fulfillment.Status.SHIPPED,),
    }
    through = transfer_shipment.kind.name
    stand_alone = False
    internal = True
    header = ("reference",)
    rate_label = ""
    finished = (Status.RECEIVED,)

    def movement(self, line: TransactionLine, before: str, after: str) -> Movement:
        return Movement(Serials.SENT, Unit.IN_TRANSIT, Unit.ON_HAND)

    def pairs(
        self, line: TransactionLine, document: Transaction, company: Company, after: str
    ) -> Sequence[Pair]:
        return plain((line.item.asset_account_id, company.in_transit_account_id, line.cost))

    def limit(self, source: TransactionLine) -> Decimal:
        return source.quantity - source.moved

    def place(self, source: TransactionLine) -> Location:
        return source.transaction.to_location or source.location

    def origin(self, line: TransactionLine) -> TransactionLine | None:
        return line.created_from_line


kind = TransferReceipt()
