from collections.abc import Sequence

from django.db.models import TextChoices

from company.models import Company
from transactions.models import Transaction
from transactions.types.base import Pair, plain
from transactions.types.customer_payment import Payment


class Status(TextChoices):
    PAID = "paid", "Paid"


class VendorPayment(Payment):
    """Bills are paid (SPEC §2.4, R13). Dr Accounts Payable, Cr a bank."""

    name = "vendor_payment"
    label = "Vendor Payment"
    plural = "Vendor Payments"
    prefix = "VPAY"
    order = 34
    statuses = Status
    verb = "Pay"
    party = "vendor"
    settles = ("vendor_bill", "bill_credit")
    header = ("account", "reference")
    labels = {"account": "Pay From"}
    printed_as = "Remittance Advice"
    finished = (Status.PAID,)

    def entry(self, document: Transaction, company: Company) -> Sequence[Pair]:
        return plain((company.payable_account_id, document.account_id, document.total))


kind = VendorPayment()
