"""What becomes of each serial number on a document: taken, refused, asked about or remarked on.

The truth table of SPEC §6.2: `judge` is the table, the rest puts units in and words out. Reads
only, a fixed number of statements for any number of units.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from items import numbers
from items.look_alikes import look_alikes
from items.models import SerialUnit
from items.refusals import Refusal, refuse
from transactions.explanations import Explanation
from transactions.models import Transaction, TransactionLine
from transactions.serials import (
    Known,
    Take,
    Unit,
    candidates_of,
    known_units,
    latest_moves,
    named,
    still_away,
    typed,
)
from transactions.types.base import Serials

Status = SerialUnit.Status
ASKS = {"SER-10", "SER-11"}
REMARKS = {"SER-19"}


class Verdict(NamedTuple):
    """The code that a number earns (none: it is taken), and the unit it is about."""

    code: str = ""
    unit: Unit | None = None

    @property
    def refuses(self) -> bool:
        return bool(self.code) and self.code not in ASKS | REMARKS


TAKEN = Verdict()


class Case(NamedTuple):
    """What is known of a number when it is judged."""

    serials: Serials  # which ones are taken
    day: date
    place: int  # the id of the line's location
    units: Sequence[Unit]  # every one that carries it
    allowed: Unit | None  # the one that the sale or shipment sent
    is_buyers: bool  # whether the customer of the document is the one who bought it last

    @property
    def held(self) -> Unit | None:
        return _held(self.units)

    @property
    def latest(self) -> Unit | None:
        return max(self.units, key=_by_posting, default=None)

    @property
    def too_early(self) -> Unit | None:
        for unit in self.units:
            if unit.moved_on > self.day:
                return unit
        return None


def judge(case: Case) -> Verdict:
    """The row of the truth table that is the movement's."""
    return _ROWS[case.serials](case)


def _new(case: Case) -> Verdict:
    if not case.units:
        return TAKEN
    if held := case.held:
        return Verdict("SER-01" if held.status == Status.ON_HAND else "SER-02", held)
    if case.too_early:
        return Verdict("SER-14", case.too_early)
    return Verdict("SER-19", case.latest)


def _traded_in(case: Case) -> Verdict:
    if case.held:
        return Verdict("SER-03", case.held)
    if case.too_early:
        return Verdict("SER-14", case.too_early)
    latest = case.latest
    if latest is None or latest.status != Status.SOLD:
        return Verdict("SER-11", latest)
    return TAKEN if case.is_buyers else Verdict("SER-10", latest)


def _sold(case: Case) -> Verdict:
    if case.held:
        return Verdict("SER-03", case.held)
    if case.allowed is None:
        return Verdict("SER-09", case.latest)
    return Verdict("SER-14", case.too_early) if case.too_early else Verdict(unit=case.allowed)


def _sent(case: Case) -> Verdict:
    if case.allowed is None:
        return Verdict("SER-20", case.latest)
    return Verdict("SER-14", case.too_early) if case.too_early else Verdict(unit=case.allowed)


def _on_hand(case: Case) -> Verdict:
    held = case.held
    if held is None:
        return Verdict("SER-04", case.latest)
    if held.status != Status.ON_HAND:
        return Verdict("SER-12", held)
    if held.location_id != case.place:
        return Verdict("SER-05", held)
    return Verdict("SER-14", case.too_early) if case.too_early else Verdict(unit=held)


_ROWS = {
    Serials.NEW: _new,
    Serials.TRADED_IN: _traded_in,
    Serials.SOLD: _sold,
    Serials.SENT: _sent,
    Serials.ON_HAND: _on_hand,
}


def resolve(
    takes: Sequence[Take], document: Transaction, *, lock: bool = True
) -> tuple[list[Refusal], list[Refusal]]:
    """Find the unit behind each number, filling in the takes; (refusals, notices).

    Refusals that ask may be confirmed by the user.
    """
    candidates = candidates_of(takes, document.kind)
    _fill_in(takes, candidates)
    entered = [(take, named(take.line)) for take in takes]  # SER-08 speaks of the malformed
    pairs = [(take.line.item_id, key) for take, entries in entered for key, _ in entries]
    known = known_units(pairs, lock=lock) if pairs else {}
    buyers = _buyers(takes, known)
    faults: list[tuple[TransactionLine, str, Verdict]] = []
    unknown: list[tuple[TransactionLine, str]] = []  # numbers that come in for the first time
    for take, entries in entered:
        line, item, place = take.line, take.line.item_id, take.line.location_id
        allowed, which = candidates.get(line.line_no, {}), take.movement.serials
        for key, number in entries:
            units = known.get((item, key), ())
            is_buyers = buyers.get((item, key), -1) == document.customer_id
            verdict = judge(Case(which, document.date, place, units, allowed.get(key), is_buyers))
            if verdict.code:
                faults.append((line, number, verdict))
            elif verdict.unit:
                take.units.append(verdict.unit)
        if take.movement.source is None:
            take.numbers = entries
            unknown += [(line, number) for key, number in entries if (item, key) not in known]
    refusals, notices = _in_words(faults)
    return [*refusals, *first_time(unknown)], notices


