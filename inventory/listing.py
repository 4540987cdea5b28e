"""One page shape for every list: search, filters, table, pages, export.

`ListingView` is a whole page. `Listing` is the list itself, for a list inside another page, such
as the Serial Numbers subtab of an item: give it the request, the rows and a table class, return
its `response()` if there is one (a download, or the part htmx asked for), and include
"components/listing.html" in the page.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, reduce
from html import unescape
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.views.generic import TemplateView
from django_filters import FilterSet

from company.models import UserPreference
from inventory import cells, export, paging
from inventory.columns import ListTable
from users import access, gates

EXPORTS = ("csv", "xlsx")
LINK = re.compile(r'<a [^>]*href="(?P<address>[^"]*)"[^>]*>(?P<text>.*?)</a>', re.DOTALL)


@dataclass(frozen=True)
class Jump:
    """A field that leads into the midst of a long list.

    column  the column the list is in the order of
    label   what to type: "Go to number"
    key     from what was typed to what the column is sorted by
    """

    column: str
    label: str
    key: Callable[[str], Any]


class Listing:
    """The rows a request asks for: searched, filtered, sorted and cut into pages.

    Reads the parameters `q`, the filters', `sort`, `page`, `go` (of a jump) and `export`, each
    behind `prefix`, and leaves all others alone, so that two lists and a `?tab=` live in one
    address.

    rows     a queryset; it must select what the columns show (select_related, annotations)
    table    a ListTable class, or a callable that makes the table from the rows
    filters  a FilterSet class (its fields become the filter bar)
    search   lookups a word must match one of: ("name", "upc__iexact", "number_key__startswith");
             a bare path means icontains. Or a function (rows, text) -> rows
    order    the order while no column was clicked, in columns' names ("-date", "number")
    keyset   False: pages by number, for rows without a key (values, union)
    jump     a Jump, for long lists
    defaults filters that are on while the address does not speak of them: {"held": "on_hand"}
    """

    # A sentence about what the rows leave out: {"text": …, "url": …, "link": …}; for subclasses.
    note: Any = None
    # What else can be done with the rows shown: (icon, label, address); for subclasses.
    tools: Any = ()
    # How many rows there are, in words, where that is known without counting; for subclasses.
    summary: Any = ""
    # The columns there are too many rows to sort by; for subclasses.
    unsortable: Any = ()

    def __init__(
        self,
        request: HttpRequest,
        rows: QuerySet,
        table: type[ListTable],
        filters: type[FilterSet] | None = None,
        *,
        title: str = "",
        prefix: str = "",
        search: Any = (),
        search_hint: str = "Search",
        order: Sequence[str] = (),
        keyset: bool = True,
        jump: Jump | None = None,
        empty: dict[str, str] | None = None,
        exclude: Iterable[str] = (),
        defaults: dict[str, str] | None = None,
    ) -> None:
        self.request, self.all_rows, self.table_class = request, rows, table
        self.title, self.prefix, self.search_hint = title, prefix, search_hint
        self.search, self.order, self.keyset, self.jump = search, order, keyset, jump
        self._empty = empty or {"title": "Nothing here yet"}
        self.who = access.of(request.user)
        self.exclude = tuple(exclude)
        self.filterset = self._filterset(filters, defaults or {}) if filters else None

    @property
    def empty(self) -> dict[str, str]:
        """What is said where there are no rows at all, and the way on if it opens."""
        said = self.nothing()
        opens = gates.opens(self.who, str(said.get("url", "")))
        return said if opens else {**said, "url": "", "action": ""}

    def nothing(self) -> dict[str, str]:
        """What is said where there are no rows: title, text, url, action; for subclasses."""
        return self._empty

    @property
    def id(self) -> str:
        """The id of the region htmx swaps."""
        return f"{self.prefix}results"

    @property
    def form_id(self) -> str:
        """The id of the filter bar's form, which the fields in `kept` belong to."""
        return f"{self.prefix}filters"

    @property
    def term(self) -> str:
        return self._asked("q").replace("\0", "").strip()

    @cached_property
    def rows(self) -> QuerySet:
        """What search and filters leave; wrong filter values leave nothing out."""
        rows = self.filterset.qs if self.filterset is not None else self.all_rows
        return search_rows(rows, self.term, self.search) if self.search else rows

    @property
    def table(self) -> ListTable:
        """The table with the rows of this page in it."""
        return self._shown[0]

    @property
    def page(self) -> paging.ListPage:
        return self._shown[1]

    @cached_property
    def _shown(self) -> tuple[ListTable, paging.ListPage]:
        table, rows = self._sorted()
        page = self._page(table, rows)
        table.data.data = page.rows
        table.before_render(self.request)
        return table, page

    def _page(self, table: ListTable, rows: QuerySet) -> paging.ListPage:
        asked, size = self._asked("page"), self._page_size()
        if not self.keyset:
            return paging.number_page(rows, asked, size)
        if self.jump and self.went_to and not asked and _leads(table, self.jump.column):
            return paging.page_from(rows, self.jump.key(self.went_to), size, self.summary)
        return paging.key_page(rows, asked, size, self.summary)

    @property
    def went_to(self) -> str:
        """What was typed into the field of the jump."""
        return self._asked("go").replace("\0", "").strip() if self.jump else ""

    @property
    def jump_kept(self) -> list[tuple[str, str]]:
        """Parameters the jump must carry along: all but the page, in an order it can be made in."""
        own = {self.prefix + name for name in ("page", "go", "export", "sort")}
        kept = [(k, v) for k, vs in self.request.GET.lists() if k not in own for v in vs]
        sort = self._asked("sort")
        if self.jump and sort.removeprefix("-") == self.jump.column:
            kept.append((self.prefix + "sort", sort))
        return kept

    @property
    def is_searchable(self) -> bool:
        """Whether the list has a search box; a template would call a search function."""
        return bool(self.search)

    @property
    def is_narrowed(self) -> bool:
        """Whether a search or filter is on."""
        return bool(self.term or self.filters_on)

    @cached_property
    def filters_on(self) -> int:
        """How many filters are set."""
        if self.filterset is None:
            return 0
        names = self._filter_names()
        return sum(1 for name in names if self.request.GET.get(name))

    @property
    def page_links(self) -> list[tuple[str, str | None]]:
        """(label, address) of the pages around; no address where there is no page."""
        return [
            (label, None if link is None else self.address(page=link, go=""))
            for label, link in self.page.links.items()
        ]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """Parameters the filter form must carry along: other lists', the tab, this list's order."""
        own = {*self._filter_names(), *(self.prefix + n for n in ("q", "page", "go", "export"))}
        return [(k, v) for k, vs in self.request.GET.lists() if k not in own for v in vs]

    @property
    def clear_url(self) -> str:
        """The same page without this list's search and filters."""
        query = self.request.GET.copy()
        for name in [*self._filter_names(), *(self.prefix + n for n in ("q", "page", "go"))]:
            query.pop(name, None)
        return f"?{query.urlencode()}"

    @property
    def export_urls(self) -> list[tuple[str, str]]:
        return [(kind.upper(), self.address(export=kind, page="", go="")) for kind in EXPORTS]

    def headers(self) -> list[dict[str, Any]]:
        """What the head of the table needs for each column."""
        return [self._header(column) for column in self.table.columns]

    def body(self) -> Iterator[SafeString]:
        """Each row as it stands in the page.

        Written here, since a template took a third of a long list's time for its cells. What the
        tags of a column say is the same in every row, and is worked out once.
        """
        table = self.table
        if not table.data.data:
            return
        first = table.data.data[0]
        columns = [(_tag(column), cells.shown(table, column, first)) for column in table.columns]
        for row in table.rows:
            inside = (
                f"{tag}{conditional_escape(self._opened(cell(row)))}</td>" for tag, cell in columns
            )
            yield mark_safe(f"{_row(table.row_class(row.record))}{''.join(inside)}</tr>")  # noqa: S308

    def _opened(self, cell: Any) -> Any:
        """A cell without the links that do not open to the reader."""
        if self.who.is_administrator or "<a " not in str(cell):
            return cell
        return mark_safe(LINK.sub(self._link, str(cell)))  # noqa: S308 (was safe as it came)

    def _link(self, found: re.Match[str]) -> str:
        address = found["address"]
        if address not in self._known_links:
            self._known_links[address] = gates.opens(self.who, unescape(address))
        return found[0] if self._known_links[address] else found["text"]

    @cached_property
    def _known_links(self) -> dict[str, bool]:
        return {}

    def address(self, **changes: str) -> str:
        """This address with own parameters changed; an empty value takes one away."""
        query = self.request.GET.copy()
        for name, value in changes.items():
            query.pop(self.prefix + name, None)
            if value:
                query[self.prefix + name] = value
        return f"?{query.urlencode()}"

    def response(self) -> HttpResponseBase | None:
        """The download, or the results alone if htmx asked for them; None for the whole page."""
        if self._asked("export") in EXPORTS:
            name = slugify(self.title) or "list"
            return export.respond(*self._sorted(), kind=self._asked("export"), name=name)
        htmx = getattr(self.request, "htmx", None)
        if htmx and htmx.target == self.id and not htmx.history_restore_request:
            return _varied(
                render(self.request, "components/results.html", {"listing": self, "swapped": True})
            )
        return None

    def _filterset(self, filters: type[FilterSet], defaults: dict[str, str]) -> FilterSet:
        data = self.request.GET.copy()
        for name, value in defaults.items():
            data.setdefault(self.prefix + name, value)
        prefix = self.prefix.rstrip("-") or None
        return filters(data, self.all_rows, request=self.request, prefix=prefix)

    def _sorted(self) -> tuple[ListTable, QuerySet]:
        """A table over all the rows, and the rows in its order."""
        table = self.table_class(self.rows, exclude=self.exclude, who=self.who)
        unsortable = self.unsortable
        for column in table.columns.iterall():
            if column.name in unsortable:
                column.column.orderable = False
        asked = self._asked("sort")
        # What is no column of the table is not asked for: a dot in it would be taken for a path.
        known = asked.removeprefix("-") in table.columns.names()
        if order := [asked] if known else self.order:
            table.order_by = order
        return table, table.data.data

    def _header(self, column: Any) -> dict[str, Any]:
        classes = (column.attrs["th"].get("class") or "").split()
        direction = ""
        first = self.table.order_by[:1] if self.table.order_by else ()
        if first and first[0].bare == column.name:  # the terms behind it only break ties
            direction = "descending" if column.order_by_alias.is_descending else "ascending"
        following = column.order_by_alias.next
        return {
            "name": column.name,
            "label": column.header,
            "class": " ".join(c for c in classes if c in ("num", "center")),
            "direction": direction,
            "url": self.address(sort=following, page="", go="") if column.orderable else "",
        }

    def _page_size(self) -> int:
        return UserPreference.of(self.request.user).rows_per_page

    def _asked(self, name: str) -> str:
        return self.request.GET.get(self.prefix + name, "")

    def _filter_names(self) -> list[str]:
        if self.filterset is None:
            return []
        form = self.filterset.form
        names = []
        for name, field in form.fields.items():
            names += _parameter_names(form.add_prefix(name), field.widget)
        return names


