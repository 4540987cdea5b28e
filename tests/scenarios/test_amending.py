"""An open purchase or sales order is changed (SPEC §4.1, §4.4, §3.3, §5.6)."""

from __future__ import annotations

from types import SimpleNamespace
from uuid import uuid4

import pytest

from accounting.models import AccountingPeriod
from company.models import Company
from items.models import Item
from tests.books import Books, nov
from tests.factories import CustomerFactory, ItemFactory, VendorFactory
from tests.scenarios.desk import amend, figures, refused, served
from transactions.models import Posting, Transaction


class TestPurchaseOrder:
    def test_more_and_less_of_a_line_change_what_is_on_order(
        self, books: Books, ht9000: Item
    ) -> None:
        order = books.order(ht9000, 3, "600.00", on=nov(2))
        amend(books, order, {1: {"quantity": 5}})
        assert figures(ht9000, "OO") == [5]
        amend(books, order, {1: {"quantity": 2}})
        assert figures(ht9000, "OO") == [2]
        assert order.postings.last().step == "amended"
        assert books.balances() == {}

    def test_not_below_what_was_received(self, books: Books, ht9000: Item) -> None:
        order = books.order(ht9000, 3, "600.00", on=nov(2))
        books.receive(order, "A1 A2", on=nov(3))
        amend(books, order, {1: {"quantity": 4}})
        assert figures(ht9000, "OH OO") == [2, 2]
        found = refused(lambda: amend(books, order, {1: {"quantity": 1}}))
        assert "2 of it were moved already" in found.messages[0]
        amend(books, order, {1: {"quantity": 2}})
        assert figures(ht9000, "OO") == [0]
        assert books.status(order) == "Pending Bill"

    def test_lines_are_added_and_removed(self, books: Books, ht9000: Item, tk100: Item) -> None:
        order = books.order(ht9000, 3, "600.00", on=nov(2))
        changed = amend(books, order, add=[books.line(tk100, 2, "850.00")])
        assert changed.total == 3500
        assert figures(ht9000, "OO") + figures(tk100, "OO") == [3, 2]
        changed = amend(books, order, drop=[1])
        assert changed.total == 1700
        assert figures(ht9000, "OO") + figures(tk100, "OO") == [0, 2]
        assert list(order.lines.values_list("line_no", "item")) == [(1, tk100.pk)]

    def test_a_line_something_was_received_of_stays(
        self, books: Books, ht9000: Item, tk100: Item
    ) -> None:
        order = books.order(ht9000, 3, "600.00", on=nov(2))
        amend(books, order, add=[books.line(tk100, 2, "850.00")])
        books.receive(order, "A1", on=nov(3))
        found = refused(lambda: amend(books, order, drop=[1]))
        assert "Close it" in found.messages[0]
        amend(books, order, drop=[2])
        assert figures(tk100, "OO") == [0]

    def test_a_line_of_a_voided_receipt_may_shrink_again(self, books: Books, ht9000: Item) -> None:
        order = books.order(ht9000, 3, "600.00", on=nov(2))
        books.void(books.receive(order, "A1 A2", on=nov(3)))
        amend(books, order, {1: {"quantity": 1}})
        assert figures(ht9000, "OO") == [1]

    def test_no_order_is_left_without_lines(self, books: Books, ht9000: Item) -> None:
        order = books.order(ht9000, 3, "600.00", on=nov(2))
        found = refused(lambda: amend(books, order, drop=[1]))
        assert found.messages == ["Add at least one line."]

    @pytest.mark.parametrize("field", ["item", "location"])
    def test_item_and_location_are_fixed_once_something_moved(
        self, books: Books, ht9000: Item, tk100: Item, place: SimpleNamespace, field: str
    ) -> None:
        change = {1: {field: {"item": tk100, "location": place.east}[field]}}
        order = books.order(ht9000, 3, "600.00", on=nov(2))
        other = books.order(ht9000, 3, "600.00", on=nov(2))
        books.receive(other, "A1", on=nov(3))
        amend(books, order, change)
        assert figures(ht9000, "OO", place.main) == [2]
        moved_to = tk100 if field == "item" else ht9000
        assert figures(moved_to, "OO", change[1].get("location", place.main)) == [3]
        found = refused(lambda: amend(books, other, change))
        assert "item and location stay" in found.messages[0]

    def test_lines_change_their_places_on_paper(
        self, books: Books, ht9000: Item, tk100: Item
    ) -> None:
        lines = [books.line(ht9000, 1, "600.00"), books.line(tk100, 2, "850.00")]
        order = books.post("purchase_order", lines, nov(2), vendor=VendorFactory(name="Acme"))
        first = order.lines.get(line_no=1)
        first.serials = ()
        amend(books, order, drop=[1], add=[first])  # the same line, now the last
        assert list(order.lines.values_list("line_no", "item")) == [(1, tk100.pk), (2, ht9000.pk)]
        assert first.pk == order.lines.get(line_no=2).pk
        assert figures(ht9000, "OO") + figures(tk100, "OO") == [1, 2]

    def test_closing_and_reopening_a_line(self, books: Books, ht9000: Item, tk100: Item) -> None:
        lines = [books.line(ht9000, 3, "600.00"), books.line(tk100, 2, "850.00")]
        order = books.post("purchase_order", lines, nov(2), vendor=VendorFactory(name="Acme"))
        amend(books, order, {1: {"closed": True}})
        assert figures(ht9000, "OO") + figures(tk100, "OO") == [0, 2]
        refused(lambda: books.receive(order, "A1", on=nov(3)))
        amend(books, order, {1: {"closed": False}})
        assert figures(ht9000, "OO") == [3]
        books.receive(order, "A1", on=nov(3))
        amend(books, order, {1: {"closed": True}, 2: {"closed": True}})
        assert books.status(order) == "Pending Bill"

    def test_an_order_of_closed_lines_is_closed_and_reopening_restores_it(
        self, books: Books, ht9000: Item
    ) -> None:
        order = books.order(ht9000, 3, "600.00", on=nov(2))
        amend(books, order, {1: {"closed": True}})
        assert books.status(order) == "Closed"
        assert figures(ht9000, "OO") == [0]
        books.advance(order, "pending_receipt")
        assert books.status(order) == "Pending Receipt"
        assert figures(ht9000, "OO") == [3]

    def test_another_rate_holds_for_what_is_received_from_now_on(
        self, books: Books, ht9000: Item
    ) -> None:
        order = books.order(ht9000, 2, "600.00", on=nov(2))
        books.receive(order, "A1", on=nov(3))
        changed = amend(books, order, {1: {"rate": 650}})
        assert changed.total == 1300
        books.receive(order, "A2", on=nov(4))
        assert books.balance("1300") == 1250

    def test_while_it_waits_for_approval_nothing_is_on_order(
        self, books: Books, ht9000: Item
    ) -> None:
        Company.objects.update(approve_purchase_orders=True)
        order = books.order(ht9000, 2, "600.00", on=nov(2))
        amend(books, order, {1: {"quantity": 4}})
        assert figures(ht9000, "OO") == [0]
        assert books.status(order) == "Pending Supervisor Approval"
        books.advance(order, "pending_receipt")
        assert figures(ht9000, "OO") == [4]


