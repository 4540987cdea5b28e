"""Stock between locations on the pages, and many orders fulfilled at once."""

from __future__ import annotations

from zeal import zeal_ignore

from company.models import Company
from items.models import SerialUnit
from tests.books import nov
from tests.pages import FormPage
from transactions.models import Transaction


def line_of(document):
    return f"line-{document.lines.get().pk}"


class TestTransfers:
    def test_an_inventory_transfer_moves_at_once(self, client, books, place, ht9000):
        books.have(ht9000, "600.00", "T1 T2")
        page = FormPage(client, "/transactions/inventory-transfer/new/")
        page.fill(location=str(place.main.pk), to_location=str(place.east.pk))
        page.fill(entry__item="HT9000", entry__quantity="1").set("entry-serials", "T2")
        page.press("add-line")
        page.press("save")
        assert SerialUnit.objects.get(number="T2").location == place.east
        document = Transaction.objects.of("inventory_transfer").get()
        seen = client.get(document.get_absolute_url()).content.decode()
        assert "From Location" in seen
        assert "To Location" in seen

    def test_it_cannot_go_to_where_it_is(self, client, books, place, ht9000):
        books.have(ht9000, "600.00", "T1")
        page = FormPage(client, "/transactions/inventory-transfer/new/")
        page.fill(location=str(place.main.pk), to_location=str(place.main.pk))
        page.fill(entry__item="HT9000", entry__quantity="1").set("entry-serials", "T1")
        page.press("add-line")
        page.press("save")
        assert "It cannot go from MAIN to MAIN." in page.text
        assert page.values("line-serials") == ["T1"]

    def test_a_transfer_order_is_sent_and_received(self, client, books, place, ht9000):
        books.have(ht9000, "600.00", "T1 T2")
        page = FormPage(client, "/transactions/transfer-order/new/")
        page.fill(location=str(place.main.pk), to_location=str(place.east.pk))
        page.fill(entry__item="HT9000", entry__quantity="2").press("add-line")
        page.press("save")
        order = Transaction.objects.of("transfer_order").get()
        assert f">{order}<" in client.get("/transactions/transfer-shipment/queue/").content.decode()
        page = FormPage(client, f"/transactions/transfer-shipment/new/?from={order.pk}")
        page.set("status", "shipped").set(f"{line_of(order)}-serials", "T1 T2").press("save")
        assert f">{order}<" in client.get("/transactions/transfer-receipt/queue/").content.decode()
        shipment = Transaction.objects.of("transfer_shipment").get()
        page = FormPage(client, f"/transactions/transfer-receipt/new/?from={order.pk}")
        line = line_of(shipment)
        assert page.value(f"{line}-serials") == "T1\nT2"
        assert "readonly" in page.response.content.decode()
        page.press(f"list:{line}")  # one of them was lost on the way
        page.clear("ticked").tick("ticked", "T2").set(f"{line}-quantity", "1").press("save")
        assert SerialUnit.objects.get(number="T2").location == place.east
        assert SerialUnit.objects.get(number="T1").status == "in_transit"
        assert books.status(order) == "Pending Receipt"

    def test_what_the_order_names_is_what_is_sent(self, client, books, place, ht9000):
        books.have(ht9000, "600.00", "T1 T2")
        order = books.order_transfer(ht9000, 1, at=place.main, to=place.east, serials="T2")
        page = FormPage(client, f"/transactions/transfer-shipment/new/?from={order.pk}")
        assert page.value(f"{line_of(order)}-serials") == "T2"
        page.set(f"{line_of(order)}-serials", "T1").press("save")
        assert "does not name T1" in page.text
        page.set(f"{line_of(order)}-serials", "T2").press("save")
        assert Transaction.objects.of("transfer_shipment").exists()

    def test_from_another_location_its_lines_keep_only_the_numbers_that_are_there(
        self, client, books, place, ht9000
    ):
        books.have(ht9000, "600.00", "M1 M2", at=place.main)
        books.have(ht9000, "600.00", "E1", at=place.east)
        page = FormPage(client, "/transactions/inventory-transfer/new/")
        page.fill(location=str(place.main.pk), to_location=str(place.old.pk))
        page.fill(entry__item="HT9000", entry__quantity="2").set("entry-serials", "M1 M2")
        page.press("add-line")
        page.fill(location=str(place.east.pk), to_location=str(place.main.pk)).press("save")
        assert "Not on hand at EAST, so taken off the line: M1, M2." in page.text
        assert page.values("line-location") == [str(place.east.pk)]
        assert page.values("line-serials") == [""]
        assert not Transaction.objects.of("inventory_transfer").exists()
        page.press("edit-line:1")
        page.set("entry-quantity", "1").set("entry-serials", "E1").press("add-line")
        page.press("save")
        assert SerialUnit.objects.get(number="E1").location == place.main

    def test_an_order_that_was_sent_in_part_keeps_its_lines_where_they_are(
        self, client, books, place, ht9000
    ):
        books.have(ht9000, "600.00", "T1 T2")
        order = books.order_transfer(ht9000, 2, at=place.main, to=place.east, serials="T1 T2")
        books.make("transfer_shipment", order, "T1", status="shipped")
        page = FormPage(client, f"/transactions/transfer-order/{order.pk}/edit/")
        page.set("location", str(place.east.pk)).press("save")
        assert "it leaves from EAST, not MAIN" in page.text
        assert page.values("line-serials") == ["T1 T2"]

    def test_with_one_location_there_is_nothing_to_transfer(self, client, db):
        Company.objects.update(multi_location_inventory=False)
        assert client.get("/transactions/transfer-order/new/").status_code == 404
        assert "Transfer" not in client.get("/").content.decode()


class TestManyOrders:
    def test_ticked_orders_are_fulfilled_save_for_numbers_nobody_named(
        self, client, books, ht9000, cable
    ):
        books.have(ht9000, "600.00", "S1 S2")
        books.receive(books.order(cable, 5, "10.00", on=nov(2)), quantity=5, on=nov(2))
        named = books.sell(ht9000, 1, "999.00", serials="S2")
        unnamed = books.sell(ht9000, 1, "999.00")
        ordinary = books.sell(cable, 2, "25.00")
        with zeal_ignore():  # a fulfillment for each order is what is meant
            answer = client.post(
                "/transactions/item-fulfillment/queue/",
                {"order": [named.pk, unnamed.pk, ordinary.pk]},
                follow=True,
            )
        assert Transaction.objects.of("item_fulfillment").count() == 2
        assert books.on_hand(ht9000) == ["S1"]
        seen = answer.content.decode()
        assert "HT9000 needs its serial numbers" in seen
        assert f"/transactions/item-fulfillment/new/?from={unnamed.pk}" in seen

    def test_nothing_ticked_is_said(self, client, books):
        answer = client.post("/transactions/item-fulfillment/queue/", follow=True)
        assert "Tick the orders first." in answer.content.decode()

    def test_other_queues_are_done_one_by_one(self, client, books):
        assert client.post("/transactions/item-receipt/queue/").status_code == 405
