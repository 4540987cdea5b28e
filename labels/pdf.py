"""Labels as a PDF to print: sheets one after the other, or one page a label for a roll."""

from __future__ import annotations

import io
from collections.abc import Iterable

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from labels.drawing import BOLD, FONT, Drawing, Label, draw, printable
from labels.stocks import Stock


def pdf(
    labels: Iterable[Label],
    stock: Stock,
    code: str,
    *,
    with_item: bool = True,
    start: int = 1,
    title: str = "Labels",
) -> bytes:
    """The labels as a PDF, the first at position `start` of its sheet, counted from 1."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=[side * mm for side in stock.page])
    canvas.setTitle(title)
    for position, label in enumerate(labels, start=start - 1):
        if position % stock.each == 0 and position >= start:
            canvas.showPage()
        _put(canvas, draw(label, stock, code, with_item=with_item), stock, position % stock.each)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def _put(canvas: Canvas, drawing: Drawing, stock: Stock, position: int) -> None:
    left, top = stock.corner(position)
    high = stock.page[1] - top
    # As it is written in the file: a path object takes ten times as long over each bar.
    bars = (
        f"{(left + bar.x) * mm:.3f} {(high - bar.y - bar.height) * mm:.3f} "
        f"{bar.width * mm:.3f} {bar.height * mm:.3f} re"
        for bar in drawing.bars
    )
    canvas.addLiteral(f"{' '.join(bars)} f")
    for words in drawing.words:
        canvas.setFont(BOLD if words.bold else FONT, words.size * mm)
        canvas.drawString((left + words.x) * mm, (high - words.y) * mm, printable(words.text))
