from collections.abc import Sequence
from decimal import Decimal

from django.db.models import TextChoices

from accounting.fields import cents
from company.models import Company
from transactions.models import Transaction, TransactionLine
from transactions.types import item_receipt, purchase_order
from transactions.types.base import ZERO, Kind, Pair, Stage, plain


class Status(TextChoices):
    OPEN = "open", "Open"
    PAID = "paid", "Paid In Full"


class VendorBill(Kind):
    """A vendor asks to be paid for what was received (SPEC §4.3, R2).

    Dr Accrued Purchases at the receipt's rate, Cr Accounts Payable at the bill's; the difference
    goes to Bill Price Variance, never to the cost of a unit.
    """

    name = "vendor_bill"
    label = "Vendor Bill"
    plural = "Vendor Bills"
    prefix = "BILL"
    order = 30
    stage = Stage.BILLING
    statuses = Status
    verb = "Bill"
    party = "vendor"
    parents = {
        purchase_order.kind.name: purchase_order.TO_BILL,
        item_receipt.kind.name: (item_receipt.Status.RECEIVED,),
    }
    stand_alone = False
    header = ("due_date", "reference")
    finished = (Status.PAID,)

    def pairs(
        self, line: TransactionLine, document: Transaction, company: Company, after: str
    ) -> Sequence[Pair]:
        accrued = self._accrued(line, line.created_from_line)
        return plain(
            (company.accrued_purchases_account_id, company.payable_account_id, accrued),
            (company.bill_variance_account_id, company.payable_account_id, line.amount - accrued),
        )

    @staticmethod
    def _accrued(line: TransactionLine, receipt: TransactionLine | None) -> Decimal:
        """The part of the receipt's accrual this bill clears; the last bill clears the rest.

        Rounded as a running total, so that several bills of one receipt clear it to the cent.
        """
        if receipt is None:
            return ZERO

        def share(quantity: Decimal) -> Decimal:
            return cents(receipt.amount * quantity / receipt.quantity)

        return share(receipt.billed + line.quantity) - share(receipt.billed)

    def limit(self, source: TransactionLine) -> Decimal:
        return source.quantity - source.billed


kind = VendorBill()