class ListingView(TemplateView):
    """A page that is a list. Subclasses name rows, table and what is said around them.

    class VendorList(ListingView):
        title, description = "Vendors", "Whom we buy from."
        table = VendorTable
        filters = VendorFilter
        search = ("name", "email")
        new_url, new_label = reverse_lazy("vendors:new"), "New Vendor"
        empty = {"title": "No vendors yet", "text": "…"}

        def rows(self):
            return Vendor.objects.all()
    """

    template_name = "listing.html"
    title = description = new_label = ""
    new_url: Any = ""
    table: type[ListTable]
    filters: type[FilterSet] | None = None
    search: Any = ()
    search_hint = "Search"
    order: Sequence[str] = ()
    keyset = True
    empty: dict[str, str] | None = None
    defaults: dict[str, str] | None = None

    def rows(self) -> QuerySet:
        raise NotImplementedError

    def get_title(self) -> str:
        return self.title

    def listing(self) -> Listing:
        """The list of this page; override to leave out columns."""
        return Listing(
            self.request, self.rows(), self.table, self.filters, **self.listing_options()
        )

    def listing_options(self) -> dict[str, Any]:
        empty = self.empty or {"title": f"No {self.get_title().lower()} yet"}
        if self.new_url:
            empty = {"url": self.new_url, "action": self.new_label, **empty}
        return {
            "title": self.get_title(),
            "search": self.search,
            "search_hint": self.search_hint,
            "order": self.order,
            "keyset": self.keyset,
            "defaults": self.defaults,
            "empty": empty,
        }

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        listing = self.listing()
        if answer := listing.response():
            return answer
        return _varied(self.render_to_response(self.get_context_data(listing=listing, **kwargs)))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        new = str(self.new_url)
        words = {
            "title": self.get_title(),
            "subtitle": self.description,
            "new_url": new if gates.opens(access.of(self.request.user), new) else "",
            "new_label": self.new_label,
        }
        return super().get_context_data(**{**words, **kwargs})


