"""Whatever is entered: an answer, and either nothing stored or books in order (hypothesis).

BAD_INPUT_SEED=… draws other examples, BAD_INPUT_ROUNDS=… so many times more of them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from imports import running
from imports.models import Import
from items import numbers
from items.models import Item
from tests.books import Books
from tests.imports.desk import xlsx_file
from tests.pages import FormPage
from tests.robustness import nasty
from tests.robustness.pages import Form
from tests.robustness.play import BESIDES, PARAMETERS, ROUNDS, SEED, Play, is_refusal, rows_of
from transactions import audit

EXAMPLES = 25


def tried(**what: Any) -> Callable[[Any], Any]:
    """A property, tried with examples that are the same each time for the same seed."""

    def wrap(test: Any) -> Any:
        chosen = settings(
            max_examples=EXAMPLES * ROUNDS,
            database=None,
            deadline=None,
            phases=(Phase.explicit, Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        )
        return seed(SEED)(chosen(given(**what)(test)))

    return wrap


# What people send

ODD = "aA1-. \u200b\u0301"
TEXT = st.sampled_from(nasty.ALL) | st.text(max_size=60) | st.text(ODD, max_size=20)
FIGURE = (
    st.sampled_from(nasty.NUMBERS)
    | st.integers(-3, 5).map(str)
    | st.decimals(allow_nan=False, min_value=-(10**16), max_value=10**16).map(str)
)
DAY = st.sampled_from(nasty.DATES) | st.dates(date(2026, 10, 20), date(2026, 12, 1)).map(str)
# Of numbers that are there, that are not, and that look alike; parted by this and that.
KNOWN = ["A1", "a1", "Ａ1", "A2", "A3", "N1", "N2", "Nl", "N3..N5", "N9..N7"]
GAP = st.sampled_from([" ", "\n", ",", ";\t", "\r\n", ""])
SERIALS = st.lists(st.tuples(st.sampled_from(KNOWN) | TEXT, GAP), max_size=5)
SERIALS = SERIALS.map(lambda listed: "".join(number + gap for number, gap in listed))
QUANTITY = st.integers(-2, 3).map(str) | FIGURE
BUTTONS = ["save", "save", "save", "save+anyway", "add-line", "check:entry", "nonsense"]
BUTTON = st.sampled_from(BUTTONS)


def mostly(usual: Any, odd: Any, times: int = 6) -> Any:
    """What is usual, and one time of so many what is not: so that some of it is saved."""
    return st.integers(1, times).flatmap(lambda n: odd if n == 1 else usual)


def a_few(known: list[str]) -> Any:
    """Serial numbers: half of the time good ones alone, and as many as are wanted."""
    return mostly(st.lists(st.sampled_from(known), max_size=3).map(" ".join), SERIALS, 2)


def some(of: Any, *names: str) -> Any:
    """Any of the fields, or none."""
    return st.fixed_dictionaries({}, optional=dict.fromkeys(names, of))


@pytest.fixture
def shop(books: Books, ht9000: Item, cable: Item, place: SimpleNamespace) -> Iterator[Any]:
    """A1, A2 on hand; two more on order; an invoice of which nothing is paid."""
    books.have(ht9000, "600.00", "A1 A2 A9")
    order = books.order(ht9000, 2, "600.00")
    shipment = books.fulfill(books.sell(ht9000, 1, "999.00"), "A9")
    invoice = books.invoice(shipment)
    play = Play(SEED)
    yield SimpleNamespace(books=books, order=order, invoice=invoice, place=place, play=play)
    print(f"seed {SEED}: {dict(sorted(play.tally.items()))}")


def proposed(shop: SimpleNamespace, page: str) -> dict[str, Any]:
    """What the form of a page would send, as it comes."""
    return dict(FormPage(shop.play.client, page).fields)


def hand_in(shop: SimpleNamespace, page: str, sent: dict[str, Any]) -> None:
    """Send a form, and have it judged: nothing in part, nothing unsaid, the books in order."""
    play: Play = shop.play
    with play.undone():
        note = f"{page} {sent!r:.1500}"
        answer = play.answer(note, Form(page, "post", ""), sent)
        play.judge(note, answer, "post")
        if answer is not None and not is_refusal(answer):
            play.judge_save(note, answer, [])
    found, play.found = play.found, []
    assert not found, f"BAD_INPUT_SEED={SEED}: {found}"


# The forms


@tried(
    texts=some(TEXT, "name", "display_name", "upc", "description", "number_format"),
    figures=some(FIGURE, "base_price", "purchase_price", "reorder_point"),
    kind=st.sampled_from(["serialized", "inventory", "other"]),
    opening=st.fixed_dictionaries(
        {}, optional={"quantity": QUANTITY, "unit_cost": FIGURE, "serials": SERIALS}
    ),
    check=st.sampled_from(["", "luhn", "gtin", "x"]),
)
def test_a_new_item(shop, texts, figures, kind, opening, check):
    sent = {**dict.fromkeys(["name"], "PHONE"), "item_type": kind, "check_digit": check}
    sent |= {"opening-TOTAL_FORMS": "1", "opening-INITIAL_FORMS": "0"}
    company = shop.books.company
    for name in ("income_account", "cogs_account", "asset_account"):
        sent[name] = getattr(company, f"{name}_id")
    sent |= texts | figures | {f"opening-0-{name}": value for name, value in opening.items()}
    hand_in(shop, "/items/new/", sent)


def entered(**more: Any) -> Any:
    """What may be in the row of a document's line."""
    fields = {
        "entry-item": mostly(st.sampled_from(["HT9000", "ht9000", "CBL", "A1"]), TEXT),
        "entry-quantity": mostly(st.integers(1, 3).map(str), QUANTITY),
        "entry-rate": mostly(st.just("600"), FIGURE),
        "entry-description": TEXT,
        "memo": TEXT,
        "date": mostly(st.just("2026-11-23"), DAY),
        **more,
    }
    return st.fixed_dictionaries({"action": BUTTON}, optional=fields)


