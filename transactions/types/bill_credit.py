from collections.abc import Sequence
from decimal import Decimal

from django.db.models import TextChoices

from company.models import Company
from transactions.models import Transaction, TransactionLine
from transactions.types import vendor_return_authorization, vendor_return_shipment
from transactions.types.base import Kind, Pair, Stage, accrued, plain


class Status(TextChoices):
    OPEN = "open", "Open"
    APPLIED = "applied", "Fully Applied"


class BillCredit(Kind):
    """A vendor gives credit for what was sent back (SPEC §4.8, R7c).

    Dr Accounts Payable what is credited, Cr Accrued Purchases what the goods cost; the difference
    goes to Vendor Return Variance.
    """

    name = "bill_credit"
    label = "Bill Credit"
    plural = "Bill Credits"
    prefix = "BC"
    order = 38
    stage = Stage.BILLING
    statuses = Status
    verb = "Enter Credit"
    queue = "Credit Vendor Returns"
    party = "vendor"
    parents = {
        vendor_return_authorization.kind.name: vendor_return_authorization.TO_CREDIT,
        vendor_return_shipment.kind.name: vendor_return_shipment.Status.values,
    }
    through = vendor_return_shipment.kind.name
    stand_alone = False
    header = ("reference",)
    balance = -1
    finished = (Status.APPLIED,)

    def pairs(
        self, line: TransactionLine, document: Transaction, company: Company, after: str
    ) -> Sequence[Pair]:
        payable, cost = company.payable_account_id, accrued(line)
        return plain(
            (payable, company.accrued_purchases_account_id, cost),
            (company.vendor_return_variance_account_id, payable, cost - line.amount),
        )

    def limit(self, source: TransactionLine) -> Decimal:
        return source.quantity - source.billed

    def settled(self, document: Transaction, open_balance: Decimal) -> str:
        return Status.OPEN if open_balance else Status.APPLIED


kind = BillCredit()