class TestHeader:
    def test_memo_reference_and_dates_are_changed_and_the_party_stays(
        self, books: Books, ht9000: Item
    ) -> None:
        order = books.order(ht9000, 2, "600.00", on=nov(2))
        other = VendorFactory(name="Zenith")
        amend(
            books, order, memo="by air", reference="Q-7", expected_date=nov(30), date=nov(4),
            vendor=other,
        )  # fmt: skip
        order.refresh_from_db()
        assert (order.memo, order.reference) == ("by air", "Q-7")
        assert (order.expected_date, order.date) == (nov(30), nov(4))
        assert order.vendor.name == "Acme"

    def test_a_new_date_lies_in_an_open_period_and_not_in_the_future(
        self, books: Books, ht9000: Item
    ) -> None:
        order = books.order(ht9000, 2, "600.00", on=nov(2))
        amend(books, order, date=nov(5))
        found = refused(lambda: amend(books, order, date=nov(24)))
        assert "future" in found.messages[0]
        AccountingPeriod.objects.update(closed=True)
        amend(books, order, {1: {"quantity": 1}})  # an old date is no obstacle
        found = refused(lambda: amend(books, order, date=nov(6)))
        assert found.codes == {"SER-15"}


class TestSalesOrder:
    def test_an_increase_commits_what_is_free_and_back_orders_the_rest(
        self, books: Books, ht9000: Item
    ) -> None:
        books.have(ht9000, "600.00", "A1 A2 A3")
        order = books.sell(ht9000, 1, "999.00", on=nov(4))
        amend(books, order, {1: {"quantity": 2}})
        assert served(order) == [(2, 0)]
        amend(books, order, {1: {"quantity": 5}})
        assert served(order) == [(3, 2)]
        assert figures(ht9000, "OH CM BO AV") == [3, 3, 2, 0]

    def test_an_increase_takes_nothing_from_other_orders(self, books: Books, ht9000: Item) -> None:
        books.have(ht9000, "600.00", "A1 A2")
        older = books.sell(ht9000, 1, "999.00", on=nov(4))
        newer = books.sell(ht9000, 1, "999.00", on=nov(5))
        amend(books, older, {1: {"quantity": 2}})
        assert served(older, newer) == [(1, 1), (1, 0)]

    def test_a_changed_order_keeps_what_it_has_and_its_place_in_the_queue(
        self, books: Books, ht9000: Item
    ) -> None:
        books.have(ht9000, "600.00", "A1")
        older = books.sell(ht9000, 1, "999.00", on=nov(4))
        newer = books.sell(ht9000, 1, "999.00", on=nov(5))
        amend(books, older, {1: {"quantity": 2, "rate": 950}}, memo="urgent")
        assert served(older, newer) == [(1, 1), (0, 1)]
        books.adjust(ht9000, 1, "A2", on=nov(6))
        assert served(older, newer) == [(2, 0), (0, 1)]

    def test_a_decrease_takes_back_orders_off_first_and_then_serves_others(
        self, books: Books, ht9000: Item
    ) -> None:
        books.have(ht9000, "600.00", "A1 A2")
        older = books.sell(ht9000, 3, "999.00", on=nov(4))
        newer = books.sell(ht9000, 1, "999.00", on=nov(5))
        assert served(older, newer) == [(2, 1), (0, 1)]
        amend(books, older, {1: {"quantity": 2}})
        assert served(older, newer) == [(2, 0), (0, 1)]
        amend(books, older, {1: {"quantity": 1}})
        assert served(older, newer) == [(1, 0), (1, 0)]
        amend(books, newer, {1: {"quantity": 1}}, add=[books.line(ht9000, 1, "999.00")])
        assert served(newer) == [(1, 1)]
        amend(books, newer, drop=[1])
        assert served(newer) == [(1, 0)]

    def test_not_below_what_was_picked_and_shipped(self, books: Books, ht9000: Item) -> None:
        books.have(ht9000, "600.00", "A1 A2 A3")
        order = books.sell(ht9000, 3, "999.00", on=nov(4))
        books.fulfill(order, "A1", on=nov(5))
        books.fulfill(order, "A2", on=nov(5), to="picked")
        found = refused(lambda: amend(books, order, {1: {"quantity": 1}}))
        assert "2 of it were moved already" in found.messages[0]
        amend(books, order, {1: {"quantity": 2}})
        assert figures(ht9000, "OH CM PK AV") == [1, 0, 1, 1]
        assert books.status(order) == "Pending Billing/Partially Fulfilled"

    def test_another_location_and_another_item_are_served_there(
        self, books: Books, ht9000: Item, tk100: Item, place: SimpleNamespace
    ) -> None:
        books.have(ht9000, "600.00", "A1")
        books.have(ht9000, "600.00", "E1", at=place.east)
        books.have(tk100, "850.00", "T1")
        order = books.sell(ht9000, 1, "999.00", on=nov(4))
        waiting = books.sell(ht9000, 1, "999.00", on=nov(5))
        amend(books, order, {1: {"location": place.east}})
        assert figures(ht9000, "CM", place.east) == [1]
        assert served(order, waiting) == [(1, 0), (1, 0)]
        amend(books, order, {1: {"item": tk100, "location": place.main}})
        assert figures(ht9000, "CM", place.east) + figures(tk100, "CM") == [0, 1]
        books.fulfill(order, "T1", on=nov(6))
        refused(lambda: amend(books, order, {1: {"item": ht9000}}))

    def test_a_closed_line_releases_what_it_had_and_what_was_shipped_stays_billable(
        self, books: Books, ht9000: Item
    ) -> None:
        books.have(ht9000, "600.00", "A1 A2")
        order = books.sell(ht9000, 3, "999.00", on=nov(4))
        fulfillment = books.fulfill(order, "A1", on=nov(5))
        amend(books, order, {1: {"closed": True}})
        assert figures(ht9000, "OH CM BO AV") == [1, 0, 0, 1]
        assert books.status(order) == "Pending Billing"
        books.invoice(fulfillment, on=nov(6))
        assert books.status(order) == "Billed"

    def test_designations_are_written_anew_and_doubts_confirmed(
        self, books: Books, ht9000: Item
    ) -> None:
        books.have(ht9000, "600.00", "A1 A2")
        order = books.sell(ht9000, 2, "999.00", on=nov(4), serials="A1")
        amend(books, order, {1: {"serials": ["A2"]}})
        named = order.lines.get().line_units
        assert list(named.values_list("number", flat=True)) == ["A2"]

        def doubtful(*confirmed: str) -> None:
            amend(books, order, {1: {"serials": ["A2", "Z9"]}}, confirmed=confirmed)

        assert refused(doubtful).codes == {"SER-04"}
        doubtful("SER-04")
        assert list(named.values_list("number", flat=True)) == ["A2", "Z9"]
        assert refused(
            lambda: amend(books, order, {1: {"quantity": 1}}, confirmed=["SER-04"])
        ).codes == {"SER-06"}

    def test_only_open_orders_are_changed(self, books: Books, ht9000: Item) -> None:
        books.have(ht9000, "600.00", "A1 A2")
        for to in ("closed", "cancelled"):
            order = books.sell(ht9000, 1, "999.00", on=nov(4))
            amend(books, order, {1: {"quantity": 2}})
            books.advance(order, to)
            found = refused(lambda order=order: amend(books, order, {1: {"quantity": 1}}))
            assert "look at it again" in found.messages[0]
        billed = books.sell(ht9000, 1, "999.00", on=nov(4))
        books.invoice(books.fulfill(billed, "A1", on=nov(4)), on=nov(4))
        refused(lambda: amend(books, billed, {1: {"quantity": 2}}))

    def test_what_was_posted_is_never_changed(self, books: Books, ht9000: Item) -> None:
        books.have(ht9000, "600.00", "A1")
        for document in Transaction.objects.of("item_receipt", "vendor_bill"):
            refused(lambda document=document: amend(books, document, {1: {"rate": 1}}))

    def test_one_request_changes_once(self, books: Books, ht9000: Item) -> None:
        order = books.sell(ht9000, 1, "999.00", on=nov(4))
        request = uuid4()
        for quantity in (3, 4):
            amend(books, order, {1: {"quantity": quantity}}, request_id=request)
        assert served(order) == [(0, 3)]
        assert Posting.objects.filter(document=order, step="amended").count() == 1

    def test_a_line_that_is_gone_is_told(self, books: Books, ht9000: Item, tk100: Item) -> None:
        order = books.sell(ht9000, 1, "999.00", on=nov(4))
        amend(books, order, add=[books.line(tk100, 1, "1299.00")])
        seen = order.lines.get(line_no=2)
        amend(books, order, drop=[2])
        found = refused(lambda: amend(books, order, add=[seen]))
        assert "no longer on" in found.messages[0]

    def test_a_serialized_item_comes_in_whole_units_and_whole_cents(
        self, books: Books, ht9000: Item, cable: Item
    ) -> None:
        order = books.sell(ht9000, 1, "999.00", on=nov(4))
        amend(books, order, add=[books.line(cable, "1.5", "0.1234")])
        for change in ({"quantity": "1.5"}, {"quantity": 0}):
            refused(lambda change=change: amend(books, order, {1: change}))

    def test_an_order_goes_on_that_speaks_of_what_was_made_inactive(
        self, books: Books, ht9000: Item, tk100: Item
    ) -> None:
        customer = CustomerFactory(name="Maple")
        order = books.sell(ht9000, 3, "999.00", on=nov(4), customer=customer)
        customer.inactive = ht9000.inactive = True
        customer.save()
        ht9000.save()
        amend(books, order, {1: {"quantity": 2}})
        assert served(order) == [(0, 2)]
        other = ItemFactory(inactive=True)
        found = refused(lambda: amend(books, order, add=[books.line(other, 1, "1.00")]))
        assert found.codes == {"SER-18"}
        amend(books, order, add=[books.line(tk100, 1, "1.00")])
