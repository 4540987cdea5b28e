"""An item's number rule: format, check digit, and the item's own barcode (SPEC §2.2, §7.4)."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from items.look_alikes import look_alikes
from items.models import Item, SerialUnit
from items.number_rules import GTIN, LUHN, BadFormat, NumberRule, places
from items.refusals import Refused
from tests.books import Books, nov

IMEI = "490154203237518"


@pytest.mark.parametrize(
    ("mask", "good", "bad", "why"),
    [
        ("9{15}", IMEI, IMEI[:-1], "14 characters long instead of 15"),
        ("9{15}", IMEI, IMEI[:-1] + "X", "its character 15, “X”, should be a digit"),
        ("SN-9999", "sn-0001", "SX-0001", "its character 2, “X”, should be “N”"),
        ("AA*{2}", "AB1C", "A21C", "its character 2, “2”, should be a letter"),
        ("*{4,6}", "A1B2C", "A1B", "3 characters long instead of 4 to 6"),
        ("A{1,2}9{2}", "AB12", "1B12", "not of the format A{1,2}9{2}"),
        ("S\\A\\99", "sa91", "SB91", "its character 2, “B”, should be “A”"),
    ],
)
def test_a_format_says_what_is_wrong(mask: str, good: str, bad: str, why: str) -> None:
    assert NumberRule(mask).problem(good) == ""
    assert NumberRule(mask).problem(bad) == why


@pytest.mark.parametrize("mask", ["9{3", "A B", "9{5,2}", "9{0}", "9{101}", "{3}", "A,"])
def test_a_format_that_cannot_be_read_says_so(mask: str) -> None:
    with pytest.raises(BadFormat):
        places(mask)


@given(
    st.lists(
        st.sampled_from(["A", "9", "*", "-", "A{0,2}", "9{1,3}", "*{0,3}", "x{0,1}"]), max_size=6
    ),
    st.text("aX9-É", max_size=8),
)
def test_signs_of_varying_length_are_matched_as_an_expression_would(signs, number):
    rule = NumberRule("".join(signs))
    fits = bool(rule._pattern.fullmatch(number))
    assert (rule.problem(number) == "") == (fits or not rule.mask)


def test_a_format_of_many_varying_signs_is_soon_judged() -> None:
    rule = NumberRule("*{0,99}" * 14 + "-")
    assert "format" in rule.problem("A" * 100)
    assert rule.problem("A" * 99 + "-") == ""


def test_check_digits() -> None:
    imei, gtin = NumberRule(check_digit=LUHN), NumberRule(check_digit=GTIN)
    assert imei.problem(IMEI) == ""
    assert imei.problem("490154203237581") == "the check digit is wrong, so one of its digits is"
    assert imei.problem("49015420323751A") != ""
    assert gtin.problem("4006381333931") == ""
    assert gtin.problem("4006381333932") != ""


def test_the_items_own_barcode_is_no_serial_number() -> None:
    assert NumberRule(barcode="036000291452").problem("036000291452") != ""
    assert NumberRule(barcode="036000291452").problem("036000291453") == ""


@pytest.fixture
def phone(ht9000: Item) -> Item:
    """An item whose numbers must be IMEIs from now on; A1 is on hand and B1 sold from before."""
    return ht9000


def with_rule(item: Item) -> Item:
    item.number_format, item.check_digit = "9{15}", LUHN
    item.full_clean()
    item.save()
    return item


def test_every_entrance_keeps_the_rule_and_names_each_offender(books: Books, phone: Item) -> None:
    order = books.order(with_rule(phone), 2, "600.00", on=nov(2))
    with pytest.raises(Refused) as refused:
        books.receive(order, f"{IMEI} A1", on=nov(3))
    assert [r.message for r in refused.value.refusals] == [
        "“A1” isn't a valid serial number: 2 characters long instead of 15."
    ]
    with pytest.raises(Refused):
        books.adjust(phone, 2, "A1 490154203237519", rate="1.00")
    assert not SerialUnit.objects.exists()
    books.adjust(phone, 1, IMEI, rate="1.00")


def test_what_was_there_before_the_rule_leaves_and_comes_back(books: Books, phone: Item) -> None:
    books.have(phone, "600.00", "A1")
    with_rule(phone)
    books.sold(phone, "A1", on=nov(5))
    books.adjust(phone, 1, "A1", on=nov(6), rate="580.00")
    assert books.on_hand(phone) == ["A1"]


def test_a_unit_cleans_itself_by_the_rule(books: Books, phone: Item) -> None:
    books.have(phone, "600.00", "A1")
    with_rule(phone)
    SerialUnit.objects.get().clean()
    with pytest.raises(ValidationError, match="2 characters long"):
        SerialUnit(item=phone, number="A2", number_key="a2").clean()


def test_a_number_is_tried_on_the_items_page_and_on_its_form(client: Client, phone: Item) -> None:
    with_rule(phone)
    said = client.get(phone.get_absolute_url(), {"tab": "purchasing", "try": IMEI[:-1]})
    assert "would be refused: 14 characters long instead of 15" in said.content.decode()
    said = client.get(phone.get_absolute_url(), {"tab": "purchasing", "try": IMEI})
    assert "would be taken" in said.content.decode()
    unsaved = {"number_format": "A9", "check_digit": "", "try": "99"}
    said = client.get("/items/try-number/", unsaved)
    assert "its character 1, “9”, should be a letter" in said.content.decode()
    said = client.get("/items/try-number/", {"number_format": "9{", "try": "99"})
    assert "the format cannot be read" in said.content.decode()


def test_a_look_alike_is_asked_about_and_named(books: Books, ht9000: Item) -> None:
    books.have(ht9000, "600.00", "SO1B AB10 XIL")
    for typed, other in (("S01B", "SO1B"), ("ABIO", "AB10"), ("X11", "XIL"), ("soib", "SO1B")):
        with pytest.raises(Refused) as refused:
            books.adjust(ht9000, 1, typed, rate="1.00")
        [refusal] = refused.value.refusals
        assert (refusal.code, refusal.asks) == ("SER-21", True)
        assert f"{typed} looks like {other} of HT9000" in refusal.message
        assert refusal.url.endswith(f"/{other}/")
    books.adjust(ht9000, 1, "S01B", rate="1.00", confirmed=["SER-21"])
    books.adjust(ht9000, 1, "SB1B", rate="1.00")


def test_a_look_alike_of_another_item_is_none(books: Books, ht9000: Item, tk100: Item) -> None:
    books.have(ht9000, "600.00", "SO1")
    books.adjust(tk100, 1, "S01", rate="1.00")
    assert books.on_hand(tk100) == ["S01"]


def test_look_alikes_are_found_by_index_whatever_the_statistics_say(
    books: Books, ht9000: Item
) -> None:
    """Without statistics SQLite once walked all numbers of the item for each number asked about."""
    books.adjust(ht9000, 300, "SO1..SO300", rate="1.00")
    sqlite = connection.vendor == "sqlite"
    with CaptureQueriesContext(connection) as queries:
        found = look_alikes([(ht9000.pk, "s01"), (ht9000.pk, "s0999")])
    assert found == {(ht9000.pk, "s01"): "SO1"}
    [query] = queries
    with connection.cursor() as cursor:
        if not sqlite:  # of three hundred rows it would read them all
            cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {'QUERY PLAN ' * sqlite}{query['sql']}")
        plan = str(cursor.fetchall())
    assert "unit_look" in plan
    assert "SCAN m" not in plan
    assert "Seq Scan" not in plan
