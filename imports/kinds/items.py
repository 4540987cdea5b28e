from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from accounting.models import Account
from audit_trail.versions import put_latest_on_record
from company.models import Company
from imports.kinds.base import KNOWN, NOTE, Column, Finding, ImportKind, Plan, Record, Tick, spoiled
from imports.kinds.figures import NotAFigure, figure
from imports.kinds.lookups import items_named, locations_named
from items import figures
from items.models import Item, ItemLocation
from parties.models import Vendor
from transactions.models import Transaction
from transactions.posting import Joined

NAME = Column(
    "name",
    "Item Name/Number",
    "By which the item is known; a name that is there already changes that item.",
    "ST4000DM000",
    ("item", "item name", "item number", "name", "sku", "product", "model", "part number"),
    required=True,
)
TYPE = Column(
    "item_type",
    "Type",
    "Serialized Inventory (what an empty cell means) or Inventory.",
    "Serialized Inventory",
    ("item type", "kind"),
)
TEXTS = (
    Column("display_name", "Display Name", "Prints in place of the name.", "Seagate 4 TB"),
    Column("upc", "UPC", "The bar code of the item.", "0763649041123", ("ean", "gtin", "barcode")),
    Column("description", "Description", "Any text."),
)
AMOUNTS = (
    Column("base_price", "Base Price", "Proposed on sales orders.", "199.00", ("sales price",)),
    Column("purchase_price", "Purchase Price", "Proposed on purchase orders.", "129.00", ("cost",)),
    Column("default_return_cost", "Default Return Cost", "Of a return that has no sale."),
    Column("reorder_point", "Reorder Point", "The quantity at which to order more.", "10"),
    Column("preferred_stock_level", "Preferred Stock Level", "How much should be in stock.", "50"),
)
RECORDS = (
    Column("preferred_vendor", "Preferred Vendor", "The name of a vendor.", "", ("vendor",)),
    Column(
        "preferred_location", "Preferred Location", "The name of a location.", "", ("location",)
    ),
    Column("income_account", "Income Account", "A number; if empty, the company's."),
    Column("cogs_account", "COGS Account", "A number; if empty, the company's."),
    Column("asset_account", "Asset Account", "A number; if empty, the company's."),
)
INACTIVE = Column("inactive", "Inactive", "Yes or No.")
WORDS = {"yes": True, "true": True, "1": True, "x": True, "inactive": True}
WORDS |= {"no": False, "false": False, "0": False}
FIELDS = ["item_type", *(c.name for c in (*TEXTS, *AMOUNTS, *RECORDS)), "inactive"]
FIXED = "The type is fixed once the item is saved; make a new item."
STEP = 1_000


class Rows:
    """Rows taken one by one: each is wrong, known, a new item, or changes one that is there."""

    def __init__(self, records: Sequence[Record]) -> None:
        self.plan, self.company = Plan(), Company.current()
        related = [column.name for column in RECORDS]
        found = items_named((record["name"] for record in records), *related)
        # By name alone: a UPC leads to an item in other files, but here it may be a new name.
        self.items = {name: item for name, item in found.items() if item.name.casefold() == name}
        self.first: dict[str, int] = {}
        self.new: list[Item] = []
        self.changed: list[Item] = []
        self.known = 0
        self.stocked = set(
            ItemLocation.objects.filter(Q(on_hand__gt=0) | Q(picked__gt=0) | Q(in_transit__gt=0))
            .values_list("item_id", flat=True)
            .distinct()
        )
        kept = (self.company.in_transit_account, self.company.undeposited_funds_account)
        accounts = Account.objects.filter(inactive=False).exclude(pk__in=[a.pk for a in kept])
        self.accounts = {account.number.casefold(): account for account in accounts}
        self.vendors = {v.name.casefold(): v for v in Vendor.objects.active()}
        self.places = {n: p for n, p in locations_named().items() if not p.inactive}

    def row(self, record: Record) -> None:
        name = record["name"]
        if problem := self._name_problem(record, name):
            self.plan.wrong(record, NAME, problem)
            return
        before = self.items.get(name.casefold())
        item = _copy(before) if before else self._blank(name)
        wrong = len(self.plan.findings)
        self._fill(record, item, before)
        if len(self.plan.findings) > wrong:
            return
        if before is None:
            self.new.append(item)
        elif changes := _changes(before, item):
            self.changed.append(item)
            self.plan.findings.append(
                Finding(record.row, changes, column=NAME.label, value=name, weight=NOTE)
            )
        else:
            self.known += 1
            text = "This item is there already, and is left as it is."
            self.plan.findings.append(
                Finding(record.row, text, column=NAME.label, value=name, weight=KNOWN)
            )

    def _name_problem(self, record: Record, name: str) -> str:
        if not name:
            return "The name is missing."
        if why := spoiled(name):
            return f"“{name}” {why}."
        first = self.first.setdefault(name.casefold(), record.row)
        return "" if first == record.row else f"{name} is in row {first:,} already."

    def _blank(self, name: str) -> Item:
        company = self.company
        return Item(
            name=name,
            income_account=company.income_account,
            cogs_account=company.cogs_account,
            asset_account=company.asset_account,
        )

    def _fill(self, record: Record, item: Item, before: Item | None) -> None:
        """Put the row's cells into the item; an empty cell leaves what is there."""
        for column, read in self._readers():
            text = record[column.name]
            if not text:
                continue
            try:
                setattr(item, column.name, read(column, text))
            except ValueError as error:
                self.plan.wrong(record, column, str(error))
        self._judge(record, item, before)

    def _readers(self) -> list[tuple[Column, Callable[[Column, str], Any]]]:
        return [
            (TYPE, _type),
            *((column, _text) for column in TEXTS),
            *((column, _figure) for column in AMOUNTS),
            *((column, self._record) for column in RECORDS),
            (INACTIVE, _yes_or_no),
        ]

    def _record(self, column: Column, text: str) -> Any:
        if column.name == "preferred_vendor":
            found: Any = self.vendors.get(text.casefold())
        elif column.name == "preferred_location":
            found = self.places.get(text.casefold())
        else:
            found = self.accounts.get(text.split()[0].casefold())
            wanted = Item.ACCOUNT_TYPES[column.name]
            if found and found.type != wanted:
                raise ValueError(f"{found} is not an account of type {wanted.label}.")
        if found is None:
            raise ValueError(f"There is no active {column.label.lower()} “{text}”.")
        return found

    def _judge(self, record: Record, item: Item, before: Item | None) -> None:
        """What the item page would refuse."""
        by_name = {column.name: column for column in kind.columns}
        data = {name: getattr(item, name) for name in (*figures.PRICES, *figures.LEVELS)}
        for name, problem in figures.problems(data, serialized=item.is_serialized):
            self.plan.wrong(record, by_name[name], problem)
        try:
            item.clean_fields(exclude=[column.name for column in RECORDS])
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                self.plan.wrong(record, by_name.get(name), " ".join(messages))
        if before and before.item_type != item.item_type:
            self.plan.wrong(record, TYPE, FIXED)
        if before and before.asset_account_id != item.asset_account_id and item.pk in self.stocked:
            text = "The asset account is locked while any unit is in stock."
            self.plan.wrong(record, by_name["asset_account"], text)

    def finish(self) -> Plan:
        self.plan.work = (self.new, self.changed)
        self.plan.has_work = bool(self.new or self.changed)
        self.plan.counts = {
            "New items": len(self.new),
            "Changed items": len(self.changed),
            "Already there": self.known,
        }
        return self.plan


