from collections.abc import Sequence
from decimal import Decimal

from django.db.models import TextChoices

from company.models import Company
from transactions.models import Transaction, TransactionLine
from transactions.types.base import Kind, Stage, Step


class Status(TextChoices):
    PENDING_APPROVAL = "pending_approval", "Pending Supervisor Approval"
    REJECTED = "rejected", "Rejected by Supervisor"
    PENDING_RECEIPT = "pending_receipt", "Pending Receipt"
    PARTIALLY_RECEIVED = "partially_received", "Partially Received"
    BILLING_PARTIALLY_RECEIVED = (
        "billing_partially_received",
        "Pending Billing/Partially Received",
    )
    PENDING_BILL = "pending_bill", "Pending Bill"
    FULLY_BILLED = "fully_billed", "Fully Billed"
    CLOSED = "closed", "Closed"


TO_RECEIVE = (
    Status.PENDING_RECEIPT,
    Status.PARTIALLY_RECEIVED,
    Status.BILLING_PARTIALLY_RECEIVED,
)
TO_BILL = (Status.BILLING_PARTIALLY_RECEIVED, Status.PENDING_BILL, Status.CLOSED)


class PurchaseOrder(Kind):
    """Goods ordered from a vendor (SPEC §4.1). Books nothing; adds to quantity on order."""

    name = "purchase_order"
    label = "Purchase Order"
    plural = "Purchase Orders"
    prefix = "PO"
    order = 10
    stage = Stage.ORDER
    statuses = Status
    verb = "Order"
    party = "vendor"
    header = ("expected_date", "reference")
    posts = False
    begins = True
    rate_from = ("purchase_price", "last_purchase_price")
    progress_columns = {"moved": "Received", "billed": "Billed", "on_order": "On Order"}
    finished = (Status.REJECTED, Status.FULLY_BILLED, Status.CLOSED)

    def first_status(self, document: Transaction, company: Company) -> str:
        return (
            Status.PENDING_APPROVAL if company.approve_purchase_orders else Status.PENDING_RECEIPT
        )

    def steps(self, document: Transaction) -> Sequence[Step]:
        if document.status == Status.PENDING_APPROVAL:
            return (
                Step(Status.PENDING_RECEIPT, "Approve", judges=True),
                Step(Status.REJECTED, "Reject", judges=True),
            )
        if document.status in (*TO_RECEIVE, Status.PENDING_BILL):
            return (Step(Status.CLOSED, "Close"),)
        if document.status == Status.CLOSED:
            return (Step(Status.PENDING_RECEIPT, "Reopen"),)
        return ()

    def is_active(self, document: Transaction) -> bool:
        idle = (Status.PENDING_APPROVAL, Status.REJECTED, Status.CLOSED, "voided")
        return document.status not in idle

    def is_editable(self, document: Transaction) -> bool:
        return document.status in (Status.PENDING_APPROVAL, *TO_RECEIVE)

    def coming(self, line: TransactionLine, still: Decimal) -> Decimal:
        return still

    def progress(self, document: Transaction, lines: Sequence[TransactionLine]) -> str:
        if not self.is_active(document):
            return document.status
        received = sum(line.moved for line in lines)
        unbilled = received > sum(line.billed for line in lines)
        if any(line.on_order for line in lines):
            if not received:
                return Status.PENDING_RECEIPT
            return Status.BILLING_PARTIALLY_RECEIVED if unbilled else Status.PARTIALLY_RECEIVED
        if not received:
            return Status.CLOSED
        return Status.PENDING_BILL if unbilled else Status.FULLY_BILLED


kind = PurchaseOrder()
