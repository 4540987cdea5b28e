"""The pages of customers and vendors: what one bought, what the other supplied."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.template.defaultfilters import linebreaksbr
from django.urls import reverse_lazy
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from inventory.listing import Listing, ListingView
from inventory.records import EditRecord, NewRecord, RecordPage
from items import numbers
from items.models import SerialUnit
from parties.filters import DocumentFilter, PartyFilter
from parties.forms import CustomerForm, VendorForm
from parties.models import Customer, Vendor
from parties.tables import (
    BoughtTable,
    DocumentTable,
    PartyTable,
    SuppliedTable,
    VendorDocumentTable,
)
from reports import profit
from transactions import histories
from transactions.models import StockMoveQuerySet
from users import access


class PartyList(ListingView):
    table = PartyTable
    filters = PartyFilter
    search = ("name", "email", "phone", "address")
    search_hint = "Name, e-mail, phone or address"


class CustomerList(PartyList):
    title = "Customers"
    description = "Whom we sell to."
    new_url = reverse_lazy("customers:new")
    new_label = "New Customer"
    empty = {"title": "No customers yet", "text": "Enter the first one to be able to sell."}

    def rows(self) -> QuerySet[Customer]:
        return Customer.objects.all()


class VendorList(PartyList):
    title = "Vendors"
    description = "Whom we buy from."
    new_url = reverse_lazy("vendors:new")
    new_label = "New Vendor"
    empty = {"title": "No vendors yet", "text": "Enter the first one to be able to buy."}

    def rows(self) -> QuerySet[Vendor]:
        return Vendor.objects.all()


class NewCustomer(NewRecord):
    model = Customer
    form_class = CustomerForm


class EditCustomer(EditRecord):
    model = Customer
    form_class = CustomerForm


class NewVendor(NewRecord):
    model = Vendor
    form_class = VendorForm


class EditVendor(EditRecord):
    model = Vendor
    form_class = VendorForm


class PartyPage(RecordPage):
    """A party: how to reach it, the serial numbers between us, and its documents."""

    tabs = (("serials", "Serial Numbers"), ("transactions", "Transactions"))

    documents: type[DocumentTable] = DocumentTable

    def facts(self) -> list[tuple[Any, ...]]:
        party = self.object
        return [
            ("E-mail", _breakable(party.email), party.email and f"mailto:{party.email}"),
            ("Phone", party.phone),
            ("Address", linebreaksbr(party.address)),
        ]

    def serials_listing(self) -> Listing:
        raise NotImplementedError

    def transactions_listing(self) -> Listing:
        return Listing(
            self.request,
            self.object.transactions.visible_to(access.of(self.request.user)),
            self.documents,
            DocumentFilter,
            title="Transactions",
            search=("number", "reference", "memo"),
            search_hint="Number, reference or memo",
            empty={"title": "No transactions yet"},
        )

    def serial_numbers(self, rows: StockMoveQuerySet, table: Any, empty: str) -> Listing:
        places = access.of(self.request.user).places
        if places:
            rows = rows.filter(unit__in=SerialUnit.objects.within(places).values("pk"))
        return Listing(
            self.request,
            rows.select_related("unit", "item"),
            table,
            title="Serial Numbers",
            order=("-date", "number"),
            search=search_serials,
            search_hint="Serial number or item",
            empty={"title": "No serial numbers yet", "text": empty},
        )


def _breakable(address: str) -> SafeString:
    """An e-mail address that a narrow place breaks between its parts."""
    return mark_safe(escape(address).replace("@", "@<wbr>").replace(".", "<wbr>."))  # noqa: S308


class CustomerPage(PartyPage):
    model = Customer

    def serials_listing(self) -> Listing:
        bought = profit.sales().filter(line__transaction__customer=self.object)
        text = "The units shipped to this customer will be listed here."
        return self.serial_numbers(bought, BoughtTable, text)


class VendorPage(PartyPage):
    model = Vendor
    documents = VendorDocumentTable

    def serials_listing(self) -> Listing:
        supplied = histories.arrivals().filter(line__transaction__vendor=self.object)
        text = "The units received from this vendor will be listed here."
        return self.serial_numbers(supplied, SuppliedTable, text)


def search_serials(rows: StockMoveQuerySet, text: str) -> StockMoveQuerySet:
    """The moves of units whose number begins with the text, or of items that have it in a name."""
    begins = Q(unit__number_key__startswith=numbers.key(text))
    return rows.filter(begins | Q(item__name__icontains=text))
