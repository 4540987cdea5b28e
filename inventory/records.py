"""One page shape for every plain record: its form, and its own page with facts and subtabs.

A record's addresses are `<namespace>:list`, `:new`, `:view` and `:edit`; the namespace is that of
the request, so a view needs to name its model and its form, and no addresses.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.messages.views import SuccessMessageMixin
from django.db import IntegrityError, transaction
from django.db.models import Model, QuerySet
from django.forms import BaseForm, ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.views.generic import CreateView, DetailView, UpdateView
from django.views.generic.edit import ModelFormMixin

from inventory.meanwhile import Forms, Meanwhile, as_read, changed_by, differences
from inventory.system_notes import system_notes
from users import access, gates

NOTES = "notes"
STALE = (
    "{by} changed this record at {at:%H:%M}, after you had opened this page. What you entered is "
    "still here: save again, and it takes the place of what is listed below."
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
    """Enters a record: "New Vendor". The form sent twice leads to what it made the first time."""

    key = "name"  # what no two records of the model share

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                return super().form_valid(form)
        except IntegrityError:  # of two clicks at once, the other came first
            again = self.get_form()
            if again.is_valid():
                raise
            return self.form_invalid(again)

    def form_invalid(self, form: Any) -> HttpResponse:
        if made := made_before(form):
            messages.success(self.request, self.success_message % {"record": made})
            return redirect(made)
        point_to_namesake(form, self.key)
        return super().form_invalid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = {
            "title": f"New {record_label(self.model)}",
            "cancel_url": reverse(f"{self.request.resolver_match.namespace}:list"),
        }
        return super().get_context_data(**{**words, **kwargs})


def made_before(form: ModelForm, among: QuerySet[Any] | None = None) -> Any:
    """The record that a refused form has made already, when it was sent before; or None.

    It has everything that the form was given, so it needs no other mark; the form is refused for
    the name that no two may share.
    """
    model = form._meta.model
    fields = [field for field in model._meta.concrete_fields if field.name in form.fields]
    for field in fields:
        if field.name not in form.cleaned_data and not form.has_error(field.name, "unique"):
            return None
    same = {field.attname: field.value_from_object(form.instance) for field in fields}
    rows = model._base_manager.all() if among is None else among
    return rows.filter(**same).first()


def point_to_namesake(form: ModelForm, key: str) -> None:
    """Show the way to the record that has the name already which a refused form was given."""
    name = getattr(form.instance, key)
    rows = form._meta.model._base_manager.filter(**{f"{key}__iexact": name})
    if name and (other := rows.first()):
        see = format_html('See <a href="{}">{}</a>.', other.get_absolute_url(), other)
        form.add_error(key, see)


class EditRecord(RecordForm, UpdateView):
    """Changes a record: "Edit Acme". The second of two who do so at once is told of the first."""

    meanwhile: Meanwhile | None = None  # what others changed, once this page says so

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with transaction.atomic():
            self.kept().select_for_update(no_key=True).first()
            return super().post(request, *args, **kwargs)  # reads the record under its lock

    def kept(self) -> QuerySet[Any]:
        """What is locked while the record is changed."""
        return self.model._base_manager.filter(pk=self.kwargs["pk"])

    def get_object(self, queryset: Any = None) -> Any:
        record = super().get_object(queryset)
        self.title = f"Edit {record}"  # now: the form writes what was typed into the record
        return record

    def forms(self, form: BaseForm) -> Forms:
        """All that is shown of the record: its form, and those of its parts."""
        return {"": form}

    def parts(self) -> Sequence[Model]:
        """The records that are changed on the page with this one."""
        return ()

    def home(self) -> str:
        """Where the record is seen."""
        return self.object.get_absolute_url()

    def form_valid(self, form: Any) -> HttpResponse:
        """Save, unless somebody else has since the page was opened; they are told who and what."""
        read = self.request.POST.get("read", "")
        if found := differences(read, self.forms(form)):
            by, at = changed_by(read, [self.object, *self.parts()])
            self.meanwhile = Meanwhile(found, self.home(), self.request.get_full_path())
            form.add_error(None, STALE.format(by=by, at=localtime(at)))
            return self.form_invalid(form)
        return super().form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = {"title": self.title, "cancel_url": self.home(), "meanwhile": self.meanwhile}
        context = super().get_context_data(**{**words, **kwargs})
        # A page that is shown again still knows when it was opened, until it has told.
        read = "" if self.meanwhile else self.request.POST.get("read", "")
        return {**context, "read": read or as_read(self.forms(context["form"]))}


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
