"""What must hold before a document is saved, steps on or is voided. Reads only.

Each rule gives every refusal it finds, never only the first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.db.models import Q
from django.utils import timezone

from accounting.models import AccountingPeriod
from company.models import Company
from items.models import Item, ItemLocation, SerialUnit
from items.refusals import Refusal, Refused, refuse
from transactions import serials
from transactions.balances import Place
from transactions.models import Posting, StockMove, Transaction, TransactionLine
from transactions.serials import Explanation, Take
from transactions.types.base import Kind, Stage

HELD = SerialUnit.HELD


def entry(
    document: Transaction, lines: Sequence[TransactionLine], family: Mapping[int, Transaction]
) -> list[Refusal]:
    """The rules of a new document that do not depend on its serial numbers."""
    return [
        *dates(document.date),
        *_header(document, family.get(document.created_from_id or 0)),
        *(Refusal(text) for text in document.kind.problems(document, lines)),
        *([] if lines else [Refusal("Add at least one line.")]),
        *(refusal for line in lines for refusal in _line(document.kind, line)),
        *_sources(document, lines),
        *_beyond_parent(document.kind, lines),
        *_account(document),
    ]


def dates(day: date) -> list[Refusal]:
    """A date lies in an open period and never in the future (SPEC §5.7, SER-15)."""
    if day > timezone.localdate():
        return [Refusal(f"The date {day} lies in the future.")]
    period = AccountingPeriod.objects.covering(day)
    if period is None:
        return [Refusal(f"No accounting period covers {day}. Choose another date.")]
    return [refuse("SER-15", url=period.get_absolute_url(), name=period)] if period.closed else []


def _header(document: Transaction, parent: Transaction | None) -> list[Refusal]:
    kind, found = document.kind, []
    if kind.first_statuses() and document.status not in kind.first_statuses():
        found.append(Refusal(f"A {kind.label.lower()} cannot begin as {document.status}."))
    if kind.party:
        party = getattr(document, kind.party)
        if party is None:
            found.append(Refusal(f"Choose a {kind.party}."))
        elif kind.begins and party.inactive:
            found.append(Refusal(f"{party} is inactive.", url=party.get_absolute_url()))
    if parent is None:
        if not kind.stand_alone:
            found.append(Refusal(f"{kind.label}: choose the order it is made from."))
        return found
    if parent.status not in kind.parents.get(parent.type, ()):
        found.append(Refusal(f"{parent} is {parent.status_label}.", url=parent.get_absolute_url()))
    if document.party != parent.party:
        found.append(Refusal(f"{parent} belongs to {parent.party}."))
    return found


def _line(kind: Kind, line: TransactionLine) -> list[Refusal]:
    found = []
    where = f"Line {line.line_no}, {line.item}:"
    if line.quantity == 0 or (line.quantity < 0 and not kind.signed):
        found.append(Refusal(f"{where} enter a quantity above zero.", line=line.line_no))
    if line.rate < 0:
        found.append(Refusal(f"{where} the rate cannot be negative.", line=line.line_no))
    if line.item.is_serialized:
        if line.quantity != line.quantity.to_integral_value():
            found.append(
                Refusal(f"{where} a serialized item comes in whole units.", line=line.line_no)
            )
        if line.rate != line.rate.quantize(Decimal("0.01")):
            found.append(Refusal(f"{where} give the rate in whole cents.", line=line.line_no))
    return found + _inactive(kind, line)


def _inactive(kind: Kind, line: TransactionLine) -> list[Refusal]:
    """SER-17 and SER-18; stock may be adjusted out after confirming (SPEC §6.6)."""
    leaves = kind.signed and line.quantity < 0
    found = []
    if line.location.inactive and (kind.begins or kind.movement(line, "", "")):
        url = line.location.get_absolute_url()
        found.append(refuse("SER-17", line.line_no, url, asks=leaves, location=line.location))
    if line.item.inactive and (kind.begins or kind.signed):
        url = line.item.get_absolute_url()
        found.append(refuse("SER-18", line.line_no, url, asks=leaves, item=line.item))
    return found


def _sources(document: Transaction, lines: Sequence[TransactionLine]) -> list[Refusal]:
    """A line comes from the document's parent, or from a receipt or fulfillment of it."""
    kind, found = document.kind, []
    for line in lines:
        source, where = line.created_from_line, f"Line {line.line_no}, {line.item}:"
        if source is None:
            if not kind.stand_alone:
                found.append(Refusal(f"{where} it is not on the order.", line=line.line_no))
            continue
        origin = source.transaction
        url = origin.get_absolute_url()
        if document.created_from_id not in (origin.pk, origin.created_from_id):
            text = f"{where} {origin} does not belong to {document.created_from}."
            found.append(Refusal(text, line=line.line_no, url=url))
        elif origin.status not in kind.parents.get(origin.type, ()):
            text = f"{where} {origin} is {origin.status_label}."
            found.append(Refusal(text, line=line.line_no, url=url))
        elif source.item_id != line.item_id:
            text = f"{where} {origin} has {source.item} on this line."
            found.append(Refusal(text, line=line.line_no, url=url))
    return found


def _beyond_parent(kind: Kind, lines: Sequence[TransactionLine]) -> list[Refusal]:
    """Nothing is received beyond its order, billed beyond its receipt, picked beyond committed."""
    wanted: dict[int, Decimal] = {}
    found = []
    for line in lines:
        if source := line.created_from_line:
            wanted[source.pk] = wanted.get(source.pk, Decimal(0)) + line.quantity
            left = kind.limit(source)
            if wanted[source.pk] > left:
                text = (
                    f"Line {line.line_no}, {line.item}: only {left} can still be taken from "
                    f"{source.transaction}, not {wanted[source.pk]}."
                )
                url = source.transaction.get_absolute_url()
                found.append(Refusal(text, line=line.line_no, url=url))
    return found


