"""What must hold before a document is saved, steps on or is voided. Reads only.

Each rule gives every refusal it finds, never only the first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils import timezone

from accounting.models import Account, AccountingPeriod
from company.models import Company
from items import numbers
from items.models import Item, ItemLocation, SerialUnit
from items.refusals import Refusal, Refused, refuse
from transactions import counting, serials, settlement
from transactions.balances import Place
from transactions.explanations import Explanation
from transactions.models import LineUnit, Posting, StockMove, Transaction, TransactionLine
from transactions.serials import Take
from transactions.types.base import Kind, Serials, Stage
from users import access
from users.roles import FULL

IN_STOCK = (SerialUnit.Status.ON_HAND, SerialUnit.Status.PICKED)


def entry(
    document: Transaction,
    lines: Sequence[TransactionLine],
    family: Mapping[int, Transaction],
    *,
    dated: bool = True,
    standing: Collection[int] = (),
) -> list[Refusal]:
    """The rules of a document that do not depend on its serial numbers.

    `dated`: whether its date is new; an order whose period was closed since may still be changed.
    `standing`: the numbers of lines that bring nothing new to their item and place.
    """
    kind = document.kind
    return [
        *(dates(document.date) if dated else ()),
        *_header(document, family.get(document.created_from_id or 0)),
        *(Refusal(text) for text in document.kind.problems(document, lines)),
        *([Refusal("Add at least one line.")] if document.kind.has_lines and not lines else []),
        *(refusal for line in lines for refusal in _line(document.kind, line)),
        *(r for line in lines if line.line_no not in standing for r in _inactive(kind, line)),
        *_sources(document, lines),
        *_beyond_parent(document.kind, lines),
        *_account(document),
        *_named_on_order(lines),
        *_applications(document),
        *(counting.under_way(document, lines) if document.kind.stage is Stage.COUNT else ()),
    ]


def dates(day: date, *, keep: bool = False) -> list[Refusal]:
    """A date lies in an open period and never in the future (SPEC §5.7, SER-15).

    `keep` its period open until the present transaction ends.
    """
    if day > timezone.localdate():
        return [Refusal(f"The date {day} lies in the future.")]
    periods = AccountingPeriod.objects.all()
    period = periods.kept_as_is(day) if keep else periods.covering(day)
    if period is None:
        return [Refusal(f"No accounting period covers {day}. Choose another date.")]
    return [refuse("SER-15", url=period.get_absolute_url(), name=period)] if period.closed else []


def _header(document: Transaction, parent: Transaction | None) -> list[Refusal]:
    kind = document.kind
    found = [*_first_status(document), *_party(document), *_required(document)]
    if parent is None:
        if not kind.stand_alone:
            found.append(Refusal(f"{kind.label}: choose the order it is made from."))
        return found
    if parent.status not in kind.parents.get(parent.type, ()):
        found.append(Refusal(f"{parent} is {parent.status_label}.", url=parent.get_absolute_url()))
    if document.party != parent.party:
        found.append(Refusal(f"{parent} belongs to {parent.party}."))
    return found


def _first_status(document: Transaction) -> list[Refusal]:
    kind, is_new = document.kind, document.number is None
    if is_new and kind.first_statuses() and document.status not in kind.first_statuses():
        return [Refusal(f"A {kind.label.lower()} cannot begin as {document.status}.")]
    return []


def _party(document: Transaction) -> list[Refusal]:
    kind = document.kind
    party = getattr(document, kind.party) if kind.party else None
    if kind.party and party is None:
        return [Refusal(f"Choose a {kind.party}.")]
    starts = kind.begins and document.number is None and document.created_from_id is None
    if party and starts and party.inactive:  # what is open may finish (SPEC §6.6)
        return [Refusal(f"{party} is inactive.", url=party.get_absolute_url())]
    return []


def _required(document: Transaction) -> list[Refusal]:
    """What the kind's header must have, and that nothing is sent to an inactive location."""
    labels, goal = document.kind.labels, document.to_location
    missing = [name for name in document.kind.required if getattr(document, name) is None]
    found = [
        Refusal(f"Choose the {labels.get(name, name.replace('_', ' ')).lower()}.")
        for name in missing
    ]
    if goal and goal.inactive:
        found.append(refuse("SER-17", url=goal.get_absolute_url(), location=goal))
    return found


def _line(kind: Kind, line: TransactionLine) -> list[Refusal]:
    found = []
    where = f"Line {line.line_no}, {line.item}:"
    nothing = line.quantity == 0 and kind.stage is not Stage.COUNT  # counts begin at zero
    if nothing or (line.quantity < 0 and not kind.signed):
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
    return found + _place(kind, line) + _return_cost(kind, line)


def _place(kind: Kind, line: TransactionLine) -> list[Refusal]:
    """A transfer's lines all leave from the one location in its header."""
    start = line.transaction.location
    if not (kind.internal and kind.stand_alone and start) or line.location == start:
        return []
    text = f"Line {line.line_no}, {line.item}: it leaves from {start}, not {line.location}."
    return [Refusal(text, line=line.line_no)]


def _inactive(kind: Kind, line: TransactionLine) -> list[Refusal]:
    """SER-17 and SER-18; stock may be moved or adjusted out after confirming (SPEC §6.6)."""
    leaves = kind.empties and (not kind.signed or line.quantity < 0)
    movement = kind.movement(line, "", "")
    found = []
    if line.location.inactive and (kind.begins or movement):
        url = line.location.get_absolute_url()
        found.append(refuse("SER-17", line.line_no, url, asks=leaves, location=line.location))
    linked = movement is not None and movement.serials is Serials.SOLD
    starts = kind.begins and line.created_from_line is None
    if line.item.inactive and (starts or kind.signed or linked):
        url = line.item.get_absolute_url()
        asks = linked or (kind.signed and leaves)
        found.append(refuse("SER-18", line.line_no, url, asks=asks, item=line.item))
    return found


