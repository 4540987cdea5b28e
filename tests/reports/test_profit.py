"""Profit by serial number, and its tie to the income statement (SPEC §5.2 rules 5 and 6, §7.8)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from accounting.models import Account, AccountingPeriod
from items.models import Item
from reports import profit
from reports.dates import DateRange, month_of
from reports.reconciliation import Reconciliation, reconcile
from reports.statements import income_statement
from tests.books import Books, nov
from tests.factories import CustomerFactory, ItemFactory

PAGE = "/reports/serialized-profit/"
NOVEMBER = month_of(nov(1))


def oct_(day: int) -> date:
    return date(2026, 10, day)


OCTOBER = month_of(oct_(1))


def rows_of(dates: DateRange, **narrowed: object):
    return profit.sales().filter(date__range=(dates.first, dates.last), **narrowed)


def tied(dates: DateRange, **narrowed: object) -> Reconciliation:
    """The reconciliation, after seeing that it ends at the statement without a difference."""
    found = reconcile(profit.totals(rows_of(dates, **narrowed)), dates)
    statement = income_statement(dates.first, dates.last)
    lines = [*found.rows, *found.timing, *found.others]
    assert sum(line.revenue for line in lines) == statement.income.total
    assert sum(line.cost for line in lines) == statement.cost_of_sales.total
    assert sum(line.profit for line in lines) == statement.gross_profit
    assert not found.difference
    return found


def said(found: Reconciliation) -> dict[str, tuple[Decimal, Decimal]]:
    lines = [*found.rows, *found.timing, *found.others]
    return {line.label: (line.revenue, line.cost) for line in lines}


def money(*amounts: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(amount) for amount in amounts)


@pytest.fixture
def two_months(october: None, books: Books, ht9000: Item, tk100: Item, cable: Item) -> None:
    """October and November with everything that keeps units and ledger apart."""
    order = books.order(ht9000, 8, "600.00", on=oct_(2))
    receipt = books.receive(order, "A1 A2 A3 A4 A5 A6 A7 A8", on=oct_(2))
    books.bill(receipt, on=oct_(3), rate="601.50")  # a price variance in cost of sales
    books.receive(books.order(tk100, 2, "850.00", on=oct_(2)), "T1 T2", on=oct_(2))
    books.receive(books.order(cable, 20, "10.00", on=oct_(2)), quantity=20, on=oct_(2))

    books.sold(ht9000, "A1 A2", "999.99", on=oct_(10))  # shipped and invoiced in October
    late = books.fulfill(books.sell(ht9000, 1, "990.00", on=oct_(30)), "A3", on=oct_(31))
    books.invoice(late, on=nov(1))  # shipped in October, invoiced in November
    books.fulfill(books.sell(ht9000, 1, "980.00", on=nov(3)), "A4", on=nov(3))  # not invoiced
    books.sold(tk100, "T1", "1299.00", on=nov(4))
    other = books.sell(cable, 5, "25.00", on=nov(5))
    books.invoice(books.fulfill(other, quantity=5, on=nov(5)), on=nov(5))

    shipped = books.fulfill(books.sell(ht9000, 1, "970.00", on=oct_(20)), "A5", on=oct_(20))
    invoice = books.invoice(shipped, on=oct_(21))
    AccountingPeriod.objects.filter(start=oct_(1)).update(closed=True)
    books.void(invoice)  # October is closed: reversed today, in November
    books.adjust(ht9000, -1, "A6", on=nov(6), account="5030")  # a loss booked to cost of sales
    books.adjust(ht9000, -1, "A7", on=nov(6))  # another booked to an expense


def test_a_row_tells_cost_revenue_profit_and_where_the_unit_came_from(two_sold, ht9000):
    row = profit.sales().get(unit__number="A1234")
    assert (row.cost, row.revenue, row.profit) == money("600.00", "999.00", "399.00")
    assert (row.receipt_number, row.line.transaction.number, row.invoice_number) == (
        "IR-1",
        "IF-1",
        "INV-1",
    )
    assert row.line.transaction.customer.name == "Maple"
    assert row.days == 6
    assert profit.sales().count() == 2


def test_a_unit_not_invoiced_has_a_cost_but_neither_revenue_nor_profit(books, ht9000):
    books.have(ht9000, "600.00", "A1")
    books.fulfill(books.sell(ht9000, 1, "999.00", on=nov(3)), "A1", on=nov(3))
    row = profit.sales().get()
    assert (row.cost, row.revenue, row.profit, row.invoice_number) == (
        Decimal("600.00"),
        None,
        None,
        None,
    )
    sums = profit.totals(profit.sales())
    assert (sums.units, sums.waiting, sums.cost, sums.profit) == (1, 1, 600, 0)


def test_a_number_sold_twice_has_two_rows_each_with_its_own_cost(two_sold, books, ht9000):
    books.receive(books.order(ht9000, 1, "620.00", on=nov(10)), "A1234", on=nov(10))
    books.sold(ht9000, "A1234", "900.00", on=nov(12))
    rows = profit.sales().filter(unit__number="A1234").order_by("date")
    assert [(row.cost, row.profit) for row in rows] == [
        money("600.00", "399.00"),
        money("620.00", "280.00"),
    ]


def test_an_invoice_that_does_not_divide_evenly_is_shared_in_cents(books, ht9000):
    books.have(ht9000, "10.00", "A1 A2 A3")
    order = books.post(
        "sales_order",
        [books.line(ht9000, 3, "33.33")],
        nov(5),
        customer=CustomerFactory(name="Maple"),
    )
    books.invoice(books.fulfill(order, "A1 A2 A3", on=nov(5)), on=nov(5))
    assert profit.totals(profit.sales()).revenue == Decimal("99.99")
    tied(NOVEMBER)


def test_neither_a_pick_nor_a_voided_shipment_is_a_sale(books, ht9000):
    books.have(ht9000, "600.00", "A1 A2")
    order = books.sell(ht9000, 2, "999.00", on=nov(3))
    books.fulfill(order, "A1", on=nov(3), to="picked")
    assert not profit.sales().exists()
    shipped = books.fulfill(order, "A2", on=nov(3))
    assert profit.sales().count() == 1
    books.void(shipped)
    assert not profit.sales().exists()
    assert not tied(NOVEMBER).others


def test_a_plain_month_ties_without_reconciling_lines(two_sold):
    found = tied(NOVEMBER)
    assert found.serialized.profit == Decimal("798.00")
    assert found.timing == found.others == []


def test_units_and_ledger_tie_month_by_month_and_over_all_dates(two_months):
    assert said(tied(OCTOBER)) == {
        "Sales listed above": money("2989.98", "1800.00"),
        "Listed above, not invoiced or not credited yet": money("0.00", "600.00"),
        "Shipped in these dates, invoiced later": money("-990.00", "0.00"),
        "Variances and write-offs on vendor bills": money("0.00", "12.00"),
        "Documents voided in other dates than they were booked in": money("970.00", "0.00"),
    }
    assert said(tied(NOVEMBER)) == {
        "Sales listed above": money("1299.00", "850.00"),
        "Listed above, not invoiced or not credited yet": money("0.00", "600.00"),
        "Invoiced in these dates, shipped earlier": money("990.00", "0.00"),
        "Sales of items without serial numbers": money("125.00", "50.00"),
        "Variances and write-offs on inventory adjustments": money("0.00", "600.00"),
        "Documents voided in other dates than they were booked in": money("-970.00", "0.00"),
    }
    assert said(tied(DateRange())) == {
        "Sales listed above": money("4288.98", "2650.00"),
        "Listed above, not invoiced or not credited yet": money("0.00", "1200.00"),
        "Sales of items without serial numbers": money("125.00", "50.00"),
        "Variances and write-offs on inventory adjustments": money("0.00", "600.00"),
        "Variances and write-offs on vendor bills": money("0.00", "12.00"),
    }


@pytest.mark.parametrize(
    ("start", "end"),
    [(oct_(31), oct_(31)), (nov(1), nov(1)), (oct_(21), nov(23)), (None, oct_(20)), (nov(2), None)],
)
def test_units_and_ledger_tie_over_any_dates(two_months, start, end):
    tied(DateRange(start, end))


def test_what_a_filter_leaves_out_is_a_reconciling_line(two_months, tk100):
    found = tied(NOVEMBER, item=tk100)
    assert said(found)["Sales listed above"] == money("1299.00", "850.00")
    assert said(found)["Units left out by the search and the filters"] == money("0.00", "600.00")
    assert said(found)["Listed above, not invoiced or not credited yet"] == money("0.00", "0.00")


def test_the_income_account_of_an_item_does_not_matter_to_the_tie(books, place):
    accounts = [
        Account.objects.create(number=number, name=number, type=type_)
        for number, type_ in [("4100", Account.Type.INCOME), ("5100", Account.Type.COGS)]
    ]
    item = ItemFactory(income_account=accounts[0], cogs_account=accounts[1])
    books.have(item, "10.00", "X1")
    books.sold(item, "X1", "15.00")
    assert tied(NOVEMBER).serialized.profit == Decimal("5.00")


# The page


def test_the_page_lists_units_totals_and_the_tie_out(client: Client, two_months):
    html = client.get(PAGE).content.decode()
    assert "T1" in html
    assert "Not invoiced" in html
    assert "2 units" in html
    assert "The units tie to the ledger to the cent." in html
    assert "A1<" not in html  # October's


def test_a_row_leads_to_its_unit_item_documents_and_customer(client: Client, two_sold, ht9000):
    html = client.get(PAGE).content.decode()
    row = profit.sales().get(unit__number="A1234")
    shipment = row.line.transaction
    for address in (
        f"/serials/{ht9000.pk}/A1234/",
        ht9000.get_absolute_url(),
        f"/transactions/item-receipt/{row.receipt_id}/",
        shipment.get_absolute_url(),
        f"/transactions/invoice/{row.invoice_id}/",
        shipment.customer.get_absolute_url(),
    ):
        assert f'href="{address}"' in html


def test_the_page_narrows_by_dates_item_customer_invoice_and_number(
    client: Client, two_months, ht9000, tk100, maple
):
    def numbers(**asked: object) -> set[str]:
        page = client.get(PAGE, {"start": "", "end": "", **asked})
        return {row.record.unit.number for row in page.context["listing"].table.rows}

    assert numbers() == {"A1", "A2", "A3", "A4", "A5", "T1"}
    assert numbers(start="2026-11-01") == {"A4", "T1"}
    assert numbers(item=tk100.pk) == {"T1"}
    assert numbers(customer=CustomerFactory(name="Ridge").pk) == set()
    assert len(numbers(customer=maple.pk)) == 6
    assert numbers(invoiced="no") == {"A4", "A5"}
    assert numbers(q="t") == {"T1"}


@pytest.mark.parametrize("sort", ["days", "-profit", "number", "item", "customer", "-revenue"])
def test_the_page_sorts(client: Client, two_months, sort):
    page = client.get(PAGE, {"start": "", "end": "", "sort": sort})
    assert len(page.context["listing"].table.rows) == 6


def test_the_file_holds_every_row(client: Client, two_months):
    answer = client.get(PAGE, {"start": "", "end": "", "export": "csv", "sort": "number"})
    lines = answer.getvalue().decode("utf-8-sig").splitlines()
    assert len(lines) == 7
    assert lines[1] == "A1,HT9000,IR-1,600.00,2026-10-10,IF-1,INV-1,Maple,999.99,399.99,8"


def test_filtering_by_htmx_brings_the_tie_out_too(client: Client, two_months):
    headers = {"HX-Request": "true", "HX-Target": "results"}
    html = client.get(PAGE, {"start": "2026-10-01"}, headers=headers).content.decode()
    assert "<html" not in html
    assert 'id="tie-out" class="panel panel-flush tie-out" hx-swap-oob="true"' in html


def test_no_sales_yet(client: Client, books):
    html = client.get(PAGE).content.decode()
    assert "No serial numbers were shipped in these dates" in html


def test_more_sales_cost_no_more_queries(queries_of, books, ht9000):
    books.have(ht9000, "600.00", " ".join(f"A{n}" for n in range(1, 10)))
    books.sold(ht9000, "A1")
    before = queries_of(PAGE)
    for number in range(2, 10):
        books.sold(ht9000, f"A{number}", on=nov(number))
    assert queries_of(PAGE) == before


@pytest.fixture
def returns(october: None, books: Books, ht9000: Item, cable: Item) -> None:
    """Sold in October; returned and credited in either month; traded in; written off."""
    receipt = books.receive(
        books.order(ht9000, 5, "600.00", on=oct_(2)), "R1 R2 R3 R4 R5", on=oct_(2)
    )
    books.bill(receipt, on=oct_(2))
    invoices = {}
    for number in ("R1", "R2", "R3", "R4"):
        order = books.sell(ht9000, 1, "999.00", on=oct_(5))
        invoices[number] = books.invoice(books.fulfill(order, number, on=oct_(5)), on=oct_(5))

    def back(number: str, on: date, credited: date | None, **line: object) -> None:
        authorized = books.make("return_authorization", invoices[number], on=on)
        books.make("return_receipt", authorized, number, on=on, line=line)
        if credited:
            books.make("credit_memo", authorized, on=credited)

    back("R1", oct_(20), oct_(21))
    back("R2", oct_(25), nov(2))
    back("R3", nov(3), nov(4), restock=False)
    back("R4", nov(5), None)
    again = books.sell(ht9000, 1, "900.00", on=nov(6))
    books.invoice(books.fulfill(again, "R1", on=nov(6)), on=nov(6))
    traded = books.line(ht9000, 1, "250.00", "X1", override_rate=Decimal("200.00"))
    books.post("credit_memo", [traded], nov(7), ["SER-11"], customer=CustomerFactory())
    cash = books.line(ht9000, 1, "880.00", "R5")
    till = books.account("1010")
    books.post("cash_sale", [cash], nov(8), customer=CustomerFactory(), account=till)


@pytest.mark.parametrize("dates", [OCTOBER, NOVEMBER, DateRange()], ids=str)
def test_returns_tie_in_every_range_of_dates(returns: None, dates: DateRange) -> None:
    tied(dates)


def test_a_returned_sale_is_net_of_its_credit_and_its_cost(returns: None) -> None:
    rows = {(row.unit.number, row.date): row for row in profit.sales().select_related("unit")}
    returned = rows["R1", oct_(5)]
    assert (returned.revenue, returned.kept, returned.profit) == money("0.00", "0.00", "0.00")
    again = rows["R1", nov(6)]
    assert (again.revenue, again.kept, again.profit) == money("900.00", "600.00", "300.00")
    waiting = rows["R4", oct_(5)]
    assert (waiting.revenue, waiting.profit) == (Decimal("999.00"), None)
    assert rows["R5", nov(8)].profit == Decimal("280.00")


def test_the_page_says_what_is_not_credited(client: Client, returns: None) -> None:
    answer = client.get(PAGE, {"start": "", "end": ""}).content.decode()
    assert "Not credited" in answer
    assert answer.count("(returned)") == 4