def first_time(arrivals: Sequence[tuple[TransactionLine, str]]) -> list[Refusal]:
    """What is to be said of numbers that their item never had: its rule, and those that look alike.

    SER-08 for those that break the number rule; SER-21, to be confirmed, for one that differs from
    a known number only by what is easily mistaken. What the item had before is left alone.
    """
    rules = {line.item_id: line.item.number_rule for line, _ in arrivals}
    found = [
        refuse("SER-08", line.line_no, sn=number, problem=problem)
        for line, number in arrivals
        if rules[line.item_id] and (problem := rules[line.item_id].problem(number))
    ]
    pairs = [(line.item_id, numbers.key(number)) for line, number in arrivals]
    alike = look_alikes(pairs)
    if not alike:
        return found
    return found + [
        refuse(
            "SER-21", line.line_no, SerialUnit(item_id=pair[0], number=other).get_absolute_url(),
            asks=True, sn=number, other=other, item=line.item,
        )
        for (line, number), pair in zip(arrivals, pairs, strict=True)
        if (other := alike.get(pair))
    ]  # fmt: skip


def _fill_in(takes: Sequence[Take], candidates: Mapping[int, Mapping[str, Unit]]) -> None:
    """Nobody types what a shipment holds: a line that takes all of it has its numbers."""
    for take in takes:
        if take.movement.serials is Serials.SENT and not take.line.serials:
            sent = candidates.get(take.line.line_no, {})
            take.line.serials = [unit.number for unit in sent.values()]


def _buyers(takes: Sequence[Take], known: Known) -> dict[tuple[int, str], int | None]:
    """By item and number key, who bought the number last: asked for where goods are traded in."""
    if not any(take.movement.serials is Serials.TRADED_IN for take in takes):
        return {}
    latest = {pair: max(units, key=_by_posting) for pair, units in known.items()}
    sold = [unit for unit in latest.values() if unit.status == Status.SOLD]
    moves = latest_moves(sold) if sold else {}
    return {
        pair: moves[unit.id].line.transaction.customer_id
        for pair, unit in latest.items()
        if unit.id in moves
    }


def _in_words(
    faults: Sequence[tuple[TransactionLine, str, Verdict]],
) -> tuple[list[Refusal], list[Refusal]]:
    said = Explanation(fault.unit for *_, fault in faults if fault.unit)
    refusals, notices = [], []
    for line, number, fault in faults:
        refusal = said.about(line, number, fault.code, fault.unit)
        if fault.code in REMARKS:
            notices.append(refusal)
        else:
            refusals.append(replace(refusal, asks=fault.code in ASKS))
    return refusals, notices


def wishes(whose: Serials, lines: Sequence[TransactionLine]) -> list[Refusal]:
    """What is to be said of the numbers named on an order: they hold nothing (SPEC §6.2).

    Of those on hand: SER-04, SER-12, SER-17, each to be confirmed. Of those sold, expected back:
    SER-09 refuses, SER-03 is to be confirmed.
    """
    pairs = typed(lines)
    known = known_units(pairs, lock=False) if pairs else {}
    sold = _sold_on(lines) if whose is Serials.SOLD else {}
    doubts: list[tuple[TransactionLine, str, Verdict]] = []
    for line in lines:
        for number in line.serials:
            key = numbers.key(number)
            units = known.get((line.item_id, key), ())
            doubt = _expected(line, units, sold) if whose is Serials.SOLD else _wished(units)
            if doubt.code:
                doubts.append((line, number, doubt))
    said = Explanation(doubt.unit for *_, doubt in doubts if doubt.unit)
    found = [
        (doubt, said.about(line, number, doubt.code, doubt.unit)) for line, number, doubt in doubts
    ]
    return [
        replace(refusal, asks=doubt.code != "SER-09")
        for doubt, refusal in found
        if doubt.code != "SER-05" or refusal.code == "SER-17"
    ]


def _wished(units: Sequence[Unit]) -> Verdict:
    held = _held(units)
    if held is None:
        return Verdict("SER-04", max(units, key=_by_posting, default=None))
    # On hand anywhere will do; only an inactive place makes it a question.
    return Verdict("SER-05" if held.status == Status.ON_HAND else "SER-12", held)


def _expected(
    line: TransactionLine, units: Sequence[Unit], sold: Mapping[int, set[int]]
) -> Verdict:
    held = _held(units)
    if held:
        return Verdict("SER-03", held)
    if line.created_from_line and not {u.id for u in units} & sold.get(line.line_no, set()):
        return Verdict("SER-09", max(units, key=_by_posting, default=None))
    return Verdict()


def _sold_on(lines: Sequence[TransactionLine]) -> dict[int, set[int]]:
    """By line number, the ids of the units that the line's sale sold and that did not come back."""
    sales = {
        line.line_no: line.created_from_line.created_from_line_id or line.created_from_line.pk
        for line in lines
        if line.created_from_line
    }
    sold = still_away(sales.values())
    return {number: {unit.id for unit in sold.get(sale, ())} for number, sale in sales.items()}


def taken_meanwhile(takes: Sequence[Take]) -> list[Refusal]:
    """SER-16 for every new number that somebody else brought in since we looked."""
    known = known_units(typed(take.line for take in takes), lock=False)
    rivals = [
        (take.line, number, unit)
        for take in takes
        for key, number in take.numbers
        for unit in known.get((take.line.item_id, key), ())
        if unit.location_id
    ]
    said = Explanation(unit for *_, unit in rivals)
    return [said.refusal(line, number, "SER-16", unit) for line, number, unit in rivals]


def later_documents(units: Sequence[Unit]) -> list[Refusal]:
    """SER-13 for every unit that moved after the posting that is to be undone."""
    moves = latest_moves(units) if units else {}
    return [
        refuse(
            "SER-13",
            sn=unit.number,
            documents=moves[unit.id].line.transaction,
            url=moves[unit.id].line.transaction.get_absolute_url(),
        )
        for unit in units
    ]


def _held(units: Iterable[Unit]) -> Unit | None:
    for unit in units:
        if unit.location_id:
            return unit
    return None


def _by_posting(unit: Unit) -> int:
    return unit.last_posting
