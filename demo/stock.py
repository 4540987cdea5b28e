"""A whole file of drives as stock: ordered, received and billed, model by model."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from accounting.fields import cents
from demo import catalog, company
from demo.catalog import Model
from demo.clerk import Clerk, Want
from demo.company import Records
from demo.drives import Drive

TERABYTE = Decimal(10) ** 12


def load(records: Records, drives: Iterable[Drive], on: date) -> None:
    """Receive the drives at the main warehouse, each model on an order of its own."""
    clerk = Clerk(records)
    for model, numbers in by_model(drives).items():
        item = company.item(records, model)
        want = Want(item, len(numbers), model.cost, records.main)
        order = clerk.order(records.vendors[model.vendor], [want], on)
        clerk.bill(clerk.receive(order, [numbers], on), on)


def by_model(drives: Iterable[Drive]) -> dict[Model, list[str]]:
    """The serial numbers of each model; spellings that differ in case are one model."""
    found: dict[str, tuple[Model, list[str]]] = {}
    for drive in drives:
        name = drive.model.casefold()
        if name not in found:
            found[name] = KNOWN.get(name) or _unknown(drive), []
        found[name][1].append(drive.number)
    return dict(found.values())


KNOWN = {model.name.casefold(): model for model in catalog.SERIALIZED}


def _unknown(drive: Drive) -> Model:
    """A model that is not in the catalog, at a price by its size and without a reorder point."""
    size = (drive.capacity / TERABYTE).quantize(Decimal("0.1"))
    cost, price = (cents(each * size) for each in catalog.PER_TERABYTE)
    title = f"{drive.model} ({size.normalize():f} TB)"
    return Model(drive.model, title, catalog.USED, cost, price, 0, 0)
