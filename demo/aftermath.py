"""What comes after a trade at the demo company: payments, returns, and stock moved between places.

Scenes like those of `demo/scenes.py`; the later ones leave something on the desk.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

from accounting.models import Account
from demo.clerk import Want
from demo.trade import Trade
from items.models import SerialUnit
from transactions.models import JournalRow, LineUnit, NumberChange, Transaction
from transactions.posting import record

PATIENCE = timedelta(30)


def settle_accounts(trade: Trade, day: date) -> None:
    """Customers pay what they had thirty days for, and so does the company."""
    for kind, side in (("invoice", "customer"), ("vendor_bill", "vendor")):
        due = Transaction.objects.of(kind).filter(status="open", date__lte=day - PATIENCE)
        owed: dict[int, list[Transaction]] = defaultdict(list)
        for document in due.select_related(side).order_by("date", "pk"):
            owed[getattr(document, f"{side}_id")].append(document)
        for documents in owed.values():
            trade.clerk.pay(documents, day)


def take_back(trade: Trade, day: date) -> None:
    """A drive comes back, works, and is credited some days later."""
    receipt = _return(trade, day, "Not the model they ordered")
    trade.after(day, 2, lambda then: trade.clerk.follow("credit_memo", receipt, then))


def take_back_broken(trade: Trade, day: date) -> None:
    """Another comes back broken and is written off; the credit is still to be written."""
    _return(trade, day, "Dead on arrival", restock=False)


def expect_a_return(trade: Trade, day: date) -> None:
    """A return is authorized, and on its way."""
    invoice, unit = _recently_sold()
    trade.clerk.follow("return_authorization", invoice, day, [unit.number], memo="Changed plans")


def return_for_credit(trade: Trade, day: date) -> None:
    """Two drives go back to their vendor, who gives credit for them."""
    shipment = return_to_vendor(trade, day)
    trade.after(day, 3, lambda then: trade.clerk.follow("bill_credit", shipment, then))


def return_to_vendor(trade: Trade, day: date) -> Transaction:
    """Two drives of a bad batch go back; the vendor's credit is awaited."""
    main = trade.records.main
    item = trade.fullest(main)
    want = trade.promised(item, main, 2)._replace(rate=trade.models[item].cost)
    vendor = trade.records.vendors[trade.models[item].vendor]
    authorized = trade.clerk.enter(
        "vendor_return_authorization", [want._replace(numbers=())], day, vendor=vendor,
        status="pending_return", memo="Batch with bad firmware",
    )  # fmt: skip
    return trade.clerk.follow("vendor_return_shipment", authorized, day, want.numbers)


def stock_the_store(trade: Trade, day: date) -> None:
    """The store is stocked from the warehouse, on a transfer order."""
    trade.after(day, 2, lambda then: trade.clerk.follow("transfer_receipt", shipment, then))
    shipment = _send(trade, day, 4)


def send_to_the_store(trade: Trade, day: date) -> None:
    """More is under way."""
    _send(trade, day, 3)


def sell_over_the_counter(trade: Trade, day: date) -> None:
    """Two drives are sold over the counter; one comes back, and the money goes with it."""
    store, till = trade.records.store, trade.records.company.undeposited_funds_account
    want = trade.promised(trade.fullest(store), store, 2)
    customer = trade.records.customers[2]
    sale = trade.clerk.enter("cash_sale", [want], day, customer=customer, account=till)

    def refund(then: date) -> None:
        authorized = trade.clerk.follow("return_authorization", sale, then, want.numbers[:1])
        trade.clerk.follow("return_receipt", authorized, then, want.numbers[:1])
        trade.clerk.follow("cash_refund", authorized, then, account=till)

    trade.after(day, 2, refund)


def carry_over(trade: Trade, day: date) -> None:
    """Somebody carries two drives from the warehouse to the store."""
    main, store = trade.records.main, trade.records.store
    want = trade.promised(trade.fullest(main), main, 2)._replace(rate=Decimal(0))
    trade.clerk.enter("inventory_transfer", [want], day, location=main, to_location=store)


