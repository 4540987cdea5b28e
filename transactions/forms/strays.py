"""Serial numbers on lines that are sent to another location before they are posted (SPEC §6.5)."""

from __future__ import annotations

from collections.abc import Sequence

from items import numbers
from items.models import SerialUnit
from locations.models import Location
from transactions import serials
from transactions.forms.serial_entry import SerialEntry
from transactions.models import TransactionLine


def take_off(entered: Sequence[tuple[TransactionLine, SerialEntry]], place: Location) -> str:
    """Take the numbers that are not on hand at `place` off the lines and out of their boxes.

    Says which; empty where there are none. One statement however many lines.
    """
    pairs = serials.typed(line for line, _ in entered)
    if not pairs:
        return ""
    units = SerialUnit.objects.on_hand().with_keys(pairs).filter(location=place)
    here = set(units.values_list("item_id", "number_key"))
    gone: list[str] = []
    for line, box in entered:
        away = [n for n in line.serials if (line.item_id, numbers.key(n)) not in here]
        box.remove(map(numbers.key, away))
        line.serials = box.current
        gone += away
    if not gone:
        return ""
    some = ", ".join(gone[:5]) + (f" and {len(gone) - 5} more" if gone[5:] else "")
    what = "the line" if len(entered) == 1 else "the lines"
    return f"Not on hand at {place}, so taken off {what}: {some}."
