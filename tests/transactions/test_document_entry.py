"""Entering documents: the lines, the Item field, adjustments, and what is made from a parent."""

from __future__ import annotations

from decimal import Decimal

from tests.books import nov
from tests.factories import CustomerFactory, VendorFactory
from tests.pages import FormPage
from transactions import types
from transactions.models import Transaction

KINDS = [kind.slug for kind in types.all_kinds()]


class TestEntering:
    def test_a_purchase_order_line_by_line(self, client, books, ht9000, cable):
        vendor = VendorFactory(name="Acme")
        page = FormPage(client, "/transactions/purchase-order/new/")
        assert page.value("date") == "2026-11-23"
        page.fill(vendor=str(vendor.pk), entry__item="ht9000", entry__quantity="5")
        page.press("add-line")
        assert page.values("line-rate") == ["600.00"]  # the item's purchase price
        page.fill(entry__item="CBL", entry__quantity="40", entry__rate="9.9875").press("add-line")
        page.press("save")
        order = Transaction.objects.get()
        assert page.leads_to == order.get_absolute_url()
        assert [(line.item, line.quantity, line.amount) for line in order.lines.all()] == [
            (ht9000, 5, Decimal("3000.00")),
            (cable, 40, Decimal("399.50")),
        ]

    def test_the_rate_defaults_to_the_last_purchase_price(self, client, books, ht9000):
        books.have(ht9000, "612.50", "S1")
        ht9000.purchase_price = None
        ht9000.save()
        page = FormPage(client, "/transactions/purchase-order/new/")
        page.fill(entry__item="HT9000", entry__quantity="1").press("add-line")
        assert page.values("line-rate") == ["612.50"]

    def test_add_line_without_a_quantity_first_shows_what_the_item_proposes(
        self, client, books, ht9000
    ):
        page = FormPage(client, "/transactions/sales-order/new/")
        page.fill(entry__item="HT9000").press("add-line")
        assert page.value("entry-rate") == "999.00"
        assert page.value("entry-description") == "Hi-Tech 9000 2Ghz Computer"
        assert "0 on hand" in page.text
        assert "This field is required" not in page.text

    def test_lines_can_be_changed_and_removed(self, client, books, ht9000, cable):
        page = FormPage(client, "/transactions/purchase-order/new/")
        for item in ("HT9000", "CBL"):
            page.fill(entry__item=item, entry__quantity="1").press("add-line")
        page.press("edit-line:1")
        assert page.value("entry-item") == "HT9000"
        page.fill(entry__quantity="7").press("add-line")
        assert page.values("line-quantity") == ["7", "1"]
        page.press("remove-line:1")
        assert page.values("line-item") == [str(cable.pk)]

    def test_saving_takes_along_the_line_still_in_the_entry_row(self, client, books, ht9000):
        page = FormPage(client, "/transactions/purchase-order/new/")
        page.fill(vendor=str(VendorFactory().pk), entry__item="HT9000", entry__quantity="2")
        page.press("save")
        assert Transaction.objects.get().lines.get().quantity == 2

    def test_what_is_wrong_with_the_header_is_said_on_saving(self, client, books, ht9000):
        page = FormPage(client, "/transactions/purchase-order/new/")
        page.fill(entry__item="HT9000", entry__quantity="2").press("add-line")
        assert "This field is required" not in page.text
        page.press("save")
        assert "Vendor : This field is required" in page.text
        page.fill(vendor=str(VendorFactory().pk), date="2026-11-24").press("save")
        assert "The date 2026-11-24 lies in the future." in page.text
        page.fill(date="2026-10-31").press("save")
        assert "Posting period Oct 2026 is closed." in page.text
        assert page.values("line-quantity") == ["2"]
        page.fill(date="2026-11-02").press("save")
        assert Transaction.objects.get().date == nov(2)

    def test_an_order_without_lines_is_refused(self, client, books):
        page = FormPage(client, "/transactions/purchase-order/new/")
        page.fill(vendor=str(VendorFactory().pk)).press("save")
        assert "Add at least one line." in page.text

    def test_saving_twice_saves_once(self, client, books, ht9000):
        page = FormPage(client, "/transactions/purchase-order/new/")
        page.fill(vendor=str(VendorFactory().pk), entry__item="HT9000", entry__quantity="2")
        page.press("add-line")
        first = page.response
        page.press("save")
        address = page.leads_to
        page.response = first
        page.press("save")
        assert page.leads_to == address
        assert Transaction.objects.count() == 1

    def test_a_refused_form_can_be_mended_and_saved(self, client, books, ht9000):
        """Its request id has saved nothing yet."""
        order = books.order(ht9000, 1, "600.00")
        page = FormPage(client, f"/transactions/item-receipt/new/?from={order.pk}")
        page.press("save")
        assert "Quantity is 1 but 0 serial numbers were entered." in page.text
        page.set(f"line-{order.lines.get().pk}-serials", "S1").press("save")
        assert books.on_hand(ht9000) == ["S1"]

    def test_forged_lines_are_a_bad_request(self, client, books, ht9000):
        page = FormPage(client, "/transactions/purchase-order/new/")
        page.fill(entry__item="HT9000", entry__quantity="2").press("add-line")
        page.set("line-item", "999999")
        assert page.press("save").status_code == 400

    def test_a_saved_form_is_not_kept_by_the_browser(self, client, books):
        page = client.get("/transactions/purchase-order/new/")
        assert "no-store" in page.headers["Cache-Control"]


