"""Entering, editing and inactivating items."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db import IntegrityError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import cached_property
from django.views import View

from company.models import Company, UserPreference
from inventory.ids import uuid_in
from inventory.meanwhile import Forms
from inventory.records import EditRecord, made_before, point_to_namesake
from items.forms import (
    FIELDSETS,
    ItemForm,
    LevelFormSet,
    OpeningFormSet,
    level_formset,
    opening_formset,
)
from items.models import Item, ItemLocation
from items.refusals import Refused
from items.views.opening import OpeningBoxes, sent
from transactions.posting import Joined, already_done, together
from users import access
from users.roles import CREATE


class NewItem(View):
    """A new item and, if some of it is there already, its opening quantity (R1b)."""

    def get(self, request: HttpRequest) -> HttpResponse:
        form = ItemForm(sees_cost=access.of(request.user).sees_cost)
        return self._page(request, form, opening_for(request))

    def post(self, request: HttpRequest) -> HttpResponse:
        data = sent(request)
        opening = opening_for(request, data)
        boxes = OpeningBoxes(data, opening)
        if boxes.is_asked:
            return self._tend(request, boxes, opening)
        form = ItemForm(data, sees_cost=access.of(request.user).sees_cost)
        item = None
        if all([form.is_valid(), opening.is_valid()]):
            try:
                item = together(partial(self._save, form, opening))
            except Refused as refused:
                opening.refuse(refused.refusals)
            except IntegrityError:  # of two clicks at once, the other came first
                form = ItemForm(data, sees_cost=access.of(request.user).sees_cost)
                if form.is_valid():
                    raise
        if item := item or self._made_before(form, opening):
            messages.success(request, f"{item} is saved.")
            return redirect(item)
        point_to_namesake(form, "name")
        return self._page(request, form, opening)

    def _made_before(self, form: ItemForm, opening: OpeningFormSet) -> Item | None:
        """The item this very form has made, by a double click or after Back.

        With an opening quantity the request must be the one that posted it: typed for an item that
        is there already, it would be lost.
        """
        if form.is_valid() or not opening.is_valid():
            return None
        if opening.filled and not already_done(self.request_id):
            return None
        made: Item | None = made_before(form)
        return made

    @property
    def request_id(self) -> UUID:
        return uuid_in(self.request.POST.get("request_id")) or uuid4()

    def _tend(
        self, request: HttpRequest, boxes: OpeningBoxes, opening: OpeningFormSet
    ) -> HttpResponse:
        """Do what a button of a box says; nothing is saved, and nothing else judged yet."""
        boxes.tend()
        if request.htmx:  # type: ignore[attr-defined]
            return render(request, "transactions/checked.html", {"box": boxes.tended})
        for form in opening:  # with the numbers as they are by now
            boxes.data[f"{form.box.key}-serials"] = form.box.text
        shown = opening_for(request, boxes.data)
        for form, old in zip(shown, opening, strict=True):
            form.box = old.box
        return self._page(request, ItemForm(initial=boxes.data.dict()), shown)

    def _save(self, form: ItemForm, opening: OpeningFormSet, post: Joined) -> Item:
        """The item and its opening quantity, both or neither. Raises Refused."""
        item: Item = form.save()
        if opening.filled:
            company = Company.current()
            lines = [line.line(item, company) for line in opening.filled]
            document = opening.document(company)
            post(document, lines, by=self.request.user, request_id=self.request_id)
        return item

    def _page(self, request: HttpRequest, form: ItemForm, opening: OpeningFormSet) -> HttpResponse:
        context = {
            "title": "New Item",
            "request_id": self.request_id,
            "form": form,
            "formset": opening,
            "opening_account": Company.current().opening_balance_account,
            "fieldsets": FIELDSETS,
            "cancel_url": "/items/",
            "scanner": UserPreference.of(request.user),
        }
        return render(request, "items/new.html", context)


def opening_for(request: HttpRequest, data: Any = None) -> OpeningFormSet:
    """The opening quantities, for those who may adjust stock and see what it costs."""
    who = access.of(request.user)
    may = who.sees_cost and who.may("inventory_adjustment", CREATE)
    return opening_formset(Company.current(), data, may_adjust=may)


class EditItem(EditRecord):
    """The item's fields and, with MLI, the levels of each active location."""

    model = Item
    form_class = ItemForm
    template_name = "items/edit.html"
    fieldsets = FIELDSETS

    @cached_property
    def levels(self) -> LevelFormSet | None:
        if not Company.current().multi_location_inventory:
            return None
        data = self.request.POST if self.request.method == "POST" else None
        return level_formset(self.object, data, sees_cost=access.of(self.request.user).sees_cost)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "sees_cost": access.of(self.request.user).sees_cost}

    def forms(self, form: BaseForm) -> Forms:
        return {"": form, **{f"{line.instance.location}: ": line for line in self.levels or ()}}

    def parts(self) -> list[ItemLocation]:
        return [row for row in self.levels.rows if row.pk] if self.levels else []

    def form_valid(self, form: Any) -> HttpResponse:
        if self.levels is not None and not self.levels.is_valid():
            return self.form_invalid(form)
        answer = super().form_valid(form)
        if self.levels is not None and not self.meanwhile:
            self.levels.save()
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"formset": self.levels, **kwargs})


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
