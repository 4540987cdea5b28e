"""Inventory Level Warnings: the question and its popup (SPEC §7.6, §8 example 37)."""

from __future__ import annotations

import pytest

from company.models import Company, UserPreference
from items.models import ItemLocation
from tests.books import nov
from tests.factories import CustomerFactory, UserFactory
from tests.pages import FormPage
from transactions import types
from transactions.models import Transaction
from transactions.warnings import level_warning

SALES_ORDER = types.get("sales_order")


@pytest.fixture
def warned(user):
    """User X, who asked for the warnings."""
    UserPreference.objects.create(user=user, inventory_level_warnings=True)
    return user


@pytest.fixture
def stock(books, ht9000):
    """HT9000 OH 5, CM 0, RP 3."""
    books.have(ht9000, "600.00", "H1 H2 H3 H4 H5")
    return books


def entering(client, kind: str, quantity: str, serials: str = "", htmx: bool = False) -> FormPage:
    page = FormPage(client, f"/transactions/{kind}/new/", htmx=htmx)
    page.fill(entry__item="HT9000", entry__quantity=quantity, entry__serials=serials)
    page.press("add-line")
    return page


def is_added(page: FormPage) -> bool:
    return len(page.values("line-item")) == 1


class TestExample37:
    def test_a_line_of_1_adds_without_a_popup(self, client, warned, stock):
        assert is_added(entering(client, "sales-order", "1"))

    @pytest.mark.parametrize("htmx", [False, True], ids=["without JavaScript", "htmx"])
    def test_a_line_of_2_warns_and_ok_adds_it(self, client, warned, stock, htmx):
        page = entering(client, "sales-order", "2", htmx=htmx)
        assert (
            "HT9000: adding 2 brings quantity on hand to 3, at or below the reorder point of 3. "
            "Available 5, on order 0. Add anyway?"
        ) in page.text
        assert not is_added(page)
        page.press("add-line+anyway")
        assert is_added(page)

    def test_cancel_leaves_the_line_unadded_with_the_text_intact(self, client, warned, stock):
        page = entering(client, "sales-order", "2", "H1")
        page.press("refresh")
        assert not is_added(page)
        assert (page.value("entry-item"), page.value("entry-quantity")) == ("HT9000", "2")
        assert page.value("entry-serials") == "H1"

    def test_6_also_says_that_only_5_are_available(self, client, warned, stock):
        page = entering(client, "sales-order", "6")
        assert "Available 5, on order 0. Only 5 available. Add anyway?" in page.text
        page.press("add-line+anyway")
        assert is_added(page)

    @pytest.mark.parametrize("quantity", ["2", "6"])
    def test_user_y_without_the_preference_sees_no_popup(self, client, stock, quantity):
        assert is_added(entering(client, "sales-order", quantity))

    def test_an_adjustment_of_minus_2_warns(self, client, warned, stock):
        page = entering(client, "inventory-adjustment", "-2", "H1 H2")
        assert "adding 2 brings quantity on hand to 3" in page.text
        assert not is_added(page)

    def test_an_adjustment_in_does_not(self, client, warned, stock):
        assert is_added(entering(client, "inventory-adjustment", "2", "N1 N2"))

    def test_saving_with_the_line_still_unadded_asks_as_well(self, client, warned, stock):
        page = FormPage(client, "/transactions/sales-order/new/")
        page.fill(customer=str(CustomerFactory().pk))
        page.fill(entry__item="HT9000", entry__quantity="2").press("save")
        assert "Add anyway?" in page.text
        assert not Transaction.objects.of("sales_order").exists()
        page.press("save+anyway")
        assert Transaction.objects.of("sales_order").count() == 1


class TestTheQuestion:
    def ask(self, books, user, quantity, *so_far, at=None, item, kind=SALES_ORDER):
        lines = [books.line(item, each) for each in so_far]
        return level_warning(kind, lines, books.line(item, quantity, at=at), user)

    def test_all_lines_of_the_item_count(self, stock, warned, ht9000, tk100):
        assert self.ask(stock, warned, 1, item=ht9000) is None
        assert "to 3, at or below" in self.ask(stock, warned, 1, 1, item=ht9000)
        other = [stock.line(tk100, 4)]
        assert level_warning(SALES_ORDER, other, stock.line(ht9000, 1), warned) is None

    def test_without_a_reorder_point_only_missing_stock_is_told(self, stock, warned, ht9000):
        ht9000.reorder_point = None
        ht9000.save()
        assert self.ask(stock, warned, 5, item=ht9000) is None
        assert self.ask(stock, warned, 6, item=ht9000) == (
            "HT9000: adding 6. Available 5, on order 0. Only 5 available. Add anyway?"
        )

    def test_committed_stock_is_not_available(self, stock, warned, ht9000):
        stock.sell(ht9000, 4, "999.00", on=nov(3))
        assert "Only 1 available." in self.ask(stock, warned, 2, item=ht9000)

    def test_a_location_with_its_own_reorder_point_decides_for_itself(
        self, stock, warned, ht9000, place
    ):
        stock.have(ht9000, "600.00", "E1 E2", at=place.east)
        assert self.ask(stock, warned, 1, at=place.east, item=ht9000) is None
        ItemLocation.objects.filter(item=ht9000, location=place.east).update(reorder_point=1)
        assert self.ask(stock, warned, 1, at=place.east, item=ht9000) == (
            "HT9000: adding 1 brings quantity on hand to 1, at or below the reorder point of 1. "
            "Available 2, on order 0, at location: EAST. Add anyway?"
        )
        # Lines at other locations take nothing from this one.
        assert self.ask(stock, warned, 1, 3, at=place.east, item=ht9000) == self.ask(
            stock, warned, 1, at=place.east, item=ht9000
        )

    def test_no_page_speaks_of_locations_while_the_feature_is_off(
        self, stock, warned, ht9000, place
    ):
        ItemLocation.objects.filter(item=ht9000, location=place.main).update(reorder_point=4)
        Company.objects.update(multi_location_inventory=False)
        assert "location" not in self.ask(stock, warned, 1, item=ht9000)

    def test_the_steps_that_follow_an_order_are_not_warned_again(self, stock, warned, ht9000):
        takes = {"sales_order", "invoice", "cash_sale", "inventory_adjustment"}
        takes |= {"inventory_transfer", "vendor_return_authorization"}
        for kind in types.all_kinds():
            told = self.ask(stock, warned, -5 if kind.signed else 5, item=ht9000, kind=kind)
            assert bool(told) == (kind.name in takes), kind

    def test_each_user_decides_for_themselves(self, stock, warned, ht9000):
        assert self.ask(stock, warned, 2, item=ht9000)
        assert self.ask(stock, UserFactory(), 2, item=ht9000) is None
