from collections.abc import Sequence
from decimal import Decimal

from django.db.models import TextChoices

from company.models import Company
from transactions.models import Transaction, TransactionLine
from transactions.types import cash_sale, invoice
from transactions.types.base import Kind, Serials, Stage, Step, sale_of


class Status(TextChoices):
    PENDING_APPROVAL = "pending_approval", "Pending Approval"
    PENDING_RECEIPT = "pending_receipt", "Pending Receipt"
    PARTIALLY_RECEIVED = "partially_received", "Partially Received"
    PENDING_REFUND = "pending_refund", "Pending Refund"
    REFUNDED = "refunded", "Refunded"
    CANCELLED = "cancelled", "Cancelled"
    CLOSED = "closed", "Closed"


TO_RECEIVE = (Status.PENDING_RECEIPT, Status.PARTIALLY_RECEIVED)
TO_REFUND = (Status.PARTIALLY_RECEIVED, Status.PENDING_REFUND, Status.CLOSED)


class ReturnAuthorization(Kind):
    """A customer may bring goods back (SPEC §4.7). Books nothing and moves nothing."""

    name = "return_authorization"
    label = "Return Authorization"
    plural = "Return Authorizations"
    prefix = "RMA"
    order = 66
    stage = Stage.ORDER
    statuses = Status
    verb = "Authorize Return"
    party = "customer"
    parents = {
        invoice.kind.name: invoice.Status.values,
        cash_sale.kind.name: cash_sale.Status.values,
    }
    header = ("reference",)
    posts = False
    designates = Serials.SOLD
    rate_from = ("base_price",)
    progress_columns = {"moved": "Received", "billed": "Credited"}
    finished = (Status.REFUNDED, Status.CANCELLED, Status.CLOSED)

    def first_status(self, document: Transaction, company: Company) -> str:
        return document.status or Status.PENDING_RECEIPT

    def first_statuses(self) -> Sequence[str]:
        return (Status.PENDING_RECEIPT, Status.PENDING_APPROVAL)

    def steps(self, document: Transaction) -> Sequence[Step]:
        cancel = Step(Status.CANCELLED, "Cancel Return", untouched=True)
        if document.status == Status.PENDING_APPROVAL:
            return (Step(Status.PENDING_RECEIPT, "Approve"), cancel)
        if document.status == Status.PENDING_RECEIPT:
            return (Step(Status.CLOSED, "Close"), cancel)
        if document.status == Status.PARTIALLY_RECEIVED:
            return (Step(Status.CLOSED, "Close"),)
        if document.status == Status.CLOSED:
            return (Step(Status.PENDING_RECEIPT, "Reopen"),)
        return ()

    def is_active(self, document: Transaction) -> bool:
        idle = (Status.PENDING_APPROVAL, Status.CANCELLED, Status.CLOSED, "voided")
        return document.status not in idle

    def is_editable(self, document: Transaction) -> bool:
        return document.status in (Status.PENDING_APPROVAL, *TO_RECEIVE)

    def progress(self, document: Transaction, lines: Sequence[TransactionLine]) -> str:
        if not self.is_active(document):
            return document.status
        received = sum(line.moved for line in lines)
        if not received:
            return Status.PENDING_RECEIPT
        if any(line.to_move and not line.closed for line in lines):
            return Status.PARTIALLY_RECEIVED
        unpaid = received > sum(line.billed for line in lines)
        return Status.PENDING_REFUND if unpaid else Status.REFUNDED

    def origin(self, line: TransactionLine) -> TransactionLine | None:
        return sale_of(line.created_from_line)

    def limit(self, source: TransactionLine) -> Decimal:
        return source.quantity - source.authorized


kind = ReturnAuthorization()
