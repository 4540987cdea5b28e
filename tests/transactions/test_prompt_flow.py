"""The prompt for different serial numbers, and other refusals, through the pages (SPEC §6.3)."""

from __future__ import annotations

import pytest
from django.test import Client

from items.models import SerialUnit
from items.refusals import Refused
from tests.books import nov
from tests.pages import FormPage
from transactions import checks
from transactions.models import Transaction

LABEL = "New serial number for {}"
ON_HAND = "Serial number {} is already on hand for HT9000 at MAIN. Enter a different serial number."


@pytest.fixture(params=[False, True], ids=["without JavaScript", "htmx"])
def htmx(request) -> bool:
    return request.param


@pytest.fixture
def order(books, ht9000) -> Transaction:
    """PO-1 of SPEC §8, examples 1 and 2: five ordered, A1234 to A1236 received."""
    order = books.order(ht9000, 5, "600.00", on=nov(2))
    books.receive(order, "A1234 A1235 A1236", on=nov(3))
    return order


def receipt(client: Client, order: Transaction, serials: str, htmx: bool = False) -> FormPage:
    page = FormPage(client, f"/transactions/item-receipt/new/?from={order.pk}", htmx=htmx)
    line = order.lines.get()
    return page.fill(date="2026-11-04").set(f"line-{line.pk}-serials", serials)


def adjustment(client: Client, htmx: bool = False, **entry: str) -> FormPage:
    page = FormPage(client, "/transactions/inventory-adjustment/new/", htmx=htmx)
    values = {f"entry__{name}": value for name, value in entry.items()}
    return page.fill(date="2026-11-12", reason="correction", **values)


class TestSaving:
    def test_example_3_the_conflict_is_prompted_and_replaced(
        self, client, books, ht9000, order, htmx
    ):
        page = receipt(client, order, "A1234 A1237", htmx)
        page.press("save")

        assert ON_HAND.format("A1234") in page.text
        assert LABEL.format("A1234") in page.text
        assert LABEL.format("A1237") not in page.text
        assert f'href="/serials/{ht9000.pk}/A1234/"' in page.response.content.decode()
        assert books.quantities(ht9000)["OH"] == 3
        assert Transaction.objects.of("item_receipt").count() == 1

        page.set("replacement", "A1238").press("save+replace")
        saved = Transaction.objects.of("item_receipt").latest("id")
        assert page.leads_to == saved.get_absolute_url()
        assert books.on_hand(ht9000) == ["A1234", "A1235", "A1236", "A1237", "A1238"]
        assert books.status(order) == "Pending Bill"

    def test_a_replacement_can_conflict_too(self, client, books, ht9000, order, htmx):
        page = receipt(client, order, "A1234 A1237", htmx)
        page.press("save")
        page.set("replacement", "A1236").press("save+replace")

        assert ON_HAND.format("A1236") in page.text
        assert LABEL.format("A1236") in page.text
        assert books.quantities(ht9000)["OH"] == 3

        page.set("replacement", "A1239").press("save+replace")
        assert sorted(books.on_hand(ht9000))[3:] == ["A1237", "A1239"]

    @pytest.mark.parametrize(
        ("answer", "message"),
        [
            ("A1237", "Serial number A1237 is entered more than once for HT9000 (line 1)."),
            ("A 1", "“A 1” isn't a valid serial number"),
            ("", ON_HAND.format("A1234")),
        ],
    )
    def test_a_bad_answer_keeps_the_prompt_open(self, client, order, answer, message):
        page = receipt(client, order, "A1234 A1237")
        page.press("save")
        page.set("replacement", answer).press("save+replace")
        assert message in page.text
        assert LABEL.format(answer or "A1234") in page.text
        assert Transaction.objects.of("item_receipt").count() == 1

    def test_the_good_answers_of_a_prompt_are_kept_while_others_are_wrong(
        self, client, books, ht9000, order
    ):
        page = receipt(client, order, "A1234 A1235")
        page.press("save")
        rows = [field for field in page.fields if field[0] == "replacement"]
        rows[0][1], rows[1][1] = "B1", "A1236"
        page.press("save+replace")
        assert LABEL.format("A1236") in page.text
        assert LABEL.format("B1") not in page.text
        rows = [field for field in page.fields if field[0] == "replacement"]
        rows[-1][1] = "B2"
        page.press("save+replace")
        assert sorted(books.on_hand(ht9000))[3:] == ["B1", "B2"]

    def test_cancel_gives_back_the_text_as_it_was_typed(self, client, order):
        page = receipt(client, order, "A1234,\nA1237")
        page.press("save")
        page.set("replacement", "A1236").press("save+replace")
        page.press("refresh")
        assert "Enter a different serial number" not in page.text
        assert page.value(f"line-{order.lines.get().pk}-serials").split() == ["A1234,", "A1237"]

    def test_conflicting_numbers_can_be_left_out_all_at_once(self, client, order):
        page = receipt(client, order, "A1234 A1235 A1237")
        page.set(f"line-{order.lines.get().pk}-quantity", "3").press("save")
        # More than the order has left: that is said first.
        assert "only 2 can still be taken from PO-1" in page.text
        page.set(f"line-{order.lines.get().pk}-serials", "A1234 A1235")
        page.set(f"line-{order.lines.get().pk}-quantity", "2").press("save")
        page.press("save+drop")
        assert page.value(f"line-{order.lines.get().pk}-serials") == ""
        assert "Nothing was saved" not in page.text

    def test_example_21_a_number_entered_twice(self, client, books, ht9000):
        order = books.order(ht9000, 3, "600.00", on=nov(2))
        page = receipt(client, order, "C1, C2, C1")
        page.press("save")
        assert "Serial number C1 is entered more than once for HT9000 (line 1)." in page.text
        key = f"line-{order.lines.get().pk}-serials"
        assert page.value(key) == "C1, C2, C1"
        page.set(key, "C1, C2, C3").press("save")
        assert books.quantities(ht9000)["OH"] == 3

    def test_the_serial_at_an_inactive_location_is_named_with_its_place(
        self, client, books, ht9000, place
    ):
        books.have(ht9000, "600.00", "O1", at=place.old)
        place.old.inactive = True
        place.old.save()
        page = receipt(client, books.order(ht9000, 1, "600.00", on=nov(3)), "o1")
        page.press("save")
        assert "Serial number O1 is already on hand for HT9000 at OLD." in page.text

    def test_a_number_picked_for_an_order_is_prompted_too(self, client, books, ht9000, order):
        books.fulfill(books.sell(ht9000, 1, "999.00", on=nov(3)), "A1234", on=nov(3), to="picked")
        page = receipt(client, order, "A1234 A1237")
        page.press("save")
        assert "Serial number A1234 of HT9000 is picked for SO-1 and still belongs" in page.text
        assert LABEL.format("A1234") in page.text

    def test_a_number_sold_before_is_saved_with_a_note(self, client, books, ht9000, order):
        books.sold(ht9000, "A1234", on=nov(3))
        page = receipt(client, order, "A1234 A1237")
        page.press("save")
        seen = client.get(page.leads_to).content.decode()
        assert "A1234 was used before" in seen
        assert SerialUnit.objects.filter(item=ht9000, number="A1234").count() == 2


