"""What the pages cost at a company of ten thousand units and of a million.

`make bench JOBS=pages` makes the companies in a new database and measures them one after the
other. `python -m tests.benchmarks.pages` measures the company that DATABASE_URL leads to, and
compares it with the lines of a smaller one, if a file of them is given.

Each page is asked for through Django's own client, in this process: `median_ms` and `p95_ms` are
what the server needs, `statements` what it asks the database, `rows` how many rows of a list it
shows. `scans` names the big tables that the database would read from end to end for any of them.
`browser_ms` is what Chromium waits for the whole page, and in the lines that end in "swapped" for
the part that htmx exchanges.

`ratio` is to the page of the same name of the smaller company. Where that one fills no page, the
two differ by the rows they show, whatever the database does: `like_for_like` is the ratio of the
bigger company's page cut to as many rows.
"""

from __future__ import annotations

import gc
import io
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import override_settings
from django.utils import timezone

from tests.benchmarks import browsing

Line = dict[str, Any]

FEWEST = 10_000  # units, with which there are pages to turn
INTERACTIVE = 500  # milliseconds; what takes longer by its nature is a file
TURNS, SLOW_TURNS = 21, 5
# Tables that grow with every document. The plans of small ones may be anything.
BIG = {
    "accounting_journalentry",
    "accounting_journalline",
    "items_serialunit",
    "transactions_lineunit",
    "transactions_posting",
    "transactions_stockmove",
    "transactions_transaction",
    "transactions_transactionline",
}
LONG = 5_000  # milliseconds for what sums up a company
MANY = 100_000  # units, from which on a scan is reported


class Page(NamedTuple):
    """A page: what it is called, its address, and how long it may take at the median."""

    name: str
    url: str
    limit_ms: int = 150
    turns: int = TURNS


def main(jobs: list[str], sizes: list[int]) -> None:
    """Make a company of each size in this database, one after the other, and measure it."""
    smaller: dict[str, Line] = {}
    for number, units in enumerate(size for size in sorted(sizes) if size >= FEWEST):
        if number:
            _empty()
        call_command("demo", units=units, stdout=io.StringIO())
        report(units, smaller)


def report(units: int, smaller: dict[str, Line]) -> None:
    """Print a line for each page, compared with that of a smaller company, which it may become."""
    client = _client()
    every = list(pages(client))
    lines = [compared(client, page, measure(client, page, units), smaller) for page in every]
    # Not before: a Chromium that shows a page takes its part of the machine.
    with browsing.chromium(client) as window:
        for page, line in zip(every, lines, strict=True):
            shown = window and page.limit_ms <= INTERACTIVE
            line["browser_ms"] = browsing.load_ms(window, page.url) if window and shown else None
            print(json.dumps(line), flush=True)
        for name, url, link_id in swaps(every) if window else ():
            line = {"page": f"{name}, swapped", "units": units, "database": connection.vendor}
            line["browser_ms"] = browsing.swap_ms(window, url, link_id)
            print(json.dumps(line), flush=True)


def measure(client: Client, page: Page, units: int) -> Line:
    seconds, statements = _timed(client, page)
    return {
        "page": page.name,
        "units": units,
        "database": connection.vendor,
        "median_ms": round(median(seconds) * 1000, 1),
        "p95_ms": round(quantiles(seconds, n=20)[-1] * 1000, 1),
        "statements": len(statements),
        "rows": rows_shown(client, page),
        "scans": sorted(scans(statements)) if units >= MANY else [],
    }


def compared(client: Client, page: Page, line: Line, companies: dict[str, Line]) -> Line:
    """The line of a page with its ratios to that of a smaller company."""
    smaller = companies.setdefault(page.name, line)
    line["ratio"] = round(line["median_ms"] / smaller["median_ms"], 2)
    if 0 < smaller["rows"] < line["rows"]:
        with so_many_rows(smaller["rows"]):
            middle = median(_timed(client, page)[0]) * 1000
        line["like_for_like"] = round(middle / smaller["median_ms"], 2)
    return line


def rows_shown(client: Client, page: Page) -> int:
    """How many rows of a list a page shows; none of a file."""
    if "export=" in page.url:
        return 0
    return int(client.get(page.url).content.count(b" data-row-link"))


@contextmanager
def so_many_rows(number: int) -> Iterator[None]:
    """Pages of so many rows, for the user that asks for them."""
    from company.models import UserPreference

    own = UserPreference.objects.filter(user=_user())
    before = own.get().rows_per_page
    own.update(rows_per_page=number)
    yield
    own.update(rows_per_page=before)