@tried(sent=entered(reference=TEXT, expected_date=DAY))
def test_a_purchase_order(shop, sent):
    page = "/transactions/purchase-order/new/"
    usual = {"entry-item": "HT9000", "entry-quantity": "2", "entry-rate": "600"}
    hand_in(shop, page, {**proposed(shop, page), "vendor": shop.order.vendor_id, **usual, **sent})


@tried(
    serials=a_few(["N1", "N2", "A9", "N3..N4"]),
    fits=mostly(st.just(True), st.just(False)),
    sent=entered(reason=TEXT, account=TEXT),
)
def test_an_adjustment(shop, serials, fits, sent):
    page = "/transactions/inventory-adjustment/new/"
    usual = {"entry-item": "HT9000", "entry-rate": "1", "entry-serials": serials}
    if fits:
        sent = {**sent, "entry-item": "HT9000"}
        sent["entry-quantity"] = str(len(numbers.split(serials)))
    hand_in(shop, page, {**proposed(shop, page), **usual, **sent})


@tried(
    serials=a_few(["N1", "N2", "Nl", "N3..N4"]),
    fits=mostly(st.just(True), st.just(False)),
    more=st.fixed_dictionaries({}, optional={"quantity": QUANTITY, "rate": FIGURE, "take": TEXT}),
    header=st.fixed_dictionaries(
        {"action": BUTTON}, optional={"date": mostly(st.just("2026-11-23"), DAY), "memo": TEXT}
    ),
)
def test_a_receipts_box(shop, serials, fits, more, header):
    page = f"/transactions/item-receipt/new/?from={shop.order.pk}"
    line = f"line-{shop.order.lines.get().pk}"
    values = {"quantity": str(len(numbers.split(serials)))} if fits else more
    sent = {f"{line}-serials": serials, **{f"{line}-{name}": v for name, v in values.items()}}
    hand_in(shop, page, {**proposed(shop, page), **sent, **header})


@tried(
    amount=mostly(st.sampled_from(["999.00", "0.01", "999.005", "5"]), FIGURE, 2),
    tick=st.booleans(),
    day=mostly(st.just("2026-11-23"), DAY),
)
def test_a_payments_amount(shop, amount, tick, day):
    page = f"/transactions/customer-payment/new/?from={shop.invoice.pk}"
    sent = proposed(shop, page)
    key = f"amount-{shop.invoice.pk}"
    assert key in sent
    sent |= {key: amount, "date": day, "action": "save"}
    if not tick:
        sent = {name: value for name, value in sent.items() if not name.startswith("tick")}
    hand_in(shop, page, sent)


ACCOUNTS = ("1000", "1010", "6500", "1300", "nothing")
ROW = st.tuples(
    mostly(st.sampled_from(ACCOUNTS[:2]), st.sampled_from(ACCOUNTS)),
    mostly(st.just("5"), FIGURE, 3),
    mostly(st.just("rent"), TEXT, 3),
)


@tried(
    rows=st.lists(ROW, min_size=1, max_size=2),
    mirrored=mostly(st.just(True), st.just(False)),
    count=mostly(st.just("4"), FIGURE),
    day=mostly(st.just("2026-11-23"), DAY),
)
def test_a_journals_rows(shop, rows, mirrored, count, day):
    """Each row as a debit and, where the entry is to balance, as a credit of another account."""
    page = "/transactions/journal-entry/new/"
    known = {n: shop.books.account(n).pk for n in ACCOUNTS[:4]}
    sent = {**proposed(shop, page), "rows": count, "date": day, "action": "save"}
    other = [("6500", figure, memo) for _, figure, memo in rows] if mirrored else []
    for number, (account, figure, memo) in enumerate([*rows, *other], start=1):
        side = "debit" if number <= len(rows) else "credit"
        cells = {"account": known.get(account, account), side: figure, "memo": memo}
        sent |= {f"row-{number}-{name}": value for name, value in cells.items()}
    hand_in(shop, page, sent)


# Files

