"""What the other tests stand on."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.db import DatabaseError, transaction

from accounting.models import JournalEntry
from company.models import Company


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_a_flush_empties_the_ledger_and_leaves_a_furnished_database(turn):
    assert Company.current().default_location
    assert not JournalEntry.objects.exists()
    entry = JournalEntry.objects.create(date=date(2026, 11, 1))
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        entry.delete()


def test_pages_are_for_those_who_logged_in(client, stranger):
    assert stranger.get("/").headers["Location"] == "/login/?next=/"
    assert client.get("/").status_code == 200


def test_the_policy_allows_no_inline_code(stranger):
    policy = stranger.get("/login/").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def test_static_files_can_be_collected_under_hashed_names(tmp_path, settings):
    manifest = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": manifest}}
    settings.STATIC_ROOT = tmp_path
    call_command("collectstatic", interactive=False, verbosity=0)
    hashed = staticfiles_storage.stored_name("css/bootstrap.min.css")
    assert re.fullmatch(r"css/bootstrap\.min\.\w{12}\.css", hashed)
