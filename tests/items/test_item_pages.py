"""The item record, its subtabs, and the forms that enter and change items (SPEC §7.3)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from accounting.models import Account
from company.models import Company
from items.models import Item, ItemLocation, SerialUnit
from tests.books import nov
from tests.factories import AccountFactory, LocationFactory, VendorFactory
from transactions.models import Transaction

TABS = ("purchasing", "serials", "sales", "accounting", "transactions", "notes")


def page(client: Client, item: Item, tab: str = "") -> str:
    answer = client.get(f"/items/{item.pk}/", {"tab": tab} if tab else {})
    assert answer.status_code == 200
    return answer.content.decode()


def form(**fields: Any) -> dict[str, Any]:
    """What the new-item form sends: defaults as shown, the given fields, no opening quantity."""
    company = Company.current()
    sent = {
        "item_type": "serialized",
        "name": "WD-40",
        "income_account": company.income_account_id,
        "cogs_account": company.cogs_account_id,
        "asset_account": company.asset_account_id,
        "opening-TOTAL_FORMS": "2",
        "opening-INITIAL_FORMS": "0",
        **fields,
    }
    return {name: value for name, value in sent.items() if value is not None}


def opening(line: int = 0, **fields: Any) -> dict[str, Any]:
    return {f"opening-{line}-{name}": value for name, value in fields.items()}


# The record


@pytest.mark.parametrize("tab", ["", *TABS])
def test_a_stranger_sees_no_subtab(stranger, books, ht9000, tab):
    answer = stranger.get(f"/items/{ht9000.pk}/?tab={tab}")
    assert (answer.status_code, answer.url[:7]) == (302, "/login/")


@pytest.mark.parametrize("url", ["new/", "{pk}/edit/", "{pk}/inactivate/", "{pk}/reactivate/"])
def test_a_stranger_changes_nothing(stranger, books, ht9000, url):
    for method in (stranger.get, stranger.post):
        assert method("/items/" + url.format(pk=ht9000.pk)).status_code == 302
    ht9000.refresh_from_db()
    assert not ht9000.inactive


@pytest.mark.parametrize("tab", TABS)
def test_every_subtab_has_its_address(client, books, ht9000, tab):
    books.have(ht9000, "600.00", "A1")
    text = page(client, ht9000, tab)
    assert f'href="?tab={tab}" aria-current="page"' in text


def test_purchasing_is_the_first_subtab_and_the_refuge_from_nonsense(client, books, ht9000, cable):
    for item, tab in ((ht9000, ""), (ht9000, "nonsense"), (cable, "serials")):
        assert 'href="?tab=purchasing" aria-current="page"' in page(client, item, tab)


def test_an_item_that_is_not_there(client, books):
    assert client.get("/items/4711/").status_code == 404


def test_the_buttons_of_an_item(client, books, ht9000):
    text = page(client, ht9000)
    for kind in ("purchase-order", "sales-order", "inventory-adjustment"):
        assert f"/transactions/{kind}/new/?item={ht9000.pk}" in text
    assert f"/items/{ht9000.pk}/edit/" in text
    assert f"/items/{ht9000.pk}/inactivate/" in text


def test_purchasing_shows_costs_planning_and_locations(client, books, ht9000, place):
    Item.objects.filter(pk=ht9000.pk).update(preferred_stock_level=10)
    books.have(ht9000, "600.00", "A1 A2", at=place.main)
    books.have(ht9000, "630.00", "E1", at=place.east)
    answer = client.get(f"/items/{ht9000.pk}/")
    assert answer.context["average_cost"] == Decimal("610.00")
    assert answer.context["to_order"] == 7
    assert answer.context["item"].last_purchase_price == Decimal("630.00")
    found = [
        (place.location.name, place.on_hand, place.value, average, place.last_price)
        for place, average in answer.context["places"]
    ]
    assert found == [
        ("EAST", 1, Decimal("630.00"), Decimal("630.00"), Decimal("630.00")),
        ("MAIN", 2, Decimal("1200.00"), Decimal("600.00"), Decimal("600.00")),
    ]


def test_without_multi_location_inventory_no_location_is_spoken_of(client, books, ht9000):
    books.have(ht9000, "600.00", "A1")
    Company.objects.update(multi_location_inventory=False)
    for url in (f"/items/{ht9000.pk}/?tab={tab}" for tab in TABS):
        text = client.get(url).content.decode()
        assert "MAIN" not in text
        assert "Location" not in text
    for url in ("/items/new/", f"/items/{ht9000.pk}/edit/"):
        assert "ocation" not in client.get(url).content.decode().split("<main")[1]


def test_accounting_names_every_account_the_item_posts_to(client, books, ht9000):
    text = page(client, ht9000, "accounting")
    for account in ("4000 Sales", "5000 Cost", "1300 Inventory", "5010 Bill", "5030 Vendor"):
        assert account in text
    assert "Specific" in text


def test_transactions_lists_every_line_the_newest_first(client, books, ht9000):
    books.have(ht9000, "600.00", "A1 A2")
    books.void(books.sell(ht9000, 1, "999.00", on=nov(5)))
    answer = client.get(f"/items/{ht9000.pk}/?tab=transactions")
    rows = answer.context["listing"].page.rows
    assert [str(line.transaction) for line in rows] == ["SO-1", "BILL-1", "IR-1", "PO-1"]
    assert "Voided" in answer.content.decode()
    only = client.get(f"/items/{ht9000.pk}/?tab=transactions&type=item_receipt")
    assert [str(line.transaction) for line in only.context["listing"].page.rows] == ["IR-1"]


def test_more_lines_cost_no_more_queries(client, books, ht9000, place, count_queries):
    books.have(ht9000, "600.00", "A1 A2 A3")
    texts = {tab: count_queries(lambda tab=tab: page(client, ht9000, tab)) for tab in TABS}
    for number in ("A1", "A2", "A3"):
        books.sold(ht9000, number)
    for n in range(5):
        books.have(ht9000, "600.00", f"B{n}", at=LocationFactory(name=f"PLACE {n}"))
    for tab in TABS:
        assert count_queries(lambda tab=tab: page(client, ht9000, tab)) == texts[tab], tab


def test_system_notes_say_who_changed_what(client, books, ht9000):
    rival = AccountFactory(number="4100", name="Other Sales", type=Account.Type.INCOME)
    sent = {
        "name": "HT9000",
        "base_price": "949.00",
        "income_account": rival.pk,
        "cogs_account": ht9000.cogs_account_id,
        "asset_account": ht9000.asset_account_id,
        "level-TOTAL_FORMS": "0",
        "level-INITIAL_FORMS": "0",
    }
    assert client.post(f"/items/{ht9000.pk}/edit/", sent).status_code == 302
    answer = client.get(f"/items/{ht9000.pk}/?tab=notes")
    notes = {note.field: note for note in answer.context["notes"]}
    assert (notes["base price"].old, notes["base price"].new) == ("999", "949")
    assert notes["base price"].by == "robin"
    changed = notes["income account"]
    assert (changed.old, changed.new) == ("4000 Sales Income", "4100 Other Sales")
    assert notes[""].new == "Created"


def test_system_notes_tell_of_a_locations_own_reorder_point(client, books, place, ht9000):
    books.have(ht9000, "600.00", "A1", at=place.east)
    for level in ("3", "5"):
        levels = {f"level-{place.east.pk}-reorder_point": level}
        assert edit(client, ht9000, **levels).status_code == 302
    notes = client.get(f"/items/{ht9000.pk}/?tab=notes").context["notes"]
    told = [(n.by, n.old, n.new) for n in notes if n.field == "EAST: reorder point"]
    assert told == [("robin", "3", "5"), ("robin", "", "3")]


# Entering


def test_a_new_item_without_stock(client, books, place):
    answer = client.get("/items/new/")
    assert answer.status_code == 200
    answer = client.post("/items/new/", form(base_price="99.50", reorder_point="3"))
    item = Item.objects.get()
    assert answer.url == f"/items/{item.pk}/"
    assert (item.name, item.base_price, item.reorder_point) == ("WD-40", Decimal("99.50"), 3)
    assert not Transaction.objects.exists()


def test_a_new_item_with_its_opening_quantity(client, books, place):
    """R1b: Dr Inventory Asset, Cr Opening Balance Equity; at two locations."""
    sent = form(
        **opening(0, location=place.main.pk, quantity="2", unit_cost="600", serials="A1, A2"),
        **opening(1, location=place.east.pk, quantity="1", unit_cost="580.50", serials="E1"),
    )
    assert client.post("/items/new/", sent).status_code == 302
    item = Item.objects.get()
    assert books.on_hand(item) == ["A1", "A2", "E1"]
    assert books.quantities(item, at=place.east)["OH"] == 1
    assert books.balances() == {"1300": Decimal("1780.50"), "3900": Decimal("-1780.50")}
    assert Transaction.objects.get().type == "inventory_adjustment"


def test_an_ordinary_item_with_its_opening_quantity(client, books):
    sent = form(item_type="inventory", **opening(quantity="40", unit_cost="1.25"))
    assert client.post("/items/new/", sent).status_code == 302
    assert books.quantities(Item.objects.get())["OH"] == 40
    assert books.balance("3900") == Decimal("-50.00")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"quantity": "3", "serials": "A1 A2"}, "Quantity is 3 but 2 serial numbers were entered"),
        ({"quantity": "2", "serials": "A1 a1"}, "a1 is entered more than once"),
        ({"quantity": "1", "serials": "..."}, "isn&#x27;t a valid serial number"),
        ({"quantity": "", "serials": "A1"}, "Enter the quantity on hand."),
        ({"quantity": "1", "serials": "A1", "unit_cost": ""}, "Enter what a unit cost"),
        ({"quantity": "1", "serials": "A1", "unit_cost": "1.005"}, "whole cents"),
        ({"quantity": "-1", "serials": "A1"}, "greater than or equal to 0"),
    ],
)
def test_a_refused_opening_quantity_keeps_no_item_and_everything_typed(client, books, fields, said):
    good = {"quantity": "1", "unit_cost": "600.00", "serials": "A1"}
    sent = form(name="KEEP-ME", description="typed", **opening(**{**good, **fields}))
    answer = client.post("/items/new/", sent)
    assert answer.status_code == 200
    text = answer.content.decode()
    assert said in text
    for typed in ("KEEP-ME", "typed", *fields.values()):
        assert typed in text
    assert not Item.objects.exists()
    # The audit trail is never taken back.
    assert set(Item.history.values_list("history_type", flat=True)) <= {"+", "-"}
    assert not SerialUnit.objects.exists()
    assert client.post("/items/new/", {**sent, **opening(**good)}).status_code == 302


def test_with_locations_an_opening_quantity_must_say_where(client, books, place):
    sent = form(**opening(quantity="1", unit_cost="600", serials="A1"))
    assert "Choose where the units are." in client.post("/items/new/", sent).content.decode()
    assert not Item.objects.exists()


def test_an_opening_quantity_in_a_closed_period_is_refused(client, books):
    from accounting.models import AccountingPeriod

    AccountingPeriod.objects.update(closed=True)
    sent = form(**opening(quantity="1", unit_cost="600", serials="A1"))
    assert "is closed" in client.post("/items/new/", sent).content.decode()
    assert not Item.objects.exists()


def test_names_are_unique_whatever_their_case(client, books, ht9000):
    answer = client.post("/items/new/", form(name="ht9000"))
    assert "There is already an item with this name." in answer.content.decode()


def test_figures_that_make_no_sense_are_refused(client, books):
    answer = client.post("/items/new/", form(base_price="-1", reorder_point="1.5"))
    text = answer.content.decode()
    assert "Enter zero or more." in text
    assert "A serialized item comes in whole units." in text
    answer = client.post("/items/new/", form(purchase_price="1.005"))
    assert "whole cents" in answer.content.decode()
    assert client.post("/items/new/", form(item_type="inventory", purchase_price="1.0050"))
    assert Item.objects.get().purchase_price == Decimal("1.0050")


def test_only_accounts_of_the_right_type_are_offered(client, books):
    fields = client.get("/items/new/").context["form"].fields
    offered = {name: {a.number for a in fields[name].queryset} for name in
               ("income_account", "cogs_account", "asset_account")}  # fmt: skip
    assert offered == {
        "income_account": {"4000"},
        "cogs_account": {"5000", "5010", "5030"},
        "asset_account": {"1300"},
    }
    wrong = form(income_account=books.account("5000").pk)
    assert client.post("/items/new/", wrong).status_code == 200


# Editing


def edit(client: Client, item: Item, **fields: Any) -> Any:
    sent = form(name=item.name, **{"level-TOTAL_FORMS": "0", "level-INITIAL_FORMS": "0"}, **fields)
    return client.post(f"/items/{item.pk}/edit/", sent)


def test_the_type_stays_what_it_is(client, books, ht9000):
    assert client.get(f"/items/{ht9000.pk}/edit/").status_code == 200
    edit(client, ht9000, item_type="inventory")
    ht9000.refresh_from_db()
    assert ht9000.item_type == "serialized"


def test_the_asset_account_is_locked_while_any_unit_is_in_stock(client, books, ht9000):
    other = AccountFactory(number="1320", type=Account.Type.CURRENT_ASSET)
    edit(client, ht9000, asset_account=other.pk)
    ht9000.refresh_from_db()
    assert ht9000.asset_account == other
    books.have(ht9000, "600.00", "A1")
    edit(client, ht9000, asset_account=books.account("1300").pk)
    ht9000.refresh_from_db()
    assert ht9000.asset_account == other
    assert (
        "Locked while any unit is in stock"
        in client.get(f"/items/{ht9000.pk}/edit/").content.decode()
    )
    books.adjust(ht9000, -1, "A1")


def test_an_inactive_choice_made_before_stays(client, books, ht9000):
    vendor = VendorFactory(name="Gone", inactive=True)
    ht9000.preferred_vendor = vendor
    ht9000.save()
    assert edit(client, ht9000, preferred_vendor=vendor.pk).status_code == 302
    other = VendorFactory(name="Gone too", inactive=True)
    assert edit(client, ht9000, preferred_vendor=other.pk).status_code == 200


def test_levels_of_each_location(client, books, ht9000, place):
    """An active location may have its own, whether the item was ever there or not."""
    books.have(ht9000, "600.00", "A1 A2", at=place.main)
    main, east = (f"level-{place_.pk}-reorder_point" for place_ in (place.main, place.east))
    assert edit(client, ht9000, **{main: "1", east: "2"}).status_code == 302
    rows = ItemLocation.objects.filter(item=ht9000, reorder_point__isnull=False)
    assert [(r.location.name, r.on_hand, r.reorder_point) for r in rows.order_by("id")] == [
        ("MAIN", 2, 1),
        ("EAST", 0, 2),
    ]
    answer = edit(client, ht9000, **{main: "-1", east: "1.5"})
    text = answer.content.decode()
    assert "Enter zero or more." in text
    assert "whole units" in text


# Inactivating


def test_inactivating_warns_of_what_is_left(client, books, ht9000):
    books.receive(books.order(ht9000, 3, "600.00", on=nov(2)), "A1 A2", on=nov(2))
    books.sell(ht9000, 1, "999.00", on=nov(3))
    url = f"/items/{ht9000.pk}/inactivate/"
    answer = client.get(url)
    assert answer.context["left"] == [("on hand", 2), ("committed", 1), ("on order", 1)]
    ht9000.refresh_from_db()
    assert not ht9000.inactive  # asking changes nothing

    client.post(url)
    ht9000.refresh_from_db()
    assert ht9000.inactive
    text = page(client, ht9000)
    assert "Reactivate" in text
    assert "New Purchase Order" not in text

    client.post(f"/items/{ht9000.pk}/reactivate/")
    ht9000.refresh_from_db()
    assert not ht9000.inactive
