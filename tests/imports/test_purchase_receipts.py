"""Receipts of purchase orders out of a file: one row a unit (SPEC §7.9)."""

from __future__ import annotations

from decimal import Decimal

from tests.books import TODAY
from tests.imports.desk import said
from transactions.models import Transaction

HEAD = ["PO", "Item", "Serial Number", "Qty"]


def test_each_order_is_received_by_one_receipt(desk, books, ht9000, tk100, cable):
    one, two = books.order(ht9000, 3, "600.00"), books.order(tk100, 1, "850.00")
    cables = books.order(cable, 40, "2.50")
    file = desk.bring_in(
        "purchase_receipts",
        [
            HEAD,
            [str(two), "TK100", "A1", ""],
            [str(one).lower(), "HT9000", "A1", ""],
            [str(one), "HT9000", "A2", "1"],
            [str(cables), "CBL", "", "15.5"],
        ],
    )
    receipts = list(file.documents.order_by("id"))
    assert [receipt.created_from for receipt in receipts] == [one, two, cables]
    assert {receipt.type for receipt in receipts} == {"item_receipt"}
    assert [books.status(order) for order in (one, two)] == [
        "Pending Billing/Partially Received",
        "Pending Bill",
    ]
    assert books.balances()["2010"] == -(2 * 600 + 850 + Decimal("38.75"))
    assert file.counts == {
        "New units": 3,
        "Already received": 0,
        "Item receipts": 3,
        "milliseconds": file.counts["milliseconds"],
    }


def test_rows_spread_over_the_lines_of_an_order_that_has_the_item_twice(desk, books, ht9000, place):
    lines = [
        books.line(ht9000, 1, "600.00", at=place.main),
        books.line(ht9000, 2, "610.00", at=place.east),
    ]
    from tests.factories import VendorFactory

    order = books.post("purchase_order", lines, vendor=VendorFactory(name="Acme"))
    rows = [[str(order), "HT9000", f"N{n}"] for n in range(3)]
    desk.bring_in("purchase_receipts", [HEAD, *rows])
    assert books.quantities(ht9000, place.main)["OH"] == 1
    assert books.quantities(ht9000, place.east)["OH"] == 2


def test_every_wrong_row_is_named(desk, books, ht9000, tk100):
    books.have(ht9000, "600.00", "HELD")
    order = books.order(ht9000, 2, "600.00")
    full = books.order(ht9000, 1, "600.00")
    books.receive(full, "F1")
    rows = [
        HEAD,
        [str(order), "HT9000", "A1"],
        ["PO-99", "HT9000", "A2"],
        [str(order), "TK100", "A3"],
        [str(order), "HT9000", "HELD"],
        [str(order), "HT9000", "A4"],
        [str(full), "HT9000", "A5"],
        ["", "HT9000", "A6"],
    ]
    file = desk.check("purchase_receipts", rows)
    assert said(file) == [
        (3, "", "There is no purchase order “PO-99”."),
        (4, "", f"TK100 is not on {order}."),
        (5, "SER-01", said(file)[2][2]),
        (6, "", f"No more of HT9000 can be received on {order}, which is Pending Receipt."),
        (7, "", f"No more of HT9000 can be received on {full}, which is Pending Bill."),
        (8, "", "The purchase order is missing."),
    ]
    assert Transaction.objects.of("item_receipt").count() == 2


def test_what_was_received_before_is_recognized_by_import_or_by_hand(desk, books, ht9000):
    order = books.order(ht9000, 3, "600.00")
    books.receive(order, "A1", on=TODAY)
    rows = [[str(order), "HT9000", f"A{n}"] for n in range(1, 4)]
    file = desk.bring_in("purchase_receipts", [HEAD, *rows])
    assert (file.counts["New units"], file.counts["Already received"]) == (2, 1)
    again = desk.check("purchase_receipts", [HEAD, *rows])
    assert "These rows were imported on" in said(again, "known")[0][2]
    assert desk.check("purchase_receipts", [HEAD, *rows[::-1]]).status == "nothing"
    assert books.quantities(ht9000)["OH"] == 3


def test_an_order_that_waits_for_approval_receives_nothing(desk, books, ht9000):
    from company.models import Company

    Company.objects.update(approve_purchase_orders=True)
    order = books.order(ht9000, 1, "600.00")
    file = desk.check("purchase_receipts", [HEAD, [str(order), "HT9000", "A1"]])
    assert said(file)[0][2].endswith("which is Pending Supervisor Approval.")
    books.advance(order, to="pending_receipt")
    assert desk.check("purchase_receipts", [HEAD, [str(order), "HT9000", "A1"]]).status == "ready"
