from collections.abc import Sequence
from decimal import Decimal

from django.db.models import TextChoices

from company.models import Company
from transactions.models import Transaction, TransactionLine
from transactions.types import item_receipt, purchase_order
from transactions.types.base import Kind, Movement, Pair, Serials, Stage, accrued, plain
from transactions.types.base import Status as Unit


class Status(TextChoices):
    OPEN = "open", "Open"
    PAID = "paid", "Paid In Full"


class VendorBill(Kind):
    """A vendor asks to be paid (SPEC §4.3, R2, R2v, R1a).

    For what was received: Dr Accrued Purchases at the receipt's cost, Cr Accounts Payable at the
    bill's; the difference goes to Bill Price Variance, never to the cost of a unit. A line of its
    own brings the goods in itself: Dr Inventory Asset, Cr Accounts Payable.
    """

    name = "vendor_bill"
    label = "Vendor Bill"
    plural = "Vendor Bills"
    prefix = "BILL"
    order = 30
    stage = Stage.BILLING
    statuses = Status
    verb = "Bill"
    queue = "Bill Purchase Orders"
    party = "vendor"
    parents = {
        purchase_order.kind.name: purchase_order.TO_BILL,
        item_receipt.kind.name: (item_receipt.Status.RECEIVED,),
    }
    through = item_receipt.kind.name
    begins = True
    balance = 1
    moves_stock = True
    header = ("due_date", "reference")
    rate_from = ("purchase_price", "last_purchase_price")
    finished = (Status.PAID,)

    def movement(self, line: TransactionLine, before: str, after: str) -> Movement | None:
        return None if line.created_from_line else Movement(Serials.NEW, None, Unit.ON_HAND)

    def pairs(
        self, line: TransactionLine, document: Transaction, company: Company, after: str
    ) -> Sequence[Pair]:
        payable = company.payable_account_id
        if line.created_from_line is None:
            return plain((line.item.asset_account_id, payable, line.cost))
        received = accrued(line)
        return plain(
            (company.accrued_purchases_account_id, payable, received),
            (company.bill_variance_account_id, payable, line.amount - received),
        )

    def limit(self, source: TransactionLine) -> Decimal:
        return source.quantity - source.billed

    def settled(self, document: Transaction, open_balance: Decimal) -> str:
        return Status.OPEN if open_balance else Status.PAID


kind = VendorBill()
