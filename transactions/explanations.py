"""Verdicts put into words: where each unit is, and which document brought it there (SPEC §6.3)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse

from items.models import SerialUnit
from items.refusals import Refusal, refuse
from locations.models import Location
from transactions.models import StockMove, TransactionLine
from transactions.serials import Unit, latest_moves

Status = SerialUnit.Status
# Refusals that lead to the document that stands in the way; the others to the serial number.
AT_DOCUMENT = {"SER-02", "SER-04", "SER-09", "SER-10", "SER-12", "SER-16", "SER-19"}


class Explanation:
    """Puts the codes into words: where each unit is, and which document brought it there."""

    def __init__(self, units: Iterable[Unit]) -> None:
        about = {unit.id: unit for unit in units}
        self.moves = latest_moves(about.values()) if about else {}
        self.places = (
            Location.objects.in_bulk({u.location_id for u in about.values() if u.location_id})
            if about
            else {}
        )

    def about(self, line: TransactionLine, number: str, code: str, unit: Unit | None) -> Refusal:
        """A code in words, whether or not there is a unit that carries the number."""
        if code in ("SER-09", "SER-20"):
            return self._not_theirs(line, number, code, unit)
        if unit is not None:
            return self.refusal(line, number, code, unit)
        if code == "SER-11":
            return refuse(code, line.line_no, sn=number)
        return never_received(line, number)

    def _not_theirs(
        self, line: TransactionLine, number: str, code: str, unit: Unit | None
    ) -> Refusal:
        """The number does not belong to the sale, or shipment, that the line comes from."""
        sale = line.transaction.kind.source_of(line)
        latest = self.moves[unit.id].line.transaction if unit else None
        came_back = latest is not None and latest.type == "return_receipt"
        return refuse(
            code,
            line.line_no,
            latest.get_absolute_url() if latest else "",
            sn=number,
            sale=sale.transaction if sale else "",
            document=f" on {latest}" if came_back else "",
        )

    def refusal(
        self, line: TransactionLine, number: str, code: str, unit: Unit, day: date | None = None
    ) -> Refusal:
        move = self.moves[unit.id]
        place = self.places.get(unit.location_id or 0)
        if code == "SER-17" or (code == "SER-05" and place and place.inactive):
            return refuse("SER-17", line.line_no, _serial_url(unit), sn=number, location=place)
        document = move.line.transaction
        facts: dict[str, Any] = {
            "sn": unit.number if code in ("SER-01", "SER-02") else number,
            "item": line.item,
            "location": line.location,
            "place": self._place(unit, move, place, code),
            "document": document,
            "date": day_of(move.date),
            "user": move.posting.by,
            "buyer": document.customer or "",
            "customer": line.transaction.customer or "",
            "last": f"Last movement: {document.kind.label} {document} on {day_of(move.date)}.",
        }
        if code == "SER-14":
            return self._too_early(line, number, move, day or line.transaction.date)
        if code == "SER-19":
            facts["document"] = f"{document.kind.label} {document}"
        url = document.get_absolute_url() if code in AT_DOCUMENT else _serial_url(unit)
        return refuse(code, line.line_no, url, **facts)

    @staticmethod
    def _place(unit: Unit, move: StockMove, place: Location | None, code: str) -> str:
        order = move.line.transaction.created_from or move.line.transaction
        if unit.status == Status.PICKED:
            return f"picked for {order}"
        if unit.status == Status.IN_TRANSIT:
            return f"in transit on {order}"
        return f"on hand at {place}" if code == "SER-03" else str(place or "")

    @staticmethod
    def _too_early(line: TransactionLine, number: str, move: StockMove, day: date) -> Refusal:
        """SER-14: what the number was doing on the day, and the later document."""
        document = move.line.transaction
        held = move.source_location_id is not None
        state = f"on hand at {move.source_location}" if held else "not on hand"
        return refuse(
            "SER-14",
            line.line_no,
            document.get_absolute_url(),
            sn=number,
            date=day_of(day),
            state=state,
            document=document,
            date2=day_of(move.date),
        )


def never_received(line: TransactionLine, number: str) -> Refusal:
    return refuse("SER-04", line.line_no, sn=number, item=line.item, last="It was never received.")


def day_of(day: date) -> str:
    return f"{day:%Y-%m-%d}"


def _serial_url(unit: Unit) -> str:
    # As SerialUnit.get_absolute_url does, without a model instance for each of thousands.
    return reverse("items:serial", args=[unit.item_id, unit.number])