class TestTheItemField:
    def entering(self, client, text: str, kind: str = "sales-order") -> FormPage:
        page = FormPage(client, f"/transactions/{kind}/new/")
        page.fill(entry__item=text).press("enter")
        return page

    def test_finds_by_name_display_name_upc_and_fragment(self, client, books, ht9000, tk100):
        ht9000.upc = "0123456789012"
        ht9000.save()
        for text in ("ht9000", "Hi-Tech 9000 2Ghz Computer", "0123456789012", "hi-tech"):
            assert self.entering(client, text).value("entry-item") == "HT9000"

    def test_example_5_a_serial_of_two_items_offers_both(self, client, books, ht9000, tk100, place):
        books.have(ht9000, "600.00", "A1234")
        books.have(tk100, "850.00", "A1234", at=place.east)
        page = self.entering(client, "a1234")
        assert "Serial number A1234 , On Hand at MAIN" in page.text
        assert "Serial number A1234 , On Hand at EAST" in page.text
        page.press(f"choose:{tk100.pk}")
        assert page.value("entry-item") == "TK100"
        assert page.value("entry-serials") == "A1234"
        assert page.value("entry-location") == str(place.east.pk)

    def test_a_serial_of_one_item_fills_it_in(self, client, books, ht9000):
        books.have(ht9000, "600.00", "A1234 A1235")
        page = self.entering(client, "A1235")
        assert page.value("entry-item") == "HT9000"
        assert (page.value("entry-serials"), page.value("entry-quantity")) == ("A1235", "1")

    def test_a_serial_on_hand_is_proposed_to_be_adjusted_out(self, client, books, ht9000):
        books.have(ht9000, "600.00", "A1234")
        page = self.entering(client, "A1234", "inventory-adjustment")
        assert (page.value("entry-quantity"), page.value("entry-rate")) == ("-1", "")
        page.fill(reason="damage").press("save")
        assert books.on_hand(ht9000) == []

    def test_a_designated_unit_decides_where_the_line_is(self, client, books, ht9000, place):
        books.have(ht9000, "600.00", "E1 E2", at=place.east)
        page = FormPage(client, "/transactions/sales-order/new/")
        page.fill(entry__item="HT9000", entry__quantity="2", entry__serials="E1 E2")
        page.press("add-line")
        assert page.values("line-location") == [str(place.east.pk)]
        assert "HT9000: the line is at EAST, where its serial numbers are." in page.text

    def test_units_to_take_out_are_picked_from_the_list(self, client, books, ht9000):
        books.have(ht9000, "600.00", "S1 S2 S3")
        page = FormPage(client, "/transactions/inventory-adjustment/new/").fill(reason="sample")
        page.fill(entry__item="HT9000", entry__quantity="-2").press("enter")
        page.set("entry-serials", "S3")
        assert "Quantity is 2 but 0 serial numbers were entered." in page.text
        page.press("list:entry")
        page.press("oldest:entry")
        assert page.value("entry-serials").split() == ["S3", "S1"]
        page.press("save")
        assert books.on_hand(ht9000) == ["S2"]

    def test_a_forged_item_or_location_is_no_server_error(self, client, books, ht9000):
        page = FormPage(client, "/transactions/sales-order/new/")
        page.fill(entry__item="HT9000", entry__known="x", entry__editing="9")
        page.set("entry-location", "x").press("enter")
        assert page.response.status_code == 200

    def test_a_text_that_means_nothing_is_said_so(self, client, books, ht9000):
        page = FormPage(client, "/transactions/sales-order/new/")
        page.fill(entry__item="nonsense", entry__quantity="1").press("add-line")
        assert "No item has this name, UPC or serial number." in page.text
        assert page.value("entry-item") == "nonsense"

    def test_its_list_offers_active_items(self, client, books, ht9000, tk100):
        tk100.inactive = True
        tk100.save()
        offered = client.get("/transactions/item-options/?entry-item=00").content.decode()
        assert "HT9000" in offered
        assert "TK100" not in offered

    def test_a_link_from_an_item_names_it(self, client, books, ht9000):
        page = FormPage(client, f"/transactions/purchase-order/new/?item={ht9000.pk}")
        assert page.value("entry-item") == "HT9000"
        assert page.value("entry-rate") == "600.00"