def swaps(every: list[Page]) -> Iterator[tuple[str, str, str]]:
    """What is exchanged by htmx: a name, the page it is on, and the link to it."""
    urls = {page.name: page.url for page in every}
    for name in ("item serials, on hand", "item serials, all", "items, stock"):
        yield f"{name}, next page", urls[name], "#results-next"
        yield f"{name}, last page", urls[name], "#results-last"


def pages(client: Client) -> Iterator[Page]:
    """Every page that is measured."""
    yield from serial_numbers(client)
    yield from lists(client)
    yield from searches()
    yield from statements_and_reports()


def serial_numbers(client: Client) -> Iterator[Page]:
    """The Serial Numbers subtab of the best seller, and the page of one of its numbers."""
    from items.models import Item, SerialUnit
    from locations.models import Location

    item = Item.objects.get(pk=best_seller())
    on_hand = SerialUnit.objects.on_hand().filter(item=item).order_by("number_key", "pk")
    middle = on_hand[on_hand.count() // 2]
    tab = {"tab": "serials"}
    first = address(item.get_absolute_url(), **tab)
    yield Page("item serials, on hand", first)
    yield from _around(client, "item serials, on hand", first)
    jump = {"go": middle.number[:-1]}
    yield Page("item serials, go to number", address(item.get_absolute_url(), **tab, **jump))
    for key, name in (("all", "all"), ("on_hand", "on hand")):
        every = {**tab, "filter_by": key, "location": "all_inactive"}
        url = address(item.get_absolute_url(), **every)
        yield Page(f"item serials, {name}, with inactive locations", url)
    url = address(item.get_absolute_url(), **tab, filter_by="all")
    yield Page("item serials, all", url)
    yield from _around(client, "item serials, all", url)
    yield Page("item serials, all, go to number", f"{url}&{urlencode(jump)}")
    for place in Location.objects.order_by("pk"):
        at = {"location": place.pk}
        name = f"item serials, {{}}, at {place}{' (inactive)' if place.inactive else ''}"
        yield Page(name.format("on hand"), address(item.get_absolute_url(), **tab, **at))
        at |= {"filter_by": "all"}
        yield Page(name.format("all"), address(item.get_absolute_url(), **tab, **at))
    for name, text in (("fragment", middle.number[3:7]), ("rare fragment", middle.number[2:-1])):
        yield Page(f"item serials, on hand, {name}", f"{first}&{urlencode({'q': text})}")
        yield Page(f"item serials, all, {name}", f"{url}&{urlencode({'q': text})}")
    yield Page("item serials, all, unknown fragment", f"{url}&q=ii-oo")
    yield Page("item serials, all, by received date", f"{url}&sort=-received_on")
    yield Page("serial number", middle.get_absolute_url())
    yield Page("item", item.get_absolute_url())
    yield Page("item, transactions", address(item.get_absolute_url(), tab="transactions"))


def lists(client: Client) -> Iterator[Page]:
    yield Page("home", "/")
    stock = "/items/?view=stock"
    yield Page("items, stock", stock)
    yield from _around(client, "items, stock", stock)
    yield Page("items, stock, by quantity on hand", f"{stock}&sort=-on_hand")
    yield Page("items, stock, at or below reorder point", f"{stock}&low=on")
    yield Page("items, stock, search", f"{stock}&q=ironwolf")
    yield Page("items, stock, full export as CSV", f"{stock}&export=csv", 5_000, SLOW_TURNS)
    yield Page("items, stock, full export as XLSX", f"{stock}&export=xlsx", 10_000, SLOW_TURNS)
    for slug in ("purchase-order", "sales-order", "item-fulfillment", "invoice"):
        url = f"/transactions/{slug}/"
        yield Page(f"documents, {slug}", url)
        yield from _around(client, f"documents, {slug}", url)
        yield Page(f"documents, {slug}, open only", f"{url}?open=on")


def searches() -> Iterator[Page]:
    from items.models import SerialUnit
    from transactions.models import Transaction

    unit = SerialUnit.objects.filter(item=best_seller()).order_by("pk")[7]
    other = SerialUnit.objects.order_by("-pk")[7]
    document = Transaction.objects.of("invoice").order_by("-pk")[0]
    yield Page("search, a serial number", address("/search/", q=other.number))
    yield Page("search, the beginning of serial numbers", address("/search/", q=unit.number[:4]))
    yield Page("search, the beginning of many", address("/search/", q=unit.number[:1]))
    yield Page("search, a document", address("/search/", q=document.number))
    yield Page("search, a word", address("/search/", q="ironwolf"))
    yield Page("search, nothing", address("/search/", q="ii-oo"))


def statements_and_reports() -> Iterator[Page]:
    today = timezone.localdate()
    month = {"start": today.replace(day=1), "end": today}
    year = {"start": today.replace(month=1, day=1), "end": today}
    ever = {"start": today.replace(year=today.year - 5), "end": today}
    for name, dates in (("this year", year), ("all years", ever)):
        url = address("/reports/income-statement/", **dates)
        yield Page(f"income statement, {name}", url, 500)
    yield Page("balance sheet", "/reports/balance-sheet/", 500)
    yield Page("trial balance", "/reports/trial-balance/", 500)
    for name in ("inventory-valuation", "stock-ledger", "inventory-activity"):
        url = address(f"/reports/{name}/", **month)
        yield Page(f"report, {name}, this month", url, LONG, SLOW_TURNS)
    for name in ("back-orders", "open-purchase-orders", "items-to-reorder"):
        yield Page(f"report, {name}", f"/reports/{name}/", LONG, SLOW_TURNS)
    url = address("/reports/serialized-profit/", **month)
    yield Page("report, profit by serial number, this month", url, LONG, SLOW_TURNS)


def _around(client: Client, name: str, url: str) -> Iterator[Page]:
    """The pages that the buttons of a list lead to."""
    following = link(client, url, "Next")
    last = link(client, url, "Last")
    if following and last:
        yield Page(f"{name}, next page", following)
        yield Page(f"{name}, last page", last)
        if before := link(client, last, "Previous"):
            yield Page(f"{name}, the page before the last", before)


def link(client: Client, url: str, label: str) -> str:
    """Where a button below a list leads to; nothing if it leads nowhere."""
    text = client.get(url).content.decode()
    found = re.search(rf'href="([^"]*)"[^>]*>{label}</a>', text)
    return urlsplit(url).path + found[1].replace("&amp;", "&") if found else ""


def best_seller() -> int:
    """The item with the most units: the one that was there first."""
    from items.models import SerialUnit

    return SerialUnit.objects.order_by("pk").values_list("item", flat=True)[0]


def address(path: str, **query: Any) -> str:
    return f"{path}?{urlencode(query)}" if query else path


# How it is measured


def _client() -> Client:
    # As after collectstatic, but without it.
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}).enable()
    client = Client(SERVER_NAME="localhost")
    client.force_login(_user())
    client.get("/")  # loads everything that is loaded on first use
    gc.freeze()  # as a web server's worker does (inventory/wsgi.py)
    return client


