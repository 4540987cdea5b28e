from collections.abc import Sequence
from decimal import Decimal

from django.db.models import TextChoices

from company.models import Company
from transactions.models import Transaction, TransactionLine
from transactions.types import purchase_order
from transactions.types.base import Kind, Stage, Step


class Status(TextChoices):
    PENDING_APPROVAL = "pending_approval", "Pending Approval"
    PENDING_RETURN = "pending_return", "Pending Return"
    PARTIALLY_RETURNED = "partially_returned", "Partially Returned"
    PENDING_CREDIT = "pending_credit", "Pending Credit"
    CREDIT_PARTIALLY_RETURNED = (
        "credit_partially_returned",
        "Pending Credit/Partially Returned",
    )
    CREDITED = "credited", "Credited"
    CANCELLED = "cancelled", "Cancelled"
    CLOSED = "closed", "Closed"


TO_RETURN = (Status.PENDING_RETURN, Status.PARTIALLY_RETURNED, Status.CREDIT_PARTIALLY_RETURNED)
TO_CREDIT = (Status.PENDING_CREDIT, Status.CREDIT_PARTIALLY_RETURNED, Status.CLOSED)


class VendorReturnAuthorization(Kind):
    """A vendor takes goods back (SPEC §4.8). Books nothing and commits nothing."""

    name = "vendor_return_authorization"
    label = "Vendor Return Authorization"
    plural = "Vendor Return Authorizations"
    prefix = "VRA"
    order = 36
    stage = Stage.ORDER
    statuses = Status
    verb = "Authorize Return"
    party = "vendor"
    parents = {
        purchase_order.kind.name: (
            purchase_order.Status.PENDING_BILL,
            purchase_order.Status.FULLY_BILLED,
        )
    }
    header = ("reference",)
    posts = False
    warns_of_levels = True
    rate_from = ("last_purchase_price", "purchase_price")
    progress_columns = {"moved": "Returned", "billed": "Credited"}
    finished = (Status.CREDITED, Status.CANCELLED, Status.CLOSED)

    def first_status(self, document: Transaction, company: Company) -> str:
        return document.status or Status.PENDING_RETURN

    def first_statuses(self) -> Sequence[str]:
        return (Status.PENDING_RETURN, Status.PENDING_APPROVAL)

    def steps(self, document: Transaction) -> Sequence[Step]:
        cancel = Step(Status.CANCELLED, "Cancel Return", untouched=True)
        if document.status == Status.PENDING_APPROVAL:
            return (Step(Status.PENDING_RETURN, "Approve"), cancel)
        if document.status == Status.PENDING_RETURN:
            return (Step(Status.CLOSED, "Close"), cancel)
        if document.status in TO_RETURN:
            return (Step(Status.CLOSED, "Close"),)
        if document.status == Status.CLOSED:
            return (Step(Status.PENDING_RETURN, "Reopen"),)
        return ()

    def is_active(self, document: Transaction) -> bool:
        idle = (Status.PENDING_APPROVAL, Status.CANCELLED, Status.CLOSED, "voided")
        return document.status not in idle

    def is_editable(self, document: Transaction) -> bool:
        return document.status in (Status.PENDING_APPROVAL, *TO_RETURN)

    def progress(self, document: Transaction, lines: Sequence[TransactionLine]) -> str:
        if not self.is_active(document):
            return document.status
        returned = sum(line.moved for line in lines)
        uncredited = returned > sum(line.billed for line in lines)
        if not returned:
            return Status.PENDING_RETURN
        if any(line.to_move and not line.closed for line in lines):
            return Status.CREDIT_PARTIALLY_RETURNED if uncredited else Status.PARTIALLY_RETURNED
        return Status.PENDING_CREDIT if uncredited else Status.CREDITED

    def limit(self, source: TransactionLine) -> Decimal:
        return source.moved - source.authorized


kind = VendorReturnAuthorization()
