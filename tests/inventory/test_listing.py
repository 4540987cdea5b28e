"""Lists: pages by key, sorting, searching, parts for htmx, and exports."""

import zipfile
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import django_filters
import django_tables2 as tables
import pytest
from django.contrib.auth.models import User
from django.db.models import F
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from inventory import export, paging
from inventory.columns import DateColumn, ListTable, RecordColumn, StatusColumn, YesNoColumn
from inventory.listing import Jump, Listing, ListingView
from users import access

SEEN = datetime(2026, 11, 1, 8, 30, 15, 123456, tzinfo=UTC)


def people(count: int) -> list[User]:
    """Users with ties and gaps: every third never logged in, first names repeat."""
    return User.objects.bulk_create(
        User(
            username=f"u{n:03}",
            first_name=f"Name {n % 4}",
            is_staff=n % 5 == 0,
            last_login=None if n % 3 == 0 else SEEN + timedelta(microseconds=n // 2),
        )
        for n in range(count)
    )


class PeopleTable(ListTable):
    username = RecordColumn("User", linkify=lambda record: f"/people/{record.pk}/")
    first_name = tables.Column()
    last_login = DateColumn()
    is_staff = YesNoColumn("Staff")


class PeopleFilter(django_filters.FilterSet):
    class Meta:
        model = User
        fields = ["is_staff"]


def asked(path: str = "/", *, user: User | None = None, htmx: str = ""):
    headers = {"HX-Request": "true", "HX-Target": htmx} if htmx else {}
    request = RequestFactory().get(path, headers=headers)
    request.user = user or User.objects.get_or_create(username="reader")[0]
    request.htmx = HtmxDetails(request)
    return request


def listing(path: str = "/", rows=None, **options) -> Listing:
    rows = User.objects.filter(username__startswith="u") if rows is None else rows
    return Listing(asked(path), rows, PeopleTable, PeopleFilter, **options)


def names(page: paging.ListPage) -> list[str]:
    return [row.username for row in page.rows]


def walk(rows, link: str, start: str = "") -> list[str]:
    """Every name met by following one link from page to page."""
    met, at = [], start
    while at is not None:
        page = paging.key_page(rows, at, 7)
        met = met + names(page) if link == "Next" else names(page) + met
        at = page.links[link]
    return met


ORDERS = [
    ["username"],
    ["-username"],
    ["first_name"],
    ["-first_name", "is_staff"],
    ["last_login"],
    ["-last_login"],
    ["last_login", "-first_name"],
    ["-last_login", "first_name", "-id"],
]


@pytest.mark.django_db
@pytest.mark.parametrize("order", ORDERS, ids=" ".join)
def test_pages_by_key_show_every_row_once_from_either_end(order):
    people(40)
    rows = User.objects.order_by(*order)
    forwards = walk(rows, "Next")
    assert sorted(forwards) == sorted(rows.values_list("username", flat=True))
    assert walk(rows, "Previous", "last") == forwards


@pytest.mark.django_db
@pytest.mark.parametrize("direction", ["", "-"])
def test_empty_values_come_last_in_both_directions(direction):
    people(20)
    found = walk(User.objects.order_by(f"{direction}last_login"), "Next")
    never = set(User.objects.filter(last_login=None).values_list("username", flat=True))
    assert set(found[-len(never) :]) == never


@pytest.mark.django_db
def test_a_row_added_before_the_page_shifts_nothing():
    people(30)
    rows = User.objects.order_by("username")
    following = paging.key_page(rows, "", 7).links["Next"]
    before = names(paging.key_page(rows, following, 7))
    User.objects.create(username="a-newcomer")
    assert names(paging.key_page(rows, following, 7)) == before


@pytest.mark.django_db
def test_the_first_and_the_only_page_lead_nowhere():
    people(7)
    assert paging.key_page(User.objects.order_by("pk"), "", 7).is_alone
    people_page = paging.key_page(User.objects.order_by("pk"), "", 6)
    assert people_page.links["Previous"] is None
    assert people_page.links["Next"].startswith("after.")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "broken",
    ["after.", "after.!!", "after.WzFd", "before.e30", "after.W1siYSJdLCAxXQ", "17", "x.y"],
)
def test_a_broken_page_parameter_shows_the_first_page(broken):
    people(10)
    rows = User.objects.order_by("username")
    assert names(paging.key_page(rows, broken, 5)) == names(paging.key_page(rows, "", 5))


