"""What happens at the demo company besides the ordinary: one function an event.

Each is entered in the diary for a working day, counted from the first, or from the last backwards.
The later ones leave documents in every status on the desk.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

from demo import aftermath, catalog
from demo.clerk import Want
from demo.drives import Drive
from demo.trade import Trade
from items.models import ItemLocation

BOUGHT_BACK = "HGST HMS5C4040ALE640"

Scene = Callable[[Trade, date], object]


def schedule(trade: Trade, failed: Drive) -> None:
    """Enter every scene in the diary; `failed` is the drive that will break.

    The drives that will arrive are drawn now, before ordinary business can have them.
    """
    scenes: dict[int, tuple[Scene, ...]] = {
        0: (aftermath.put_in_capital,),
        6: (partial(stock_the_annex, numbers=trade.draw("ST31500541AS", 6)),),
        25: (buy_back_later,),
        30: (partial(lose_a_drive, drive=failed),),
        42: (sell_from_the_annex,),
        46: (give_up_the_annex,),
        55: (partial(buy_at_an_auction, numbers=trade.draw("Hitachi HDS723030ALA640", 12)),),
        64: (partial(find_a_drive, numbers=trade.draw("ST3000DM001", 1)),),
        70: (close_an_order,),
        -45: (aftermath.pay_rent, aftermath.return_for_credit),
        -40: (aftermath.settle_accounts,),
        -30: (partial(aftermath.misread_a_number, numbers=trade.draw("ST3000DM001", 1)),),
        -28: (aftermath.stock_the_store,),
        -24: (invoice_twice,),
        -22: (aftermath.pay_rent, aftermath.carry_over),
        -20: (aftermath.settle_accounts, aftermath.take_back),
        -18: (order_what_never_comes,),
        -15: (cancel_an_order,),
        -14: (partial(receive_and_bill_half, numbers=trade.draw("Hitachi HDS722020ALA330", 8)),),
        -10: (aftermath.take_back_broken, aftermath.sell_over_the_counter),
        -9: (partial(receive_most, numbers=trade.draw("ST3000DM001", 12)),),
        -7: (partial(receive_unbilled, numbers=trade.draw("Hitachi HDS5C3030ALA630", 14)),),
        -6: (ship_part_and_invoice_it, ship_part),
        -5: (leave_a_shipment_to_invoice, leave_a_shipment_to_invoice),
        -4: (pack, aftermath.return_to_vendor),
        -3: (pick, pick),
        -2: (designate, aftermath.expect_a_return, aftermath.send_to_the_store),
        -1: (
            pick_today,
            order_today,
            sell_today,
            sell_more_than_there_is,
            aftermath.begin_a_count,
        ),
    }
    for when, happenings in scenes.items():
        for scene in happenings:
            trade.diary[trade.workdays[when]].append(partial(scene, trade))


# Long ago


def stock_the_annex(trade: Trade, day: date, numbers: list[str]) -> None:
    """Some drives are ordered for the annex."""
    want = _ordered(trade, "ST31500541AS", 6)._replace(place=trade.records.annex, numbers=numbers)
    trade.order(day, trade.records.vendors[catalog.OFFICES], [want], 4)


def sell_from_the_annex(trade: Trade, day: date) -> None:
    """Two of the annex's drives are sold …"""
    annex = trade.records.annex
    want = trade.promised(trade.items["ST31500541AS"], annex, 2)
    order, parts = trade.promise(day, trade.records.customers[3], [want])
    trade.after(day, 1, lambda then: trade.ship(then, order, parts))


def give_up_the_annex(trade: Trade, day: date) -> None:
    """… and the rest is still there when it is made inactive."""
    annex = trade.records.annex
    annex.inactive = True
    annex.save()


def lose_a_drive(trade: Trade, day: date, drive: Drive) -> None:
    """A drive fails on the test bench and is adjusted out."""
    item = trade.items[drive.model]
    want = Want(item, -1, Decimal(0), trade.records.main, [drive.number])
    trade.clerk.adjust(want, day, "damage", "Failed its burn-in test: clicks, then silence")