class TestAddingALine:
    def test_a_number_brought_in_meanwhile_is_prompted_on_saving(
        self, client, books, ht9000, order, htmx
    ):
        page = adjustment(client, htmx, item="HT9000", quantity="2", serials="N1 N2")
        page.press("add-line")
        books.receive(order, "N1", on=nov(4))
        page.press("save")
        assert ON_HAND.format("N1") in page.text
        assert "Nothing was saved yet." in page.text
        assert page.values("line-serials") == ["N1 N2"]
        assert not Transaction.objects.of("inventory_adjustment").exists()
        page.set("replacement", "N3").press("save+replace")
        assert {"N1", "N2", "N3"} <= set(books.on_hand(ht9000))

    def test_a_long_list_of_conflicts_shows_the_first_hundred(self, client, books, ht9000):
        books.have(ht9000, "600.00", " ".join(f"S{n}" for n in range(120)))
        page = adjustment(client, item="HT9000", quantity="121", rate="1.00")
        page.set("entry-serials", " ".join(f"S{n}" for n in range(121))).press("add-line")
        assert "120 different serial numbers are needed" in page.text
        assert len(page.values("replacement")) == 100
        page.press("add-line+drop")
        assert page.value("entry-serials") == "S120"

    def test_the_line_is_added_once_every_number_is_valid(self, client, books, ht9000, order, htmx):
        page = adjustment(client, htmx, item="HT9000", quantity="2", serials="A1234 N1")
        page.press("add-line")
        assert ON_HAND.format("A1234") in page.text
        assert LABEL.format("A1234") in page.text
        assert page.values("line-item") == []
        assert page.value("entry-serials") == "A1234 N1"

        page.set("replacement", "N2").press("add-line+replace")
        assert page.values("line-serials") == ["N2 N1"]
        assert page.value("entry-serials") == ""
        page.press("save")
        assert {"N1", "N2"} <= set(books.on_hand(ht9000))

    def test_cancel_leaves_the_line_unadded_with_the_text_intact(self, client, order):
        page = adjustment(client, item="HT9000", quantity="2", serials="A1234 N1")
        page.press("add-line")
        page.press("refresh")
        assert page.values("line-item") == []
        assert page.value("entry-serials") == "A1234 N1"
        assert page.value("entry-quantity") == "2"

    def test_a_number_on_another_line_of_the_item_is_refused(self, client, ht9000, order):
        page = adjustment(client, item="HT9000", quantity="1", serials="N1")
        page.press("add-line")
        page.fill(entry__item="HT9000", entry__quantity="1", entry__serials="n1")
        page.press("add-line")
        assert "entered more than once for HT9000 (lines 1, 2)" in page.text
        assert len(page.values("line-item")) == 1

    def test_the_same_number_of_another_item_is_added(self, client, tk100, order):
        page = adjustment(client, item="HT9000", quantity="1", serials="N1")
        page.press("add-line")
        page.fill(entry__item="TK100", entry__quantity="1", entry__serials="N1")
        page.press("add-line")
        assert len(page.values("line-item")) == 2

    @pytest.mark.parametrize(
        ("quantity", "serials", "message"),
        [
            ("3", "N1 N2", "Quantity is 3 but 2 serial numbers were entered."),
            ("1", "...", "isn't a valid serial number: made of dots only"),
            ("-1", "X9", "Serial number X9 of HT9000 is not on hand. It was never received."),
            ("1.5", "N1 N2", "a serialized item comes in whole units"),
            ("0", "", "enter a quantity above zero"),
        ],
    )
    def test_other_refusals_are_said_at_the_line(self, client, order, quantity, serials, message):
        page = adjustment(client, item="HT9000", quantity=quantity, serials=serials)
        page.press("add-line")
        assert message in page.text
        assert page.values("line-item") == []
        assert page.value("entry-serials") == serials

    def test_a_unit_somewhere_else_is_refused_with_its_place(self, client, books, ht9000, place):
        books.have(ht9000, "600.00", "E1", at=place.east)
        page = adjustment(client, item="HT9000", quantity="-1", serials="E1")
        page.press("add-line")
        assert "is at EAST, not MAIN. Select EAST" in page.text
        page.set("entry-location", str(place.east.pk)).press("add-line")
        assert page.values("line-serials") == ["E1"]

    def test_adding_says_exactly_what_saving_says(self, client, books, ht9000, order):
        """No second set of rules: a line refused on Add Line is refused by posting likewise."""
        books.sold(ht9000, "A1235", on=nov(3))
        document = Transaction(
            type="inventory_adjustment", date=nov(3), account=books.account("6500")
        )
        for quantity, serials in ((1, "A1234"), (-1, "A1235"), (2, "N1"), (1, "..."), (-1, "Z")):
            line = books.line(ht9000, quantity, "1.00", serials)
            said = [r.message for r in checks.line_refusals(document, [line], 1)]
            with pytest.raises(Refused) as refused:
                books.adjust(ht9000, quantity, serials, on=nov(3), rate="1.00")
            assert said == [r.message for r in refused.value.refusals]