@pytest.mark.django_db
def test_a_key_of_another_order_shows_the_first_page():
    people(10)
    by_name = paging.key_page(User.objects.order_by("username"), "", 5).links["Next"]
    rows = User.objects.order_by("last_login")
    assert names(paging.key_page(rows, by_name, 5)) == names(paging.key_page(rows, "", 5))


@pytest.mark.django_db
def test_an_ordering_by_an_expression_is_refused_with_advice():
    paging.sort_keys(User.objects.order_by(F("username").desc()))
    with pytest.raises(TypeError, match="Annotate"):
        paging.sort_keys(User.objects.order_by(F("pk") + 1))


def first_names(page: paging.ListPage) -> list[str]:
    return [row.first_name for row in page.rows]


@pytest.mark.django_db
def test_a_page_from_a_value_begins_with_its_first_row_and_goes_on_by_key():
    people(40)
    rows = User.objects.order_by("username")
    page = paging.page_from(rows, "u017", 5)
    assert names(page) == ["u017", "u018", "u019", "u020", "u021"]
    assert names(paging.key_page(rows, page.links["Next"], 5))[0] == "u022"
    assert names(paging.key_page(rows, page.links["Previous"], 5))[-1] == "u016"
    assert page.summary == "40 rows"


@pytest.mark.django_db
def test_a_page_from_a_value_goes_against_the_order_where_that_descends():
    people(40)
    page = paging.page_from(User.objects.order_by("-username"), "u0175", 3)
    assert names(page) == ["u017", "u016", "u015"]
    many = paging.page_from(User.objects.order_by("first_name"), "Name 2", 12)
    assert first_names(many) == ["Name 2"] * 10 + ["Name 3"] * 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("value", "first", "previous", "following"),
    [("a", "u000", False, True), ("u000", "u000", False, True), ("z", "u005", True, False)],
)
def test_a_page_from_before_all_rows_is_the_first_and_from_behind_them_the_last(
    value, first, previous, following
):
    people(12)
    page = paging.page_from(User.objects.order_by("username"), value, 7)
    assert names(page)[0] == first
    assert (page.links["Previous"] is not None) == previous
    assert (page.links["Next"] is not None) == following


@pytest.mark.django_db
def test_a_jump_keeps_the_filters_and_leaves_the_page_behind():
    people(80)
    jump = Jump("username", "Go to user", str.lower)
    found = listing(
        "/?q=u0&go=U017&page=&other=1", search=("username",), order=("username",), jump=jump
    )
    assert found.page.rows[0].username == "u017"
    assert found.jump_kept == [("q", "u0"), ("other", "1")]
    assert "go=" not in found.address(page="x", go="")
    assert all("go=" not in (url or "") for _, url in found.page_links)
    assert "go" not in dict(found.kept)
    following = listing(dict(found.page_links)["Next"] or "", order=("username",), jump=jump)
    assert following.page.rows[0].username > "u017"


@pytest.mark.django_db
def test_a_jump_is_only_made_in_the_order_of_its_column():
    people(40)
    jump = Jump("username", "Go to user", str.lower)
    options = {"order": ("username",), "jump": jump}
    assert listing("/?sort=-username&go=u017", **options).page.rows[0].username == "u017"
    assert listing("/?sort=-username&go=u017", **options).jump_kept == [("sort", "-username")]
    assert listing("/?sort=first_name", **options).jump_kept == []
    by_name = listing("/?sort=first_name&go=u017", **options).page.rows
    assert by_name[0].first_name == "Name 0"


@pytest.mark.django_db
def test_a_list_that_knows_how_many_rows_it_has_does_not_count_them(
    django_assert_num_queries,
):
    people(12)
    with django_assert_num_queries(1):
        page = paging.key_page(User.objects.order_by("username"), "", 5, "72,345 rows")
    assert page.summary == "72,345 rows"


