from collections.abc import Sequence
from decimal import Decimal

from django.db.models import TextChoices

from company.models import Company
from transactions.models import Transaction, TransactionLine
from transactions.types import sales_order
from transactions.types.base import Kind, Movement, Pair, Serials, Stage, Step, plain
from transactions.types.base import Status as Unit


class Status(TextChoices):
    PICKED = "picked", "Picked"
    PACKED = "packed", "Packed"
    SHIPPED = "shipped", "Shipped"


class ItemFulfillment(Kind):
    """Sold goods are picked, packed and shipped (SPEC §4.5, R3).

    Picked and Packed book nothing; Shipped: Dr Cost of Goods Sold, Cr Inventory Asset.
    """

    name = "item_fulfillment"
    label = "Item Fulfillment"
    plural = "Item Fulfillments"
    prefix = "IF"
    order = 50
    stage = Stage.MOVEMENT
    statuses = Status
    verb = "Fulfill"
    queue = "Fulfill Orders"
    party = "customer"
    parents = {sales_order.kind.name: sales_order.TO_FULFILL}
    stand_alone = False
    draws_on = "committed"
    rate_label = ""
    printed_as = "Packing Slip"
    prints_prices = False
    progress_columns = {"billed": "Invoiced"}
    finished = (Status.SHIPPED,)

    def first_status(self, document: Transaction, company: Company) -> str:
        return document.status or company.default_fulfillment_stage

    def first_statuses(self) -> Sequence[str]:
        return Status.values

    def steps(self, document: Transaction) -> Sequence[Step]:
        shipped = Step(Status.SHIPPED, "Mark Shipped", asks_date=True)
        if document.status == Status.PICKED:
            return (Step(Status.PACKED, "Mark Packed", asks_date=True), shipped)
        return (shipped,) if document.status == Status.PACKED else ()

    def movement(self, line: TransactionLine, before: str, after: str) -> Movement | None:
        if not before:
            target = Unit.SOLD if after == Status.SHIPPED else Unit.PICKED
            return Movement(Serials.ON_HAND, Unit.ON_HAND, target)
        if after == Status.SHIPPED:
            return Movement(Serials.OWN, Unit.PICKED, Unit.SOLD)
        return None

    def pairs(
        self, line: TransactionLine, document: Transaction, company: Company, after: str
    ) -> Sequence[Pair]:
        if after != Status.SHIPPED:
            return ()
        return plain((line.item.cogs_account_id, line.item.asset_account_id, line.cost))

    def limit(self, source: TransactionLine) -> Decimal:
        return source.committed


kind = ItemFulfillment()
