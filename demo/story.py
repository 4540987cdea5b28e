"""The demo company from its first day to today."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from accounting.models import AccountingPeriod
from demo import company, scenes
from demo.drives import Drive
from demo.trade import Trade
from items.models import ItemLocation

DAYS = timedelta(150)
OPEN = timedelta(92)  # how long after its end a period is still open


def live(drives: Sequence[Drive], today: date, until: date | None = None) -> Trade:
    """Make the company and live through its days, all of them or those before `until`."""
    records = company.make(today - DAYS)
    trade = Trade(records, drives, today - DAYS, today)
    scenes.schedule(trade, failed=next(drive for drive in drives if drive.failed))
    trade.run(until)
    _set_store_levels(trade)
    for period in AccountingPeriod.objects.filter(end__lt=today - OPEN, closed=False):
        period.closed = True
        period.save()
    return trade


def _set_store_levels(trade: Trade) -> None:
    """Where the store keeps a model, it has its own reorder point."""
    for item, model in trade.models.items():
        if model.store_level:
            ItemLocation.objects.filter(item=item, location=trade.records.store).update(
                reorder_point=model.store_level // 3, preferred_stock_level=model.store_level
            )
