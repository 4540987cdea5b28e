"""Items to reorder, and the purchase orders made of them (SPEC §1, §2.2, §7.2, §7.8)."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client
from zeal import zeal_ignore

from company.models import Company
from items.models import Item, ItemLocation
from reports.trade.reorder import Need, needs
from tests.books import nov
from tests.factories import ItemFactory, VendorFactory
from transactions.models import Transaction

PAGE = "/reports/items-to-reorder/"


def low() -> dict[str, Need]:
    """What is low, by item and, where a location's own figures decide, its name."""
    found = needs(Company.current())
    return {f"{n.item}@{n.location}" if n.at_location else n.item.name: n for n in found}


def set_level(item: Item, place: Any, point: int, level: int | None = None) -> None:
    row, _ = ItemLocation.objects.get_or_create(item=item, location=place)
    ItemLocation.objects.filter(pk=row.pk).update(reorder_point=point, preferred_stock_level=level)


@pytest.fixture
def acme(db: None) -> Any:
    return VendorFactory(name="Acme")


@pytest.fixture
def bolt(db: None) -> Any:
    return VendorFactory(name="Bolt")


@pytest.fixture
def computer(ht9000: Item, acme: Any) -> Item:
    """HT9000 from Acme at 600.00: reorder point 3, preferred stock level 10."""
    ht9000.preferred_vendor, ht9000.preferred_stock_level = acme, 10
    ht9000.save()
    return ht9000


@pytest.fixture
def wire(cable: Item, bolt: Any) -> Item:
    """CBL from Bolt at 10.00: reorder point 20, no preferred stock level."""
    cable.preferred_vendor, cable.purchase_price = bolt, Decimal("10.00")
    cable.save()
    return cable


class Page:
    """The page as a person uses it without JavaScript."""

    def __init__(self, client: Client, query: str = "") -> None:
        self.client, self.url = client, PAGE + query
        self.read(client.get(self.url))

    def read(self, answer: HttpResponse) -> None:
        self.answer, self.html = answer, answer.content.decode()
        found = re.search(r'name="page_id" value="([^"]+)"', self.html)
        self.id = found[1] if found else ""

    def send(self, **quantities: Any) -> HttpResponse:
        """Tick items by name with their quantities; the others stay as they are, unticked."""
        data: dict[str, Any] = {"page_id": self.id, "row": []}
        for need in low().values():
            data["row"].append(need.key)
            data[f"need-{need.key}-quantity"] = "0"
            if need.item.name in quantities:
                data[f"need-{need.key}-order"] = "on"
                data[f"need-{need.key}-quantity"] = str(quantities[need.item.name])
        with zeal_ignore():  # an order for each vendor is what is meant
            return self.client.post(self.url, data)


def orders() -> list[Transaction]:
    return list(Transaction.objects.of("purchase_order").order_by("pk"))


