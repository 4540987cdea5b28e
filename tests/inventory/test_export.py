"""Every list as a file, and back again: no number is lost on the way (SPEC §6.4, §7.9)."""

from __future__ import annotations

import re
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.http import FileResponse, StreamingHttpResponse
from hypothesis import example, given
from hypothesis import strategies as st

from imports import running
from imports.reading import read
from inventory import export, menus
from inventory.columns import ListTable
from items import numbers
from tests.books import TODAY
from tests.factories import CustomerFactory, ItemFactory, VendorFactory
from tests.imports import drives
from tests.imports.desk import Desk

LETTERS = st.characters(exclude_categories=("Cs", "Cc", "Cf", "Cn", "Co", "Zs", "Zl", "Zp"))
NUMBERS = st.text(LETTERS, min_size=1, max_size=100).filter(lambda text: not numbers.problem(text))


def content_of(response: Any) -> bytes:
    content = b"".join(response.streaming_content)
    if file := getattr(response, "file_to_stream", None):
        file.close()  # as the end of a request does
    return content


@given(st.lists(NUMBERS, min_size=1, max_size=20))
@example(["00123", "356938035643809", "=1+1", "-5", "+1.50", "@x", "'=x", '="1"', "1E5", "_x0041_"])
def test_any_serial_number_comes_back_out_of_a_csv_file_and_a_workbook(listed):
    rows = [["Serial Number"], *([number] for number in listed)]
    for content in (
        content_of(export.streamed_csv(rows, "serials")),
        content_of(export.xlsx(rows, "serials")),
    ):
        assert [row.cells[0] for row in read(content)][1:] == listed


@pytest.fixture
def desk(client, books, place, monkeypatch) -> Desk:
    monkeypatch.setattr(running, "begin", lambda: None)
    return Desk(client)


def test_the_real_drives_come_in_go_out_and_are_recognized_to_the_last(desk, client):
    found = drives.all_drives()
    assert len(found) == drives.COUNT
    desk.bring_in("items", drives.item_file(found))
    file = desk.bring_in("opening_stock", drives.stock_file(found))
    assert file.counts["New units"] == drives.COUNT
    largest = max({model for model, _ in found}, key=[model for model, _ in found].count)
    of_it = sorted(number for model, number in found if model == largest)
    item = ItemFactory._meta.model.objects.get(name=largest)
    for form in ("csv", "xlsx"):
        content = content_of(client.get(f"{item.get_absolute_url()}?tab=serials&export={form}"))
        rows = [row.cells for row in read(content)]
        assert sorted(row[0] for row in rows[1:]) == of_it
        again = desk.check("opening_stock", content, f"serials.{form}")
        assert (again.status, again.counts["Already there"]) == ("nothing", len(of_it))


def test_a_list_goes_into_an_empty_company_with_every_number(desk, client, books, ht9000, tk100):
    odd = "00123 -5 +7 =1+1 @x 356938035643809 a/b Ａ9"
    books.adjust(ht9000, 8, odd, rate="5.00")
    content = content_of(client.get(f"{ht9000.get_absolute_url()}?tab=serials&export=csv"))
    moved = content.replace(b",HT9000,", b",TK100,")
    desk.bring_in("opening_stock", moved)
    assert books.on_hand(tk100) == books.on_hand(ht9000)
    assert len(books.on_hand(tk100)) == 8


# Every list and report has its files, and its page leads to them.

WITHOUT = {  # no lists: forms, and pages of figures from many places
    "home", "preferences", "company:edit", "reports:integrity", "transactions:new",
    "roles", "invite-user",
    "audit-trail",  # an export is an entry of its own: tests/audit_trail
}  # fmt: skip


def lists() -> list[str]:
    pages = [page for menu in menus.MENUS for group in menu.groups for page in group.pages]
    shown = [p.url for p in pages if p.needs != "staff" and p.view not in WITHOUT]
    return sorted({*shown, *(p.list_url for p in pages if p.list_view)})


def test_every_list_and_report_comes_as_csv_and_as_a_workbook(client, books, ht9000, cable):
    order = books.order(ht9000, 3, "600.00")
    books.receive(order, "A1 A2")
    books.sold(ht9000, "A1", on=TODAY)
    subtabs = [
        f"{ht9000.get_absolute_url()}?tab=serials",
        f"{ht9000.get_absolute_url()}?tab=transactions",
        VendorFactory(name="Acme").get_absolute_url(),
        CustomerFactory(name="Maple").get_absolute_url(),
        "/items/?view=stock",
    ]
    assert len(lists()) > 50
    for url in [*lists(), *subtabs]:
        joint = "&" if "?" in url else "?"
        for form, head in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK\x03\x04")):
            response = client.get(f"{url}{joint}export={form}")
            assert content_of(response).startswith(head), f"{url} as {form}"
        page = client.get(url).content.decode()
        if 'class="results-bar"' in page:
            assert "export=csv" in page, url


def test_a_file_has_the_rows_the_filters_leave_in_the_order_shown(client, books, ht9000):
    books.have(ht9000, "600.00", "A1 B1 A2 A3")
    books.sold(ht9000, "A2")
    url = f"{ht9000.get_absolute_url()}?tab=serials&q=A&sort=-number"
    page = unescape(client.get(url).content.decode())
    address = re.search(r'href="(\?[^"]*export=csv[^"]*)"', page)
    rows = list(read(content_of(client.get(f"{ht9000.get_absolute_url()}{address[1]}"))))
    assert [row.cells[0] for row in rows] == ["Serial Number", "A3", "A1"]


class PeopleTable(ListTable):
    class Meta:
        model = User
        fields = ("username",)


def test_a_list_longer_than_a_sheet_says_so_and_a_csv_file_has_all_of_it(client, db, monkeypatch):
    User.objects.bulk_create(User(username=f"u{n:02}") for n in range(12))
    rows = User.objects.filter(username__startswith="u").order_by("username")
    monkeypatch.setattr(export, "SHEET_ROWS", 5)
    whole = content_of(export.respond(PeopleTable(rows), rows, "csv", "people"))
    assert len(whole.splitlines()) == 13
    book = export.respond(PeopleTable(rows), rows, "xlsx", "people")
    assert isinstance(book, FileResponse)
    sheets = sheets_of(content_of(book))
    assert [len(sheet) for sheet in sheets] == [5, 5, 5]
    assert [sheet[0] for sheet in sheets] == [["Username"]] * 3
    assert [row[0] for sheet in sheets for row in sheet[1:]] == [f"u{n:02}" for n in range(12)]


def sheets_of(content: bytes) -> list[list[list[Any]]]:
    import io

    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]


def test_csv_is_read_from_the_database_as_it_is_sent(db, django_assert_num_queries):
    User.objects.bulk_create(User(username=f"u{n:04}") for n in range(5_000))
    rows = User.objects.order_by("username")
    with django_assert_num_queries(0):
        response = export.respond(PeopleTable(rows), rows, "csv", "people")
    assert isinstance(response, StreamingHttpResponse)
    lines = iter(response.streaming_content)
    with django_assert_num_queries(1):
        assert len(b"".join(lines).splitlines()) == 5_001


def test_a_negative_number_stays_a_number_and_text_like_it_stays_text():
    rows = [["Amount", "Number"], [Decimal("-5.00"), "-5"]]
    assert content_of(export.streamed_csv(rows, "x")).splitlines()[1] == b"-5.00,'-5"
    assert sheets_of(content_of(export.xlsx(rows, "x")))[0][1] == [-5, "-5"]
