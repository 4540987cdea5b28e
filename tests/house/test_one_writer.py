"""Posting alone writes stock and books (DESIGN §1, §5)."""

from __future__ import annotations

import ast

import pytest
from django.contrib import admin
from django.test import RequestFactory

from accounting.models import JournalEntry, JournalLine
from items.models import ItemLocation, SerialUnit
from tests.house import one_writer
from tests.house.sources import modules
from transactions.models import Posting, StockMove

WRITERS = {
    # Makes a company of a million units in an empty database, where posting would take a day.
    # What it writes is what posting would have: tests/demo/test_volume.py has it audited.
    "demo/volume/writer.py",
    "inventory/sets.py",
    "transactions/balances.py",
    "transactions/commitment.py",
    "transactions/posting/amend.py",
    "transactions/posting/new.py",
    "transactions/posting/step.py",
    "transactions/posting/undo.py",
    "transactions/posting/work.py",
    "transactions/ledger.py",
}


def test_nothing_but_posting_writes_stock_or_books():
    found = [
        f"{path}:{line}: {words}"
        for path, tree in modules()
        if path not in WRITERS
        for line, words in one_writer.offenders(tree)
    ]
    assert not found, "\n".join(found)


def test_the_checker_sees_posting_write():
    written = {path for path, tree in modules() if one_writer.offenders(tree)}
    assert "transactions/posting/work.py" in written


@pytest.mark.parametrize(
    "code",
    [
        "SerialUnit.objects.create(item=item)",
        "models.SerialUnit.objects.filter(pk=1).update(status='sold')",
        "item.units.all().delete()",
        "item.units.on_hand().update(location=None)",
        "SerialUnit.objects.filter(pk=1).update(memo='', status='sold')",
        "unit = SerialUnit.objects.get(pk=1)\nunit.memo = ''\nunit.save()",
        "if unit := SerialUnit.objects.first():\n    unit.delete()",
        "for unit in SerialUnit.objects.on_hand():\n    unit.save()",
        "[move.delete() for move in StockMove.objects.all()]",
        "def forget(unit: SerialUnit | None) -> None:\n    unit.delete()",
        "SerialUnit(number='A1').save()",
        "JournalLine.objects.bulk_create(lines)",
        "posting.entry.lines.all().delete()",
        "document.postings.get_or_create(step='x')",
        "sets.update(SerialUnit, ('status',), rows)",
        "sets.insert(StockMove, columns, rows, ('id',))",
        "ItemLocation.objects.filter(item=1).update(on_hand=3)",
        "ItemLocation.objects.update_or_create(item=1, defaults={'committed': 1})",
        "row = item.item_locations.get()\nrow.on_hand += 1\nrow.save()",
        "ItemLocation.objects.all().delete()",
        "cursor.execute('UPDATE items_serialunit SET status = 1')",
        "cursor.execute(f'DELETE FROM accounting_journalline WHERE id = {pk}')",
        "class UnitForm(ModelForm):\n    class Meta:\n        model = SerialUnit",
    ],
)
def test_the_checker_finds(code: str):
    assert one_writer.offenders(ast.parse(code))


@pytest.mark.parametrize(
    "code",
    [
        "SerialUnit.objects.filter(pk=1).values('number')",
        "SerialUnit(number='A1').full_clean()",
        "SerialUnit.objects.filter(pk=1).update(memo='Scratched')",
        "item = form.save()",
        "unit = SerialUnit.objects.get()\nunit = form.instance\nunit.save()",
        "facts = {}\nfacts.update(units=SerialUnit.objects.count())",
        "row = item.item_locations.get()\nrow.reorder_point = 2\nrow.save()",
        "ItemLocation.objects.filter(pk=1).update(reorder_point=3)",
        "sets.ids(values)",
        "cursor.execute('SELECT 1 FROM items_serialunit')",
        "'CREATE TRIGGER t BEFORE UPDATE ON items_serialunit'",
        "class Units(Table):\n    class Meta:\n        model = SerialUnit",
    ],
)
def test_the_checker_lets_pass(code: str):
    assert not one_writer.offenders(ast.parse(code))


@pytest.mark.parametrize(
    "model", [SerialUnit, ItemLocation, StockMove, Posting, JournalLine, JournalEntry]
)
def test_the_admin_site_only_shows_what_posting_writes(model, administrator):
    request = RequestFactory().get("/admin/")
    request.user = administrator
    page = admin.site._registry.get(model)
    allowed = page and (
        page.has_add_permission(request)
        or page.has_change_permission(request)
        or page.has_delete_permission(request)
    )
    assert not allowed
