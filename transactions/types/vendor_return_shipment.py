from collections.abc import Sequence
from decimal import Decimal

from django.db.models import TextChoices

from company.models import Company
from transactions.models import Transaction, TransactionLine
from transactions.types import vendor_return_authorization
from transactions.types.base import Kind, Movement, Pair, Serials, Stage, plain
from transactions.types.base import Status as Unit


class Status(TextChoices):
    SHIPPED = "shipped", "Shipped"


class VendorReturnShipment(Kind):
    """Goods go back to the vendor (SPEC §4.5, R7). Dr Accrued Purchases, Cr Inventory Asset."""

    name = "vendor_return_shipment"
    label = "Vendor Return Shipment"
    plural = "Vendor Return Shipments"
    prefix = "VRS"
    order = 37
    stage = Stage.MOVEMENT
    statuses = Status
    verb = "Ship Return"
    queue = "Ship Vendor Returns"
    party = "vendor"
    parents = {vendor_return_authorization.kind.name: vendor_return_authorization.TO_RETURN}
    stand_alone = False
    header = ("reference",)
    rate_label = ""
    printed_as = "Packing Slip"
    progress_columns = {"billed": "Credited"}
    finished = (Status.SHIPPED,)

    def movement(self, line: TransactionLine, before: str, after: str) -> Movement:
        return Movement(Serials.ON_HAND, Unit.ON_HAND, Unit.RETURNED_TO_VENDOR)

    def pairs(
        self, line: TransactionLine, document: Transaction, company: Company, after: str
    ) -> Sequence[Pair]:
        return plain((company.accrued_purchases_account_id, line.item.asset_account_id, line.cost))

    def limit(self, source: TransactionLine) -> Decimal:
        return source.to_move


kind = VendorReturnShipment()