def _account(document: Transaction) -> list[Refusal]:
    """Stock's own accounts move with stock alone, so nobody may choose them (SPEC §2.4)."""
    account = document.account
    if account is None:
        return []
    kept = Company.objects.filter(
        Q(in_transit_account=account) | Q(accrued_purchases_account=account)
    )
    if account.inactive or kept.exists() or account.asset_items.exists():
        why = "is inactive" if account.inactive else "is kept by stock itself"
        text = f"{account} {why}. Choose another account."
        return [Refusal(text, url=account.get_absolute_url())]
    return []


def numbers_typed(kind: Kind, lines: Sequence[TransactionLine]) -> list[Refusal]:
    """SER-06, SER-07, SER-08 for the lines that take serial numbers."""
    serialized = [line for line in lines if line.item.is_serialized]
    ordinary = [line for line in lines if line.serials and not line.item.is_serialized]
    found = [
        Refusal(f"Line {line.line_no}: {line.item} has no serial numbers.", line=line.line_no)
        for line in ordinary
    ]
    if kind.designates:
        return found + serials.entry_refusals(serialized, exact=False)
    moving = [line for line in serialized if kind.movement(line, "", "")]
    return found + serials.entry_refusals(moving)


def stock(takes: Iterable[Take], rows: Mapping[Place, ItemLocation]) -> list[Refusal]:
    """Stock never goes negative; for serialized items the serial numbers already prove it."""
    wanted: dict[tuple[int, int], Decimal] = {}
    found = []
    for take in takes:
        line = take.line
        if line.item.is_serialized or take.movement.source not in HELD:
            continue
        place = (line.item_id, line.location_id)
        wanted[place] = wanted.get(place, Decimal(0)) + take.quantity
        there = rows[place].on_hand
        if wanted[place] > there:
            text = f"Line {line.line_no}: only {there} of {line.item} on hand at {line.location}."
            found.append(Refusal(text, line=line.line_no, url=line.item.get_absolute_url()))
    return found


def step(document: Transaction, to: str, day: date) -> list[Refusal]:
    """Whether a document may take a step on a day."""
    open_to = {step.to: step for step in document.kind.steps(document)}
    if to not in open_to:
        return [Refusal(f"{document} is {document.status_label}; look at it again.")]
    found = dates(day)
    if open_to[to].untouched:
        found += _children(document)
    return found


def too_early(takes: Iterable[Take], day: date) -> list[Refusal]:
    """SER-14 for the document's own units that moved after the day."""
    early = [(take, unit) for take in takes for unit in take.units if unit.moved_on > day]
    said = Explanation(unit for _, unit in early)
    return [said.refusal(take.line, unit.number, "SER-14", unit, day) for take, unit in early]


def voiding(document: Transaction, why: str) -> list[Refusal]:
    """Whether a document may be voided at all (SPEC §5.6)."""
    if document.is_voided:
        return [Refusal(f"{document} is already voided.")]
    found = [] if why.strip() else [Refusal("Say why it is voided.")]
    return found + _children(document) + _billed_after(document)


def _billed_after(document: Transaction) -> list[Refusal]:
    """Part bills of one receipt of an ordinary item are voided in reverse.

    Each clears the cents that those before it left (`types/vendor_bill.py`), so one cannot be
    taken out from under another.
    """
    if document.kind.stage is not Stage.BILLING:
        return []
    sources = document.lines.filter(item__item_type=Item.Type.INVENTORY).values("created_from_line")
    later = Transaction.objects.live().filter(
        pk__gt=document.pk, type=document.type, lines__created_from_line__in=sources
    )
    return [
        refuse("SER-13", url=bill.get_absolute_url(), sn=document, documents=bill)
        for bill in later.distinct().order_by("-id")
    ]


def _children(document: Transaction) -> list[Refusal]:
    """SER-13 for every document made from this one that still stands."""
    made_from = Q(created_from=document) | Q(lines__created_from_line__transaction=document)
    children = Transaction.objects.live().filter(made_from).distinct().order_by("id")
    return [
        refuse("SER-13", url=child.get_absolute_url(), sn=document, documents=child)
        for child in children
    ]


def used_since(document: Transaction, posting_id: int) -> list[Refusal]:
    """An ordinary item's arrival may be undone only while none of it has left the place since."""
    arrivals = StockMove.objects.standing().filter(
        line__transaction=document, unit__isnull=True, source_location__isnull=True
    )
    places = {(m.item_id, m.target_location_id) for m in arrivals}
    later = (
        StockMove.objects.standing()
        .filter(posting_id__gt=posting_id, unit__isnull=True, source_location__isnull=False)
        .filter(item_id__in=[item for item, _ in places])
        .select_related("line__transaction", "item")
    )
    return [
        refuse(
            "SER-13",
            url=move.line.transaction.get_absolute_url(),
            sn=move.item,
            documents=move.line.transaction,
        )
        for move in later
        if (move.item_id, move.source_location_id) in places
    ]


def reversal_date(posting: Posting) -> date:
    """The date of the step undone if its period is open, else today (SPEC §5.6).

    Raises Refused when today's period is closed too.
    """
    if not dates(posting.date):
        return posting.date
    today = timezone.localdate()
    if closed := dates(today):
        raise Refused(closed)
    return today
