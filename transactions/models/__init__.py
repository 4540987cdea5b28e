"""Documents, their lines, what each posting did, and the log of every move of stock."""

from transactions.models.document import (
    VOIDED,
    Application,
    JournalRow,
    LineUnit,
    NumberChange,
    NumberSeries,
    Transaction,
    TransactionLine,
    TransactionLineQuerySet,
    TransactionQuerySet,
)
from transactions.models.posting import AMENDED, Posting, StockMove, StockMoveQuerySet

__all__ = [
    "AMENDED",
    "VOIDED",
    "Application",
    "JournalRow",
    "LineUnit",
    "NumberChange",
    "NumberSeries",
    "Posting",
    "StockMove",
    "StockMoveQuerySet",
    "Transaction",
    "TransactionLine",
    "TransactionLineQuerySet",
    "TransactionQuerySet",
]
