"""A double click, or Back and the button again: the very same form, sent twice, is done once.

Of every kind of document: the new one, each step, the change, the correction and the void.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.messages import ERROR, get_messages
from django.test import Client

from company.models import Company
from items.models import Item, SerialUnit
from tests.books import Books
from tests.every_kind import Desk
from tests.factories import CustomerFactory, VendorFactory
from tests.pages import FormPage
from tests.robustness.pages import Form, forms_of
from transactions import types
from transactions.models import Posting, StockMove, Transaction
from transactions.types import Kind

KINDS = [kind.name for kind in types.all_kinds()]
CORRECTED = [kind.name for kind in types.all_kinds() if kind.posts]
# What each must be given beyond what is proposed, where it comes from no document.
ALONE: dict[str, dict[str, str]] = {
    "purchase_order": {"entry__quantity": "2"},
    "sales_order": {"entry__quantity": "2"},
    "transfer_order": {"entry__quantity": "2", "entry__serials": "A1 A2"},
    "inventory_transfer": {"entry__quantity": "2", "entry__serials": "A1 A2"},
    "inventory_adjustment": {
        "entry__quantity": "2", "entry__serials": "B1 B2", "entry__rate": "600",
    },
    "invoice": {"entry__quantity": "2", "entry__serials": "A1 A2"},
    "cash_sale": {"entry__quantity": "2", "entry__serials": "A1 A2"},
    "vendor_bill": {"entry__quantity": "2", "entry__serials": "B1 B2", "entry__rate": "600"},
}  # fmt: skip


@pytest.fixture
def desk(books: Books, place: SimpleNamespace, ht9000: Item) -> Desk:
    return Desk(books, ht9000, place)


def written() -> tuple[int, ...]:
    return tuple(m.objects.count() for m in (Transaction, Posting, StockMove, SerialUnit))


def twice(page: FormPage, action: str) -> str:
    """Press a button twice on the same page; where both lead, and nothing is written again."""
    sent = page.response
    page.press(action)
    assert page.response.status_code == 302, page.text
    address, before = page.leads_to, written()
    page.response = sent
    page.press(action)
    assert page.response.status_code == 302, page.text
    assert page.leads_to == address
    assert written() == before
    return address


@pytest.mark.parametrize("name", [n for n in KINDS if types.get(n).parents or n not in ALONE])
def test_a_new_document(client: Client, desk: Desk, name: str):
    page = fill_in(client, desk, types.get(name))
    count = Transaction.objects.of(name).count()
    address = twice(page, "save")
    assert Transaction.objects.of(name).count() == count + 1
    assert Transaction.objects.of(name).latest("id").get_absolute_url() == address


def fill_in(client: Client, desk: Desk, kind: Kind) -> FormPage:
    """The page of a new document, ready to be saved: from its parent, or by itself."""
    new = f"/transactions/{kind.slug}/new/"
    document = desk.document(kind.name)
    if kind.name == "journal_entry":
        return rewritten(client, document, new)
    undo(desk.books, document)
    if kind.name == "inventory_count":
        page = FormPage(client, new)
        page.fill(entry__item=desk.item.name).press("add-item")
        return page
    if kind.name == "serial_number_correction":
        unit = SerialUnit.objects.get(item=desk.item, number="A1")
        return FormPage(client, f"{new}?unit={unit.pk}").fill(right="A7", memo="misread")
    origin = document.created_from or document.settles.get().document
    page = FormPage(client, f"{new}?from={origin.pk}")
    for field in page.fields:
        if field[0].endswith("-serials") and not field[1].strip():
            field[1] = "A1 A2"
        elif field[0] == "account" and not field[1]:
            field[1] = str(document.account_id)
    return page


def rewritten(client: Client, document: Transaction, new: str) -> FormPage:
    """A new document's page, with what a posted one's form of correction holds."""
    page, filled = FormPage(client, new), FormPage(client, f"{document.get_absolute_url()}correct/")
    for field in page.fields:
        if field[0] not in ("request_id", "csrfmiddlewaretoken"):
            field[1] = filled.value(field[0])
    return page


def undo(books: Books, document: Transaction) -> None:
    """Void a document, after all that was made from it or paid it."""
    for child in [*document.children.live(), *(p.payment for p in document.settled_by.all())]:
        undo(books, child)
    document.refresh_from_db()
    if not document.is_voided:
        books.void(document)


@pytest.mark.parametrize("name", ALONE)
def test_a_new_document_with_its_line_still_in_the_entry_row(client, desk, name: str):
    kind = types.get(name)
    if name not in ("inventory_adjustment", "vendor_bill"):
        desk.item_receipt()
    page = FormPage(client, f"/transactions/{kind.slug}/new/")
    page.fill(entry__item=desk.item.name).press("enter")
    values = {
        "vendor": VendorFactory(name="Acme").pk,
        "customer": CustomerFactory(name="Maple").pk,
        "to_location": desk.place.east.pk,
        "account": desk.books.account("1010").pk,
    }
    for field, value in values.items():
        if any(known == field for known, _ in page.fields) and not page.value(field):
            page.fill(**{field: str(value)})
    address = twice(page.fill(**ALONE[name]), "save")
    assert Transaction.objects.of(name).latest("id").get_absolute_url() == address


# Where a document begins for all of its steps to be before it.
BEGUN: dict[str, dict[str, Any]] = {
    "purchase_order": {"approve_purchase_orders": True},
    "sales_order": {"approve_sales_orders": True},
    "transfer_order": {},
    "return_authorization": {},
    "vendor_return_authorization": {},
    "item_fulfillment": {},
    "transfer_shipment": {},
    "inventory_count": {},
}


@pytest.mark.parametrize("name", BEGUN)
def test_each_step(client: Client, desk: Desk, name: str):
    Company.objects.update(**BEGUN[name])
    if name == "item_fulfillment":
        document = desk.books.fulfill(desk.sales_order(), "A1 A2", to="picked")
    elif name == "transfer_shipment":
        document = desk.books.make(name, desk.transfer_order(), "A1 A2", status="picked")
    else:
        document = desk.document(name)
    taken: set[str] = set()
    while form := step_form(client, document):
        fresh = [button for button in form.buttons if button.value not in taken]
        if not fresh:
            break  # the rest leads back to where it has been
        press_twice(client, form, fresh[-1], document)
        taken.add(fresh[-1].value)
    assert taken


def step_form(client: Client, document: Transaction) -> Form | None:
    page = document.get_absolute_url()
    forms = forms_of(page, client.get(page).content.decode())
    return next((form for form in forms if form.action.endswith("/advance/")), None)


def press_twice(client: Client, form: Form, button: Any, document: Transaction) -> None:
    data, before = form.data({}, button), written()
    for _ in range(2):
        answer = client.post(form.address, data)
        assert answer.url == document.get_absolute_url()
        assert not [m for m in get_messages(answer.wsgi_request) if m.level >= ERROR]
    assert written()[1] == before[1] + 1  # postings


@pytest.mark.parametrize("name", KINDS)
def test_a_void(client: Client, desk: Desk, name: str):
    document = desk.document(name)
    for child in [*document.children.live(), *(p.payment for p in document.settled_by.all())]:
        undo(desk.books, child)
    page = f"{document.get_absolute_url()}void/"
    form = next(f for f in forms_of(page, client.get(page).text) if f.address == page)
    data = {**form.data({}, None), "why": "a mistake"}
    assert client.post(page, data).url == document.get_absolute_url()
    before = written()
    answer = client.post(page, data)
    assert answer.status_code == 302
    assert answer.url == document.get_absolute_url()
    assert written() == before


@pytest.mark.parametrize("name", CORRECTED)
def test_a_correction(client: Client, desk: Desk, name: str):
    document = desk.document(name)
    for child in [*document.children.live(), *(p.payment for p in document.settled_by.all())]:
        undo(desk.books, child)
    page = FormPage(client, f"{document.get_absolute_url()}correct/")
    address = twice(page.fill(why="a mistake"), "save")
    document.refresh_from_db()
    assert document.corrected_by.get_absolute_url() == address


def test_a_change_that_closes_an_order(client: Client, desk: Desk):
    order = desk.purchase_order()
    page = FormPage(client, f"{order.get_absolute_url()}edit/")
    page.press("close-line:1")
    assert twice(page, "save") == order.get_absolute_url()