def pay_rent(trade: Trade, day: date) -> None:
    """The rent is paid, by a manual journal entry."""
    rent, _ = Account.objects.get_or_create(
        number="6100", defaults={"name": "Rent", "type": Account.Type.EXPENSE}
    )
    _write(trade, day, rent, _bank(), "1450.00", "Warehouse rent")


def put_in_capital(trade: Trade, day: date) -> None:
    """The owner pays for the first shelves and drives, by a manual journal entry."""
    equity = trade.records.company.opening_balance_account
    _write(trade, day, _bank(), equity, "12000.00", "Owner's capital")


def _bank() -> Account:
    return Account.objects.get(number="1000")


def _write(
    trade: Trade, day: date, debit: Account, credit: Account, amount: str, memo: str
) -> None:
    rows = [
        JournalRow(account=debit, debit=Decimal(amount)),
        JournalRow(account=credit, credit=Decimal(amount)),
    ]
    trade.clerk.enter("journal_entry", [], day, journal_rows=rows, memo=memo)


def misread_a_number(trade: Trade, day: date, numbers: list[str]) -> None:
    """A label is misread, which shows only once the drive was on the shelf for a week."""
    item, wrong = trade.items["ST3000DM001"], f"{numbers[0]}I"
    want = Want(item, 1, trade.models[item].cost, trade.records.main, [wrong])
    trade.clerk.adjust(want, day, "miscount", "Found in the returns cage")

    def put_right(then: date) -> None:
        unit = SerialUnit.objects.get(item=item, number=wrong)
        change = NumberChange(
            unit=unit, old_number=wrong, old_key=unit.number_key, new_number=numbers[0]
        )
        memo = "The last stroke was a scratch on the label"
        trade.clerk.enter("serial_number_correction", [], then, renames=[change], memo=memo)

    trade.after(day, 5, put_right)


def begin_a_count(trade: Trade, day: date) -> None:
    """The store is being counted: half of one shelf is scanned."""
    store = trade.records.store
    item = trade.fullest(store)
    account = trade.records.company.adjustment_account
    count = trade.clerk.enter(
        "inventory_count", [Want(item, 0, Decimal(0), store)], day, location=store, account=account
    )
    trade.clerk.advance(count, "started", day)
    # Nobody sells what is being counted.
    numbers, trade.shelves[item, store] = trade.shelves[item, store], []
    record(count.lines.get(), by=trade.records.user, add=numbers[: (len(numbers) + 1) // 2])


def _send(trade: Trade, day: date, count: int) -> Transaction:
    main, store = trade.records.main, trade.records.store
    want = trade.promised(trade.fullest(main), main, count)
    order = trade.clerk.enter(
        "transfer_order", [want._replace(numbers=(), rate=Decimal(0))], day,
        location=main, to_location=store, status="pending_fulfillment",
    )  # fmt: skip
    return trade.clerk.follow("transfer_shipment", order, day, want.numbers, status="shipped")


def _return(trade: Trade, day: date, why: str, **line: bool) -> Transaction:
    invoice, unit = _recently_sold()
    authorized = trade.clerk.follow("return_authorization", invoice, day, [unit.number], memo=why)
    return trade.clerk.follow("return_receipt", authorized, day, [unit.number], line=line)


def _recently_sold() -> tuple[Transaction, SerialUnit]:
    """An open invoice that nothing has come back from, and one of its drives."""
    shares = LineUnit.objects.filter(
        line__transaction__type="invoice",
        line__transaction__status="open",
        line__children=None,
        unit__status="sold",
    )
    latest = shares.select_related("line__transaction")
    share = latest.order_by("-line__transaction__date", "pk")[0]
    unit = SerialUnit.objects.get(pk=share.unit_id or 0)
    return share.line.transaction, unit