def _user() -> Any:
    from django.contrib.auth.models import User

    return User.objects.order_by("pk")[0]


def _timed(client: Client, page: Page) -> tuple[list[float], list[tuple[str, Any]]]:
    """The seconds of each turn, and the statements of the last."""
    seconds = []
    statements: list[tuple[str, Any]] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, *more: Any) -> Any:
        statements.append((sql, params))
        return execute(sql, params, *more)

    _fetch(client, page.url)
    with connection.execute_wrapper(note):
        for _ in range(page.turns):
            statements.clear()
            start = perf_counter()
            _fetch(client, page.url)
            seconds.append(perf_counter() - start)
    return seconds, statements


def _fetch(client: Client, url: str) -> None:
    answer = client.get(url)
    if answer.status_code not in (200, 302):  # an exact match leads on to its page
        raise AssertionError(f"{url}: {answer.status_code}")
    if answer.streaming:
        for _ in answer:
            pass
    answer.close()


def scans(statements: list[tuple[str, Any]]) -> set[str]:
    """The big tables that any of the statements reads from end to end."""
    return {
        table
        for sql, params in set_of(statements)
        if sql.lstrip("( ").startswith("SELECT")
        for table in _scanned(sql, params)
    }


def set_of(statements: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    return list({sql: (sql, params) for sql, params in statements}.values())


def _scanned(sql: str, params: Any) -> set[str]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
            [(plan,)] = cursor.fetchall()
            return set(_sequential(plan[0]["Plan"])) & BIG
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        read = [re.match(r"SCAN (\w+)$", row[3]) for row in cursor.fetchall()]
        names = {found[1] for found in read if found}
        return {t for t in BIG if t in names or any(f'"{t}" {n}' in sql for n in names)}


def _sequential(plan: Line) -> Iterator[str]:
    if "Seq Scan" in plan["Node Type"]:
        yield plan["Relation Name"]
    for inner in plan.get("Plans", ()):
        yield from _sequential(inner)


def _empty() -> None:
    """Empty the database for the next company."""
    from transactions import triggers

    triggers.drop(connection)
    call_command("flush", interactive=False, verbosity=0)


if __name__ == "__main__":
    import os
    import sys

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "inventory.settings")
    django.setup()
    from items.models import SerialUnit
    from tests.benchmarks import pages as imported

    # By the module as `make bench` loads it: run as __main__, the same pages took a quarter longer.
    lines = [line for file in sys.argv[1:] for line in Path(file).read_text().splitlines()]
    known = [json.loads(line) for line in lines]
    imported.report(SerialUnit.objects.count(), {line["page"]: line for line in known})
