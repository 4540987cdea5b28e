"""The pages of imports: what they offer, refuse and hand out."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from imports import forms, kinds, uploads
from imports.models import Import
from imports.reading import read

ROWS = [["Item", "Location", "Serial Number", "Unit Cost"], ["HT9000", "MAIN", "A1", "600"]]
NEW = "/setup/import/new/"


@pytest.mark.parametrize("kind", [kind.name for kind in kinds.all_kinds()])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_template_has_the_headings_of_its_kind(desk, client, kind, form):
    response = client.get(f"/setup/import/template/{kind}.{form}")
    assert f".{form}" in response["Content-Disposition"]
    (row,) = read(response.content)
    about = kinds.get(kind)
    assert row.cells == [column.label for column in about.columns]
    assert about.known_headings(row.cells) == len(about.columns)
    file = desk.check(kind, response.content, f"empty.{form}")
    assert (file.status, file.problem) == ("wrong", "There are no rows below the headings.")


def test_a_template_keeps_what_is_typed_as_text(client):
    content = client.get("/setup/import/template/opening_stock.xlsx").content
    import zipfile

    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert 'numFmtId="49"' in book.read("xl/styles.xml").decode()


def test_there_is_no_template_of_what_is_no_kind(client):
    assert client.get("/setup/import/template/nothing.csv").status_code == 404


def send(client: Client, **data):
    form = client.get(NEW).context["form"]
    given = {
        "kind": "opening_stock",
        "date": "2026-11-23",
        "request_id": str(form["request_id"].value()),
        "file": SimpleUploadedFile("stock.csv", b"Item,Unit Cost\n"),
    }
    return client.post(NEW, {k: v for k, v in (given | data).items() if v is not None})


def test_what_is_missing_or_wrong_is_said_at_its_field(desk, client):
    assert send(client).status_code == 302
    for change, message in (
        ({"file": None}, "This field is required."),
        ({"file": SimpleUploadedFile("x.csv", b"")}, "The submitted file is empty."),
        ({"kind": "cats"}, "cats is not one of the available choices."),
        ({"date": "2026-11-24"}, "The date lies in the future."),
    ):
        response = send(client, **change)
        assert response.status_code == 200
        (name,) = change
        assert message in str(response.context["form"].errors[name])
    assert Import.objects.count() == 1


def test_a_file_that_is_too_large_is_refused_in_words_and_never_kept(desk, client, monkeypatch):
    content = b"x" * 5_000
    monkeypatch.setattr(forms, "MOST_BYTES", 5_000)
    assert send(client, file=SimpleUploadedFile("a.csv", content)).status_code == 302
    too_large = send(client, file=SimpleUploadedFile("a.csv", content + b"x"))
    assert too_large.context["form"].errors["file"] == [forms.TOO_LARGE]
    # So large that it is passed by while it comes in.
    monkeypatch.setattr(uploads, "MOST_BYTES", 0)
    monkeypatch.setattr(uploads, "FORM", 2_000)
    passed_by = send(client, file=SimpleUploadedFile("a.csv", content))
    assert passed_by.context["form"].errors["file"] == [forms.TOO_LARGE]
    assert Import.objects.count() == 1


def test_the_file_is_handed_out_as_it_came_under_its_own_name(desk, client, ht9000):
    file = desk.bring_in("opening_stock", ROWS, "Bestände “neu”.csv")
    response = client.get(f"/setup/import/{file.pk}/file/")
    assert b"HT9000,MAIN,A1,600" in response.content
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''Best")


def test_unknown_columns_are_named_on_the_page(desk, ht9000):
    file = desk.check("opening_stock", [[*ROWS[0], "Colour"], [*ROWS[1], "red"]])
    assert "The column “Colour” is not used." in desk.page(file)
    missing = desk.check("opening_stock", [["Item", "Serial"], ["HT9000", "A1"]])
    assert "The columns Unit Cost and Location are missing." in desk.page(missing)


def test_the_list_shows_what_became_of_each_file(desk, client, ht9000, queries_of):
    assert "Nothing was imported yet" in client.get("/setup/import/").content.decode()
    desk.bring_in("opening_stock", ROWS)
    few = queries_of("/setup/import/")
    for n in range(5):
        desk.check("opening_stock", [ROWS[0], ["HT9000", "MAIN", f"B{n}", "1"]], f"b{n}.csv")
    page = client.get("/setup/import/").content.decode()
    assert page.count("Ready to Import") >= 5
    assert queries_of("/setup/import/") == few


def test_strangers_see_nothing(desk, stranger, ht9000):
    file = desk.hand_in("opening_stock", ROWS)
    for address in ("", "new/", f"{file.pk}/", f"{file.pk}/file/", "template/items.csv"):
        assert stranger.get(f"/setup/import/{address}").status_code == 302
    for verb in ("confirm", "check", "discard"):
        assert stranger.post(f"/setup/import/{file.pk}/{verb}/").url.startswith("/login/")
    assert Import.objects.count() == 1


@pytest.mark.parametrize("verb", ["confirm", "check", "discard"])
def test_a_link_changes_nothing(desk, client, ht9000, verb):
    file = desk.hand_in("opening_stock", ROWS)
    assert client.get(f"/setup/import/{file.pk}/{verb}/").status_code == 405


def test_the_number_of_statements_of_the_page_does_not_grow(desk, ht9000, queries_of):
    few = desk.check("opening_stock", [ROWS[0], *(["X", "MAIN", f"B{n}", "1"] for n in range(3))])
    many = desk.check("opening_stock", [ROWS[0], *(["X", "MAIN", f"C{n}", "1"] for n in range(45))])
    assert queries_of(few.get_absolute_url()) == queries_of(many.get_absolute_url())
