"""No page of plain records, setup or administration is open to somebody who has not logged in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

NAMESPACES = {"customers", "vendors", "locations", "accounts", "periods", "company", "admin"}
OPEN = {"/admin/login/"}


def addresses() -> Iterator[str]:
    """Every address of these namespaces, made with 1 for each of its arguments."""
    for outer in get_resolver().url_patterns:
        if isinstance(outer, URLResolver) and outer.namespace in NAMESPACES:
            yield from _inside(outer, outer.namespace)
    yield reverse("preferences")


def _inside(resolver: URLResolver, namespace: str) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _inside(pattern, namespace)
        elif pattern.name == "app_list":
            yield reverse("admin:app_list", args=["items"])
        elif pattern.name:
            arguments = dict.fromkeys(pattern.pattern.converters, 1)
            yield reverse(f"{namespace}:{pattern.name}", kwargs=arguments)


@pytest.mark.django_db
def test_a_stranger_is_sent_to_log_in(stranger: Client):
    walked = set(addresses()) - OPEN
    assert len(walked) > 60
    for url in walked:
        for answer in (stranger.get(url), stranger.post(url)):
            assert answer.status_code == 302, url
            assert "/login/" in answer.url, url


def test_an_ordinary_user_is_kept_out_of_the_admin(client: Client):
    answer = client.get("/admin/items/item/")
    assert answer.status_code == 302
    assert "/admin/login/" in answer.url
