"""What one user may do, and where: read once for a request, by one statement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group, User
from django.db.models import BigIntegerField, CharField, Q, QuerySet, Value

from users.models import AllowedLocation
from users.roles import ADMINISTRATOR, COST, ROLES, VIEW, Level, level


@dataclass(frozen=True)
class Access:
    """A user's roles, and the ids of the locations to keep to; none means all of them."""

    roles: frozenset[str] = frozenset()
    places: frozenset[int] = frozenset()

    def may(self, subject: str, wanted: Level = VIEW) -> bool:
        """Whether the roles give a right, such as ("item_receipt", EDIT); "" asks for none."""
        return not subject or level(self.roles, subject) >= wanted

    @property
    def has_role(self) -> bool:
        return bool(self.roles)

    @property
    def is_administrator(self) -> bool:
        return ADMINISTRATOR in self.roles

    @property
    def sees_cost(self) -> bool:
        return self.may(COST)

    def sees_money_of(self, kind: Any) -> bool:
        """Whether the rates and amounts of a kind of document may be seen."""
        return self.sees_cost or not kind.tells_cost

    @property
    def is_limited(self) -> bool:
        return bool(self.places)

    def works_at(self, places: Iterable[int | None]) -> bool:
        """Whether each of the locations, by id, is one to work at; nowhere in particular is."""
        return not self.places or all(place is None or place in self.places for place in places)


# Of whoever may do everything everywhere.
EVERYTHING = Access(frozenset([ADMINISTRATOR]))


def of(user: Any) -> Access:
    """What a user may do and where; kept on the user for as long as the request lasts."""
    found = getattr(user, "access", None)
    if found is None:
        found = user.access = _read(user)
    return found


def _read(user: Any) -> Access:
    if not user.is_active or user.pk is None:
        return Access()
    if user.is_superuser:
        return EVERYTHING
    roles, places = set(), set()
    for name, place in _roles(user).union(_places(user), all=True):
        if place:
            places.add(place)
        elif name in ROLES:
            roles.add(name)
    # An administrator keeps to no location: whoever gives rights could give them back.
    return Access(frozenset(roles), frozenset() if ADMINISTRATOR in roles else frozenset(places))


def _roles(user: Any) -> QuerySet:
    nowhere = Value(0, output_field=BigIntegerField())
    return (
        Group.objects.filter(user=user)
        .order_by()
        .annotate(place=nowhere)
        .values_list("name", "place")
    )


def _places(user: Any) -> QuerySet:
    no_role = Value("", output_field=CharField())
    places = AllowedLocation.objects.filter(user=user).order_by()
    return places.annotate(role=no_role).values_list("role", "location_id")


def administrators() -> QuerySet[User]:
    """The active users who may do everything."""
    return User.objects.filter(
        Q(is_superuser=True) | Q(groups__name=ADMINISTRATOR), is_active=True
    ).distinct()
