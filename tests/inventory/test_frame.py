"""The frame of every page: what a stranger sees, and what is shown when something goes wrong."""

import pytest
from django.template.loader import render_to_string
from django.test import Client


def test_the_log_in_page_shows_the_product_and_nothing_of_the_company(db, stranger):
    html = stranger.get("/login/").content.decode()
    assert "Serialbook" in html
    assert 'name="username"' in html
    assert "<nav" not in html
    assert "global-search" not in html


def test_a_stranger_is_asked_to_log_in_and_comes_back_to_the_page(user, stranger):
    asked = stranger.get("/preferences/")
    assert asked.url == "/login/?next=/preferences/"
    answer = stranger.post(asked.url, {"username": "robin", "password": "secret",
                                       "next": "/preferences/"})  # fmt: skip
    assert answer.url == "/preferences/"


def test_one_logs_out_by_a_form_and_not_by_a_link(client):
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/").url == "/login/"
    assert client.get("/").status_code == 302


def test_a_missing_page_says_so_inside_the_frame(client, stranger):
    answer = client.get("/no/such/page/")
    assert answer.status_code == 404
    assert "There is no such page" in answer.content.decode()
    assert "global-search" in answer.content.decode()
    assert "global-search" not in stranger.get("/no/such/page/").content.decode()


def test_a_form_without_its_token_is_refused_in_words(user):
    checking = Client(enforce_csrf_checks=True)
    answer = checking.post("/login/", {"username": "robin", "password": "secret"})
    assert answer.status_code == 403
    assert "This page was open too long" in answer.content.decode()


@pytest.mark.parametrize("template", ["400.html", "500.html"])
def test_the_pages_of_last_resort_need_neither_database_nor_context(template):
    assert "Nothing was saved" in render_to_string(template)


def test_a_page_has_its_landmarks_a_skip_link_and_one_heading(client):
    html = client.get("/preferences/").content.decode()
    for landmark in ('<main id="content"', '<nav id="menus"', 'role="search"'):
        assert html.count(landmark) == 1
    assert html.index('class="skip-link"') < html.index("<header")
    assert html.count("<h1") == 1
    assert "style=" not in html
    assert "onclick" not in html
