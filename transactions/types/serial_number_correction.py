from collections.abc import Sequence

from django.db.models import TextChoices

from transactions.models import Transaction, TransactionLine
from transactions.types.base import Kind, Stage


class Status(TextChoices):
    POSTED = "posted", "Posted"


class SerialNumberCorrection(Kind):
    """A serial number was typed wrongly: the unit carries another one from now on (SPEC §6.5).

    Moves nothing and books nothing; the unit shows its new number everywhere, and both numbers
    stay findable.
    """

    name = "serial_number_correction"
    label = "Serial Number Correction"
    plural = "Serial Number Corrections"
    prefix = "SNC"
    order = 78
    stage = Stage.SETTLEMENT
    statuses = Status
    verb = "Correct Number"
    has_lines = False
    posts = False
    renames = True
    labels = {"memo": "Reason"}
    rate_label = ""
    finished = (Status.POSTED,)

    def problems(self, document: Transaction, lines: Sequence[TransactionLine]) -> Sequence[str]:
        found = [] if document.memo.strip() else ["Say how the number came to be wrong."]
        return found if document.renames else [*found, "Choose a serial number."]


kind = SerialNumberCorrection()
