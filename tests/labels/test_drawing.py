"""Labels as they are printed: every code is read back by a scanner's own library."""

from __future__ import annotations

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from labels.drawing import CODE_128, QR, Label, draw, fits_code_128
from labels.pdf import pdf
from labels.stocks import STOCKS

ITEM = "Seagate Barracuda 3 TB (ST3000DM001)"
SHEET, ROLL = STOCKS["a4-3x8-36"], STOCKS["roll-62x29"]
FORMATS = {CODE_128: "Code 128", QR: "QR Code"}


def pages(content: bytes, dots: int = 300) -> list[Image.Image]:
    document = pypdfium2.PdfDocument(content)
    return [page.render(scale=dots / 72).to_pil() for page in document]


def numbers_on(image: Image.Image) -> list[str]:
    return sorted(code.text for code in zxingcpp.read_barcodes(image))


def text_of(content: bytes) -> str:
    return pypdfium2.PdfDocument(content)[0].get_textpage().get_text_bounded()


@pytest.mark.parametrize("code", [CODE_128, QR])
@pytest.mark.parametrize("stock", STOCKS.values(), ids=STOCKS)
def test_a_sheet_is_read_back_number_by_number(stock, code):
    numbers = [f"W1F0A{n:06}" for n in range(stock.each)]
    content = pdf([Label(number, ITEM) for number in numbers], stock, code)
    (image,) = pages(content)
    found = zxingcpp.read_barcodes(image)
    assert sorted(each.text for each in found) == numbers
    assert {str(each.format) for each in found} == {FORMATS[code]}
    page = pypdfium2.PdfDocument(content)[0]
    millimeters = [round(points / 72 * 25.4, 1) for points in page.get_size()]
    assert millimeters == [pytest.approx(side, abs=0.1) for side in stock.page]


@pytest.mark.parametrize("code", [CODE_128, QR])
def test_a_label_printer_of_203_dots_an_inch_prints_what_can_be_read(code):
    (image,) = pages(pdf([Label("PL1331LAG4013H", ITEM)], ROLL, code), dots=203)
    assert numbers_on(image) == ["PL1331LAG4013H"]


@pytest.mark.parametrize("number", ["00123", "A-1/2.3", "=1+1", "a1234", "~^|\\", "x" * 100, "Æ№7"])
@pytest.mark.parametrize("code", [CODE_128, QR])
def test_any_number_is_on_its_label_as_it_is(number, code):
    (image,) = pages(pdf([Label(number, ITEM)], STOCKS["roll-100x50"], code))
    assert numbers_on(image) == [number]


def test_what_does_not_fit_as_bars_becomes_a_qr_code():
    assert fits_code_128("W1F0A000001", SHEET)
    assert draw(Label("W1F0A000001", ITEM), SHEET, CODE_128).code == CODE_128
    for number in ("x" * 60, "Æ1"):
        assert not fits_code_128(number, SHEET)
        assert draw(Label(number, ITEM), SHEET, CODE_128).code == QR


@pytest.mark.parametrize("stock", STOCKS.values(), ids=STOCKS)
@pytest.mark.parametrize("code", [CODE_128, QR])
@pytest.mark.parametrize("number", ["A1", "PL1331LAG4013H", "x" * 100])
def test_nothing_is_drawn_beyond_the_label(stock, code, number):
    drawing = draw(Label(number, f"{ITEM} {ITEM}"), stock, code)
    for bar in drawing.bars:
        assert bar.x > 0
        assert bar.y > 0
        assert bar.width > 0
        assert bar.height > 0
        assert bar.x + bar.width < stock.width
        assert bar.y + bar.height < stock.height
    for words in drawing.words:
        assert 0 < words.x < stock.width
        assert words.size <= words.y + words.size / 2
        assert words.y < stock.height


def test_number_and_item_are_there_to_read():
    text = text_of(pdf([Label("W1F0A1", ITEM)], SHEET, CODE_128))
    assert "W1F0A1" in text
    assert ITEM in text
    assert ITEM not in text_of(pdf([Label("W1F0A1", ITEM)], SHEET, CODE_128, with_item=False))


def test_a_used_sheet_begins_where_it_has_labels_left():
    labels = [Label(f"N{n:03}", ITEM) for n in range(SHEET.each)]
    first, second = pages(pdf(labels, SHEET, CODE_128, start=SHEET.each))
    assert numbers_on(first) == ["N000"]
    assert len(numbers_on(second)) == SHEET.each - 1
    middle = zxingcpp.read_barcodes(first)[0].position.top_left
    assert middle.x > first.width / 2
    assert middle.y > first.height / 2
