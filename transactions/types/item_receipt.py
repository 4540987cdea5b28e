from collections.abc import Sequence
from decimal import Decimal

from django.db.models import TextChoices

from company.models import Company
from transactions.models import Transaction, TransactionLine
from transactions.types import purchase_order
from transactions.types.base import Kind, Movement, Pair, Serials, Stage, plain
from transactions.types.base import Status as Unit


class Status(TextChoices):
    RECEIVED = "received", "Received"


class ItemReceipt(Kind):
    """Ordered goods arrive (SPEC §4.2, R1). Dr Inventory Asset, Cr Accrued Purchases."""

    name = "item_receipt"
    label = "Item Receipt"
    plural = "Item Receipts"
    prefix = "IR"
    order = 20
    stage = Stage.MOVEMENT
    statuses = Status
    verb = "Receive"
    queue = "Receive Orders"
    party = "vendor"
    parents = {purchase_order.kind.name: purchase_order.TO_RECEIVE}
    stand_alone = False
    draws_on = "on_order"
    header = ("reference",)
    prints_prices = False
    progress_columns = {"billed": "Billed"}
    finished = (Status.RECEIVED,)

    def movement(self, line: TransactionLine, before: str, after: str) -> Movement:
        return Movement(Serials.NEW, None, Unit.ON_HAND)

    def pairs(
        self, line: TransactionLine, document: Transaction, company: Company, after: str
    ) -> Sequence[Pair]:
        return plain((line.item.asset_account_id, company.accrued_purchases_account_id, line.cost))

    def limit(self, source: TransactionLine) -> Decimal:
        return source.on_order


kind = ItemReceipt()
