"""What an administrator sets of a user: the name, the roles, the locations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import Group, User
from django.db.models import Q

from audit_trail.models import AuditEvent
from audit_trail.recording import note
from company.models import Company
from locations.models import Location
from users import access
from users.models import AllowedLocation
from users.roles import ADMINISTRATOR, ROLES


class UserForm(forms.ModelForm):
    """A user as administrators see them; nobody changes their own rights here."""

    roles = forms.ModelMultipleChoiceField(
        Group.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    locations = forms.ModelMultipleChoiceField(
        Location.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Without a tick: all of them. With ticks: stock and documents of these alone, "
        "each on its own, whatever lies inside it.",
    )

    class Meta:
        model = User
        fields = ["first_name", "last_name", "email", "is_active"]
        labels = {"is_active": "Active", "email": "E-mail"}
        help_texts = {"is_active": "Users are deactivated, never deleted."}

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = Group.objects.filter(name__in=ROLES).order_by("pk")
        self._offer("roles", groups, groups.filter(user=self.instance))
        mine = Location.objects.filter(allowed_users__user=self.instance)
        offered = Location.objects.filter(Q(inactive=False) | Q(pk__in=mine.values("pk")))
        self._offer("locations", offered, mine)
        if not Company.current().multi_location_inventory:
            del self.fields["locations"]
        if by.pk == self.instance.pk:
            self._lock("Nobody changes their own rights: ask another administrator.")

    def _offer(self, name: str, choices: Any, present: Any) -> None:
        self.fields[name].queryset = choices  # type: ignore[attr-defined]
        self.initial[name] = list(present.values_list("pk", flat=True))

    def _lock(self, why: str) -> None:
        for name in {"roles", "locations", "is_active"} & set(self.fields):
            self.fields[name].disabled = True
            self.fields[name].help_text = why

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        names = {group.name for group in data.get("roles") or ()}
        if ADMINISTRATOR in names and data.get("locations"):
            self.add_error("locations", "An administrator works at every location.")
        stays = data.get("is_active") and (ADMINISTRATOR in names or self.instance.is_superuser)
        others = access.administrators().exclude(pk=self.instance.pk)
        if not stays and access.of(self.instance).is_administrator and not others.exists():
            self.add_error(
                None,
                f"{self.instance} is the last administrator. Make somebody else one first.",
            )
        return data

    def save(self, commit: bool = True) -> User:
        user = super().save(commit)
        others = Group.objects.filter(user=user).exclude(name__in=ROLES)
        user.groups.set([*others, *self.cleaned_data["roles"]])
        if "locations" in self.fields:
            self._save_locations(user)
        return user

    def _save_locations(self, user: User) -> None:
        chosen = self.cleaned_data["locations"]
        if set(chosen) == set(Location.objects.filter(allowed_users__user=user)):
            return
        old = _names(Location.objects.filter(allowed_users__user=user))
        user.allowed_locations.exclude(location__in=chosen).delete()
        AllowedLocation.objects.bulk_create(
            [AllowedLocation(user=user, location=place) for place in chosen],
            ignore_conflicts=True,
        )
        note(AuditEvent.Kind.ROLES, user, field="locations", old=old, new=_names(chosen))


def _names(places: Any) -> str:
    return ", ".join(str(place) for place in places) or "All"
