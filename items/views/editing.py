"""Entering, editing and inactivating items."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views import View

from company.models import Company
from items.forms import (
    FIELDSETS,
    ItemForm,
    OpeningFormSet,
    level_formset,
    opening_formset,
)
from items.models import Item
from items.refusals import Refused
from transactions.posting import post


class NewItem(View):
    """A new item and, if some of it is there already, its opening quantity (R1b)."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, ItemForm(), opening_formset(Company.current()))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ItemForm(request.POST)
        opening = opening_formset(Company.current(), request.POST)
        if all([form.is_valid(), opening.is_valid()]):
            item = form.save()
            if self._bring_in(item, opening):
                messages.success(request, f"{item} is saved.")
                return redirect(item)
        return self._page(request, form, opening)

    def _bring_in(self, item: Item, opening: OpeningFormSet) -> bool:
        """Post the opening quantity; if that is refused, the item is not kept either."""
        if not opening.filled:
            return True
        company = Company.current()
        lines = [form.line(item, company) for form in opening.filled]
        try:
            post(opening.document(company), lines, by=self.request.user)
        except Refused as refused:
            _forget(item)
            opening.refuse(refused.refusals)
            return False
        return True

    def _page(self, request: HttpRequest, form: ItemForm, opening: OpeningFormSet) -> HttpResponse:
        context = {
            "title": "New Item",
            "form": form,
            "formset": opening,
            "opening_account": Company.current().opening_balance_account,
            "fieldsets": FIELDSETS,
            "cancel_url": "/items/",
        }
        return render(request, "items/new.html", context)


@transaction.atomic
def _forget(item: Item) -> None:
    """Take back an item that was saved a moment ago, as if it had never been."""
    versions = Item.history.filter(id=item.pk)
    item.delete()
    versions.delete()


class EditItem(View):
    """The item's fields and, with MLI, the levels of each active location."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._answer(request, get_object_or_404(Item, pk=pk), None)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._answer(request, get_object_or_404(Item, pk=pk), request.POST)

    def _answer(self, request: HttpRequest, item: Item, data: Any) -> HttpResponse:
        name = item.name  # the form writes what was typed into the item
        form = ItemForm(data, instance=item)
        by_location = Company.current().multi_location_inventory
        levels = level_formset(item, data) if by_location else None
        if form.is_valid() & (levels is None or levels.is_valid()):
            with transaction.atomic():
                form.save()
                if levels is not None:
                    levels.save()
            messages.success(request, f"{item} is saved.")
            return redirect(item)
        context = {
            "title": f"Edit {name}",
            "form": form,
            "formset": levels,
            "fieldsets": FIELDSETS,
            "cancel_url": item.get_absolute_url(),
        }
        return render(request, "items/edit.html", context)


class Activity(View):
    """Asks before an item is made inactive or active again, then does it (SPEC §6.6)."""

    inactive = True

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        item = get_object_or_404(Item.objects.with_quantities(), pk=pk)
        verb = "Inactivate" if self.inactive else "Reactivate"
        context = {"title": f"{verb} {item}", "verb": verb, "item": item, "left": remaining(item)}
        return render(request, "items/activity.html", context)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        item = get_object_or_404(Item, pk=pk)
        item.inactive = self.inactive
        item.save()
        messages.success(request, f"{item} is {'inactive' if self.inactive else 'active again'}.")
        return redirect(item)


def remaining(item: Item) -> list[tuple[str, Any]]:
    """What of an item is still about, by name; nothing if it can go quietly."""
    quantities = [
        ("on hand", item.on_hand),
        ("committed", item.committed),
        ("on order", item.on_order),
        ("picked", item.picked),
    ]
    return [(name, quantity) for name, quantity in quantities if quantity]