class TestAdjusting:
    def test_estimated_total_value_is_worked_out_from_the_units(self, client, books, ht9000, cable):
        books.have(ht9000, "620.00", "A1234")
        books.adjust(cable, 10, rate="10.00")
        page = FormPage(client, "/transactions/inventory-adjustment/new/").fill(reason="damage")
        for item, quantity, rate, serials in (
            ("HT9000", "-1", "", "A1234"),
            ("HT9000", "1", "580.00", "N1"),
            ("CBL", "-4", "", ""),
        ):
            page.fill(entry__item=item, entry__quantity=quantity, entry__rate=rate)
            page.fill(entry__serials=serials).press("add-line")
        assert "Estimated Total Value −80.00" in page.text
        page.press("save")
        seen = client.get(page.leads_to).content.decode()
        assert "−80.00" in seen
        assert books.balance("6500") == Decimal("80.00") - Decimal("100.00")

    def test_a_reason_is_wanted_for_what_is_taken_out(self, client, books, ht9000):
        books.have(ht9000, "620.00", "A1234")
        page = FormPage(client, "/transactions/inventory-adjustment/new/")
        page.fill(entry__item="A1234").press("save")
        assert "Choose a reason: stock is being taken out." in page.text

    def test_stock_of_an_ordinary_item_never_goes_below_zero(self, client, books, cable):
        page = FormPage(client, "/transactions/inventory-adjustment/new/")
        page.fill(entry__item="CBL", entry__quantity="-1").press("add-line")
        assert "only 0 of CBL on hand at MAIN" in page.text


