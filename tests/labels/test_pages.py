"""Choosing what labels are printed for, and how."""

from __future__ import annotations

from html import unescape

import pypdfium2
import pytest
import zxingcpp

from labels import forms, views
from tests.imports.desk import Desk


def numbers_in(content: bytes) -> list[str]:
    found = []
    for page in pypdfium2.PdfDocument(content):
        found += [code.text for code in zxingcpp.read_barcodes(page.render(scale=4).to_pil())]
    return sorted(found)


@pytest.fixture
def stocked(books, ht9000, place):
    books.have(ht9000, "600.00", "A1 A2 A3")
    books.have(ht9000, "600.00", "B1", at=place.east)
    books.sold(ht9000, "A3")
    return ht9000


def printed(client, query: str) -> list[str]:
    response = client.get(f"/labels/labels.pdf?{query}")
    assert response.headers["Content-Type"] == "application/pdf"
    return numbers_in(response.content)


def test_the_subtab_leads_to_labels_of_what_it_shows(client, stocked, place):
    page = client.get(f"{stocked.get_absolute_url()}?tab=serials&location={place.main.pk}&q=A")
    address = unescape(page.content.decode()).partition('href="/labels/?')[2].partition('"')[0]
    assert printed(client, address) == ["A1", "A2"]
    assert printed(client, f"item={stocked.pk}&filter_by=all") == ["A1", "A2", "A3", "B1"]
    assert "2 serial numbers" in client.get(f"/labels/?{address}").content.decode().replace(
        '<span class="quantity">2</span>', "2"
    )


def test_a_receipt_leads_to_labels_of_its_numbers(client, books, stocked):
    order = books.order(stocked, 2, "600.00")
    receipt = books.receive(order, "C1 C2")
    page = client.get(receipt.get_absolute_url()).content.decode()
    assert f"/labels/?document={receipt.pk}" in page
    assert printed(client, f"document={receipt.pk}") == ["C1", "C2"]
    bill = books.bill(order)
    assert printed(client, f"document={bill.pk}") == ["C1", "C2"]
    assert "/labels/" not in client.get(order.get_absolute_url()).content.decode()


def test_one_number_and_an_import_have_labels(client, books, stocked, monkeypatch):
    unit = stocked.units.get(number="A1")
    assert f"/labels/?unit={unit.pk}" in client.get(unit.get_absolute_url()).content.decode()
    assert printed(client, f"unit={unit.pk}") == ["A1"]
    from imports import running

    monkeypatch.setattr(running, "begin", lambda: None)
    rows = [["Item", "Location", "Serial", "Cost"], ["HT9000", "MAIN", "D1", "5"]]
    file = Desk(client).bring_in("opening_stock", rows)
    assert f"/labels/?import={file.pk}" in client.get(file.get_absolute_url()).content.decode()
    assert printed(client, f"import={file.pk}") == ["D1"]


@pytest.mark.parametrize("query", ["", "item=0", "unit=x", "document=999", "import=1"])
def test_what_is_not_there_has_no_labels(client, stocked, query):
    for address in ("/labels/", "/labels/sheet.svg", "/labels/labels.pdf"):
        assert client.get(f"{address}?{query}").status_code == 404


def test_no_numbers_is_said_with_the_way_back(client, stocked):
    page = client.get(f"/labels/?item={stocked.pk}&q=ZZZ").content.decode()
    assert "No serial numbers to print" in page
    assert "tab=serials" in page


def test_what_is_wrong_is_said_and_nothing_is_printed(client, stocked):
    for query in ("start=25", "start=0", "start=x", "stock=papyrus", "code=morse", "part=2"):
        response = client.get(f"/labels/labels.pdf?item={stocked.pk}&{query}")
        page = client.get(response.headers["Location"]).content.decode()
        assert "Please correct how the labels are printed" in page
        assert client.get(f"/labels/sheet.svg?item={stocked.pk}&{query}").status_code == 400


def test_the_paper_and_the_code_are_proposed_again(client, stocked):
    printed(client, f"item={stocked.pk}&stock=roll-50x25&code=qr&start=1")
    form = client.get(f"/labels/?item={stocked.pk}").context["form"]
    assert (form["stock"].value(), form["code"].value(), form["start"].value()) == (
        "roll-50x25",
        "qr",
        1,
    )


def test_the_preview_shows_what_is_printed(client, stocked):
    response = client.get(f"/labels/sheet.svg?item={stocked.pk}&start=3")
    assert response.headers["Content-Type"] == "image/svg+xml"
    picture = response.content.decode()
    assert picture.count("<g ") == 3
    assert picture.count('fill="#dbe1df"') == 2
    assert ">A1</text>" in picture


def test_a_name_is_no_markup_in_the_preview(client, stocked):
    stocked.display_name = "<script>alert(1)</script>"
    stocked.save()
    picture = client.get(f"/labels/sheet.svg?item={stocked.pk}").content.decode()
    assert "<script>" not in picture
    assert "&lt;script" in picture


def test_very_many_are_printed_in_parts(client, stocked, monkeypatch):
    for module in (forms, views):
        monkeypatch.setattr(module, "MOST", 2)
    assert printed(client, f"item={stocked.pk}&part=1") == ["A1", "A2"]
    assert printed(client, f"item={stocked.pk}&part=2") == ["B1"]
    assert "3 to 3 of 3" in client.get(f"/labels/?item={stocked.pk}").content.decode()


def test_labels_take_the_same_statements_however_many(client, books, stocked, queries_of):
    url = f"/labels/?item={stocked.pk}"
    few = queries_of(url)
    books.have(stocked, "600.00", " ".join(f"N{n}" for n in range(60)))
    assert queries_of(url) == few