class TestConfirming:
    def test_a_doubtful_designation_is_asked_once(self, client, books, ht9000, order):
        page = FormPage(client, "/transactions/sales-order/new/")
        books_customer = books.sell(ht9000, 1, "999.00", on=nov(3)).customer
        page.fill(customer=str(books_customer.pk), entry__item="HT9000", entry__quantity="1")
        page.fill(entry__serials="NEVER").press("add-line")
        assert "NEVER of HT9000 is not on hand. It was never received." in page.text
        assert page.values("line-item") == []
        page.press("add-line+anyway")
        assert page.values("line-serials") == ["NEVER"]
        page.press("save")
        order = Transaction.objects.of("sales_order").latest("id")
        assert page.leads_to == order.get_absolute_url()
        assert order.lines.get().line_units.get().number == "NEVER"

    def test_save_anyway_confirms_a_warning(self, client, books, ht9000, place):
        books.have(ht9000, "600.00", "O1", at=place.old)
        place.old.inactive = True
        place.old.save()
        page = adjustment(client, item="HT9000", quantity="-1", serials="O1")
        page.set("entry-location", str(place.old.pk)).press("save")
        assert "Location OLD is inactive." in page.text
        assert Transaction.objects.of("inventory_adjustment").count() == 0
        page.press("save+anyway")
        assert books.on_hand(ht9000) == []