class TestFromAParent:
    def test_a_partial_receipt_takes_only_what_is_ticked(self, client, books, ht9000, cable):
        order = books.post(
            "purchase_order",
            [books.line(ht9000, 2, "600.00"), books.line(cable, 9, "10.00")],
            vendor=VendorFactory(),
        )
        serialized, ordinary = order.lines.order_by("line_no")
        page = FormPage(client, f"/transactions/item-receipt/new/?from={order.pk}")
        assert page.value(f"line-{ordinary.pk}-quantity") == "9"
        page.clear(f"line-{serialized.pk}-take").set(f"line-{ordinary.pk}-quantity", "4")
        page.press("save")
        assert books.quantities(cable)["OH"] == 4
        assert books.quantities(ht9000)["OO"] == 2
        page = FormPage(client, f"/transactions/item-receipt/new/?from={order.pk}")
        assert page.value(f"line-{ordinary.pk}-quantity") == "5"

    def test_save_and_bill_goes_on_to_the_bill(self, client, books, ht9000):
        order = books.order(ht9000, 1, "600.00")
        page = FormPage(client, f"/transactions/item-receipt/new/?from={order.pk}")
        page.set(f"line-{order.lines.get().pk}-serials", "S1").press("save-and:vendor-bill")
        receipt = Transaction.objects.of("item_receipt").get()
        assert page.leads_to == f"/transactions/vendor-bill/new/?from={receipt.pk}"
        bill = FormPage(client, page.leads_to)
        bill.set(f"line-{receipt.lines.get().pk}-rate", "590.00").press("save")
        assert books.balance("5010") == Decimal("-10.00")
        assert books.status(order) == "Fully Billed"

    def test_save_and_invoice_of_what_is_only_picked_stays_with_the_pick(
        self, client, books, ht9000
    ):
        books.have(ht9000, "600.00", "S1")
        order = books.sell(ht9000, 1, "999.00", serials="S1")
        page = FormPage(client, f"/transactions/item-fulfillment/new/?from={order.pk}")
        assert page.value(f"line-{order.lines.get().pk}-serials") == "S1"  # designated
        page.clear("status").tick("status", "picked").press("save-and:invoice")
        picked = Transaction.objects.of("item_fulfillment").get()
        assert page.leads_to == picked.get_absolute_url()
        assert picked.status == "picked"

    def test_an_order_is_billed_for_all_that_was_received(self, client, books, ht9000):
        order = books.order(ht9000, 3, "600.00")
        books.receive(order, "S1")
        books.receive(order, "S2 S3")
        page = FormPage(client, f"/transactions/vendor-bill/new/?from={order.pk}")
        page.press("save")
        assert books.balance("2000") == Decimal("-1800.00")
        assert books.status(order) == "Fully Billed"

    def test_an_order_is_invoiced_for_what_was_shipped_only(self, client, books, ht9000):
        books.have(ht9000, "600.00", "S1 S2")
        order = books.sell(ht9000, 2, "999.00")
        books.fulfill(order, "S1")
        books.fulfill(order, "S2", to="picked")
        page = FormPage(client, f"/transactions/invoice/new/?from={order.pk}")
        page.press("save")
        assert Transaction.objects.of("invoice").get().lines.get().quantity == 1
        assert books.balance("1100") == Decimal("999.00")

    def test_a_designated_number_that_was_shipped_is_not_proposed_again(
        self, client, books, ht9000
    ):
        books.have(ht9000, "600.00", "S1 S2 S3")
        order = books.sell(ht9000, 3, "999.00", serials="S1 S2")
        books.fulfill(order, "S1")
        page = FormPage(client, f"/transactions/item-fulfillment/new/?from={order.pk}")
        assert page.value(f"line-{order.lines.get().pk}-serials") == "S2"

    def test_units_are_picked_from_the_list_without_javascript(self, client, books, ht9000):
        books.have(ht9000, "600.00", " ".join(f"S{n}" for n in range(1, 7)))
        order = books.sell(ht9000, 3, "999.00")
        key = f"line-{order.lines.get().pk}"
        page = FormPage(client, f"/transactions/item-fulfillment/new/?from={order.pk}")
        page.press(f"list:{key}")
        page.tick("ticked", "S5").press(f"list:{key}")
        assert page.value(f"{key}-serials") == "S5"
        page.press(f"oldest:{key}")
        assert page.value(f"{key}-serials").split() == ["S5", "S1", "S2"]
        page.fields = [f for f in page.fields if f != ["ticked", "S1"]]
        page.set("find", "S6").press(f"list:{key}")
        assert page.value(f"{key}-serials").split() == ["S5", "S2"]
        assert page.values("listed") == ["S6 "]
        page.tick("ticked", "S6").press("save")
        assert sorted(books.on_hand(ht9000)) == ["S1", "S3", "S4"]

    def test_nothing_left_says_so(self, client, books, ht9000):
        order = books.order(ht9000, 1, "600.00")
        books.receive(order, "S1")
        page = client.get(f"/transactions/item-receipt/new/?from={order.pk}").content.decode()
        assert "Nothing is left" in page

    def test_a_parent_of_another_kind_is_not_found(self, client, trade):
        pk = trade["invoice"].pk
        assert client.get(f"/transactions/item-receipt/new/?from={pk}").status_code == 404

    def test_ten_thousand_pasted_numbers_are_one_field(self, client, books, ht9000):
        order = books.order(ht9000, 10_000, "1.00")
        page = FormPage(client, f"/transactions/item-receipt/new/?from={order.pk}")
        key = f"line-{order.lines.get().pk}-serials"
        few = len(page.fields)
        page.set(key, "\n".join(f"S{n:05}" for n in range(9_999))).press("save")
        assert "Quantity is 10000 but 9999 serial numbers were entered." in page.text
        assert len(page.fields) == few
        page.set(key, f"{page.value(key)} S99999").press("save")
        assert books.quantities(ht9000)["OH"] == 10_000


class TestChangingTheLocation:
    def test_takes_off_the_numbers_that_are_not_there_and_says_so(
        self, client, books, place, ht9000
    ):
        books.have(ht9000, "600.00", "M1", at=place.main)
        books.have(ht9000, "600.00", "E1", at=place.east)
        page = FormPage(client, "/transactions/invoice/new/")
        page.fill(customer=str(CustomerFactory(name="Maple").pk), entry__item="HT9000")
        page.fill(entry__quantity="1", entry__rate="999").set("entry-serials", "M1")
        page.set("entry-location", str(place.main.pk)).press("add-line")
        page.press("edit-line:1")
        page.set("entry-location", str(place.east.pk)).press("add-line")
        assert "Not on hand at EAST, so taken off the line: M1." in page.text
        assert page.value("entry-serials") == ""
        page.set("entry-serials", "E1").press("add-line")
        assert page.values("line-serials") == ["E1"]
        page.press("save")
        assert books.on_hand(ht9000) == ["M1"]