@pytest.mark.django_db
def test_counting_stops_where_it_would_cost_more_than_the_page(monkeypatch):
    people(12)
    assert paging.key_page(User.objects.all(), "", 5).summary == "12 rows"
    monkeypatch.setattr(paging, "COUNTED", 10)
    assert paging.key_page(User.objects.all(), "", 5).summary == "10+ rows"


@pytest.mark.django_db
def test_pages_by_number_serve_rows_without_a_key():
    people(12)
    rows = User.objects.order_by("username").values("username")
    page = paging.number_page(rows, "2", 5)
    assert [row["username"] for row in page.rows] == ["u005", "u006", "u007", "u008", "u009"]
    assert page.links == {"First": "", "Previous": "1", "Next": "3", "Last": "3"}
    assert page.summary == "12 rows, page 2 of 3"


@pytest.mark.django_db
def test_search_wants_every_word_and_each_in_any_of_the_paths():
    people(40)
    paths = ("username__startswith", "first_name")
    assert names(listing("/?q=name+2+u01", search=paths).page) == ["u010", "u014", "u018"]
    assert names(listing("/?q=name+2+01", search=paths).page) == []


@pytest.mark.django_db
@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("sort", ["SN-1..SN-9", "last_login.year", "--username", "-", "a,b", "pk"])
def test_what_is_no_column_does_not_change_the_order(sort):
    people(10)
    shown = listing(f"/?sort={sort}", order=["-username"])
    assert names(shown.page)[0] == "u009"
    assert {h["name"] for h in shown.headers() if h["direction"]} == {"username"}


@pytest.mark.django_db
def test_a_column_sorts_and_its_head_says_so():
    people(10)
    heads = {h["name"]: h for h in listing("/?sort=-username&page=last&x=1").headers()}
    assert heads["username"]["direction"] == "descending"
    assert heads["username"]["url"] == "?x=1&sort=username"
    assert heads["first_name"]["label"] == "First Name"
    assert names(listing("/?sort=-username").page)[0] == "u009"


@pytest.mark.django_db
def test_two_lists_and_a_tab_live_in_one_address():
    people(10)
    path = "/?tab=serials&a-sort=-username&a-q=u00&b-is_staff=true&b-page=2&a-page=last"
    first = listing(path, prefix="a-", search=("username",))
    assert first.kept == [
        ("tab", "serials"),
        ("a-sort", "-username"),
        ("b-is_staff", "true"),
        ("b-page", "2"),
    ]
    assert first.clear_url == "?tab=serials&a-sort=-username&b-is_staff=true&b-page=2"
    second = listing(path, prefix="b-")
    assert {row.is_staff for row in second.page.rows} == {True}


@pytest.mark.django_db
def test_a_default_filter_holds_while_the_address_is_silent():
    people(10)
    defaults = {"is_staff": "true"}
    assert listing("/", defaults=defaults).rows.count() == 2
    assert listing("/?is_staff=false", defaults=defaults).rows.count() == 8
    assert listing("/?is_staff=", defaults=defaults).rows.count() == 10


class People(ListingView):
    title, description = "People", "Who works here."
    table, filters, search = PeopleTable, PeopleFilter, ("username",)
    new_url, new_label = "/people/new/", "New Person"

    def rows(self):
        return User.objects.filter(username__startswith="u")


def rendered(path: str = "/", **kwargs) -> str:
    response = People.as_view()(asked(path, **kwargs))
    return (response.render() if hasattr(response, "render") else response).content.decode()


@pytest.mark.django_db
def test_the_page_of_a_list_has_title_new_button_search_and_rows():
    people(3)
    html = rendered()
    assert "<h1>People</h1>" in html
    assert 'href="/people/new/"' in html
    assert 'name="q"' in html
    assert html.count("<tr") == 4
    assert 'data-label="First Name"' in html


@pytest.mark.django_db
def test_an_empty_list_offers_the_next_step_and_a_narrow_one_the_way_back():
    assert "No people yet" in rendered()
    people(3)
    assert "Nothing matches" in rendered("/?q=zzz")
    assert "Nothing matches" not in rendered("/?q=u")


@pytest.mark.django_db
def test_htmx_gets_the_results_alone_and_caches_are_told():
    people(3)
    part = rendered(htmx="results")
    assert 'id="results"' in part
    assert "<html" not in part
    assert 'hx-swap-oob="innerHTML:#results-status"' in part
    assert "<html" in rendered(htmx="something-else")
    assert "HX-Target" in People.as_view()(asked("/", htmx="results")).headers["Vary"]


