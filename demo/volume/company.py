"""A company of any size: as many stories as it takes, begun one after the other over four years."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

from django.db import transaction
from simple_history.utils import bulk_create_with_history

from accounting.models import Account, AccountingPeriod
from demo import company
from demo.company import Records
from demo.story import OPEN
from demo.volume import names, writer
from demo.volume.desk import Desk, House
from demo.volume.story import ARRIVALS, ITEMS, UNITS, Action, Cast, Story
from items.models import Item
from locations.models import Location
from parties.models import Customer, Vendor

YEARS = timedelta(4 * 365)
BEST_SELLERS = 5
STORED = 40  # stories that are stored at once
MORE_PLACES = ("Airport Depot", "Eastside Shop")
ANNEX_UNTIL = 3  # of five stories, so many still use the annex, until it is given up

Say = Callable[[str], object]


def make(units: int, today: date, say: Say) -> None:
    """Make the company with so many units, in whole stories. All of it, or nothing."""
    stories = max(round(units / UNITS), 1)
    with transaction.atomic():
        records = company.make(today - YEARS)
        house = House(records.company, records.user)
        _live(house, _stories(records, house, stories, today), today, say, stories)
        writer.finish(house)
        records.annex.inactive = True
        records.annex.save()
        for period in AccountingPeriod.objects.filter(end__lt=today - OPEN, closed=False):
            period.closed = True
            period.save()
    writer.tidy_up()


def _live(house: House, stories: Iterator[Story], today: date, say: Say, total: int) -> None:
    """Let every story do what it does, day by day, until today; store those that are over."""
    diary: list[tuple[date, int, int, Action, Story]] = []
    left: dict[int, int] = {}
    over: list[Desk] = []
    coming, stored = next(stories, None), 0
    while coming or diary:
        while coming and (not diary or coming.first <= diary[0][0]):
            plan = [entry for entry in coming.plan() if entry[0] <= today]
            left[coming.number] = len(plan)
            for n, (day, action) in enumerate(plan):
                heapq.heappush(diary, (day, coming.number, n, action, coming))
            coming = next(stories, None)
        day, number, _, action, story = heapq.heappop(diary)
        action(day)
        left[number] -= 1
        if not left[number]:
            over.append(story.desk)
        if len(over) == STORED or not (diary or coming):
            writer.store(over)
            stored, over = stored + len(over), []
            say(f"{stored * UNITS:,} of {total * UNITS:,} units, {day}")


def _stories(records: Records, house: House, total: int, today: date) -> Iterator[Story]:
    """Every story with its cast, in the order in which they begin."""
    items = _items(records, total * ITEMS)
    places = _places(records)
    vendors = _parties(Vendor, names.seller, total // 25)
    customers = _parties(Customer, names.buyer, total // 5)
    bank = Account.objects.of_type(Account.Type.BANK)[0]
    till = records.company.undeposited_funds_account
    first, span = today - YEARS, YEARS - timedelta(ARRIVALS)
    for number in range(total):
        own = range(number * ITEMS, (number + 1) * ITEMS - 1)
        serials = {f"own{n}": item for n, item in enumerate(own)}
        serials |= {f"top{n}": n for n in range(BEST_SELLERS)}
        late = number * 5 >= total * ANNEX_UNTIL and total > 1
        cast = Cast(
            items={
                **{key: items[item] for key, item in serials.items()},
                "cable": items[(number + 1) * ITEMS - 1],
            },
            serials=serials,
            places=places | {"annex": places["third"]} if late else places,
            vendors=_some(vendors, number, 3),
            customers=_some(customers, number, 6),
            account=records.company.adjustment_account,
            bank=bank,
            till=till,
        )
        begins = first + span * (number + 1) // total if total > 1 else first + span
        yield Story(number, begins, cast, Desk(house))


def _some(parties: Sequence, number: int, wanted: int) -> list:
    """So many of the parties, other ones for each story."""
    return [parties[(number * wanted + n) % len(parties)] for n in range(wanted)]


def _items(records: Records, wanted: int) -> list[Item]:
    """The items of all stories, a story's together, the last of each a cable."""
    items = [
        company.unsaved_item(records, names.cable(n), Item.Type.INVENTORY)
        if n % ITEMS == ITEMS - 1
        else company.unsaved_item(records, names.drive(n))
        for n in range(wanted)
    ]
    return bulk_create_with_history(items, Item, batch_size=500, default_user=records.user)


def _places(records: Records) -> dict[str, Location]:
    depot, third = (Location.objects.create(name=name) for name in MORE_PLACES)
    return {
        "main": records.main,
        "store": records.store,
        "annex": records.annex,
        "depot": depot,
        "third": third,
    }


def _parties(
    model: type[Customer] | type[Vendor], called: Callable[[int], tuple[str, str]], more: int
) -> list:
    """The demo company's own, and so many more."""
    named = [called(n) for n in range(more)]
    made = [model(name=name, email=email) for name, email in named]
    bulk_create_with_history(made, model, batch_size=500)
    return list(model.objects.order_by("pk"))
