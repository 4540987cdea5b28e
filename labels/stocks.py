"""The papers that labels are printed on: sheets by their usual sizes, and rolls."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Stock:
    """A sheet of labels, or a roll, which is a sheet of one. Lengths are in millimeters."""

    name: str
    label: str
    width: float  # of a label
    height: float
    page: tuple[float, float]
    columns: int = 1
    rows: int = 1
    left: float = 0  # from the edge of the sheet to the first label
    top: float = 0
    across: float = 0  # from one label's edge to the same edge of the next
    down: float = 0

    @property
    def each(self) -> int:
        """How many labels are on a sheet."""
        return self.columns * self.rows

    @property
    def is_roll(self) -> bool:
        return self.each == 1

    def corner(self, position: int) -> tuple[float, float]:
        """The upper left corner of a label on its sheet, counted from 0 along the rows."""
        row, column = divmod(position, self.columns)
        return self.left + column * self.across, self.top + row * self.down


A4, LETTER = (210, 297), (215.9, 279.4)

SHEETS = (
    Stock("a4-3x8-36", "A4, 24 a sheet, 70 × 36 mm (Avery 3490)",
          70, 36, A4, 3, 8, 0, 4.5, 70, 36),
    Stock("a4-3x8-37", "A4, 24 a sheet, 70 × 37 mm (Avery 3474)",
          70, 37, A4, 3, 8, 0, 0.5, 70, 37),
    Stock("a4-3x7", "A4, 21 a sheet, 63.5 × 38.1 mm (Avery L7160)",
          63.5, 38.1, A4, 3, 7, 7.25, 15.15, 66, 38.1),
    Stock("a4-5x13", "A4, 65 a sheet, 38.1 × 21.2 mm (Avery L7651)",
          38.1, 21.2, A4, 5, 13, 4.75, 10.7, 40.6, 21.2),
    Stock("letter-3x10", "US Letter, 30 a sheet, 2⅝ × 1 in (Avery 5160)",
          66.675, 25.4, LETTER, 3, 10, 4.7625, 12.7, 69.85, 25.4),
    Stock("letter-2x5", "US Letter, 10 a sheet, 4 × 2 in (Avery 5163)",
          101.6, 50.8, LETTER, 2, 5, 3.96875, 12.7, 106.3625, 50.8),
    Stock("letter-4x20", "US Letter, 80 a sheet, 1¾ × ½ in (Avery 5167)",
          44.45, 12.7, LETTER, 4, 20, 7.62, 12.7, 52.07, 12.7),
)  # fmt: skip
ROLLS = tuple(
    Stock(f"roll-{width}x{height}", f"Roll, {width} × {height} mm", width, height, (width, height))
    for width, height in ((62, 29), (50, 25), (100, 50))
)
STOCKS = {stock.name: stock for stock in (*SHEETS, *ROLLS)}
