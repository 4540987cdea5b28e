"""A label: a bar code or a QR code, the number and the item in plain text. Pure.

It is drawn once, as bars and words in millimeters, whatever it is then put on: a PDF, or the
preview in the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

import segno
from reportlab.graphics.barcode.code128 import Code128
from reportlab.pdfbase.pdfmetrics import stringWidth

from labels.stocks import Stock

FONT, BOLD = "Helvetica", "Helvetica-Bold"
MARGIN = 2  # of a label that stays white, so that a printer may be a little off
QUIET = 10  # modules of white on either side of a Code 128
# Below this a desktop label printer (203 dpi: 0.125 mm a dot) blurs the bars together.
THINNEST, WIDEST = 0.19, 0.5
LEADING = 1.25  # from one line's baseline to the next, of the size of its type
LEAST_LETTERS = 8  # of a number in one line
CODE_128, QR = "code128", "qr"
CODES = {CODE_128: "Bar code (Code 128)", QR: "QR code"}


class Bar(NamedTuple):
    """A black rectangle, measured from the label's upper left corner."""

    x: float
    y: float
    width: float
    height: float


class Words(NamedTuple):
    """A line of text: where its baseline begins, and the size of its type."""

    x: float
    y: float
    size: float
    text: str
    bold: bool


class Line(NamedTuple):
    """A line of text that has no place yet."""

    size: float
    text: str
    bold: bool

    @property
    def width(self) -> float:
        return width_of(self.text, BOLD if self.bold else FONT, self.size)


@dataclass(frozen=True)
class Label:
    """What is written on one label."""

    number: str
    item: str


@dataclass
class Drawing:
    """A label as it is printed. `code` may be another than was asked for (see `draw`)."""

    code: str
    bars: list[Bar] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)


def draw(label: Label, stock: Stock, code: str, *, with_item: bool = True) -> Drawing:
    """The bars and words of a label.

    A number whose bars would be too thin to be read, or that has letters which Code 128 has not,
    gets a QR code instead.
    """
    modules = _modules(label.number) if code == CODE_128 else []
    thickness = _thickness(modules, stock)
    if thickness:
        return _with_bars(label, stock, modules, thickness, with_item)
    return _with_qr(label, stock, with_item)


def fits_code_128(number: str, stock: Stock) -> bool:
    """Whether a number can be drawn as bars that are wide enough to be read."""
    return _thickness(_modules(number), stock) > 0


def _modules(number: str) -> list[int]:
    """The widths of bars and spaces in turn of a Code 128; none where it has not the letters."""
    if not (number.isascii() and number.isprintable()):
        return []
    symbol = Code128(number)
    symbol.validate()
    symbol.encode()
    symbol.decompose()
    return [ord(width.lower()) - ord("a") + 1 for width in symbol.decomposed]


def _thickness(modules: Sequence[int], stock: Stock) -> float:
    """How wide the thinnest bar is, or 0 where it would be too thin."""
    if not modules:
        return 0
    thickness = min(WIDEST, (stock.width - MARGIN) / (sum(modules) + 2 * QUIET))
    return thickness if thickness >= THINNEST else 0


def _with_bars(
    label: Label, stock: Stock, modules: Sequence[int], thickness: float, with_item: bool
) -> Drawing:
    """The bars across the label, the words below them."""
    lines = _lines(label, stock, stock.width - 2 * MARGIN, int(with_item))
    height = stock.height - 2 * MARGIN - _height(lines)
    drawing = Drawing(CODE_128)
    x = (stock.width - sum(modules) * thickness) / 2
    for position, width in enumerate(modules):
        if position % 2 == 0:
            drawing.bars.append(Bar(x, MARGIN, width * thickness, height))
        x += width * thickness
    drawing.words = list(_placed(lines, MARGIN + height, stock.width / 2, centered=True))
    return drawing


