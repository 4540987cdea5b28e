"""Setup > Company, and Home > Set Preferences."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse_lazy

from company.forms import FIELDSETS, CompanyForm, GeneralForm, ScanningForm, TransactionsForm
from company.models import Company, UserPreference
from inventory.records import EditRecord
from inventory.system_notes import system_notes
from users import access

# (key, label, section, form) of the subtabs of Set Preferences.
SUBTABS = (
    ("transactions", "Transactions", "Warnings", TransactionsForm),
    ("scanning", "Scanning", "Scanner", ScanningForm),
    ("general", "General", "Lists", GeneralForm),
)


class EditCompany(EditRecord):
    """The company's name, features, preferences and default accounts (SPEC §2.1)."""

    model = Company
    form_class = CompanyForm
    template_name = "company/edit.html"
    success_message = "The company's setup is saved."
    success_url = reverse_lazy("company:edit")
    fieldsets = FIELDSETS
    title = "Company Information"

    def kept(self) -> QuerySet[Company]:
        return Company.objects.all()

    def get_object(self, queryset: Any = None) -> Company:
        return Company.current()

    def home(self) -> str:
        return self.get_success_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        notes = system_notes(self.object, access.of(self.request.user))
        return super().get_context_data(**{"cancel_url": "", "notes": notes, **kwargs})


class Preferences(EditRecord):
    """What the user has chosen for themselves, one subtab at a time (SPEC §7.6)."""

    model = UserPreference
    template_name = "company/preferences.html"
    success_message = "Your preferences are saved."
    title = "Set Preferences"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        subtabs = {key: (section, form) for key, _, section, form in SUBTABS}
        asked = request.GET.get("tab", "")
        self.tab = asked if asked in subtabs else SUBTABS[0][0]
        section, self.form_class = subtabs[self.tab]
        self.fieldsets = [(section, list(self.form_class.base_fields))]

    def kept(self) -> QuerySet[Any]:
        """The user: before the first choice there are no preferences to lock."""
        return User.objects.filter(pk=self.request.user.pk)

    def get_object(self, queryset: Any = None) -> UserPreference:
        return UserPreference.of(self.request.user)

    def home(self) -> str:
        return f"{self.request.path}?tab={self.tab}"

    get_success_url = home

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = {
            "cancel_url": "",
            "subtitle": f"They are {self.request.user.get_username()}'s own.",
            "tabs": [(key, label) for key, label, _, _ in SUBTABS],
            "tab": self.tab,
        }
        return super().get_context_data(**{**words, **kwargs})
