from collections.abc import Sequence

from company.models import Company
from transactions.models import Transaction, TransactionLine
from transactions.types import transfer_order
from transactions.types.base import Movement, Pair, Serials, plain
from transactions.types.base import Status as Unit
from transactions.types.item_fulfillment import ItemFulfillment, Status


class TransferShipment(ItemFulfillment):
    """Stock leaves for another location (SPEC §4.5, R6).

    Picked and Packed book nothing; Shipped: Dr Inventory In Transit, Cr Inventory Asset.
    """

    name = "transfer_shipment"
    label = "Transfer Shipment"
    plural = "Transfer Shipments"
    prefix = "TS"
    order = 75
    verb = "Fulfill"
    queue = "Fulfill Transfer Orders"
    party = ""
    internal = True
    progress_columns = {"moved": "Received"}
    parents = {transfer_order.kind.name: transfer_order.TO_FULFILL}

    def movement(self, line: TransactionLine, before: str, after: str) -> Movement | None:
        if after != Status.SHIPPED:
            return super().movement(line, before, after)
        order = line.created_from_line
        to = order.transaction.to_location_id if order else None
        if before:
            return Movement(Serials.OWN, Unit.PICKED, Unit.IN_TRANSIT, to=to)
        return Movement(Serials.ON_HAND, Unit.ON_HAND, Unit.IN_TRANSIT, to=to)

    def pairs(
        self, line: TransactionLine, document: Transaction, company: Company, after: str
    ) -> Sequence[Pair]:
        if after != Status.SHIPPED:
            return ()
        return plain((company.in_transit_account_id, line.item.asset_account_id, line.cost))


kind = TransferShipment()
