"""An inventory count: every transition, and the four answers (SPEC §4.11, §6.2, R12)."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

import pytest

from items.models import Item, SerialUnit
from items.refusals import Refused
from locations.models import Location
from tests.books import Books, nov
from tests.counts import Counts, made, numbers, seen
from transactions import proposals
from transactions.models import Posting, StockMove, Transaction


@pytest.fixture
def counts(books: Books) -> Counts:
    return Counts(books)


# The life of a count


def test_a_count_passes_through_its_statuses(books, place, ht9000, counts):
    books.have(ht9000, "600.00", "A1 A2")
    count = counts.open(place.main, ht9000)
    assert (str(count), books.status(count)) == ("CNT-1", "Open")
    books.advance(count, "started")
    assert books.status(count) == "Started"
    assert count.lines.get().expected == 2
    counts.see(count, "A1")
    counts.complete(count)
    assert books.status(count) == "Completed/Pending Approval"
    books.advance(count, "rejected")
    assert books.status(count) == "Rejected"
    books.advance(count, "started")
    assert seen(count) == ["A1"]  # what was seen stays seen
    counts.see(count, "A2")
    counts.approve(count)
    assert books.status(count) == "Approved"
    assert not Transaction.objects.filter(created_from=count).exists()


@pytest.mark.parametrize(
    ("status", "wrong"),
    [
        ("open", ["pending_approval", "approved", "rejected"]),
        ("started", ["started", "approved", "rejected"]),
        ("pending_approval", ["started", "pending_approval"]),
        ("rejected", ["pending_approval", "approved"]),
        ("approved", ["started", "pending_approval", "rejected", "approved"]),
    ],
)
def test_no_step_is_skipped(status, wrong, books, place, ht9000, counts):
    count = counts.open(place.main, ht9000)
    ways = {
        "open": [],
        "started": ["started"],
        "pending_approval": ["started", "pending_approval"],
        "rejected": ["started", "pending_approval", "rejected"],
        "approved": ["started", "pending_approval", "approved"],
    }
    for step in ways[status]:
        books.advance(count, step)
    for step in wrong:
        with pytest.raises(Refused, match="look at it again"):
            books.advance(count, step)
    assert count.__class__.objects.get(pk=count.pk).status == status


def test_counting_moves_and_books_nothing_until_it_is_approved(books, place, ht9000, counts):
    books.have(ht9000, "600.00", "A1 A2")
    before = (books.balances(), StockMove.objects.count())
    counts.complete(count := counts.start(place.main, ht9000))
    assert (books.balances(), StockMove.objects.count()) == before
    books.advance(count, "approved")
    assert StockMove.objects.count() == before[1] + 2


# The four answers


def test_the_four_answers(books, place, ht9000, counts):
    books.have(ht9000, "600.00", "A1 A2 A3")
    books.have(ht9000, "610.00", "E1", at=place.east)
    count = counts.start(place.main, ht9000)
    counts.see(count, "A1 E1 N1")
    finding = counts.finding(count)
    assert numbers(finding.found) == ["A1"]
    assert numbers(finding.missing) == ["A2", "A3"]
    assert numbers(finding.elsewhere) == ["E1"]
    assert finding.unknown == ["N1"]
    counts.see(count, cost=Decimal("580.00"))
    counts.approve(count)
    [came, went] = made(count, "inventory_adjustment")
    assert (came.quantity, came.rate) == (1, Decimal("580.00"))
    assert (went.quantity, went.transaction.reason) == (-2, "miscount")
    [moved] = made(count, "inventory_transfer")
    assert (moved.quantity, moved.location, moved.transaction.to_location) == (
        1, place.east, place.main,
    )  # fmt: skip
    held = SerialUnit.objects.on_hand().values_list("number", "location__name", "unit_cost")
    assert sorted(held) == [
        ("A1", "MAIN", Decimal("600.00")),
        ("E1", "MAIN", Decimal("610.00")),
        ("N1", "MAIN", Decimal("580.00")),
    ]
    figures = proposals.posted(count, list(count.lines.all()))
    assert figures[count.lines.get().pk] == (1, 2, 1, 1)


def test_r12_books_a_shortage_and_a_surplus_against_the_counts_account(
    books, place, ht9000, counts
):
    books.have(ht9000, "600.00", "A1 A2")
    before = books.balances()
    count = counts.start(place.main, ht9000)
    counts.see(count, "A1 N1", cost=Decimal("580.00"))
    counts.approve(count)
    change = {
        number: total - before.get(number, 0)
        for number, total in books.balances().items()
        if total != before.get(number, 0)
    }
    assert change == {"1300": Decimal("-20.00"), "6500": Decimal("20.00")}
    assert not Posting.objects.filter(document=count, entry__isnull=False).exists()
    entries = Posting.objects.filter(document__created_from=count, entry__isnull=False)
    assert entries.count() == 2


def test_a_surplus_costs_what_was_paid_last_unless_a_cost_is_typed(books, place, ht9000, counts):
    books.have(ht9000, "600.00", "A1")
    books.have(ht9000, "640.00", "A2")
    count = counts.start(place.main, ht9000)
    counts.see(count, "A1 A2 N1")
    assert counts.finding(count).cost == Decimal("640.00")
    counts.approve(count)
    assert SerialUnit.objects.get(number="N1").unit_cost == Decimal("640.00")


def test_a_surplus_without_any_cost_waits_for_one(books, place, ht9000, counts):
    Item.objects.update(purchase_price=None)
    count = counts.start(place.main, ht9000)
    counts.see(count, "N1")
    with pytest.raises(Refused, match="enter what a unit costs"):
        counts.approve(count)
    counts.see(count, cost=Decimal("0.00"))
    books.advance(count, "approved")
    assert books.on_hand(ht9000) == ["N1"]


def test_an_ordinary_item_is_counted_by_quantity(books, place, cable, ht9000, counts):
    books.adjust(cable, 10, rate="2.00")
    more = counts.start(place.main, cable)
    counts.see(more, quantity=Decimal(12))
    assert counts.finding(more).figures == (10, 0, 0, 2)
    counts.approve(more)
    assert books.quantities(cable)["OH"] == 12
    fewer = counts.start(place.main, cable)
    counts.see(fewer, quantity=Decimal(7))
    assert counts.finding(fewer).figures == (7, 5, 0, 0)
    counts.approve(fewer)
    assert (books.quantities(cable)["OH"], books.value(cable)) == (7, Decimal("14.00"))
    with pytest.raises(Refused, match="has no serial numbers"):
        counts.see(counts.start(place.main, cable), "A1")
    with pytest.raises(Refused, match="by its serial numbers"):
        counts.see(counts.start(place.main, ht9000), quantity=Decimal(1))


def test_several_items_and_places_share_the_documents(books, place, ht9000, tk100, cable, counts):
    books.have(ht9000, "600.00", "A1")
    books.have(ht9000, "600.00", "E1", at=place.east)
    books.have(tk100, "700.00", "E1 E2", at=place.east)
    books.have(tk100, "700.00", "O1", at=place.old)
    count = counts.start(place.main, ht9000, tk100, cable)
    counts.see(count, "E1")
    counts.see(count, "E1 E2 O1 N1", line=2)
    counts.see(count, line=3, quantity=Decimal(5), cost=Decimal("2.00"))
    counts.approve(count)
    transfers = made(count, "inventory_transfer")
    assert [(line.location.name, line.quantity) for line in transfers] == [
        ("EAST", 1), ("EAST", 2), ("OLD", 1),
    ]  # fmt: skip
    assert len({line.transaction_id for line in transfers}) == 2
    adjusted = made(count, "inventory_adjustment")
    assert sorted(line.quantity for line in adjusted) == [-1, 1, 5]
    assert len({line.transaction_id for line in adjusted}) == 2


# The row of the truth table


def test_a_picked_unit_blocks_approval_and_its_document_is_named(books, place, ht9000, counts):
    books.have(ht9000, "600.00", "A1 A2")
    pick = books.fulfill(books.sell(ht9000, 1, "999.00"), "A1", to="picked")
    count = counts.start(place.main, ht9000)
    counts.see(count, "A1 A2")
    with pytest.raises(Refused) as refused:
        counts.approve(count)
    [refusal] = refused.value.refusals
    assert (refusal.code, refusal.number) == ("SER-02", "A1")
    assert str(pick.created_from) in refusal.message
    assert refusal.url == pick.get_absolute_url()
    assert books.status(count) == "Completed/Pending Approval"
    books.advance(count, "rejected")
    books.advance(count, "started")
    counts.forget(count, "A1")
    counts.approve(count)  # without it nothing stands in the way
    assert books.on_hand(ht9000) == ["A2"]


def test_a_unit_in_transit_blocks_approval(books, place, ht9000, counts):
    books.have(ht9000, "600.00", "A1")
    order = books.order_transfer(ht9000, 1, at=place.main, to=place.east)
    books.make("transfer_shipment", order, "A1", status="shipped")
    count = counts.start(place.east, ht9000)
    counts.see(count, "A1")
    with pytest.raises(Refused) as refused:
        counts.approve(count)
    assert refused.value.codes == {"SER-02"}


def test_a_unit_at_an_inactive_location_blocks_approval(books, place, ht9000, counts):
    books.have(ht9000, "600.00", "O1", at=place.old)
    Location.objects.filter(pk=place.old.pk).update(inactive=True)
    count = counts.start(place.main, ht9000)
    counts.see(count, "O1")
    assert counts.finding(count).elsewhere == []
    with pytest.raises(Refused, match="already on hand for HT9000 at OLD") as refused:
        counts.approve(count)
    assert refused.value.codes == {"SER-01"}
    Location.objects.filter(pk=place.old.pk).update(inactive=False)
    books.advance(count, "approved")
    assert books.quantities(ht9000, place.main)["OH"] == 1


def test_a_refused_approval_stores_nothing(books, place, ht9000, tk100, counts):
    books.have(ht9000, "600.00", "A1 A2")
    books.have(tk100, "700.00", "B1")
    books.fulfill(books.sell(tk100, 1, "999.00"), "B1", to="picked")
    count = counts.start(place.main, ht9000, tk100)
    counts.see(count, "A1 N1")
    counts.see(count, "B1", line=2)
    before = (Posting.objects.count(), books.balances())
    counts.complete(count)
    with pytest.raises(Refused):
        books.advance(count, "approved")
    assert (Posting.objects.count() - 1, books.balances()) == before
    assert books.on_hand(ht9000) == ["A1", "A2"]


@pytest.mark.parametrize("how", ["sold", "adjusted out"])
def test_a_number_that_left_comes_back_as_a_new_unit(how, books, place, ht9000, counts):
    books.have(ht9000, "600.00", "A1")
    if how == "sold":
        books.sold(ht9000, "A1")
    else:
        books.adjust(ht9000, -1, "A1")
    count = counts.start(place.main, ht9000)
    counts.see(count, "A1", cost=Decimal("550.00"))
    counts.approve(count)
    assert [notice.code for notice in books.result.notices] == ["SER-19"]
    assert SerialUnit.objects.filter(number="A1").count() == 2
    assert SerialUnit.objects.on_hand().get().unit_cost == Decimal("550.00")


# What moves while it is counted


def test_approval_judges_by_where_things_are_then(books, place, ht9000, counts):
    books.have(ht9000, "600.00", "A1 A2 A3")
    count = counts.start(place.main, ht9000)
    counts.see(count, "A1 N1", cost=Decimal("580.00"))
    assert counts.finding(count).moved == 0
    books.sold(ht9000, "A2", on=nov(23))  # it was missing: it was sold
    books.have(ht9000, "600.00", "N1", at=place.east)  # it was unknown: it came in elsewhere
    finding = counts.finding(count)
    assert (numbers(finding.missing), numbers(finding.elsewhere)) == (["A3"], ["N1"])
    assert (finding.line.expected, finding.on_hand, finding.moved) == (3, 2, 1)
    counts.approve(count)
    assert [line.quantity for line in made(count, "inventory_adjustment")] == [-1]
    assert [line.quantity for line in made(count, "inventory_transfer")] == [1]


def test_counting_again_takes_a_new_snapshot(books, place, ht9000, counts):
    books.have(ht9000, "600.00", "A1 A2")
    count = counts.start(place.main, ht9000)
    books.sold(ht9000, "A1", on=nov(23))
    assert (counts.finding(count).line.expected, counts.finding(count).moved) == (2, 1)
    counts.complete(count)
    books.advance(count, "rejected")
    books.advance(count, "started")
    assert (counts.finding(count).line.expected, counts.finding(count).moved) == (1, 0)


def test_a_document_of_a_count_is_voided_as_any_other(books, place, ht9000, counts):
    books.have(ht9000, "600.00", "A1 A2")
    books.have(ht9000, "600.00", "E1", at=place.east)
    count = counts.start(place.main, ht9000)
    counts.see(count, "A1 A2 E1")
    counts.approve(count)
    [line] = made(count, "inventory_transfer")
    books.void(line.transaction)
    assert books.quantities(ht9000, place.east)["OH"] == 1
    assert books.status(count) == "Approved"


# What may not be


def test_an_item_is_in_one_open_count_at_a_location(books, place, ht9000, tk100, counts):
    first = counts.open(place.main, ht9000)
    counts.open(place.east, ht9000)  # at another place it may be
    with pytest.raises(Refused, match=f"being counted at MAIN on {first}") as refused:
        counts.open(place.main, tk100, ht9000)
    [refusal] = refused.value.refusals
    assert (refusal.line, refusal.url) == (2, first.get_absolute_url())
    books.advance(first, "started")
    counts.approve(first)
    again = counts.open(place.main, tk100, ht9000)
    books.void(again)
    counts.open(place.main, ht9000)


def test_an_item_is_counted_once_in_a_count(books, place, ht9000, counts):
    with pytest.raises(Refused, match="HT9000 is on two lines"):
        counts.open(place.main, ht9000, ht9000)


def test_a_count_is_of_one_active_location(books, place, ht9000, counts):
    account = books.account("6500")
    line = books.line(ht9000, 0, at=place.east)
    with pytest.raises(Refused, match="counted at MAIN"):
        books.post("inventory_count", [line], location=place.main, account=account)
    with pytest.raises(Refused, match="Choose the location"):
        books.post("inventory_count", [line], account=account)
    with pytest.raises(Refused, match="adjustment account"):
        books.post("inventory_count", [line], location=place.east)
    counts.open(place.old, ht9000)
    Location.objects.filter(pk=place.old.pk).update(inactive=True)
    place.old.refresh_from_db()
    with pytest.raises(Refused, match="OLD is inactive"):
        counts.open(place.old, ht9000)


def test_an_approved_count_is_voided_after_its_documents(books, place, ht9000, counts):
    books.have(ht9000, "600.00", "A1 A2")
    count = counts.start(place.main, ht9000)
    counts.see(count, "A1")
    counts.approve(count)
    [line] = made(count, "inventory_adjustment")
    with pytest.raises(Refused) as refused:
        books.void(count)
    assert refused.value.codes == {"SER-13"}
    books.void(line.transaction)
    books.void(count)
    assert books.status(count) == "Voided"
    assert books.on_hand(ht9000) == ["A1", "A2"]


@pytest.mark.parametrize("steps", [[], ["started"], ["started", "pending_approval"]])
def test_a_count_can_be_voided_while_it_is_under_way(steps, books, place, ht9000, counts):
    count = counts.open(place.main, ht9000)
    for step in steps:
        books.advance(count, step)
    books.void(count)
    assert books.status(count) == "Voided"


def test_two_locations_need_multi_location_inventory_but_one_does_not(
    books: Books, place: SimpleNamespace, ht9000: Item, counts: Counts
):
    books.company.__class__.objects.update(multi_location_inventory=False)
    count = counts.start(place.main, ht9000)
    counts.see(count, "N1", cost=Decimal("1.00"))
    counts.approve(count)
    assert books.on_hand(ht9000) == ["N1"]
