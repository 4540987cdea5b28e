from collections.abc import Sequence
from decimal import Decimal

from django.db.models import TextChoices

from company.models import Company
from transactions.models import Transaction, TransactionLine
from transactions.types.base import Kind, Serials, Stage, Step
from transactions.types.inventory_transfer import same_place


class Status(TextChoices):
    PENDING_APPROVAL = "pending_approval", "Pending Approval"
    REJECTED = "rejected", "Rejected"
    PENDING_FULFILLMENT = "pending_fulfillment", "Pending Fulfillment"
    PARTIALLY_FULFILLED = "partially_fulfilled", "Partially Fulfilled"
    RECEIPT_PARTIALLY_FULFILLED = (
        "receipt_partially_fulfilled",
        "Pending Receipt/Partially Fulfilled",
    )
    PENDING_RECEIPT = "pending_receipt", "Pending Receipt"
    RECEIVED = "received", "Received"
    CLOSED = "closed", "Closed"


TO_FULFILL = (
    Status.PENDING_FULFILLMENT,
    Status.PARTIALLY_FULFILLED,
    Status.RECEIPT_PARTIALLY_FULFILLED,
)
TO_RECEIVE = (Status.RECEIPT_PARTIALLY_FULFILLED, Status.PENDING_RECEIPT, Status.CLOSED)


class TransferOrder(Kind):
    """Stock is asked for at another location (SPEC §4.10).

    Books nothing; commits stock where it lies, and is on order where it goes to.
    """

    name = "transfer_order"
    label = "Transfer Order"
    plural = "Transfer Orders"
    prefix = "TO"
    order = 74
    stage = Stage.ORDER
    statuses = Status
    verb = "Order Transfer"
    header = ("to_location", "expected_date", "reference")
    required = ("location", "to_location")
    labels = {"location": "From Location", "to_location": "To Location"}
    posts = False
    begins = True
    internal = True
    demands_stock = True
    designates = Serials.ON_HAND
    binds = True
    rate_label = ""
    progress_columns = {
        "committed": "Committed",
        "back_ordered": "Back Ordered",
        "picked": "Picked",
        "shipped": "Shipped",
        "arrived": "Received",
    }
    finished = (Status.REJECTED, Status.RECEIVED, Status.CLOSED)

    def first_status(self, document: Transaction, company: Company) -> str:
        return document.status or Status.PENDING_FULFILLMENT

    def first_statuses(self) -> Sequence[str]:
        return (Status.PENDING_FULFILLMENT, Status.PENDING_APPROVAL)

    def steps(self, document: Transaction) -> Sequence[Step]:
        if document.status == Status.PENDING_APPROVAL:
            return (
                Step(Status.PENDING_FULFILLMENT, "Approve", judges=True),
                Step(Status.REJECTED, "Reject", judges=True),
            )
        if document.status in TO_FULFILL:
            return (Step(Status.CLOSED, "Close"),)
        if document.status == Status.CLOSED:
            return (Step(Status.PENDING_FULFILLMENT, "Reopen"),)
        return ()

    def is_active(self, document: Transaction) -> bool:
        idle = (Status.PENDING_APPROVAL, Status.REJECTED, Status.CLOSED, "voided")
        return document.status not in idle

    def is_editable(self, document: Transaction) -> bool:
        return document.status in (Status.PENDING_APPROVAL, *TO_FULFILL)

    def coming(self, line: TransactionLine, still: Decimal) -> Decimal:
        """What was picked or sent still arrives, whatever becomes of the order."""
        return still + line.moved - line.arrived

    def progress(self, document: Transaction, lines: Sequence[TransactionLine]) -> str:
        if not self.is_active(document):
            return document.status
        shipped = sum(line.moved - line.picked for line in lines)
        under_way = shipped > sum(line.arrived for line in lines)
        if any(line.to_fulfill or line.picked for line in lines):
            if not shipped:
                return Status.PENDING_FULFILLMENT
            return Status.RECEIPT_PARTIALLY_FULFILLED if under_way else Status.PARTIALLY_FULFILLED
        if not shipped:
            return Status.CLOSED
        return Status.PENDING_RECEIPT if under_way else Status.RECEIVED

    def problems(self, document: Transaction, lines: Sequence[TransactionLine]) -> Sequence[str]:
        return [
            *same_place(document),
            *(
                f"Line {line.line_no}, {line.item}: name all of its serial numbers, or none."
                for line in lines
                if line.serials and len(list(line.serials)) != line.quantity
            ),
        ]


kind = TransferOrder()