def _copy(item: Item) -> Item:
    """The same item to be changed, the records it names read already."""
    copy = Item(**{f.attname: getattr(item, f.attname) for f in item._meta.concrete_fields})
    for column in RECORDS:
        setattr(copy, column.name, getattr(item, column.name))
    return copy


def _changes(before: Item, after: Item) -> str:
    """What becomes of an item, in words: "Base Price 199.00 becomes 189.00"."""
    changed = [
        f"{column.label} {_shown(before, column.name)} becomes {_shown(after, column.name)}"
        for column in kind.columns
        if getattr(before, column.name) != getattr(after, column.name)
    ]
    return f"{'; '.join(changed)}." if changed else ""


def _shown(item: Item, name: str) -> str:
    value = getattr(item, name)
    if name == "item_type":
        return str(item.get_item_type_display())
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return "(empty)" if value in (None, "") else f"“{value}”"


def _type(column: Column, text: str) -> str:
    for value, label in Item.Type.choices:
        if text.casefold() in (value, str(label).casefold()):
            return str(value)
    labels = " or ".join(str(label) for label in Item.Type.labels)
    raise ValueError(f"“{text}” is no type of item: write {labels}.")


def _text(column: Column, text: str) -> str:
    if why := spoiled(text):
        raise ValueError(f"“{text}” {why}.")
    return text


def _figure(column: Column, text: str) -> Any:
    try:
        return figure(text)
    except NotAFigure as error:
        raise ValueError(f"“{text}” {error}.") from None


def _yes_or_no(column: Column, text: str) -> bool:
    if text.casefold() not in WORDS:
        raise ValueError(f"“{text}” is neither Yes nor No.")
    return WORDS[text.casefold()]


class Items(ImportKind):
    """Items: new ones are made, those that are there are brought up to date."""

    name = "items"
    label = "Items"
    text = (
        "One row for each item. An item that is there already, by its name, takes over what the "
        "row says; empty cells leave it as it is."
    )
    columns = (NAME, TYPE, *TEXTS, *AMOUNTS, *RECORDS, INACTIVE)
    dated = False

    def check(self, records: Iterable[Record], day: date, tick: Tick) -> Plan:
        records = list(records)
        rows = Rows(records)
        for position, record in enumerate(records):
            if position % STEP == 0:
                tick("Checking rows", position, len(records))
            rows.row(record)
        return rows.finish()

    def write(self, plan: Plan, day: date, memo: str, by: Any, post: Joined) -> list[Transaction]:
        new, changed = plan.work
        if new:
            bulk_create_with_history(
                new, Item, batch_size=STEP, default_user=by, default_change_reason=memo[:100]
            )
        for item in changed:
            item.modified_at = timezone.now()
        if changed:
            fields = [*FIELDS, "modified_at"]
            bulk_update_with_history(
                changed, Item, fields, batch_size=200, default_user=by,
                default_change_reason=memo[:100],
            )  # fmt: skip
        put_latest_on_record([*new, *changed])
        return []


kind = Items()
