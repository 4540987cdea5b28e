from collections.abc import Sequence
from decimal import Decimal

from django.db.models import TextChoices

from company.models import Company
from transactions.models import Transaction, TransactionLine
from transactions.types import return_authorization, return_receipt
from transactions.types.base import ZERO, Kind, Movement, Pair, Serials, Stage, plain, sale_of
from transactions.types.base import Status as Unit
from transactions.types.return_receipt import sold_line


class Status(TextChoices):
    OPEN = "open", "Open"
    APPLIED = "applied", "Fully Applied"


class Credit(Kind):
    """What a credit memo and a cash refund have in common.

    For goods received on an authorization they move no stock; a line of their own takes in what
    the customer brings (a trade-in): Dr Inventory Asset, Cr Cost of Goods Sold, at the Override
    Rate.
    """

    stage = Stage.BILLING
    party = "customer"
    parents = {
        return_authorization.kind.name: return_authorization.TO_REFUND,
        return_receipt.kind.name: return_receipt.Status.values,
    }
    through = return_receipt.kind.name
    moves_stock = True
    begins = True
    shares_amount = -1
    whole_lines = True
    line_fields = ("override_rate",)
    rate_from = ("base_price",)

    def movement(self, line: TransactionLine, before: str, after: str) -> Movement | None:
        if line.created_from_line:
            return None
        return Movement(Serials.TRADED_IN, None, Unit.ON_HAND)

    def gives(self, document: Transaction, company: Company) -> int | None:
        """The id of the account that the customer's money, or claim, comes from."""
        raise NotImplementedError

    def pairs(
        self, line: TransactionLine, document: Transaction, company: Company, after: str
    ) -> Sequence[Pair]:
        item, cost = line.item, ZERO if line.created_from_line else line.cost
        return plain(
            (item.income_account_id, self.gives(document, company), line.amount),
            (item.asset_account_id, item.cogs_account_id, cost),
        )

    def limit(self, source: TransactionLine) -> Decimal:
        # A returned line is credited whole, so that each unit's credit is known.
        return ZERO if source.billed else source.quantity

    def unit_cost(self, line: TransactionLine) -> Decimal:
        return line.override_rate or ZERO

    def sold_by(self, line: TransactionLine) -> int | None:
        returned = line.created_from_line
        sale = sale_of(sold_line(returned)) if returned else None
        return sale.pk if sale else None

    def problems(self, document: Transaction, lines: Sequence[TransactionLine]) -> Sequence[str]:
        return [
            f"Line {line.line_no}: credit the whole returned quantity of {line.item}."
            for line in lines
            if line.created_from_line and line.quantity != line.created_from_line.quantity
        ]


class CreditMemo(Credit):
    """A customer need not pay, or may pay with it (SPEC §4.7, R8).

    Dr Sales Income, Cr Accounts Receivable.
    """

    name = "credit_memo"
    label = "Credit Memo"
    plural = "Credit Memos"
    prefix = "CM"
    order = 68
    statuses = Status
    verb = "Credit"
    queue = "Credit Returns"
    header = ("reference",)
    balance = -1
    finished = (Status.APPLIED,)

    def gives(self, document: Transaction, company: Company) -> int | None:
        return company.receivable_account_id

    def settled(self, document: Transaction, open_balance: Decimal) -> str:
        return Status.OPEN if open_balance else Status.APPLIED


kind = CreditMemo()