# By kind of file, its columns and what usually stands in each.
COLUMNS: dict[str, dict[str, list[str]]] = {
    "items": {
        "Name": ["PHONE", "HT9000", "CBL", "Ｐhone"],
        "Type": ["", "Inventory", "Serialized Inventory"],
        "Description": ["", "Any text"],
        "Base Price": ["", "1", "2.50"],
        "Reorder Point": ["", "3"],
    },
    "opening_stock": {
        "Item": ["HT9000"],
        "Serial Number": ["N1", "N2", "N3", "A1"],
        "Unit Cost": ["600.00", "0"],
        "Location": ["MAIN", "EAST", ""],
    },
    "purchase_receipts": {
        "PO Number": ["PO-2"],
        "Item": ["HT9000"],
        "Serial Number": ["N1", "N2", "N3", "A1"],
    },
}
CELL = TEXT | FIGURE
ODD_CELL = CELL | st.integers(-(2**40), 2**40) | st.decimals("-1e9", "1e9", places=4)


def table_of(odd: Any) -> Any:
    """(kind, (headings, rows)) of a kind of file, with an odd cell here and there."""

    def rows(kind: str) -> Any:
        columns = COLUMNS[kind]
        often = [st.sampled_from(usual) for usual in columns.values()]
        seldom = [mostly(cell, odd) for cell in often]
        row = mostly(st.tuples(*often), st.tuples(*seldom) | st.tuples(*seldom, odd))
        head = mostly(st.just([*columns]), st.lists(TEXT, min_size=1, max_size=len(columns)))
        return st.tuples(st.just(kind), st.tuples(head, st.lists(row, min_size=1, max_size=2)))

    return st.sampled_from(sorted(COLUMNS)).flatmap(rows)


def as_csv(head: list[str], rows: list[list[Any]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([head, *rows])
    return text.getvalue().encode()


def as_xlsx(head: list[str], rows: list[list[Any]]) -> bytes:
    """Text cut to what a cell of a workbook holds; what XML cannot hold is left out."""
    return xlsx_file([[_cell(value) for value in row] for row in [head, *rows]])


def _cell(value: Any) -> Any:
    if isinstance(value, int | Decimal):
        return value
    kept = (c for c in value[:30_000] if c >= " " and c not in "\ufffe\uffff")
    return "".join(kept)


@tried(
    file=st.binary(max_size=300).map(lambda content: ("items", "x.csv", content))
    | st.binary(max_size=300).map(lambda content: ("items", "x.xlsx", b"PK\3\4" + content))
    | table_of(CELL).map(lambda made: (made[0], "x.csv", as_csv(*made[1])))
    | table_of(ODD_CELL).map(lambda made: (made[0], "x.xlsx", as_xlsx(*made[1]))),
    name=TEXT,
)
def test_a_file_to_import(shop, monkeypatch, file, name):
    """Looked at, and imported where that is offered: no failure that nobody foresaw."""
    monkeypatch.setattr(running, "begin", lambda: None)
    kind, ending, content = file
    play: Play = shop.play
    with play.undone():
        form = play.client.get("/setup/import/new/").context["form"]
        sent = {"kind": kind, "date": "2026-11-20", "request_id": str(form["request_id"].value())}
        sent["file"] = SimpleUploadedFile(f"{name[:20]}{ending}", content)
        answer = play.client.post("/setup/import/new/", sent)
        assert answer.status_code in (200, 302)
        if answer.status_code == 302:
            status = worked_on(play, answer.url)
            assert status in ("ready", "wrong", "nothing"), (status, kind, content)
            assert not stored_by(play), (kind, content)
            if status == "ready":
                play.client.post(f"{answer.url}confirm/")
                status = worked_on(play, answer.url)
                assert status == "imported", (status, kind, content)
                assert stored_by(play)
                assert not audit.offenders(), (kind, content)
            play.tally[status] += 1


def stored_by(play: Play) -> set[str]:
    """The tables that are not as they were, but for what is kept of the file itself."""
    touched = {t for t in play.written - BESIDES if not t.startswith("imports_")}
    return {table for table in touched if rows_of(table) != play.stored[table]}


def worked_on(play: Play, page: str) -> str:
    running.work_off()
    assert play.client.get(page).status_code == 200
    return str(Import.objects.latest("pk").status)


# Lists

LISTS = [
    "/items/", "/items/?view=stock", "/customers/", "/transactions/purchase-order/", "/search/",
    "/setup/audit-trail/", "/accounts/", "/reports/general-ledger/", "/setup/import/",
]  # fmt: skip
FILTERS = ("status", "vendor", "customer", "location", "date_min", "date_max", "held", "by", "kind")
ASKED = st.dictionaries(
    st.sampled_from(sorted({*PARAMETERS, *FILTERS})),
    TEXT | FIGURE | DAY | st.sampled_from([*nasty.PAGES, *nasty.SORTS, "name.x", "csv", "xlsx"]),
    min_size=1,
    max_size=4,
)


@tried(page=st.sampled_from(LISTS), asked=ASKED)
def test_what_is_asked_of_a_list(shop, page, asked):
    play: Play = shop.play
    with play.undone():
        note = f"{page} {asked!r}"
        play.judge(note, play.answer(note, Form(page, "get", ""), asked), "get")
    found, play.found = play.found, []
    assert not found, f"BAD_INPUT_SEED={SEED}: {found}"