def _with_qr(label: Label, stock: Stock, with_item: bool) -> Drawing:
    """The code on the left, the words beside it."""
    # Any mask can be read; looking for the best one would take six times as long.
    code = segno.make(label.number, error="m", micro=False, boost_error=False, mask=0)
    matrix = code.matrix
    side = min(stock.height - 2 * MARGIN, stock.width * 0.55)
    module = side / (len(matrix) + 4)  # of its four modules of white the margin is one half
    drawing = Drawing(QR)
    left, top = MARGIN + 2 * module, (stock.height - side) / 2 + 2 * module
    for row, cells in enumerate(matrix):
        for start, length in _runs(cells):
            bar = Bar(left + start * module, top + row * module, length * module, module)
            drawing.bars.append(bar)
    x = MARGIN + side + MARGIN / 2
    lines = _lines(label, stock, stock.width - x - MARGIN, 2 * with_item)
    drawing.words = list(_placed(lines, (stock.height - _height(lines)) / 2, x, centered=False))
    return drawing


def _runs(cells: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Where black begins in a row of modules, and how long it goes on."""
    start = length = 0
    for position, cell in enumerate([*cells, 0]):
        if cell:
            start, length = (start, length + 1) if length else (position, 1)
        elif length:
            yield start, length
            length = 0


# Words


def _lines(label: Label, stock: Stock, room: float, item_lines: int) -> list[Line]:
    """The number whole, in as many lines as it needs; the item in as many as it may have."""
    size = max(1.6, min(3.6, stock.height * 0.13))
    letters = max(LEAST_LETTERS, int(room / size / 0.56))
    parts = [label.number[n : n + letters] for n in range(0, len(label.number), letters)]
    most = max(1, int((stock.height - 2 * MARGIN) * 0.6 / (size * LEADING)))
    if len(parts) > most:  # very long: smaller type, all of it
        size *= most / len(parts)
        letters = -(-len(label.number) // most)
        parts = [label.number[n : n + letters] for n in range(0, len(label.number), letters)]
    lines = [Line(_fitting(part, room, size), part, bold=True) for part in parts]
    if item_lines and label.item:
        small = size * 0.85
        texts = _wrapped(label.item, room, small, item_lines)
        lines += [Line(small, text, bold=False) for text in texts]
    return lines


def _height(lines: Sequence[Line]) -> float:
    return sum(line.size * LEADING for line in lines)


def _placed(lines: Sequence[Line], y: float, x: float, *, centered: bool) -> Iterator[Words]:
    """The lines one below the other, beginning at x or around it."""
    for line in lines:
        start = x - line.width / 2 if centered else x
        yield Words(start, y + line.size * 1.05, *line)
        y += line.size * LEADING


def _fitting(text: str, room: float, size: float) -> float:
    """The size of type, smaller where the text would not fit."""
    wide = width_of(text, BOLD, size)
    return size if wide <= room else size * room / wide


@lru_cache(maxsize=1_000)
def _wrapped(text: str, room: float, size: float, most: int) -> tuple[str, ...]:
    """The text in as many lines as allowed, parted between words; the last one is cut."""
    lines, rest = [], text
    while most > 1 and width_of(rest, FONT, size) > room and " " in rest:
        words = rest.split(" ")
        count = len(words) - 1
        while count > 1 and width_of(" ".join(words[:count]), FONT, size) > room:
            count -= 1
        lines.append(" ".join(words[:count]))
        rest, most = " ".join(words[count:]), most - 1
    return tuple(_cut(line, room, size) for line in [*lines, rest])


def _cut(text: str, room: float, size: float) -> str:
    if width_of(text, FONT, size) <= room:
        return text
    while text and width_of(f"{text}…", FONT, size) > room:
        text = text[:-1]
    return f"{text.rstrip()}…"


def width_of(text: str, font: str, size: float) -> float:
    return float(stringWidth(printable(text), font, size))


def printable(text: str) -> str:
    """The text in the letters that the fonts of every PDF reader have; a mark for the others."""
    return text.encode("cp1252", "replace").decode("cp1252")
