"""Customer and vendor returns, write-offs and trade-ins in the stock reports (SPEC §7.8)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.test import Client

from accounting.models import AccountingPeriod
from items.models import Item, SerialUnit
from reports.dates import month_of
from reports.stock import as_of
from reports.stock.activity import activity
from reports.stock.ledger import ledger
from reports.stock.movements import Movements
from reports.stock.serials import units_held
from tests.books import TODAY, Books, nov
from tests.factories import CustomerFactory
from transactions.models import Transaction

NOVEMBER = month_of(nov(1))
WORTH = {
    nov(2): "2400.00", nov(4): "2900.00", nov(5): "1637.50", nov(6): "1937.50",
    nov(7): "2562.50", nov(8): "2562.50", nov(9): "2762.50", nov(10): "2162.50",
    nov(12): "1962.50", nov(13): "1362.50", TODAY: "1362.50",
}  # fmt: skip


@pytest.fixture
def returned(books: Books, place: SimpleNamespace, ht9000: Item, cable: Item) -> SimpleNamespace:
    """R1 to R4 at 600.00: R1 sold and taken back, R2 sold and written off, R3 sent back, R4 under
    way to EAST; X1 traded in for 200.00 and sold; two of five cables sold taken back at 12.50."""
    bought = books.have(ht9000, "600.00", "R1 R2 R3 R4").created_from
    for day, cost in ((3, "10.00"), (4, "15.00")):
        books.receive(books.order(cable, 20, cost, on=nov(day)), quantity=20, on=nov(day))
    books.sold(ht9000, "R1 R2", on=nov(5))
    computers = Transaction.objects.of("invoice").get()
    shipped = books.fulfill(books.sell(cable, 5, "25.00", on=nov(5)), quantity=5, on=nov(5))
    cables = books.invoice(shipped, on=nov(5))
    books.receive(books.order(cable, 15, "20.00", on=nov(6)), quantity=15, on=nov(6))
    authorized = books.make("return_authorization", computers, on=nov(7))
    books.make("return_receipt", authorized, "R1", on=nov(7))
    back = books.make("return_authorization", cables, quantity=2, on=nov(7))
    books.make("return_receipt", back, on=nov(7))
    books.make("return_receipt", authorized, "R2", on=nov(8), line={"restock": False})
    traded = [books.line(ht9000, 1, "250.00", "X1", override_rate=Decimal("200.00"))]
    ridge = CustomerFactory(name="Ridge")
    books.post("credit_memo", traded, nov(9), customer=ridge, confirmed=["SER-11"])
    sent = books.make("vendor_return_authorization", bought, quantity=1, on=nov(10))
    books.make("vendor_return_shipment", sent, "R3", on=nov(10))
    books.post("invoice", [books.line(ht9000, 1, "900.00", "X1")], nov(12), customer=ridge)
    order = books.order_transfer(ht9000, 1, at=place.main, to=place.east, on=nov(13))
    books.make("transfer_shipment", order, "R4", on=nov(13), status="shipped")
    return SimpleNamespace(ht9000=ht9000, cable=cable, main=place.main, east=place.east)


def numbers(day: date) -> str:
    found = units_held(SerialUnit.objects.all(), day).order_by("number")
    return " ".join(found.values_list("number", flat=True))


def test_stock_with_returns_ties_to_the_ledger_on_every_day(returned):
    for day, worth in WORTH.items():
        stock = as_of.stock(as_of.moves_until(day))
        lines = {line.account.number: line for line in as_of.account_lines(stock, day)}
        assert [line.difference for line in lines.values()] == [0] * len(lines), day
        assert as_of.valued(stock).value == lines["1300"].ledger == Decimal(worth)
        held = units_held(SerialUnit.objects.all(), day)
        assert sum(unit.cost for unit in held) == sum(x.serialized for x in lines.values()), day
    assert lines["1310"].in_stock == Decimal("600.00")  # R4


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (nov(5), "R3 R4"),
        (nov(7), "R1 R3 R4"),
        (nov(8), "R1 R3 R4"),
        (nov(9), "R1 R3 R4 X1"),
        (nov(10), "R1 R4 X1"),
        (nov(12), "R1 R4"),
        (nov(13), "R1 R4"),
    ],
)
def test_what_comes_back_is_there_again_and_what_is_written_off_is_not(returned, day, expected):
    assert numbers(day) == expected


def test_a_unit_back_from_a_customer_keeps_its_receipt_and_a_trade_in_has_its_own(returned):
    units = {unit.number: unit for unit in units_held(SerialUnit.objects.all(), nov(9))}
    assert (units["R1"].receipt_type, units["R1"].cost) == ("item_receipt", Decimal("600.00"))
    assert (units["X1"].receipt_type, units["X1"].cost) == ("credit_memo", Decimal("200.00"))


def test_returns_are_other_inputs_and_other_outputs(returned):
    computer, cable = sorted(
        (x for x in ledger(Item.objects.all(), NOVEMBER) if x.location == returned.main),
        key=lambda line: line.item.name, reverse=True,
    )  # fmt: skip
    told = {
        name: tuple(map(str, getattr(computer, name)))
        for name in ("receipts", "other_inputs", "sales", "other_outputs", "ending")
    }
    assert told == {
        "receipts": ("4", "2400.00"),
        "other_inputs": ("2", "800.00"),  # R1, and X1 traded in
        "sales": ("3", "1400.00"),
        "other_outputs": ("2", "1200.00"),  # R3 to the vendor, R4 on its way
        "ending": ("1", "600.00"),
    }
    assert cable.other_inputs == as_of.Amount(Decimal(2), Decimal("25.00"))  # not at the average
    assert cable.ending == as_of.Amount(Decimal(52), Decimal("762.50"))
    assert (cable.last["receipts"], cable.last["sales"]) == (nov(6), nov(5))


def test_the_movements_run_through_the_returns(returned):
    found = Movements(Item.objects.filter(pk=returned.ht9000.pk), NOVEMBER)
    [section] = found.sections(list(found.rows()))
    told = [(m.row["date"].day, m.row["type"], str(m.balance.value)) for m in section.movements]
    assert told == [
        (2, "item_receipt", "2400.00"),
        (5, "item_fulfillment", "1200.00"),
        (7, "return_receipt", "1800.00"),
        (9, "credit_memo", "2000.00"),
        (10, "vendor_return_shipment", "1400.00"),
        (12, "invoice", "1200.00"),
        (13, "transfer_shipment", "600.00"),
    ]


def test_a_write_off_changes_no_stock(returned):
    rows = activity().filter(item=returned.ht9000, date__gte=nov(7)).order_by("date", "move")
    told = [(row.date.day, row.unit_number, int(row.quantity)) for row in rows]
    assert told == [(7, "R1", 1), (9, "X1", 1), (10, "R3", -1), (12, "X1", -1), (13, "R4", -1)]


def test_a_return_voided_in_another_month_was_there_until_the_void(october, books, ht9000):
    first, last = date(2026, 10, 2), date(2026, 10, 30)
    books.receive(books.order(ht9000, 1, "600.00", on=first), "R1", on=first)
    sale = books.fulfill(books.sell(ht9000, 1, "999.00", on=first), "R1", on=first)
    invoice = books.invoice(sale, on=first)
    authorized = books.make("return_authorization", invoice, on=last)
    receipt = books.make("return_receipt", authorized, "R1", on=last)
    AccountingPeriod.objects.filter(start=date(2026, 10, 1)).update(closed=True)
    books.void(receipt)
    assert [numbers(day) for day in (first, last, nov(22), TODAY)] == ["", "R1", "R1", ""]
    for day in (first, last, nov(22), TODAY):
        stock = as_of.stock(as_of.moves_until(day))
        assert not any(line.difference for line in as_of.account_lines(stock, day))
    [line] = ledger(Item.objects.all(), NOVEMBER)
    assert line.beginning == as_of.Amount(Decimal(1), Decimal("600.00"))
    assert line.other_inputs == as_of.Amount(Decimal(-1), Decimal("-600.00"))
    assert line.ending == as_of.Amount()


def test_the_pages_show_returns_and_agree(client: Client, returned):
    page = client.get("/reports/serials-on-hand/", {"date": "2026-11-09"}).content.decode()
    credit = Transaction.objects.of("credit_memo").get()
    assert f'href="{credit.get_absolute_url()}"' in page
    assert "the difference is 0.00" in page
    for address in ("inventory-valuation", "serials-on-hand"):
        assert "the difference is 0.00" in client.get(f"/reports/{address}/").content.decode()
