from collections.abc import Sequence

from django.db.models import TextChoices

from company.models import Company
from transactions.models import Transaction, TransactionLine
from transactions.types.base import Kind, Serials, Stage, Step


class Status(TextChoices):
    PENDING_APPROVAL = "pending_approval", "Pending Approval"
    PENDING_FULFILLMENT = "pending_fulfillment", "Pending Fulfillment"
    PARTIALLY_FULFILLED = "partially_fulfilled", "Partially Fulfilled"
    BILLING_PARTIALLY_FULFILLED = (
        "billing_partially_fulfilled",
        "Pending Billing/Partially Fulfilled",
    )
    PENDING_BILLING = "pending_billing", "Pending Billing"
    BILLED = "billed", "Billed"
    CLOSED = "closed", "Closed"
    CANCELLED = "cancelled", "Cancelled"


TO_FULFILL = (
    Status.PENDING_FULFILLMENT,
    Status.PARTIALLY_FULFILLED,
    Status.BILLING_PARTIALLY_FULFILLED,
)
TO_BILL = (Status.BILLING_PARTIALLY_FULFILLED, Status.PENDING_BILLING, Status.CLOSED)


class SalesOrder(Kind):
    """Goods promised to a customer (SPEC §4.4). Books nothing; commits stock or back orders it."""

    name = "sales_order"
    label = "Sales Order"
    plural = "Sales Orders"
    prefix = "SO"
    order = 40
    stage = Stage.ORDER
    statuses = Status
    verb = "Sell"
    party = "customer"
    header = ("expected_date", "reference")
    posts = False
    begins = True
    demands_stock = True
    designates = Serials.ON_HAND
    warns_of_levels = True
    rate_from = ("base_price",)
    progress_columns = {
        "committed": "Committed",
        "back_ordered": "Back Ordered",
        "picked": "Picked",
        "shipped": "Fulfilled",
        "billed": "Invoiced",
    }
    finished = (Status.BILLED, Status.CLOSED, Status.CANCELLED)

    def first_status(self, document: Transaction, company: Company) -> str:
        if company.approve_sales_orders:
            return Status.PENDING_APPROVAL
        return Status.PENDING_FULFILLMENT

    def steps(self, document: Transaction) -> Sequence[Step]:
        cancel = Step(Status.CANCELLED, "Cancel Order", untouched=True)
        if document.status == Status.PENDING_APPROVAL:
            return (Step(Status.PENDING_FULFILLMENT, "Approve"), cancel)
        if document.status == Status.PENDING_FULFILLMENT:
            return (Step(Status.CLOSED, "Close"), cancel)
        if document.status in TO_FULFILL:
            return (Step(Status.CLOSED, "Close"),)
        if document.status == Status.CLOSED:
            return (Step(Status.PENDING_FULFILLMENT, "Reopen"),)
        return ()

    def is_active(self, document: Transaction) -> bool:
        idle = (Status.PENDING_APPROVAL, Status.CLOSED, Status.CANCELLED, "voided")
        return document.status not in idle

    def is_editable(self, document: Transaction) -> bool:
        return document.status in (Status.PENDING_APPROVAL, *TO_FULFILL)

    def progress(self, document: Transaction, lines: Sequence[TransactionLine]) -> str:
        if not self.is_active(document):
            return document.status
        shipped = sum(line.moved - line.picked for line in lines)
        unbilled = shipped > sum(line.billed for line in lines)
        if any(line.to_fulfill or line.picked for line in lines):
            if not shipped:
                return Status.PENDING_FULFILLMENT
            return Status.BILLING_PARTIALLY_FULFILLED if unbilled else Status.PARTIALLY_FULFILLED
        if not shipped:
            return Status.CLOSED
        return Status.PENDING_BILLING if unbilled else Status.BILLED


kind = SalesOrder()