def said(client: Client, answer: HttpResponse) -> str:
    """The messages on the page the answer leads to, without markup."""
    html = client.get(answer.url).content.decode() if answer.status_code == 302 else ""
    html = html or answer.content.decode()
    found = re.search(r'id="messages".*?(?=<form|<div class="panel")', html, re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", found[0] if found else ""))


class TestWhatIsLow:
    def test_at_the_reorder_point_an_item_is_low_and_above_it_not(self, books, computer):
        books.have(computer, "600.00", "A1 A2 A3 A4")
        assert low() == {}
        books.adjust(computer, -1, "A4")
        assert low()["HT9000"].on_hand == 3

    def test_the_suggestion_fills_up_to_the_preferred_stock_level(self, books, computer):
        books.have(computer, "600.00", "A1 A2")
        assert low()["HT9000"].suggested == 8

    def test_without_a_preferred_stock_level_it_fills_up_to_the_reorder_point(self, books, wire):
        assert low()["CBL"].suggested == 20

    def test_committed_and_back_ordered_units_are_ordered_too(self, books, computer):
        books.have(computer, "600.00", "A1 A2")
        books.sell(computer, 5, "999.00", on=nov(5))
        need = low()["HT9000"]
        assert (need.on_hand, need.available, need.back_ordered) == (2, 0, 3)
        assert need.suggested == 13  # 10 in stock once 3 have gone to the customer

    def test_what_is_on_order_is_not_ordered_again(self, books, computer):
        books.order(computer, 4, "600.00", on=nov(5))
        assert low()["HT9000"].suggested == 6
        books.order(computer, 40, "600.00", on=nov(5))
        assert low()["HT9000"].suggested == 0

    def test_what_a_transfer_order_moves_is_not_ordered_again(self, books, computer, place):
        books.have(computer, "600.00", "A1 A2 A3")
        assert low()["HT9000"].suggested == 7
        books.order_transfer(computer, 5, at=place.main, to=place.east)
        need = low()["HT9000"]
        assert (need.available, need.on_order, need.by_transfer, need.back_ordered) == (0, 0, 5, 2)
        assert need.suggested == 7
        set_level(computer, place.east, 2, 6)
        assert (low()["HT9000@EAST"].by_transfer, low()["HT9000@EAST"].suggested) == (5, 1)

    def test_serialized_items_are_suggested_in_whole_units(self, books, computer):
        Item.objects.update(preferred_stock_level=Decimal("4.5"))
        assert low()["HT9000"].suggested == 5

    def test_inactive_items_are_not_reordered(self, books, computer):
        assert "HT9000" in low()
        Item.objects.update(inactive=True)
        assert low() == {}

    def test_a_location_with_a_reorder_point_of_its_own_is_looked_at_by_itself(
        self, books, computer, place
    ):
        set_level(computer, place.main, 1, 2)
        set_level(computer, place.east, 2, 6)
        books.have(computer, "600.00", "A1 A2")
        assert list(low()) == ["HT9000@EAST"]
        need = low()["HT9000@EAST"]
        assert (need.on_hand, need.reorder_point, need.suggested) == (0, 2, 6)
        Company.objects.update(multi_location_inventory=False)
        assert list(low()) == ["HT9000"]

    def test_an_inactive_location_is_not_ordered_to(self, books, computer, place):
        set_level(computer, place.old, 2)
        assert list(low()) == ["HT9000@OLD"]
        place.old.inactive = True
        place.old.save()
        assert low() == {}

    def test_in_total_it_comes_to_the_preferred_location(self, books, computer, place):
        assert low()["HT9000"].location == place.main
        Item.objects.update(preferred_location=place.east)
        assert low()["HT9000"].location == place.east

    def test_the_rate_is_the_purchase_price_or_the_last_one_paid(self, books, computer):
        books.have(computer, "580.00", "A1")
        need = low()["HT9000"]
        assert (need.rate, need.last_purchase_price) == (Decimal("600.00"), Decimal("580.00"))
        Item.objects.update(purchase_price=None)
        assert low()["HT9000"].rate == computer.last_purchase_price == Decimal("580.00")

    def test_without_vendor_or_price_it_is_said_what_to_do(self, client, books, computer, wire):
        assert low()["HT9000"].problem is None
        Item.objects.filter(pk=computer.pk).update(preferred_vendor=None)
        Item.objects.filter(pk=wire.pk).update(purchase_price=None)
        html = client.get(PAGE).content.decode()
        assert "Choose a preferred vendor" in html
        assert "Enter a purchase price" in html
        assert f'href="/items/{computer.pk}/edit/"' in html
        assert "Create Purchase Orders" not in html


class TestOrdering:
    def test_one_click_orders_from_each_vendor(self, client, books, computer, wire, acme, bolt):
        answer = Page(client).send(HT9000=7, CBL="12.5")
        first, second = orders()
        assert (first.vendor, second.vendor) == (acme, bolt)
        line = first.lines.get()
        assert (line.item, line.quantity, line.rate) == (computer, 7, Decimal("600.00"))
        assert (line.on_order, line.amount) == (7, Decimal("4200.00"))
        assert second.lines.get().amount == Decimal("125.00")
        text = said(client, answer)
        assert "Purchase Order PO-1 for Acme was saved: 7 units on 1 line, 4,200.00 in all" in text
        assert "PO-2 for Bolt" in text
        assert low()["HT9000"].on_order == 7

    def test_the_messages_lead_to_the_orders(self, client, books, computer):
        answer = Page(client).send(HT9000=1)
        html = client.get(answer.url).content.decode()
        assert f'href="{orders()[0].get_absolute_url()}"' in html

    def test_items_of_one_vendor_share_an_order(self, client, books, computer, wire, acme):
        Item.objects.update(preferred_vendor=acme)
        Page(client).send(HT9000=1, CBL=5)
        assert [line.item.name for line in orders()[0].lines.all()] == ["CBL", "HT9000"]
        assert len(orders()) == 1

    def test_each_line_goes_to_the_location_that_is_low(self, client, books, computer, place):
        set_level(computer, place.main, 1)
        set_level(computer, place.east, 2)
        Page(client).send(HT9000=3)
        assert {line.location.name for line in orders()[0].lines.all()} == {"MAIN", "EAST"}
        assert orders()[0].location is None

    def test_unticked_rows_are_not_ordered(self, client, books, computer, wire, bolt):
        Page(client).send(CBL=5)
        assert [order.vendor for order in orders()] == [bolt]

    def test_a_second_click_orders_nothing_more(self, client, books, computer):
        page = Page(client)
        page.send(HT9000=7)
        answer = page.send(HT9000=7)
        assert len(orders()) == 1
        assert "PO-1 for Acme was made before; nothing was added." in said(client, answer)
        Page(client).send(HT9000=1)  # a page of its own
        assert len(orders()) == 2

    def test_orders_that_need_approval_wait_for_it(self, client, books, computer):
        Company.objects.update(approve_purchase_orders=True)
        answer = Page(client).send(HT9000=1)
        assert "It is Pending Supervisor Approval." in said(client, answer)
        assert low()["HT9000"].on_order == 0

    def test_one_refusal_does_not_hold_up_the_other_vendor(
        self, client, books, computer, wire, acme, bolt
    ):
        page = Page(client)
        answer = page.send(HT9000="1.5", CBL=5)
        assert [order.vendor for order in orders()] == [bolt]
        text = said(client, answer)
        assert "Nothing was ordered from Acme: Line 1, HT9000: a serialized item comes in" in text
        assert "PO-1 for Bolt was saved" in text
        html = answer.content.decode()
        assert 'value="1.5"' in html
        key = low()["HT9000"].key
        assert re.search(rf'name="need-{key}-order"[^>]*checked', html)
        assert not re.search(rf'name="need-{low()["CBL"].key}-order"[^>]*checked', html)
        on_order = {row.need.item.name: row.need.on_order for row in answer.context["rows"]}
        assert on_order == {"HT9000": 0, "CBL": 5}

    @pytest.mark.parametrize(
        ("typed", "text"),
        [("many", "Enter a number."), ("0", "Enter how many to order"), ("-2", "greater than")],
    )
    def test_a_wrong_quantity_orders_nothing_and_is_kept(
        self, client, books, computer, typed, text
    ):
        answer = Page(client).send(HT9000=typed)
        html = answer.content.decode()
        assert orders() == []
        assert "Nothing was ordered" in html
        assert text in html
        assert f'value="{typed}"' in html

    def test_nothing_ticked_orders_nothing(self, client, books, computer):
        answer = Page(client).send()
        assert "Tick at least one row to order." in answer.content.decode()
        assert orders() == []

    def test_what_is_no_longer_low_is_left_out_and_said(self, client, books, computer, wire):
        page = Page(client)
        key = low()["HT9000"].key
        books.have(computer, "600.00", "A1 A2 A3 A4")
        made = len(orders())
        need = low()["CBL"].key
        data = {"page_id": page.id, "row": [key, need], f"need-{key}-order": "on",
                f"need-{key}-quantity": "3", f"need-{need}-order": "on",
                f"need-{need}-quantity": "5"}  # fmt: skip
        answer = client.post(PAGE, data)
        assert [order.vendor.name for order in orders()[made:]] == ["Bolt"]
        assert "1 row is no longer low" in said(client, answer)

    def test_a_page_without_an_id_still_orders(self, client, books, computer):
        page = Page(client)
        assert UUID(page.id)
        page.id = "nonsense"
        page.send(HT9000=1)
        assert len(orders()) == 1


class TestThePage:
    def test_enough_on_order_is_not_ticked(self, client, books, computer):
        html = Page(client).html
        assert re.search(r'name="need-[^"]+-order"[^>]*checked', html)
        books.order(computer, 40, "600.00", on=nov(5))
        html = Page(client).html
        assert not re.search(r'name="need-[^"]+-order"[^>]*checked', html)
        assert "Enough is there or on order." in html

    def test_it_narrows_by_vendor_and_location(self, client, books, computer, wire, bolt, place):
        assert len(client.get(PAGE).context["rows"]) == 2
        assert len(client.get(PAGE, {"vendor": bolt.pk}).context["rows"]) == 1
        assert "Nothing matches" in client.get(PAGE, {"location": place.east.pk}).content.decode()

    def test_the_file_holds_the_figures(self, client, books, computer):
        lines = client.get(PAGE, {"export": "csv"}).getvalue().decode("utf-8-sig").splitlines()
        assert lines[1] == (
            "HT9000,Hi-Tech 9000 2Ghz Computer,All locations,0,0,0,0,0,3,10,Acme,,600.00,10"
        )
        assert client.get(PAGE, {"export": "xlsx"}).getvalue().startswith(b"PK")

    def test_nothing_is_low(self, client, books):
        assert "Nothing needs to be reordered" in client.get(PAGE).content.decode()

    def test_more_rows_cost_no_more_queries(self, queries_of, books, computer, place):
        before = queries_of(PAGE)
        for n in range(6):
            vendor = VendorFactory()
            item = ItemFactory(preferred_vendor=vendor, reorder_point=2)
            if n % 2:
                set_level(item, place.east, 2)
        assert len(low()) == 7
        assert queries_of(PAGE) == before

    def test_strangers_are_sent_to_log_in(self, stranger, books, computer):
        for answer in (stranger.get(PAGE), stranger.post(PAGE, {"row": low()["HT9000"].key})):
            assert "/login/" in answer.url
        assert orders() == []
