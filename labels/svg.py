"""The first sheet of labels as a picture for the page, drawn as it will be printed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from labels.drawing import Drawing, Label, draw
from labels.stocks import Stock

NAMESPACE = "http://www.w3.org/2000/svg"


def svg(
    labels: Sequence[Label], stock: Stock, code: str, *, with_item: bool = True, start: int = 1
) -> str:
    """A sheet in millimeters: each label's edge, and what is printed on it."""
    wide, high = stock.page
    places = range(stock.each)
    parts = [
        f'<svg xmlns="{NAMESPACE}" viewBox="0 0 {wide} {high}" width="{wide}mm" height="{high}mm">',
        f'<rect width="{wide}" height="{high}" fill="#fff"/>',
        *(_edge(stock, place, is_used=place < start - 1) for place in places),
    ]
    for place, label in zip(places[start - 1 :], labels, strict=False):
        parts += _printed(draw(label, stock, code, with_item=with_item), stock, place)
    return "".join([*parts, "</svg>"])


def _edge(stock: Stock, place: int, *, is_used: bool) -> str:
    x, y = stock.corner(place)
    fill = "#dbe1df" if is_used else "none"
    return (
        f'<rect x="{x}" y="{y}" width="{stock.width}" height="{stock.height}" rx="1" '
        f'fill="{fill}" stroke="#a9b6b8" stroke-width=".2"/>'
    )


def _printed(drawing: Drawing, stock: Stock, place: int) -> Iterator[str]:
    x, y = stock.corner(place)
    bars = " ".join(
        f"M{bar.x:.3f} {bar.y:.3f}h{bar.width:.3f}v{bar.height:.3f}h-{bar.width:.3f}z"
        for bar in drawing.bars
    )
    yield f'<g transform="translate({x} {y})"><path d="{bars}"/>'
    for words in drawing.words:
        weight = ' font-weight="700"' if words.bold else ""
        yield (
            f'<text x="{words.x:.2f}" y="{words.y:.2f}" font-size="{words.size:.2f}" '
            f'font-family="Helvetica, Arial, Liberation Sans, sans-serif"{weight}>'
            f"{escape(words.text)}</text>"
        )
    yield "</g>"
