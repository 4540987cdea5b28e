"""Where a user may work; what they may do is said by their roles (users/roles.py)."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from locations.models import Location


class AllowedLocation(models.Model):
    """A location that a user is limited to; whoever has none of these works at every location."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="allowed_locations"
    )
    location = models.ForeignKey(Location, models.CASCADE, related_name="allowed_users")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "location"], name="location_allowed_once_per_user"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} at {self.location}"
