"""Names by the thousand: drives, their serial numbers, and whom they are bought from and sold to.

Every name is a function of its number, so that two runs make the same company.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from demo.catalog import NEW, OFFICES, PARTS, SURPLUS, USED, Model

# No I and no O: makers leave out what is read as 1 and 0.
DIGITS = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
BASE = len(DIGITS)


class Maker(NamedTuple):
    """A maker of drives: how a model and a serial number of it look."""

    name: str
    series: tuple[str, ...]
    model: str  # of capacity in terabytes and two characters
    serial: str  # before the digits that count
    length: int  # of those


MAKERS = (
    Maker("Seagate", ("Barracuda", "IronWolf", "Exos", "SkyHawk"), "ST{:02}000{}", "Z", 7),
    Maker("Western Digital", ("Red", "Gold", "Purple", "Ultrastar"), "WD{:02}0{}", "WD-WCC", 7),
    Maker("Toshiba", ("P300", "N300", "X300", "MG Series"), "HDW{:02}{}", "Y7", 8),
    Maker("HGST", ("Deskstar", "MegaScale", "Travelstar", "He10"), "HUH72{:02}{}ALE", "PL", 9),
    Maker("Samsung", ("870 EVO", "870 QVO", "PM883", "980 PRO"), "MZ-{:02}{}BW", "S5", 9),
)
CAPACITIES = (1, 2, 3, 4, 6, 8, 10, 12, 14, 16, 18, 20)

FIRST = (
    "Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Ginkgo", "Hazel", "Ironwood", "Juniper",
    "Larch", "Madrone", "Oak", "Pine", "Redbud", "Spruce", "Tamarack", "Walnut", "Willow", "Yew",
)  # fmt: skip
BUYERS = (
    "Hosting", "Dental Group", "Studios", "School District", "Survey", "Radio", "Photo Lab",
    "Accounting", "Games", "Clinic", "Library", "Engineering", "Credit Union", "Computer Repair",
)  # fmt: skip
SELLERS = ("Storage Distribution", "Data Recyclers", "IT Asset Recovery", "Surplus", "Components")


def scrambled(number: int, length: int) -> str:
    """A number as so many digits that look drawn by lot, a different text for each number."""
    size = BASE**length
    # The odd factor shares none with 34: every number below the size has a text of its own.
    rest = (number * 7_368_787 + 1_299_709) % size
    digits = []
    for _ in range(length):
        rest, digit = divmod(rest, BASE)
        digits.append(DIGITS[digit])
    return "".join(reversed(digits))


def maker(item: int) -> Maker:
    return MAKERS[item % len(MAKERS)]


def drive(item: int) -> Model:
    """The so-manieth model of drive."""
    made_by = maker(item)
    capacity = CAPACITIES[item // len(MAKERS) % len(CAPACITIES)]
    name = made_by.model.format(capacity, scrambled(item, 4))
    series = made_by.series[item // 60 % len(made_by.series)]
    cost = Decimal(1200 + 1150 * capacity + item * 37 % 600) / 100
    price = (cost * 155 / 100).quantize(Decimal("0.5"))
    title = f"{made_by.name} {series} {capacity} TB ({name})"
    vendor = (NEW, USED, OFFICES, SURPLUS)[item % 4]
    low = item % 3 * 9  # of every third there is no reorder point
    return Model(name, title, vendor, cost, price, low, low * 3)


def cable(item: int) -> Model:
    """The so-manieth cable."""
    name = f"CABLE-SATA-{scrambled(item, 4)}"
    length = 20 + item % 9 * 10
    title = f"SATA III cable, {length} cm ({name})"
    return Model(name, title, PARTS, Decimal("1.85"), Decimal("4.50"), 60, 150)


def serial(item: int, unit: int) -> str:
    """The serial number on the so-manieth drive of all."""
    made_by = maker(item)
    return made_by.serial + scrambled(unit, made_by.length)


def buyer(number: int) -> tuple[str, str]:
    """A customer's name and address for mail."""
    return _party(number, BUYERS)


def seller(number: int) -> tuple[str, str]:
    """A vendor's name and address for mail."""
    return _party(number, SELLERS)


def _party(number: int, trades: tuple[str, ...]) -> tuple[str, str]:
    rest, which = divmod(number, len(FIRST))
    more, trade = divmod(rest, len(trades))
    branch = f" No. {more + 1}" if more else ""
    name = f"{FIRST[which]} {trades[trade]}{branch}"
    at = "".join(c for c in name.lower() if c.isalnum())
    return name, f"office@{at}.example.com"
