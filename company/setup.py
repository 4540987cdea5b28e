"""What a new database starts with: the chart of accounts, a location, the company, periods."""

from datetime import date, timedelta

from django.utils import timezone

from accounting.models import Account, AccountingPeriod
from company.models import Company
from locations.models import Location

T = Account.Type

# (number, name, type, the company's field it is the default of)
CHART = [
    ("1000", "Checking", T.BANK, None),
    ("1010", "Undeposited Funds", T.CURRENT_ASSET, "undeposited_funds_account"),
    ("1100", "Accounts Receivable", T.RECEIVABLE, "receivable_account"),
    ("1300", "Inventory Asset", T.CURRENT_ASSET, "asset_account"),
    ("1310", "Inventory In Transit", T.CURRENT_ASSET, "in_transit_account"),
    ("2000", "Accounts Payable", T.PAYABLE, "payable_account"),
    ("2010", "Accrued Purchases", T.CURRENT_LIABILITY, "accrued_purchases_account"),
    ("3900", "Opening Balance Equity", T.EQUITY, "opening_balance_account"),
    ("4000", "Sales Income", T.INCOME, "income_account"),
    ("5000", "Cost of Goods Sold", T.COGS, "cogs_account"),
    ("5010", "Bill Price Variance", T.COGS, "bill_variance_account"),
    ("5030", "Vendor Return Variance", T.COGS, "vendor_return_variance_account"),
    ("6500", "Inventory Adjustment", T.EXPENSE, "adjustment_account"),
    ("6510", "Returns Write-Off", T.EXPENSE, "write_off_account"),
]


def ensure_company() -> Company:
    """Create the company, its accounts, default location and periods where they are missing."""
    if company := Company.objects.first():
        return company
    accounts = {}
    for number, name, type_, field in CHART:
        account, _ = Account.objects.get_or_create(
            number=number, defaults={"name": name, "type": type_}
        )
        if field:
            accounts[field] = account
    main, _ = Location.objects.get_or_create(name="Main")
    open_year(timezone.localdate().year)
    return Company.objects.create(default_location=main, **accounts)


def open_year(year: int) -> None:
    """Make the twelve monthly periods of a year, leaving alone those that exist."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    known = list(AccountingPeriod.objects.filter(start__lte=last, end__gte=first))
    for month in range(1, 13):
        start = date(year, month, 1)
        end = (start + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        if not any(period.start <= end and period.end >= start for period in known):
            AccountingPeriod.objects.create(name=f"{start:%b %Y}", start=start, end=end)
