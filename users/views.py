"""Setup > Users and Roles: who works here, the table of roles, and how a refusal is said."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from django.views.generic import TemplateView

from inventory.listing import ListingView
from inventory.records import EditRecord
from transactions import types
from users import access
from users.forms import UserForm
from users.gates import EVERYWHERE, NO_ROLE, PLACE, RIGHT, Missing
from users.roles import RIGHTS, ROLES, TABLE, Level
from users.tables import UserTable

LABELS = {
    "serial_numbers": "Serial Numbers and Labels",
    "accounts": "Chart of Accounts",
    "periods": "Accounting Periods",
    "cost": "Cost and Profit",
    "company": "Company Setup",
    "users": "Users and Roles",
}
# Lines of the table by what they are about: the first subject of each.
SECTIONS = {
    "items": "Records",
    "inventory_adjustment": "Stock",
    "purchase_order": "Purchases and Payables",
    "sales_order": "Sales and Customers",
    "journal_entry": "Books",
    "cost": "Apart",
}
DOES = {
    Level.VIEW: "see",
    Level.CREATE: "enter new",
    Level.EDIT: "change",
    Level.FULL: "void, correct or approve",
}


class UserList(ListingView):
    """Who may log in, and what as."""

    title = "Users"
    description = "Who works here, in which roles and where."
    template_name = "users/list.html"
    table = UserTable
    search = ("username", "first_name", "last_name", "email")
    search_hint = "User, name or e-mail"
    order = ("username",)

    def rows(self) -> QuerySet[User]:
        return User.objects.prefetch_related("groups", "allowed_locations__location")


class EditUser(EditRecord):
    """A user's name, roles and locations."""

    model = User
    form_class = UserForm
    template_name = "users/user.html"
    success_url = reverse_lazy("users")
    context_object_name = "edited"
    fieldsets = (
        ("User", ("first_name", "last_name", "email", "is_active")),
        ("Rights", ("roles", "locations")),
    )

    def get_object(self, queryset: Any = None) -> User:
        for user in User.objects.filter(pk=self.kwargs["pk"]):
            self.title = f"Edit {user.get_username()}"
            return user
        raise Http404("There is no such user.")

    def home(self) -> str:
        return self.request.path

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "by": self.request.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"cancel_url": self.success_url, **kwargs})


class RolesPage(TemplateView):
    """The table of roles, as it is in the code."""

    template_name = "users/roles.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mine = access.of(self.request.user).roles
        return {
            "title": "Roles",
            "roles": [(role, text, role in mine) for role, text in ROLES.items()],
            "sections": list(sections()),
            **kwargs,
        }


def sections() -> list[tuple[str, list[tuple[str, list[tuple[str, str]]]]]]:
    """The table by what its lines are about: (heading, [(subject, [(role, right)])])."""
    found: list[tuple[str, list[Any]]] = []
    for subject in TABLE:
        if subject in SECTIONS:
            found.append((SECTIONS[subject], []))
        cells = [(role, RIGHTS[role][subject].name.title()) for role in ROLES]
        found[-1][1].append((label(subject), cells))
    return found


def label(subject: str) -> str:
    """A subject in the words of the pages: the plural of a kind of document."""
    if subject in LABELS:
        return LABELS[subject]
    try:
        return types.get(subject).plural
    except KeyError:
        return subject.replace("_", " ").title()


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Says which right is missing and who can give it (403); to htmx as a message."""
    htmx = getattr(request, "htmx", False)
    template = "users/refusal.html" if htmx else "403.html"
    answer = render(request, template, _words(request, exception), status=403)
    if htmx:
        answer["HX-Retarget"], answer["HX-Reswap"] = "#messages", "innerHTML"
    return answer


def _words(request: HttpRequest, exception: Exception) -> dict[str, Any]:
    user = request.user
    if not (isinstance(exception, Missing) and user.is_authenticated):
        return {"sentence": str(exception)}
    names = access.administrators().order_by("username").values_list("username", flat=True)
    return {
        "sentence": sentence(exception, access.of(user)),
        "no_role": exception.why == NO_ROLE,
        "administrators": [name for name in names if name != user.get_username()],
        "back": _back(request),
    }


def sentence(missing: Missing, who: access.Access) -> str:
    """What is missing, in words."""
    if missing.why == RIGHT:
        return _right_missing(missing, who)
    return {
        NO_ROLE: "You have no role here yet, so there is nothing for you to see.",
        EVERYWHERE: "This shows the whole company, and you work at some of its locations only.",
        PLACE: "This belongs to a location that is not among yours.",
    }.get(missing.why, "No role includes this page.")


def _right_missing(missing: Missing, who: access.Access) -> str:
    subject, roles = label(missing.subject), [role for role in ROLES if role in who.roles]
    if missing.subject == "cost":
        does = "This shows cost and profit."
    else:
        # Of records, Full is to keep them; only documents are voided, corrected and approved.
        keeps = missing.level is Level.FULL and missing.subject in LABELS
        does = f"You may not {'manage' if keeps else DOES[missing.level]} {subject.lower()}."
    needed = missing.level.name.title()
    has = "does not have it" if len(roles) == 1 else "do not have it"
    yours = "your role" if len(roles) == 1 else "your roles"
    right = f"That takes the right “{needed}” on {subject}"
    return f"{does} {right}, and {yours}, {', '.join(roles)}, {has}."


def _back(request: HttpRequest) -> str:
    """The page of ours that led here."""
    came_from = request.META.get("HTTP_REFERER", "")
    start = f"{request.scheme}://{request.get_host()}/"
    return (
        came_from
        if came_from.startswith(start) and came_from != request.build_absolute_uri()
        else ""
    )
