"""One page shape for every plain record: its form, and its own page with facts and subtabs.

A record's addresses are `<namespace>:list`, `:new`, `:view` and `:edit`; the namespace is that of
the request, so a view needs to name its model and its form, and no addresses.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.messages.views import SuccessMessageMixin
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.functional import cached_property
from django.utils.timezone import localtime
from django.views.generic import CreateView, DetailView, UpdateView
from django.views.generic.edit import ModelFormMixin

from inventory.system_notes import system_notes
from users import access, gates

NOTES = "notes"
STALE = (
    "{by} changed this record at {at:%H:%M}, after you had opened this page; its System Notes say "
    "what. What you entered is still here: save again, and it takes the place of that."
)


def record_label(model: type[Model]) -> str:
    """What a page calls a record of the model: "Accounting Period"."""
    return str(model._meta.verbose_name).title()


class RecordForm(SuccessMessageMixin, ModelFormMixin):
    """What the new and the edit page of a record have in common."""

    template_name = "record_form.html"
    success_message = "%(record)s is saved."
    fieldsets: Sequence[tuple[str, Sequence[str]]] = ()

    def get_success_message(self, cleaned_data: dict[str, Any]) -> str:
        return self.success_message % {"record": self.object}  # type: ignore[attr-defined]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(fieldsets=self.fieldsets, **kwargs)


class NewRecord(RecordForm, CreateView):
    """Enters a record: "New Vendor"."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = {
            "title": f"New {record_label(self.model)}",
            "cancel_url": reverse(f"{self.request.resolver_match.namespace}:list"),
        }
        return super().get_context_data(**{**words, **kwargs})


class EditRecord(RecordForm, UpdateView):
    """Changes a record: "Edit Acme"."""

    def get_object(self, queryset: Any = None) -> Any:
        record = super().get_object(queryset)
        self.title = f"Edit {record}"  # now: the form writes what was typed into the record
        return record

    def form_valid(self, form: Any) -> Any:
        """Save, unless somebody else has since the page was opened; they are told who."""
        with transaction.atomic():
            self.model._base_manager.select_for_update().get(pk=self.object.pk)
            latest, read = self.object.history.first(), self.request.POST.get("read", "")
            if read and latest and str(latest.history_id) != read:
                by = latest.history_user.get_username() if latest.history_user else "System"
                form.add_error(None, STALE.format(by=by, at=localtime(latest.history_date)))
                return self.form_invalid(form)
            return super().form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        latest = self.object.history.first()
        words = {
            "title": self.title,
            "cancel_url": self.object.get_absolute_url(),
            "read": latest.history_id if latest else "",
        }
        return super().get_context_data(**{**words, **kwargs})


class RecordPage(DetailView):
    """A record: what is known of it, and subtabs, the last of them its System Notes.

    `tabs` are (key, label); the subtab of a key shows the Listing that the method `<key>_listing`
    gives. Subclasses say the `facts` at the top and may extend the template (record.html).
    """

    template_name = "record.html"
    tabs: Sequence[tuple[str, str]] = ()

    def facts(self) -> list[tuple[Any, ...]]:
        """(label, value) or (label, value, address) of the record's fields."""
        return []

    @cached_property
    def tab(self) -> str:
        keys = [*dict(self.tabs), NOTES]
        asked = self.request.GET.get("tab", "")
        return asked if asked in keys else keys[0]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.object = self.get_object()
        listing = None if self.tab == NOTES else getattr(self, f"{self.tab}_listing")()
        if listing and (answer := listing.response()):
            return answer
        page = self.render_to_response(self.get_context_data(listing=listing))
        patch_vary_headers(page, ["HX-Request", "HX-Target"])
        return page

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        tabs, who = [*self.tabs, (NOTES, "System Notes")], access.of(self.request.user)
        words = {
            "title": str(self.object),
            "record": self.object,
            "facts": self.facts(),
            "tabs": tabs,
            "tab": self.tab,
            "tab_label": dict(tabs)[self.tab],
            "kind_of_record": record_label(self.model),
            "edit_url": gates.way(
                who, f"{self.request.resolver_match.namespace}:edit", self.object.pk
            ),
            "notes": system_notes(self.object, who) if self.tab == NOTES else None,
        }
        return super().get_context_data(**{**words, **kwargs})
