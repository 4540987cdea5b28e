from collections.abc import Sequence
from decimal import Decimal

from django.db.models import TextChoices

from company.models import Company
from transactions.models import Transaction, TransactionLine
from transactions.types import return_authorization
from transactions.types.base import Kind, Movement, Pair, Serials, Stage, plain, sale_of
from transactions.types.base import Status as Unit


class Status(TextChoices):
    RECEIVED = "received", "Received"


def sold_line(line: TransactionLine) -> TransactionLine | None:
    """The line of the sale that is undone, or None where the return is linked to none."""
    authorized = line.created_from_line
    return authorized.created_from_line if authorized else None


class ReturnReceipt(Kind):
    """A customer's goods come back (SPEC §4.2, §5.4, R4, R5).

    Restocked: Dr Inventory Asset, Cr Cost of Goods Sold, at the unit's own cost or, where no sale
    is known, at the Override Rate. Not restocked: Dr Returns Write-Off, Cr Cost of Goods Sold.
    """

    name = "return_receipt"
    label = "Return Receipt"
    plural = "Return Receipts"
    prefix = "RR"
    order = 67
    stage = Stage.MOVEMENT
    statuses = Status
    verb = "Receive"
    queue = "Receive Returned Orders"
    party = "customer"
    parents = {return_authorization.kind.name: return_authorization.TO_RECEIVE}
    stand_alone = False
    header = ("reference",)
    line_fields = ("location", "restock", "override_rate")
    rate_label = ""
    progress_columns = {"billed": "Credited"}
    finished = (Status.RECEIVED,)

    def movement(self, line: TransactionLine, before: str, after: str) -> Movement:
        if sold_line(line) is None:
            return Movement(Serials.TRADED_IN, None, Unit.ON_HAND)
        target = Unit.ON_HAND if line.restock else Unit.WRITTEN_OFF
        return Movement(Serials.SOLD, Unit.SOLD, target)

    def pairs(
        self, line: TransactionLine, document: Transaction, company: Company, after: str
    ) -> Sequence[Pair]:
        item = line.item
        kept = item.asset_account_id if line.restock else company.write_off_account_id
        return plain((kept, item.cogs_account_id, line.cost))

    def limit(self, source: TransactionLine) -> Decimal:
        return source.to_move

    def unit_cost(self, line: TransactionLine) -> Decimal:
        return line.override_rate or Decimal(0)

    def origin(self, line: TransactionLine) -> TransactionLine | None:
        return sale_of(sold_line(line))

    def source_of(self, line: TransactionLine) -> TransactionLine | None:
        return sold_line(line)

    def problems(self, document: Transaction, lines: Sequence[TransactionLine]) -> Sequence[str]:
        return [
            f"Line {line.line_no}, {line.item}: no sale is known, so it can only be restocked. "
            "Adjust it out afterwards."
            for line in lines
            if not line.restock and sold_line(line) is None
        ]


kind = ReturnReceipt()
