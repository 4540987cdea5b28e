from django.db.models import TextChoices

from company.models import Company
from transactions.models import Transaction
from transactions.types import cash_sale
from transactions.types.credit_memo import Credit


class Status(TextChoices):
    REFUNDED = "refunded", "Refunded"


class CashRefund(Credit):
    """A customer is given the money back (SPEC §4.7, R9).

    Dr Sales Income, Cr Undeposited Funds or a bank.
    """

    name = "cash_refund"
    label = "Cash Refund"
    plural = "Cash Refunds"
    prefix = "CR"
    order = 69
    statuses = Status
    verb = "Refund"
    queue = "Refund Returns"
    header = ("account", "reference")
    required = ("account",)
    labels = {"account": "Refund From"}
    account_from = "undeposited_funds_account"
    account_types = cash_sale.MONEY
    finished = (Status.REFUNDED,)

    def gives(self, document: Transaction, company: Company) -> int | None:
        return document.account_id


kind = CashRefund()
