from collections.abc import Sequence
from decimal import Decimal

from django.db.models import TextChoices

from company.models import Company
from transactions.models import Transaction, TransactionLine
from transactions.types import item_fulfillment, sales_order
from transactions.types.base import ZERO, Kind, Movement, Pair, Serials, Stage, plain
from transactions.types.base import Status as Unit


class Status(TextChoices):
    OPEN = "open", "Open"
    PAID = "paid", "Paid In Full"


class Sale(Kind):
    """What an invoice and a cash sale have in common.

    Of an order they ask money for what was shipped; a line of their own takes the goods out
    itself: Dr Cost of Goods Sold, Cr Inventory Asset.
    """

    stage = Stage.BILLING
    party = "customer"
    parents = {
        sales_order.kind.name: sales_order.TO_BILL,
        item_fulfillment.kind.name: (item_fulfillment.Status.SHIPPED,),
    }
    through = item_fulfillment.kind.name
    begins = True
    moves_stock = True
    shares_amount = 1
    whole_lines = True
    takes_out = True
    warns_of_levels = True
    rate_from = ("base_price",)

    def movement(self, line: TransactionLine, before: str, after: str) -> Movement | None:
        if line.created_from_line:
            return None
        return Movement(Serials.ON_HAND, Unit.ON_HAND, Unit.SOLD)

    def pays(self, document: Transaction, company: Company) -> int | None:
        """The id of the account that the customer's money, or debt, goes to."""
        raise NotImplementedError

    def pairs(
        self, line: TransactionLine, document: Transaction, company: Company, after: str
    ) -> Sequence[Pair]:
        item, cost = line.item, ZERO if line.created_from_line else line.cost
        return plain(
            (self.pays(document, company), item.income_account_id, line.amount),
            (item.cogs_account_id, item.asset_account_id, cost),
        )

    def limit(self, source: TransactionLine) -> Decimal:
        # A shipped line is invoiced whole, so that each unit's income is known.
        return ZERO if source.billed else source.quantity

    def sold_by(self, line: TransactionLine) -> int | None:
        return line.created_from_line_id or line.pk

    def problems(self, document: Transaction, lines: Sequence[TransactionLine]) -> Sequence[str]:
        return [
            f"Line {line.line_no}: {self.verb.lower()} the whole shipped quantity of {line.item}."
            for line in lines
            if line.created_from_line and line.quantity != line.created_from_line.quantity
        ]


class Invoice(Sale):
    """A customer is asked to pay (SPEC §4.6, R3i, R3).

    Dr Accounts Receivable, Cr Sales Income. Without an order it moves the stock, too:
    Dr Cost of Goods Sold, Cr Inventory Asset.
    """

    name = "invoice"
    label = "Invoice"
    plural = "Invoices"
    prefix = "INV"
    order = 60
    statuses = Status
    verb = "Invoice"
    queue = "Invoice Sales Orders"
    header = ("due_date", "reference")
    balance = 1
    finished = (Status.PAID,)

    def pays(self, document: Transaction, company: Company) -> int | None:
        return company.receivable_account_id

    def settled(self, document: Transaction, open_balance: Decimal) -> str:
        return Status.OPEN if open_balance else Status.PAID


kind = Invoice()
