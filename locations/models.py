"""Where stock can be."""

from __future__ import annotations

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models, transaction
from django.urls import reverse
from simple_history.models import HistoricalRecords


class LocationQuerySet(models.QuerySet["Location"]):
    def active(self) -> LocationQuerySet:
        return self.filter(inactive=False)

    def within(self, places: Collection[int]) -> LocationQuerySet:
        """Some locations, by id; none means all of them."""
        return self.filter(pk__in=places) if places else self


class Location(models.Model):
    """A warehouse, shop or shelf area whose stock is counted on its own."""

    name = models.CharField(max_length=60, unique=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    address = models.TextField(blank=True, validators=[MaxLengthValidator(1_000)])
    inactive = models.BooleanField(default=False)

    history = HistoricalRecords()
    objects = LocationQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("locations:view", args=[self.pk])

    def clean(self) -> None:
        above = self.parent
        while above is not None:
            if self.pk and above.pk == self.pk:
                raise ValidationError({"parent": "A location cannot lie inside itself."})
            above = above.parent
        if self.parent and self.parent.inactive and not self.inactive:
            raise ValidationError({"parent": f"{self.parent} is inactive."})

    def inside(self) -> list[Location]:
        """The active locations inside this one, at any depth: one statement."""
        children: dict[int | None, list[Location]] = {}
        for place in Location.objects.active():
            children.setdefault(place.parent_id, []).append(place)
        found = list(children.get(self.pk, []))
        for place in found:  # grows while it is walked through
            found += children.get(place.pk, [])
        return found

    @transaction.atomic
    def save(self, *args, **kwargs) -> None:
        super().save(*args, **kwargs)
        if self.inactive:  # inactivating a parent makes its children inactive (SPEC §2.1)
            for place in self.inside():
                place.inactive = True
                super(Location, place).save()
