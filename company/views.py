"""Setup > Company, and Home > Set Preferences."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.generic import UpdateView

from company.forms import FIELDSETS, CompanyForm, GeneralForm, ScanningForm, TransactionsForm
from company.models import Company, UserPreference
from inventory.records import RecordForm
from inventory.system_notes import system_notes
from users import access

# (key, label, section, form) of the subtabs of Set Preferences.
SUBTABS = (
    ("transactions", "Transactions", "Warnings", TransactionsForm),
    ("scanning", "Scanning", "Scanner", ScanningForm),
    ("general", "General", "Lists", GeneralForm),
)


class EditCompany(RecordForm, UpdateView):
    """The company's name, features, preferences and default accounts (SPEC §2.1)."""

    model = Company
    form_class = CompanyForm
    template_name = "company/edit.html"
    success_message = "The company's setup is saved."
    fieldsets = FIELDSETS

    def get_object(self, queryset: Any = None) -> Company:
        return Company.current()

    def get_success_url(self) -> str:
        return reverse("company:edit")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = {
            "title": "Company Information",
            "notes": system_notes(self.object, access.of(self.request.user)),
        }
        return super().get_context_data(**words, **kwargs)


def preferences(request: HttpRequest) -> HttpResponse:
    """What the user has chosen for themselves, one subtab at a time (SPEC §7.6)."""
    subtabs = {key: (section, form) for key, _, section, form in SUBTABS}
    tab = request.GET.get("tab", "")
    tab = tab if tab in subtabs else SUBTABS[0][0]
    section, form_class = subtabs[tab]
    preference = UserPreference.of(request.user)
    if request.method == "POST":
        form = form_class(request.POST, instance=preference)
        if form.is_valid():
            # Made with the defaults first: the trail then tells what the first choice changed.
            UserPreference.objects.get_or_create(user=request.user)
            UserPreference.objects.update_or_create(user=request.user, defaults=form.cleaned_data)
            messages.success(request, "Your preferences are saved.")
            return redirect(f"{request.path}?tab={tab}")
    else:
        form = form_class(instance=preference)
    context = {
        "title": "Set Preferences",
        "subtitle": f"They are {request.user.get_username()}'s own.",
        "form": form,
        "fieldsets": [(section, list(form.fields))],
        "tabs": [(key, label) for key, label, _, _ in SUBTABS],
        "tab": tab,
    }
    return render(request, "company/preferences.html", context)