def judged(refusal: Refusal, kind: Kind, by: Any) -> Refusal:
    """Stock leaves an inactive location by the right Full alone (SER-17, SPEC §6.6)."""
    asked = refusal.asks and refusal.code == "SER-17"
    if not asked or access.of(by).may(kind.name, FULL):
        return refusal
    why = f"{refusal.message} Taking stock out of it needs the right Full."
    return replace(refusal, asks=False, message=why)


def _return_cost(kind: Kind, line: TransactionLine) -> list[Refusal]:
    """Goods that no sale is known of come in at a cost that is typed (SPEC §5.4)."""
    movement = kind.movement(line, "", "")
    if movement is None or movement.serials is not Serials.TRADED_IN:
        return []
    if line.override_rate is None:
        text = f"Line {line.line_no}, {line.item}: enter the override rate, what a unit is worth."
        return [Refusal(text, line=line.line_no)]
    if line.override_rate < 0:
        text = f"Line {line.line_no}, {line.item}: the override rate cannot be negative."
        return [Refusal(text, line=line.line_no)]
    return [] if line.override_rate else [refuse("COST-0", line.line_no, asks=True, item=line.item)]


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
        elif "location" not in kind.line_fields and line.location != kind.place(source):
            text = f"{where} {origin} has it at {kind.place(source)}."
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
        if (source := line.created_from_line) and not line.closed:
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
    """The accounts that people chose, each of a type the kind can use (SPEC §2.4)."""
    accounts = [row.account for row in document.journal_rows]
    if chosen := document.account:
        accounts.append(chosen)
        types = document.kind.account_types
        if types and chosen.type not in types:
            text = f"{chosen} is of type {chosen.get_type_display()}. Choose another account."
            return [Refusal(text, url=chosen.get_absolute_url())]
    return _reserved(dict.fromkeys(accounts)) if accounts else []


def _reserved(accounts: Iterable[Account]) -> list[Refusal]:
    """Stock's own accounts move with stock alone, so nobody may choose them (SPEC §2.4)."""
    kept = stock_accounts()
    found = []
    for account in accounts:
        if account.inactive or account.pk in kept:
            why = "is inactive" if account.inactive else "is kept by stock itself"
            text = f"{account} {why}. Choose another account."
            found.append(Refusal(text, url=account.get_absolute_url()))
    return found


def stock_accounts() -> set[int]:
    """The ids of the accounts that stock alone moves."""
    company = Company.current()
    assets = Item.objects.order_by().values_list("asset_account", flat=True).distinct()
    return {company.in_transit_account_id, company.accrued_purchases_account_id, *assets}


def _named_on_order(lines: Sequence[TransactionLine]) -> list[Refusal]:
    """What a transfer order names by serial number is what is sent (SPEC §4.10)."""
    bound = {
        line.created_from_line.pk: line
        for line in lines
        if line.created_from_line and line.created_from_line.transaction.kind.binds
    }
    if not bound:
        return []
    named: dict[int, set[str]] = {}
    wishes = LineUnit.objects.filter(line__in=list(bound)).exclude(number="")
    for source, number in wishes.values_list("line_id", "number"):
        named.setdefault(source, set()).add(numbers.key(number))
    return [
        Refusal(
            f"Line {line.line_no}: {line.created_from_line.transaction} does not name {number}.",
            number=number,
            line=line.line_no,
            url=line.created_from_line.transaction.get_absolute_url(),
        )
        for source, line in bound.items()
        if source in named and line.created_from_line
        for number in line.serials
        if numbers.key(number) not in named[source]
    ]


def _applications(document: Transaction) -> list[Refusal]:
    """A payment settles open documents of its party, each up to what is open of it."""
    found = []
    paid_now = [application.document for application in document.applications]
    open_now = settlement.open_balances(paid_now) if paid_now else {}
    for application in document.applications:
        paid, left = application.document, open_now.get(application.document_id, Decimal("0.00"))
        url = paid.get_absolute_url()
        if paid.type not in document.kind.settles or paid.party != document.party:
            found.append(Refusal(f"{paid} is not {document.party}'s to settle.", url=url))
        elif paid.date > document.date:
            found.append(Refusal(f"{paid} is of {paid.date}, after this payment.", url=url))
        elif not 0 < application.amount <= left:
            text = f"Only {left:,f} of {paid} is open, not {application.amount:,f}."
            found.append(Refusal(text, url=url))
    return found


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
        if line.item.is_serialized or take.movement.source != SerialUnit.Status.ON_HAND:
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
    most = Transaction._meta.get_field("void_reason").max_length or 0
    if len(why) > most:
        found.append(Refusal(f"The reason is too long: {most} characters are kept of it."))
    return found + _children(document) + _settled_by(document) + _billed_after(document)


def _settled_by(document: Transaction) -> list[Refusal]:
    """SER-13 for every payment that settles the document."""
    payments = Transaction.objects.live().filter(settles__document=document).order_by("id")
    return [
        refuse("SER-13", url=paid.get_absolute_url(), sn=document, documents=paid)
        for paid in payments
    ]


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
        line__transaction=document, unit__isnull=True, target_status__in=IN_STOCK
    )
    places = {
        (move.item_id, move.target_location_id)
        for move in arrivals
        if (move.source_location_id, move.source_status in IN_STOCK)
        != (move.target_location_id, True)
    }
    if not places:
        return []
    later = (
        StockMove.objects.standing()
        .filter(posting_id__gt=posting_id, unit__isnull=True, source_status__in=IN_STOCK)
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
