from collections.abc import Sequence
from decimal import Decimal

from django.db.models import TextChoices

from company.models import Company
from transactions.models import Transaction, TransactionLine
from transactions.types import item_fulfillment, sales_order
from transactions.types.base import ZERO, Kind, Pair, Stage, plain


class Status(TextChoices):
    OPEN = "open", "Open"
    PAID = "paid", "Paid In Full"


class Invoice(Kind):
    """A customer is asked to pay for what was shipped (SPEC §4.6, R3i).

    Dr Accounts Receivable, Cr Sales Income.
    """

    name = "invoice"
    label = "Invoice"
    plural = "Invoices"
    prefix = "INV"
    order = 60
    stage = Stage.BILLING
    statuses = Status
    verb = "Invoice"
    party = "customer"
    parents = {
        sales_order.kind.name: sales_order.TO_BILL,
        item_fulfillment.kind.name: (item_fulfillment.Status.SHIPPED,),
    }
    stand_alone = False
    header = ("due_date", "reference")
    shares_amount = True
    whole_lines = True
    finished = (Status.PAID,)

    def pairs(
        self, line: TransactionLine, document: Transaction, company: Company, after: str
    ) -> Sequence[Pair]:
        return plain((company.receivable_account_id, line.item.income_account_id, line.amount))

    def limit(self, source: TransactionLine) -> Decimal:
        # A shipped line is invoiced whole, so that each unit's income is known.
        return ZERO if source.billed else source.quantity

    def problems(self, document: Transaction, lines: Sequence[TransactionLine]) -> Sequence[str]:
        return [
            f"Line {line.line_no}: invoice the whole shipped quantity of {line.item}."
            for line in lines
            if line.created_from_line and line.quantity != line.created_from_line.quantity
        ]


kind = Invoice()
