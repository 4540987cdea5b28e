"""An open transfer order or return authorization is changed (SPEC §4.7, §4.8, §4.10, §5.6)."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from items.models import Item
from tests.books import Books, nov
from tests.factories import CustomerFactory, LocationFactory, VendorFactory
from tests.scenarios.desk import amend, figures, refused, served
from transactions.models import Transaction


class TestTransferOrder:
    @pytest.fixture
    def order(self, books: Books, ht9000: Item, place: SimpleNamespace) -> Transaction:
        """Two of four ordered from MAIN to EAST."""
        books.have(ht9000, "600.00", "A1 A2 A3 A4")
        return books.order_transfer(ht9000, 2, at=place.main, to=place.east, on=nov(5))

    def ship(self, books: Books, order: Transaction, serials: str, to: str = "shipped"):
        return books.make("transfer_shipment", order, serials, on=nov(6), status=to)

    def test_more_and_less_commit_here_and_are_on_order_there(
        self, books: Books, ht9000: Item, place: SimpleNamespace, order: Transaction
    ) -> None:
        amend(books, order, {1: {"quantity": 5}})
        assert figures(ht9000, "CM BO OO", place.main) == [4, 1, 0]
        assert figures(ht9000, "CM BO OO", place.east) == [0, 0, 5]
        amend(books, order, {1: {"quantity": 1}})
        assert figures(ht9000, "CM BO AV", place.main) == [1, 0, 3]
        assert figures(ht9000, "OO", place.east) == [1]

    def test_not_below_what_was_picked_and_sent(
        self, books: Books, ht9000: Item, place: SimpleNamespace, order: Transaction
    ) -> None:
        amend(books, order, {1: {"quantity": 4}})
        self.ship(books, order, "A1")
        self.ship(books, order, "A2", to="picked")
        refused(lambda: amend(books, order, {1: {"quantity": 1}}))
        amend(books, order, {1: {"quantity": 2}})
        assert figures(ht9000, "OH CM PK AV", place.main) == [2, 0, 1, 2]
        assert figures(ht9000, "OO IT", place.east) == [2, 1]
        assert books.status(order) == "Pending Receipt/Partially Fulfilled"

    def test_lines_are_added_removed_and_closed(
        self, books: Books, ht9000: Item, cable: Item, place: SimpleNamespace, order: Transaction
    ) -> None:
        books.adjust(cable, 10, on=nov(5), rate="2.00")
        amend(books, order, add=[books.line(cable, 4, at=place.main)])
        assert figures(cable, "CM", place.main) + figures(cable, "OO", place.east) == [4, 4]
        amend(books, order, {2: {"closed": True}})
        assert figures(cable, "CM", place.main) + figures(cable, "OO", place.east) == [0, 0]
        amend(books, order, {2: {"closed": False}}, drop=[1])
        assert figures(cable, "CM", place.main) + figures(cable, "OO", place.east) == [4, 4]
        assert figures(ht9000, "CM OO") == [0, 0]

    def test_it_goes_somewhere_else_while_nothing_was_sent(
        self, books: Books, ht9000: Item, place: SimpleNamespace, order: Transaction
    ) -> None:
        third = LocationFactory(name="THIRD")
        amend(books, order, to_location=third)
        assert figures(ht9000, "OO", place.east) + figures(ht9000, "OO", third) == [0, 2]
        self.ship(books, order, "A1")
        assert figures(ht9000, "OO IT", third) == [2, 1]
        refused(lambda: amend(books, order, to_location=place.east))
        amend(books, order, {1: {"quantity": 3}})
        books.make("transfer_receipt", order, on=nov(7))
        assert figures(ht9000, "OH OO", third) == [1, 2]

    def test_it_leaves_from_somewhere_else_while_nothing_was_sent(
        self, books: Books, ht9000: Item, place: SimpleNamespace, order: Transaction
    ) -> None:
        third = LocationFactory(name="THIRD")
        books.have(ht9000, "600.00", "C1", at=third)
        amend(books, order, {1: {"location": third}}, location=third)
        assert figures(ht9000, "CM", place.main) + figures(ht9000, "CM BO", third) == [0, 1, 1]
        assert figures(ht9000, "OO", place.east) == [2]
        found = refused(lambda: amend(books, order, {1: {"location": place.main}}))
        assert "it leaves from THIRD" in found.messages[0]
        found = refused(
            lambda: amend(books, order, {1: {"location": place.east}}, location=place.east)
        )
        assert "cannot go from EAST to EAST" in found.messages[0]

    def test_it_names_all_serial_numbers_or_none_and_what_it_names_is_sent(
        self, books: Books, order: Transaction
    ) -> None:
        amend(books, order, {1: {"serials": ["A1", "A2"]}})
        found = refused(lambda: amend(books, order, {1: {"serials": ["A1"]}}))
        assert "all of its serial numbers, or none" in found.messages[0]
        refused(lambda: self.ship(books, order, "A3"))
        amend(books, order, {1: {"serials": ["A2", "A3"]}})
        self.ship(books, order, "A3")
        amend(books, order, {1: {"quantity": 1, "serials": ["A3"]}})
        books.make("transfer_receipt", order, on=nov(7))
        assert books.status(order) == "Received"
        refused(lambda: amend(books, order, {1: {"quantity": 2, "serials": []}}))

    def test_while_it_waits_for_approval_it_commits_nothing(
        self, books: Books, ht9000: Item, place: SimpleNamespace
    ) -> None:
        books.have(ht9000, "600.00", "A1")
        order = books.post(
            "transfer_order", [books.line(ht9000, 1)], nov(5), status="pending_approval",
            location=place.main, to_location=place.east,
        )  # fmt: skip
        amend(books, order, {1: {"quantity": 2}})
        assert figures(ht9000, "CM BO OO") == [0, 0, 0]
        books.advance(order, "pending_fulfillment")
        assert figures(ht9000, "CM BO OO") == [1, 1, 2]


class TestReturnAuthorization:
    @pytest.fixture
    def invoice(self, books: Books, ht9000: Item) -> Transaction:
        """Three sold to Maple."""
        books.have(ht9000, "600.00", "A1 A2 A3")
        shipped = books.sold(ht9000, "A1 A2 A3")
        return Transaction.objects.of("invoice").get(lines__created_from_line__transaction=shipped)

    def authorize(self, books: Books, invoice: Transaction, quantity: int) -> Transaction:
        return books.make("return_authorization", invoice, quantity=quantity, on=nov(5))

    def test_more_and_less_up_to_what_was_sold(self, books: Books, invoice: Transaction) -> None:
        authorized = self.authorize(books, invoice, 1)
        amend(books, authorized, {1: {"quantity": 3}})
        found = refused(lambda: amend(books, authorized, {1: {"quantity": 4}}))
        assert "only 3 can still be taken" in found.messages[0]
        refused(lambda: self.authorize(books, invoice, 1))
        amend(books, authorized, {1: {"quantity": 2}})
        other = self.authorize(books, invoice, 1)
        refused(lambda: amend(books, other, {1: {"quantity": 2}}))

    def test_not_below_what_came_back(self, books: Books, invoice: Transaction) -> None:
        authorized = self.authorize(books, invoice, 3)
        books.make("return_receipt", authorized, "A1 A2", on=nov(6))
        refused(lambda: amend(books, authorized, {1: {"quantity": 1}}))
        amend(books, authorized, {1: {"quantity": 2}})
        assert books.status(authorized) == "Pending Refund"

    def test_a_line_is_taken_off_and_put_on_again(
        self, books: Books, ht9000: Item, invoice: Transaction
    ) -> None:
        authorized = self.authorize(books, invoice, 2)
        sold = authorized.lines.get().created_from_line
        again = books.line(ht9000, 3, "999.00", created_from_line=sold)
        amend(books, authorized, drop=[1], add=[again])
        more = books.line(ht9000, 1, "999.00", created_from_line=sold)
        refused(lambda: amend(books, authorized, add=[more]))
        amend(books, authorized, {1: {"quantity": 2}}, add=[more])
        books.make("return_receipt", authorized, "A1", on=nov(6))
        assert books.status(authorized) == "Partially Received"

    def test_expected_numbers_are_written_anew(self, books: Books, invoice: Transaction) -> None:
        authorized = books.make("return_authorization", invoice, "A1", on=nov(5))
        amend(books, authorized, {1: {"serials": ["A2"]}})
        found = refused(lambda: amend(books, authorized, {1: {"serials": ["Z9"]}}))
        assert found.codes == {"SER-09"}
        named = authorized.lines.get().line_units
        assert list(named.values_list("number", flat=True)) == ["A2"]

    def test_a_number_that_came_back_already_is_no_doubt(
        self, books: Books, invoice: Transaction
    ) -> None:
        authorized = books.make("return_authorization", invoice, "A1 A2", on=nov(5))
        books.make("return_receipt", authorized, "A1", on=nov(6), line={"restock": False})
        amend(books, authorized, memo="the second one comes by post")
        found = refused(lambda: amend(books, authorized, {1: {"serials": ["A1", "Z9"]}}))
        assert [refusal.number for refusal in found.refusals] == ["Z9"]

    def test_a_closed_line_is_received_no_more(self, books: Books, invoice: Transaction) -> None:
        authorized = self.authorize(books, invoice, 3)
        books.make("return_receipt", authorized, "A1", on=nov(6))
        amend(books, authorized, {1: {"closed": True}})
        assert books.status(authorized) == "Pending Refund"
        refused(lambda: books.make("return_receipt", authorized, "A2", on=nov(7)))
        credit = books.make("credit_memo", authorized, on=nov(7))
        assert (credit.total, books.status(authorized)) == (999, "Refunded")

    def test_what_a_closed_line_leaves_may_be_authorized_anew(
        self, books: Books, invoice: Transaction
    ) -> None:
        authorized = self.authorize(books, invoice, 3)
        books.make("return_receipt", authorized, "A1", on=nov(6))
        refused(lambda: self.authorize(books, invoice, 1))
        amend(books, authorized, {1: {"closed": True}})
        refused(lambda: self.authorize(books, invoice, 3))
        again = self.authorize(books, invoice, 1)
        other = self.authorize(books, invoice, 1)
        assert books.status(authorized) == "Pending Refund"
        books.make("return_receipt", again, "A2", on=nov(7))
        books.make("return_receipt", other, "A3", on=nov(7))

    def test_without_a_sale_anything_may_change_until_it_came(
        self, books: Books, ht9000: Item, tk100: Item
    ) -> None:
        authorized = books.post(
            "return_authorization", [books.line(ht9000, 1, "500.00")], nov(5),
            customer=CustomerFactory(name="Ridge"), status="pending_receipt",
        )  # fmt: skip
        amend(books, authorized, {1: {"item": tk100, "quantity": 2}})
        books.make(
            "return_receipt", authorized, "T1", on=nov(6), confirmed=["SER-11"],
            line={"override_rate": 300},
        )  # fmt: skip
        found = refused(lambda: amend(books, authorized, {1: {"item": ht9000}}))
        assert "item and location stay" in found.messages[0]
        amend(books, authorized, {1: {"quantity": 1}})
        assert books.status(authorized) == "Pending Refund"

    def test_a_cancelled_one_is_not_changed(self, books: Books, invoice: Transaction) -> None:
        authorized = self.authorize(books, invoice, 1)
        amend(books, authorized, memo="by post")
        books.advance(authorized, "cancelled")
        refused(lambda: amend(books, authorized, {1: {"quantity": 2}}))
        self.authorize(books, invoice, 3)


class TestVendorReturnAuthorization:
    def test_up_to_what_was_received_and_not_below_what_went_back(
        self, books: Books, ht9000: Item
    ) -> None:
        order = books.have(ht9000, "600.00", "A1 A2 A3").created_from
        authorized = books.make("vendor_return_authorization", order, quantity=1, on=nov(5))
        amend(books, authorized, {1: {"quantity": 3}})
        refused(lambda: amend(books, authorized, {1: {"quantity": 4}}))
        books.make("vendor_return_shipment", authorized, "A1 A2", on=nov(6))
        refused(lambda: amend(books, authorized, {1: {"quantity": 1}}))
        amend(books, authorized, {1: {"quantity": 2}})
        assert books.status(authorized) == "Pending Credit"
        assert figures(ht9000, "OH CM AV") == [1, 0, 1]

    def test_a_closed_line_is_reopened_up_to_what_is_left(
        self, books: Books, ht9000: Item, tk100: Item
    ) -> None:
        order = books.have(ht9000, "600.00", "A1 A2").created_from
        authorized = books.make("vendor_return_authorization", order, on=nov(5))
        amend(books, authorized, {1: {"closed": True}}, add=[books.line(tk100, 1)])
        other = books.make("vendor_return_authorization", order, quantity=1, on=nov(5))
        amend(books, authorized, memo="the rest stays")
        refused(lambda: amend(books, authorized, {1: {"closed": False}}))
        amend(books, authorized, {1: {"closed": False, "quantity": 1}})
        refused(lambda: amend(books, other, {1: {"quantity": 2}}))

    def test_a_closed_line_is_sent_no_more(self, books: Books, ht9000: Item) -> None:
        books.have(ht9000, "600.00", "A1 A2")
        lines = [books.line(ht9000, 2, "600.00")]
        acme = VendorFactory(name="Acme")
        authorized = books.post(
            "vendor_return_authorization", lines, nov(5), vendor=acme, status="pending_return"
        )
        books.make("vendor_return_shipment", authorized, "A1", on=nov(6))
        amend(books, authorized, {1: {"closed": True}})
        assert books.status(authorized) == "Pending Credit"
        refused(lambda: books.make("vendor_return_shipment", authorized, "A2", on=nov(6)))

    def test_committed_stock_is_not_committed_to_it(self, books: Books, ht9000: Item) -> None:
        books.have(ht9000, "600.00", "A1")
        sale = books.sell(ht9000, 1, "999.00", on=nov(4))
        authorized = books.post(
            "vendor_return_authorization", [books.line(ht9000, 1)], nov(5),
            vendor=VendorFactory(name="Acme"), status="pending_return",
        )  # fmt: skip
        amend(books, authorized, {1: {"quantity": 2}})
        assert served(sale, authorized) == [(1, 0), (0, 0)]
