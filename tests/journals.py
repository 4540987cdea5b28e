"""Manual journal entries for tests, in one line each."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from tests.books import TODAY, Books
from transactions.models import JournalRow, Transaction
from transactions.posting import post


def row(books: Books, account: str, debit: Any, credit: Any, memo: str = "") -> JournalRow:
    """A debit or a credit of an account by its number."""
    return JournalRow(
        account=books.account(account), debit=Decimal(debit), credit=Decimal(credit), memo=memo
    )


def unwritten(books: Books, *rows: tuple[Any, ...], on: date = TODAY) -> Transaction:
    """A journal entry of (account, debit, credit) rows, ready to be posted."""
    document = Transaction(type="journal_entry", date=on)
    document.journal_rows = [row(books, *given) for given in rows]
    return document


def write(books: Books, *rows: tuple[Any, ...], on: date = TODAY) -> Transaction:
    """A journal entry of (account, debit, credit) rows."""
    return post(unwritten(books, *rows, on=on), [], by=books.user).document