def find_a_drive(trade: Trade, day: date, numbers: list[str]) -> None:
    """A drive nobody had entered turns up, and is adjusted in."""
    want = _ordered(trade, "ST3000DM001", 1)._replace(numbers=numbers)
    trade.clerk.adjust(want, day, "miscount", "Found behind rack 4 during the cycle count")
    trade.shelves[want.item, want.place] += numbers


def buy_back_later(trade: Trade, day: date) -> None:
    """Two drives are sold, come back from the customer's recycler, and are bought a second time."""
    main, tandem = trade.records.main, trade.records.customers[0]
    want = trade.promised(trade.items[BOUGHT_BACK], main, 2)
    order, parts = trade.promise(day, tandem, [want])
    trade.after(day, 1, lambda then: trade.ship(then, order, parts))
    trade.after(day, 48, lambda then: _buy_back(trade, then, want))


def _buy_back(trade: Trade, day: date, sold: Want) -> None:
    cheaper = sold._replace(rate=trade.models[sold.item].cost - 17, numbers=())
    order = trade.clerk.order(
        trade.records.vendors[catalog.OFFICES],
        [cheaper],
        day,
        expected_date=day + timedelta(5),
        memo=f"Bought back from {trade.records.customers[0]}",
    )
    # Not shelved: they stay where one can look at them.
    receipt = trade.clerk.receive(order, [sold.numbers], day)
    trade.after(day, 2, lambda then: trade.bill(then, receipt))


def buy_at_an_auction(trade: Trade, day: date, numbers: list[str]) -> None:
    """A lot of used drives, billed at more than was agreed."""
    want = _ordered(trade, "Hitachi HDS723030ALA640", len(numbers))._replace(numbers=numbers)
    order = trade.place_order(day, trade.records.vendors[catalog.USED], [want], day)
    receipt = trade.receive(day, order, [want])
    trade.after(day, 3, lambda then: trade.bill(then, receipt, surcharge="0.75"))


def close_an_order(trade: Trade, day: date) -> None:
    """A customer takes two of five, is invoiced, and wants no more."""
    want = _plenty(trade, 5)
    order, _ = trade.promise(day, trade.records.customers[6], [want])
    shipment = trade.clerk.fulfill(order, [want.numbers[:2]], day)
    trade.clerk.advance(order, "closed", day)
    _put_back(trade, want, 2)
    trade.after(day, 1, lambda then: trade.invoice(then, shipment))


# Lately


def invoice_twice(trade: Trade, day: date) -> None:
    """An invoice is voided and written anew."""
    want = _plenty(trade, 3)
    order, parts = trade.promise(day, trade.records.customers[1], [want])
    shipment = trade.clerk.fulfill(order, parts, day)
    wrong = trade.clerk.invoice(shipment, day, due_date=day)
    trade.clerk.void(wrong, "Due at once instead of in 30 days")
    trade.invoice(day, shipment)


def cancel_an_order(trade: Trade, day: date) -> None:
    want = _plenty(trade, 4)
    order, _ = trade.promise(day, trade.records.customers[9], [want])
    trade.clerk.advance(order, "cancelled", day)
    _put_back(trade, want, 0)


def order_what_never_comes(trade: Trade, day: date) -> None:
    """A purchase order that is overdue."""
    wanted = ("SAMSUNG HD103UJ", 10), ("ST31500341AS", 8)
    wants = [_ordered(trade, name, count) for name, count in wanted]
    vendor = trade.records.vendors[catalog.SURPLUS]
    trade.place_order(day, vendor, wants, trade.workdays[-6])


def receive_and_bill_half(trade: Trade, day: date, numbers: list[str]) -> None:
    want = _ordered(trade, "Hitachi HDS722020ALA330", 16)
    _receive_part(trade, day, catalog.OFFICES, want, numbers, arrives=8, billed=1)


def receive_most(trade: Trade, day: date, numbers: list[str]) -> None:
    want = _ordered(trade, "ST3000DM001", 20)
    _receive_part(trade, day, catalog.NEW, want, numbers, arrives=6)


def receive_unbilled(trade: Trade, day: date, numbers: list[str]) -> None:
    want = _ordered(trade, "Hitachi HDS5C3030ALA630", len(numbers))
    _receive_part(trade, day, catalog.USED, want, numbers, arrives=5)


