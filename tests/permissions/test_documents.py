"""What a role does with documents: it enters without being shown cost, and does not judge."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from zeal import zeal_ignore

from items.models import Item, SerialUnit
from tests.books import Books
from tests.counts import Counts
from tests.permissions import world
from transactions import remaining
from transactions.models import Transaction
from users import access, roles


@pytest.mark.parametrize("role", [roles.WAREHOUSE_CLERK, roles.SALES])
def test_the_forms_of_what_comes_next_show_no_cost(books: Books, place: SimpleNamespace, role: str):
    world.build(books, place)
    user = world.member(role)
    client, who, opened = world.client_of(user), access.of(user), 0
    with zeal_ignore():
        for parent in Transaction.objects.live():
            for kind in remaining.next_kinds(parent):
                if not who.may(kind.name, roles.CREATE):
                    continue
                page = client.get(f"/transactions/{kind.slug}/new/?from={parent.pk}")
                assert page.status_code == 200
                assert not world.figures(page.content.decode()), (kind, parent)
                opened += 1
    assert opened


def test_a_clerk_receives_at_the_rate_of_the_order_without_seeing_it(
    books: Books, ht9000: Item, place: SimpleNamespace
):
    order = books.order(ht9000, 1, "713.37")
    line = order.lines.get()
    clerk = world.client_of(world.member(roles.WAREHOUSE_CLERK))
    url = f"/transactions/item-receipt/new/?from={order.pk}"
    name = f"line-{line.pk}"
    sent = {f"{name}-take": "on", f"{name}-quantity": "1", f"{name}-serials": "A1"}
    sent |= {"date": "2026-11-23", "action": "save", f"{name}-rate": "1.00"}
    assert clerk.post(url, sent).status_code == 302
    assert str(SerialUnit.objects.get(number="A1").unit_cost) == "713.37"


def test_a_column_that_is_hidden_cannot_be_sorted_by(
    books: Books, ht9000: Item, place: SimpleNamespace
):
    books.have(ht9000, "700.00", "A1")
    books.have(ht9000, "600.00", "A2")
    clerk = world.client_of(world.member(roles.WAREHOUSE_CLERK))
    url = f"{ht9000.get_absolute_url()}?tab=serials&export=csv"
    manager = world.client_of(world.member(roles.INVENTORY_MANAGER))

    def order(client, address: str) -> list[str]:
        text = b"".join(client.get(address).streaming_content).decode("utf-8-sig")
        return [line.split(",")[0] for line in text.splitlines()[1:]]

    assert order(manager, f"{url}&sort=unit_cost") == ["A2", "A1"]
    assert order(clerk, f"{url}&sort=unit_cost") == order(clerk, url) == ["A1", "A2"]


def test_who_counts_does_not_approve(books: Books, ht9000: Item, place: SimpleNamespace):
    books.have(ht9000, "600.00", "A1 A2")
    counts = Counts(books)
    count = counts.start(place.main, ht9000)
    counts.see(count, "A1")
    counts.complete(count)
    clerk = world.client_of(world.member(roles.WAREHOUSE_CLERK))
    url = count.get_absolute_url()
    assert "Approve" not in clerk.get(url).content.decode()
    assert clerk.post(f"{url}advance/", {"to": "approved"}).status_code == 403
    assert clerk.post(f"{url}void/", {"why": "x"}).status_code == 403
    manager = world.client_of(world.member(roles.INVENTORY_MANAGER))
    assert "Approve" in manager.get(url).content.decode()
    assert manager.post(f"{url}advance/", {"to": "approved"}).status_code == 302
    assert books.on_hand(ht9000) == ["A1"]


def test_the_cost_of_a_surplus_is_not_the_counters_to_set(
    books: Books, ht9000: Item, place: SimpleNamespace
):
    count = Counts(books).start(place.main, ht9000)
    clerk = world.client_of(world.member(roles.WAREHOUSE_CLERK))
    url = f"{count.get_absolute_url()}lines/1/"
    assert clerk.post(url, {"numbers": "B1"}).status_code == 302
    assert clerk.post(url, {"action": "cost", "line-1-cost": "5.00"}).status_code == 403