@pytest.mark.django_db
def test_a_list_costs_the_same_number_of_queries_for_5_rows_and_for_50(
    django_assert_num_queries,
):
    people(5)
    reader = User.objects.get_or_create(username="reader")[0]
    access.of(reader)  # one statement, once for a request
    with django_assert_num_queries(3 + 1):  # preference, rows, count; the frame asks the company
        rendered(user=reader)
    User.objects.filter(username__startswith="u").delete()
    people(50)
    with django_assert_num_queries(3 + 1):
        rendered(user=reader)


def exported(path: str, rows=None) -> list[str]:
    response = listing(path, rows, title="People here").response()
    assert response["Content-Disposition"] == 'attachment; filename="people-here.csv"'
    return b"".join(response.streaming_content).decode("utf-8-sig").splitlines()


@pytest.mark.django_db
def test_a_csv_has_every_page_filtered_and_sorted_as_shown():
    people(60)
    lines = exported("/?export=csv&sort=-username&is_staff=true")
    assert lines[0] == "User,First Name,Last Login,Staff"
    assert [line.split(",")[0] for line in lines[1:]] == [f"u{n:03}" for n in range(55, -1, -5)]
    assert lines[1] == "u055,Name 3,2026-11-01 08:30:15,Yes"


@pytest.mark.django_db
def test_an_export_is_the_same_straight_from_the_database_and_row_by_row():
    people(9)

    class SlowTable(PeopleTable):
        def value_first_name(self, value):
            return value

    rows = User.objects.order_by("username")
    straight = list(export.rows(PeopleTable(rows), rows))
    row_by_row = list(export.rows(SlowTable(rows), rows))
    assert [row[:3] for row in straight] == [row[:3] for row in row_by_row]


@pytest.mark.django_db
def test_an_export_says_a_code_in_words():
    class StatusTable(ListTable):
        first_name = StatusColumn("Status", labels={"Name 1": "Pending Receipt"})

    people(2)
    rows = User.objects.order_by("username")
    assert [row[0] for row in export.rows(StatusTable(rows), rows)] == [
        "Status",
        "Name 0",
        "Pending Receipt",
    ]


@pytest.mark.parametrize("text", ["=1+1", "+SUM(A1)", "-2+3", "-5", "+1.50", "@cmd", "\tx", "\rx"])
def test_a_spreadsheet_runs_no_exported_text(text):
    assert export.safe(text) == f"'{text}"


@pytest.mark.parametrize(
    ("value", "cell"),
    [(Decimal(-5), "-5"), (Decimal("-1.50"), "-1.50"), (-3, "-3"), ("SN-1", "SN-1"), (None, "")],
)
def test_numbers_and_plain_text_are_exported_as_they_are(value, cell):
    assert export.safe(value) == cell


@pytest.mark.django_db
def test_a_workbook_keeps_leading_zeros_and_long_numbers_as_text(tmp_path):
    rows = [["Serial", "Cost"], ["00123", Decimal("12.50")], ["=A1", None], ["356938035643809", 1]]
    file = tmp_path / "list.xlsx"
    book = export.xlsx(rows, "list")
    with book.file_to_stream:
        file.write_bytes(b"".join(book.streaming_content))
    with zipfile.ZipFile(file) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    for text in ("00123", "=A1", "356938035643809"):
        assert f't="inlineStr"><is><t>{text}</t>' in sheet
    assert "<v>12.50</v>" in sheet
    assert "<f>" not in sheet


def test_rows_are_counted_in_words():
    said = [paging.rows_summary(count) for count in (0, 1, 1234, paging.COUNTED + 1)]
    assert said == ["0 rows", "1 row", "1,234 rows", "10,000+ rows"]


def test_a_sort_key_reads_its_value_along_a_path_that_may_break_off():
    key = paging.SortKey("vendor__name", descending=False, nullable=True)
    assert key.of(SimpleNamespace(vendor=SimpleNamespace(name="Acme"))) == "Acme"
    assert key.of(SimpleNamespace(vendor=None)) is None