def ship_part_and_invoice_it(trade: Trade, day: date) -> None:
    want = _plenty(trade, 6)
    order, _ = trade.promise(day, trade.records.customers[3], [want])
    shipment = trade.clerk.fulfill(order, [want.numbers[:4]], day)
    trade.after(day, 1, lambda then: trade.invoice(then, shipment))


def ship_part(trade: Trade, day: date) -> None:
    want = _plenty(trade, 5)
    order, _ = trade.promise(day, trade.records.customers[7], [want])
    trade.after(day, 1, lambda then: trade.clerk.fulfill(order, [want.numbers[:2]], then))


def leave_a_shipment_to_invoice(trade: Trade, day: date) -> None:
    order, parts = trade.promise(day, trade.records.customers[8], [_plenty(trade, 2)])
    trade.after(day, 2, lambda then: trade.clerk.fulfill(order, parts, then))


def pack(trade: Trade, day: date) -> None:
    order, parts = trade.promise(day, trade.records.customers[2], [_plenty(trade, 4)])
    picked = trade.clerk.fulfill(order, parts, day, to="picked")
    trade.after(day, 1, lambda then: trade.clerk.advance(picked, "packed", then))


def pick(trade: Trade, day: date) -> None:
    customer = trade.random.choice(trade.records.customers)
    order, parts = trade.promise(day, customer, [_plenty(trade, 3)])
    trade.after(day, 1, lambda then: trade.clerk.fulfill(order, parts, then, to="picked"))


def pick_today(trade: Trade, day: date) -> None:
    order, parts = trade.promise(day, trade.records.customers[10], [_plenty(trade, 2)])
    trade.clerk.fulfill(order, parts, day, to="picked")


def designate(trade: Trade, day: date) -> None:
    """A customer wants two certain drives."""
    memo = "Wants these two: same batch as the drives they have"
    trade.clerk.sell(trade.records.customers[5], [_plenty(trade, 2)], day, memo=memo)


def sell_more_than_there_is(trade: Trade, day: date) -> None:
    """A back order, of something that nobody has ordered from a vendor."""
    main = trade.records.main
    awaited = set(ItemLocation.objects.filter(on_order__gt=0).values_list("item", flat=True))
    rare = [item for item in trade.stocked(main) if item.pk not in awaited]
    item = min(rare, key=lambda item: len(trade.shelves[item, main]))
    want = trade.promised(item, main, 100)
    wanted = want._replace(quantity=want.quantity + 3)
    trade.promise(day, trade.records.customers[4], [wanted])


def sell_today(trade: Trade, day: date) -> None:
    wants = [_plenty(trade, 3), _plenty(trade, 2)]
    trade.promise(day, trade.records.customers[11], wants)


def order_today(trade: Trade, day: date) -> None:
    want = _ordered(trade, "TOSHIBA DT01ACA300", 10)
    vendor = trade.records.vendors[catalog.NEW]
    trade.place_order(day, vendor, [want], day + timedelta(7))


def _plenty(trade: Trade, quantity: int) -> Want:
    """Units of the model that can best be spared."""
    return trade.promised(trade.fullest(trade.records.main), trade.records.main, quantity)


def _put_back(trade: Trade, want: Want, after: int) -> None:
    """Shelve what a customer does not take of what was promised."""
    shelf = trade.shelves[want.item, want.place]
    shelf[:0] = want.numbers[after:]


def _ordered(trade: Trade, name: str, quantity: int) -> Want:
    item = trade.items[name]
    return Want(item, quantity, trade.models[item].cost, trade.records.main)


def _receive_part(
    trade: Trade,
    day: date,
    vendor: str,
    want: Want,
    numbers: list[str],
    *,
    arrives: int,
    billed: int = 0,
) -> None:
    """Order, receive these drives some days later, and have them billed if at all."""
    order = trade.place_order(day, trade.records.vendors[vendor], [want], day + timedelta(14))
    part = want._replace(numbers=numbers)

    def arrive(then: date) -> None:
        receipt = trade.receive(then, order, [part])
        if billed:
            trade.after(then, billed, lambda later: trade.bill(later, receipt))

    trade.after(day, arrives, arrive)
