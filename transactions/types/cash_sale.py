from django.db.models import TextChoices

from accounting.models import Account
from company.models import Company
from transactions.models import Transaction
from transactions.types.invoice import Sale


class Status(TextChoices):
    NOT_DEPOSITED = "not_deposited", "Not Deposited"
    DEPOSITED = "deposited", "Deposited"


# Where money that comes in may go: a bank, or the till until it is carried there.
MONEY = (Account.Type.BANK, Account.Type.CURRENT_ASSET)


def deposit_status(document: Transaction) -> str:
    """Money in a bank account is deposited; in the till (Undeposited Funds) it is not."""
    account = document.account
    is_bank = account is not None and account.type == Account.Type.BANK
    return Status.DEPOSITED if is_bank else Status.NOT_DEPOSITED


class CashSale(Sale):
    """Goods go over the counter and are paid at once (SPEC §4.6, R3c, R3).

    Dr Undeposited Funds or a bank, Cr Sales Income; and Dr Cost of Goods Sold, Cr Inventory Asset.
    """

    name = "cash_sale"
    label = "Cash Sale"
    plural = "Cash Sales"
    prefix = "CS"
    order = 62
    statuses = Status
    verb = "Sell for Cash"
    queue = "Sell Orders for Cash"
    header = ("account", "reference")
    required = ("account",)
    labels = {"account": "Deposit To"}
    printed_as = "Sales Receipt"
    account_from = "undeposited_funds_account"
    account_types = MONEY
    finished = (Status.NOT_DEPOSITED, Status.DEPOSITED)

    def first_status(self, document: Transaction, company: Company) -> str:
        return deposit_status(document)

    def pays(self, document: Transaction, company: Company) -> int | None:
        return document.account_id


kind = CashSale()
