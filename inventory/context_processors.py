"""What every page needs to draw its frame."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from company.models import Company
from inventory import menus
from users import access


def frame(request: HttpRequest) -> dict[str, Any]:
    """The company, the reader's rights, the menus and the breadcrumbs.

    Nothing for a stranger or inside the admin.
    """
    match = request.resolver_match
    user = getattr(request, "user", None)  # missing when a middleware before log-in refuses
    if user is None or not user.is_authenticated or (match and match.app_name == "admin"):
        return {}
    company = SimpleLazyObject(Company.current)
    who = access.of(user)
    return {
        "company": company,
        "access": who,
        "menus": SimpleLazyObject(lambda: menus.menus_for(_met(request, company), who)),
        "trail": menus.trail(match),
    }


def _met(request: HttpRequest, company: Any) -> frozenset[str]:
    """Which needs of menu entries this request meets."""
    met = set()
    if company.multi_location_inventory:
        met.add("locations")
    if request.user.is_staff:
        met.add("staff")
    return frozenset(met)
