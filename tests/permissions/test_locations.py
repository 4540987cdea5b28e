"""Users limited to locations: what they see, where they may post, and what is refused."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import Client

from items.models import Item
from items.refusals import Refused
from tests.books import Books
from tests.permissions.world import client_of, member
from transactions.models import Transaction
from users import roles


@pytest.fixture
def stocked(books: Books, ht9000: Item, place: SimpleNamespace) -> Books:
    """M1, M2 at MAIN; E1, E2, E3 at EAST."""
    books.have(ht9000, "600.00", "M1 M2", at=place.main)
    books.have(ht9000, "600.00", "E1 E2 E3", at=place.east)
    return books


@pytest.fixture
def eastern(stocked: Books, place: SimpleNamespace) -> Client:
    """An inventory manager who works at EAST alone."""
    return client_of(member(roles.INVENTORY_MANAGER, place.east))


def text(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    if answer.streaming:
        return b"".join(answer.streaming_content).decode("utf-8-sig")
    return answer.content.decode()


def test_stock_elsewhere_is_not_seen(eastern: Client, ht9000: Item, place: SimpleNamespace):
    serials = text(eastern, f"{ht9000.get_absolute_url()}?tab=serials&export=csv")
    assert [n for n in ("M1", "M2", "E1", "E2", "E3") if n in serials] == ["E1", "E2", "E3"]
    stock = text(eastern, "/items/?view=stock&export=csv")
    assert ",3,0,0," in stock
    page = text(eastern, ht9000.get_absolute_url())
    assert "EAST" in page
    assert "MAIN" not in page
    assert "MAIN" not in text(eastern, "/locations/")
    assert "MAIN" not in text(eastern, "/transactions/item-receipt/")
    assert ">3<" in text(eastern, "/")
    assert "Nothing found" in text(eastern, "/search/?q=M1")


def test_documents_and_numbers_elsewhere_are_refused(
    eastern: Client, ht9000: Item, place: SimpleNamespace
):
    here = Transaction.objects.of("item_receipt").get(lines__location=place.east)
    away = Transaction.objects.of("item_receipt").get(lines__location=place.main)
    for url in (here.get_absolute_url(), f"/serials/{ht9000.pk}/E1/"):
        assert eastern.get(url).status_code == 200, url
    refused = [
        away.get_absolute_url(),
        f"{away.get_absolute_url()}print/",
        f"{away.get_absolute_url()}void/",
        f"{away.get_absolute_url()}serials/1/",
        f"/transactions/vendor-return-authorization/new/?from={away.created_from_id}",
        f"/serials/{ht9000.pk}/M1/",
        place.main.get_absolute_url(),
        "/reports/inventory-valuation/",
        "/setup/import/",
    ]
    for url in refused:
        assert eastern.get(url).status_code == 403, url


def test_stock_is_posted_at_their_own_locations_alone(
    stocked: Books, ht9000: Item, place: SimpleNamespace
):
    theirs = Books(member(roles.INVENTORY_MANAGER, place.east))
    theirs.adjust(ht9000, -1, "E1", at=place.east)
    with pytest.raises(Refused) as refused:
        theirs.adjust(ht9000, -1, "M1", at=place.main)
    assert "MAIN is not among the locations you work at" in str(refused.value)
    with pytest.raises(Refused):
        theirs.void(Transaction.objects.of("vendor_bill").get(lines__location=place.main))
    assert stocked.on_hand(ht9000) == ["E2", "E3", "M1", "M2"]


def test_they_send_elsewhere_and_do_not_fetch_from_there(
    stocked: Books, ht9000: Item, place: SimpleNamespace
):
    theirs = Books(member(roles.WAREHOUSE_CLERK, place.east))
    theirs.transfer(ht9000, 1, "E1", at=place.east, to=place.main)
    with pytest.raises(Refused):
        theirs.transfer(ht9000, 1, "M1", at=place.main, to=place.east)
    assert stocked.quantities(ht9000, place.main)["OH"] == 3


def test_an_administrator_keeps_to_no_location(
    stocked: Books, ht9000: Item, place: SimpleNamespace
):
    books = Books(member(roles.ADMINISTRATOR, place.east))
    books.adjust(ht9000, -1, "M1", at=place.main)


def test_stock_leaves_an_inactive_location_by_the_right_full_alone(
    books: Books, ht9000: Item, place: SimpleNamespace
):
    """SER-17."""
    books.have(ht9000, "600.00", "O1 O2", at=place.old)
    place.old.inactive = True
    place.old.save()
    line = books.line(ht9000, 1, serials="O1", at=place.old)
    move = {"location": place.old, "to_location": place.main, "confirmed": ["SER-17"]}
    clerk = Books(member(roles.WAREHOUSE_CLERK))
    with pytest.raises(Refused) as refused:
        clerk.post("inventory_transfer", [line], **move)
    assert [r.code for r in refused.value.refusals] == ["SER-17"]
    assert not refused.value.refusals[0].asks
    manager = Books(member(roles.INVENTORY_MANAGER))
    manager.post("inventory_transfer", [line], **move)
