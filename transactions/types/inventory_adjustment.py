from collections.abc import Sequence

from django.db.models import TextChoices

from company.models import Company
from transactions.models import Transaction, TransactionLine
from transactions.types.base import Kind, Movement, Pair, Serials, Stage, plain
from transactions.types.base import Status as Unit


class Status(TextChoices):
    POSTED = "posted", "Posted"


class Reason(TextChoices):
    DAMAGE = "damage", "Damage"
    THEFT = "theft", "Theft"
    MISCOUNT = "miscount", "Miscount"
    SAMPLE = "sample", "Sample"
    CORRECTION = "correction", "Correction"


class InventoryAdjustment(Kind):
    """Stock is corrected without a purchase or a sale (SPEC §4.9, R10, R11).

    In: Dr Inventory Asset, Cr adjustment account. Out: Dr adjustment account, Cr Inventory Asset.
    """

    name = "inventory_adjustment"
    label = "Inventory Adjustment"
    plural = "Inventory Adjustments"
    prefix = "ADJ"
    order = 70
    stage = Stage.MOVEMENT
    statuses = Status
    verb = "Adjust"
    header = ("account", "reason", "reference")
    required = ("account",)
    signed = True
    empties = True
    account_from = "adjustment_account"
    line_fields = ("memo",)
    warns_of_levels = True
    labels = {"account": "Adjustment Account", "location": "Adjustment Location"}
    quantity_label = "Adjust Qty By"
    rate_label = "Est. Unit Cost"
    rate_from = ("last_purchase_price", "purchase_price")
    reasons = Reason
    finished = (Status.POSTED,)

    def movement(self, line: TransactionLine, before: str, after: str) -> Movement:
        if line.quantity > 0:
            return Movement(Serials.NEW, None, Unit.ON_HAND)
        return Movement(Serials.ON_HAND, Unit.ON_HAND, Unit.ADJUSTED_OUT)

    def pairs(
        self, line: TransactionLine, document: Transaction, company: Company, after: str
    ) -> Sequence[Pair]:
        change = line.cost if line.quantity > 0 else -line.cost
        return plain((line.item.asset_account_id, document.account_id, change))

    def problems(self, document: Transaction, lines: Sequence[TransactionLine]) -> Sequence[str]:
        if not document.reason and any(line.quantity < 0 for line in lines):
            return ["Choose a reason: stock is being taken out."]
        return ()


kind = InventoryAdjustment()
