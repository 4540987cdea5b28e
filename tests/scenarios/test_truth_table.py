"""Every cell of the truth table: an operation on a serial number in a state (SPEC §6.2).

A cell reads as it does there: `ok`, `i19` (taken, with a remark), `w11` (taken after confirming
the warning), `x01` (refused). A dot is a cell that has no meaning. The number is X1. What is
refused is then done with a number that may be taken, and nothing else changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from items.models import Item, SerialUnit
from items.refusals import Refused
from tests.books import Books, nov
from tests.factories import LocationFactory
from tests.scenarios.operations import OTHERS, Operations
from tests.scenarios.states import X1, State
from transactions.models import Transaction

COLUMNS = [
    "never",
    "here",
    "other",
    "inactive",
    "picked",
    "transit",
    "sold",
    "vendor",
    "adj",
    "w/o",
]

TABLE = """
 receive                 ok    x01   x01   x01   x02   x02   i19   i19   i19   i19
 bill_alone              ok    x01   x01   x01   x02   x02   i19   i19   i19   i19
 adjust_in               ok    x01   x01   x01   x02   x02   i19   i19   i19   i19
 count_surplus           ok    ok    ok    x01   x02   x02   i19   i19   i19   i19
 return_linked           .     x03   x03   x03   x03   x03   ok    ok    ok    x09
 return_other_sale       x09   x03   x03   x03   x03   x03   x09   x09   x09   x09
 return_unlinked         w11   x03   x03   x03   x03   x03   ok    w11   w11   w11
 return_unlinked_ridge   w11   x03   x03   x03   x03   x03   w10   w11   w11   w11
 trade_in                w11   x03   x03   x03   x03   x03   ok    w11   w11   w11
 trade_in_ridge          w11   x03   x03   x03   x03   x03   w10   w11   w11   w11
 receive_transfer        .     .     .     .     .     ok    .     .     .     .
 receive_other_transfer  x20   x20   x20   x20   x20   x20   x20   x20   x20   x20
 designate               w04   ok    ok    w17   w12   w12   w04   w04   w04   w04
 designate_transfer      w04   ok    ok    w17   w12   w12   w04   w04   w04   w04
 expect                  x09   w03   w03   w03   w03   w03   ok    ok    ok    x09
 expect_other_sale       x09   w03   w03   w03   w03   w03   x09   x09   x09   x09
 pick                    x04   ok    x05   x17   x12   x12   x04   x04   x04   x04
 ship                    x04   ok    x05   x17   x12   x12   x04   x04   x04   x04
 invoice_alone           x04   ok    x05   x17   x12   x12   x04   x04   x04   x04
 sell_for_cash           x04   ok    x05   x17   x12   x12   x04   x04   x04   x04
 ship_the_pick           .     .     .     .     ok    .     .     .     .     .
 transfer                x04   ok    x05   w17   x12   x12   x04   x04   x04   x04
 ship_transfer           x04   ok    x05   x17   x12   x12   x04   x04   x04   x04
 ship_to_vendor          x04   ok    x05   x17   x12   x12   x04   x04   x04   x04
 adjust_out              x04   ok    x05   w17   x12   x12   x04   x04   x04   x04
 void_its_receipt        .     ok    x13   ok    x13   x13   x13   x13   x13   x13
 correct_its_receipt     .     ok    x13   ok    x13   x13   x13   x13   x13   x13
 void_its_sale           .     x13   x13   x13   x13   x13   ok    x13   x13   x13
 void_its_return         .     ok    x13   x13   x13   x13   x13   x13   x13   ok
"""


def cells() -> Iterator[Any]:
    for row in TABLE.strip().splitlines():
        operation, *found = row.split()
        for state, cell in zip(COLUMNS, found, strict=True):
            if cell != ".":
                yield pytest.param(operation, state, cell, id=f"{operation}-{state}-{cell}")


@pytest.mark.parametrize(("operation", "column", "cell"), list(cells()))
def test_cell(
    books: Books, ht9000: Item, place: SimpleNamespace, operation: str, column: str, cell: str
) -> None:
    place.third = LocationFactory(name="THIRD")
    operations = Operations(State(books, ht9000, place), operation)
    attempt = operations.prepare(column)
    before = (books.balances(), _units(ht9000), Transaction.objects.count())
    if cell[0] in "xw":
        with pytest.raises(Refused) as refused:
            attempt([])
        assert refused.value.codes == {f"SER-{cell[1:]}"}
        assert (books.balances(), _units(ht9000), Transaction.objects.count()) == before
        asks = {refusal.asks for refusal in refused.value.refusals}
        assert asks == {cell[0] == "w"}
    if cell[0] == "x":
        if operation in OTHERS:
            operations.take_another()
            attempt(["SER-11"])
        return
    attempt([f"SER-{cell[1:]}"] if cell[0] == "w" else [])
    remarks = {notice.code for notice in books.result.notices if notice.code}
    assert remarks == ({"SER-19"} if cell[0] == "i" else set())


def _units(item: Item) -> list[tuple[Any, ...]]:
    return list(SerialUnit.objects.filter(item=item).values_list("number", "status", "location"))


def test_every_cell_is_there():
    rows = [row.split() for row in TABLE.strip().splitlines()]
    assert all(len(row) == len(COLUMNS) + 1 for row in rows)


def test_a_number_whose_receipt_was_voided_was_never_here(books: Books, ht9000: Item) -> None:
    order = books.order(ht9000, 1, "500.00", on=nov(3))
    books.void(books.receive(order, X1, on=nov(3)))
    books.receive(order, X1, on=nov(4))
    assert books.result
    assert not books.result.notices
    assert books.on_hand(ht9000) == [X1]


@pytest.mark.parametrize("operation", ["return_linked", "expect"])
def test_a_later_unit_that_was_written_off_is_not_the_one_that_was_sold(
    books: Books, ht9000: Item, place: SimpleNamespace, operation: str
) -> None:
    """ "Already returned" is said of the unit, not of its number."""
    state = State(books, ht9000, place)
    operations = Operations(state, operation)
    invoice = state.invoice_of(state.sell("X1 Y1"))
    State(books, ht9000, place, start=7).bring("w/o")
    if operation == "expect":
        operations.expect_back(invoice, [])
    else:
        authorized = books.make("return_authorization", invoice, quantity=1, on=nov(12))
        operations.receive_return(authorized, [])
        assert books.on_hand(ht9000) == [X1]
