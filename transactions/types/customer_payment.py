from collections.abc import Sequence
from decimal import Decimal

from company.models import Company
from transactions.models import Transaction, TransactionLine
from transactions.types import cash_sale
from transactions.types.base import Kind, Pair, Stage, plain


class Payment(Kind):
    """What the payments of customers and to vendors have in common.

    A payment is applied whole to open documents. Credits it uses up lessen what is paid; where
    they make up for everything, the payment is of nothing and books nothing.
    """

    stage = Stage.SETTLEMENT
    has_lines = False
    required = ("account",)
    account_types = cash_sale.MONEY
    rate_label = ""

    def total(self, document: Transaction, lines: Sequence[TransactionLine]) -> Decimal:
        paid = (a.amount * a.document.kind.balance for a in document.applications)
        return sum(paid, Decimal("0.00"))

    def problems(self, document: Transaction, lines: Sequence[TransactionLine]) -> Sequence[str]:
        if not document.applications:
            return ["Choose what is paid, and enter how much of it."]
        if self.total(document, lines) < 0:
            return ["The credits come to more than what is paid with them. Use less of them."]
        return ()


class CustomerPayment(Payment):
    """A customer pays invoices (SPEC §2.4, R13).

    Dr Undeposited Funds or a bank, Cr Accounts Receivable.
    """

    name = "customer_payment"
    label = "Customer Payment"
    plural = "Customer Payments"
    prefix = "PAY"
    order = 64
    statuses = cash_sale.Status
    verb = "Accept Payment"
    party = "customer"
    settles = ("invoice", "credit_memo")
    header = ("account", "reference")
    labels = {"account": "Deposit To"}
    printed_as = "Payment Receipt"
    account_from = "undeposited_funds_account"
    finished = (cash_sale.Status.NOT_DEPOSITED, cash_sale.Status.DEPOSITED)

    def first_status(self, document: Transaction, company: Company) -> str:
        return cash_sale.deposit_status(document)

    def entry(self, document: Transaction, company: Company) -> Sequence[Pair]:
        return plain((document.account_id, company.receivable_account_id, document.total))


kind = CustomerPayment()