def search_rows(rows: QuerySet, text: str, search: Any) -> QuerySet:
    """The rows in which every word of the text is found."""
    if not text:
        return rows
    if callable(search):
        return search(rows, text)
    for word in text.split():
        found = (Q(**{_lookup(path): word}) for path in search)
        rows = rows.filter(reduce(operator.or_, found))
    return rows


def _tag(column: Any) -> SafeString:
    """What opens the cells of a column."""
    return format_html(
        '<td role="cell"{} data-label="{}">',
        _class(column.attrs["td"].get("class") or ""),
        column.header,
    )


@lru_cache(maxsize=64)
def _row(classes: str) -> SafeString:
    """What opens a row."""
    return format_html('<tr role="row" data-row-link{}>', _class(classes))


def _class(classes: str) -> SafeString:
    return format_html(' class="{}"', classes) if classes else SafeString("")


def _leads(table: ListTable, column: str) -> bool:
    """Whether the table is in the order of a column."""
    return bool(table.order_by) and table.order_by[0].bare == column


LOOKUPS = ("exact", "iexact", "startswith", "istartswith", "contains", "icontains")


def _lookup(path: str) -> str:
    return path if path.rsplit("__", 1)[-1] in LOOKUPS else f"{path}__icontains"


def _parameter_names(name: str, widget: Any) -> list[str]:
    """The parameters a filter's widget reads: one, or one for each of its parts."""
    if hasattr(widget, "widgets_names"):
        return [name + part for part in widget.widgets_names]
    return [name]


def _varied(response: HttpResponse) -> HttpResponse:
    """Keeps caches from giving a part where the page is asked for."""
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response
