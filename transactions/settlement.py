"""What is still open of invoices, bills and credits, and what can settle it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.db.models import ExpressionWrapper, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from accounting.fields import MoneyField
from parties.models import Customer, Vendor
from transactions import types
from transactions.models import VOIDED, Application, Transaction, TransactionQuerySet
from transactions.types import Kind


def with_left(documents: TransactionQuerySet) -> TransactionQuerySet:
    """Documents with what is `left` open of each (a live one's `open_balance`), in one go."""
    applied = Application.objects.live().filter(document=OuterRef("pk")).order_by()
    sums = applied.values("document").annotate(sum=Sum("amount")).values("sum")
    left = F("total") - Coalesce(Subquery(sums), 0, output_field=MoneyField())
    return documents.annotate(left=ExpressionWrapper(left, output_field=MoneyField()))


def open_balances(documents: Iterable[Transaction]) -> dict[int, Decimal]:
    """By document id, what is open of each that stands; one statement, however many."""
    rows = with_left(Transaction.objects.live().filter(pk__in=[d.pk for d in documents]))
    return dict(rows.order_by().values_list("pk", "left"))  # type: ignore[misc]


def unsettled(kind: Kind, party: Customer | Vendor, also: Sequence[int] = ()) -> list[Transaction]:
    """What a payment of a kind can settle of a party, oldest first, with what is `left`.

    And the documents with the ids in `also`, of which nothing may be left by now, or which may
    have been voided: a payment of them is refused, not silently made without them.
    """
    theirs = Transaction.objects.of(*kind.settles).filter(**{kind.party: party})
    is_open = Q(left__gt=0) & ~Q(status=VOIDED)
    found = with_left(theirs).filter(is_open | Q(pk__in=also))
    return list(found.order_by("date", "pk"))


def settled_by(document: Transaction) -> list[tuple[Kind, str]]:
    """The kinds that can settle what is open of a document, and what each one's button says."""
    kinds = [kind for kind in types.all_kinds() if document.type in kind.settles]
    if not kinds or not document.open_balance:
        return []
    return [(kind, kind.verb if document.kind.balance > 0 else "Apply") for kind in kinds]
