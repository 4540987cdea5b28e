from collections.abc import Sequence

from django.db.models import TextChoices

from transactions.models import Transaction, TransactionLine
from transactions.types.base import Kind, Stage, Step


class Status(TextChoices):
    OPEN = "open", "Open"
    STARTED = "started", "Started"
    PENDING_APPROVAL = "pending_approval", "Completed/Pending Approval"
    REJECTED = "rejected", "Rejected"
    APPROVED = "approved", "Approved"


# In these an item is being counted; in no other count at the location at the same time.
UNDER_WAY = (Status.OPEN, Status.STARTED, Status.PENDING_APPROVAL, Status.REJECTED)


class InventoryCount(Kind):
    """What is really there is listed by scanning it (SPEC §4.11, R12).

    Books nothing itself: its approval posts adjustments and transfers, which book as they do.
    """

    name = "inventory_count"
    label = "Inventory Count"
    plural = "Inventory Counts"
    prefix = "CNT"
    order = 78
    stage = Stage.COUNT
    statuses = Status
    verb = "Count"
    posts = False
    header = ("account",)
    required = ("account",)
    account_from = "adjustment_account"
    labels = {"account": "Adjustment Account", "location": "Count Location"}
    quantity_label = "Counted"
    rate_label = ""
    finished = (Status.APPROVED,)

    def steps(self, document: Transaction) -> Sequence[Step]:
        start = Step(Status.STARTED, "Start Counting")
        again = Step(Status.STARTED, "Count Again")
        complete = Step(Status.PENDING_APPROVAL, "Complete")
        judge = (
            Step(Status.REJECTED, "Reject", judges=True),
            Step(Status.APPROVED, "Approve", judges=True),
        )
        return {
            Status.OPEN: (start,),
            Status.STARTED: (complete,),
            Status.PENDING_APPROVAL: judge,
            Status.REJECTED: (again,),
        }.get(Status(document.status) if not document.is_voided else Status.APPROVED, ())

    def problems(self, document: Transaction, lines: Sequence[TransactionLine]) -> Sequence[str]:
        if document.location is None:
            return ["Choose the location to count at."]
        found = []
        if document.location.inactive:
            found.append(f"Location {document.location} is inactive.")
        items = [line.item for line in lines]
        repeated = {item for item in items if items.count(item) > 1}
        found += [f"{item} is on two lines: it is counted once." for item in repeated]
        if any(line.location_id != document.location_id for line in lines):
            found.append(f"Every item is counted at {document.location}.")
        return found


kind = InventoryCount()
