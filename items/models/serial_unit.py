"""Each unit of what we stock, by its serial number."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Length, Replace
from django.db.models.lookups import GreaterThan, LessThanOrEqual
from django.urls import reverse
from django.utils import timezone

from accounting.fields import MoneyField
from inventory import sets
from items import numbers
from items.fields import KeyField
from items.models.item import Item
from items.refusals import refuse
from locations.models import Location

LOOKS_LIKE = (("o", "0"), ("i", "1"), ("l", "1"))  # what is easily mistaken, in a number's key


def look(key: str) -> str:
    """A number's key with digits in place of the letters that look like them."""
    for letter, digit in LOOKS_LIKE:
        key = key.replace(letter, digit)
    return key


def _look_of_key() -> models.Expression:
    form: Any = F("number_key")
    for letter, digit in LOOKS_LIKE:
        form = Replace(form, models.Value(letter), models.Value(digit))
    return form


class SerialUnitQuerySet(models.QuerySet["SerialUnit"]):
    def held(self) -> SerialUnitQuerySet:
        """On hand, picked or in transit: still ours, and we know where it is."""
        return self.filter(location__isnull=False)

    def on_hand(self) -> SerialUnitQuerySet:
        # What is on hand is held, but only when told does the database use the index of the held.
        return self.held().filter(status=SerialUnit.Status.ON_HAND)

    def listed(self) -> SerialUnitQuerySet:
        """Without the units whose receipt was voided."""
        return self.exclude(status=SerialUnit.Status.VOIDED)

    def within(self, places: Collection[int]) -> SerialUnitQuerySet:
        """Held at some locations, by id, or last seen there; none means at all of them."""
        return self.filter(last_location__in=places) if places else self

    def at(self, location: Location) -> SerialUnitQuerySet:
        """Held there now, or last seen there."""
        return self.filter(last_location=location)

    def numbered(self, number: str) -> SerialUnitQuerySet:
        return self.filter(number_key=numbers.key(number))

    def with_keys(self, pairs: Iterable[tuple[int, str]]) -> SerialUnitQuerySet:
        """The units of the given (item id, number key) pairs: one statement for any number."""
        return self.filter(pk__in=sets.ids_matching(SerialUnit, ("item_id", "number_key"), pairs))

    def one_per_number(self) -> SerialUnitQuerySet:
        """One unit for each number: the one we hold, else the one that moved last (SPEC §5.2)."""
        same = SerialUnit.objects.listed().filter(
            item=OuterRef("item"), number_key=OuterRef("number_key")
        )
        # One filter, so that item and number stay outside the OR, where the index finds them.
        better = same.filter(
            Q(location__isnull=False) | Q(last_posting__gt=OuterRef("last_posting"))
        )
        return self.listed().filter(
            Q(location__isnull=False) | ~Exists(better.exclude(pk=OuterRef("pk")))
        )


class SerialUnit(models.Model):
    """One physical unit of an item, from the day it arrives.

    A number that is bought, sold and bought again belongs to two units, each with its own cost
    and history. Status, location, cost and dates are projections of the unit's moves; only
    posting writes them (SPEC §2.3).
    """

    class Status(models.TextChoices):
        ON_HAND = "on_hand", "On Hand"
        PICKED = "picked", "Picked"
        IN_TRANSIT = "in_transit", "In Transit"
        SOLD = "sold", "Sold"
        RETURNED_TO_VENDOR = "returned_to_vendor", "Returned to Vendor"
        ADJUSTED_OUT = "adjusted_out", "Adjusted Out"
        WRITTEN_OFF = "written_off", "Written Off"
        VOIDED = "voided", "Voided"

    HELD = (Status.ON_HAND, Status.PICKED, Status.IN_TRANSIT)

    item = models.ForeignKey(Item, models.PROTECT, related_name="units", db_index=False)
    number = models.CharField("serial number", max_length=numbers.LONGEST)
    number_key = KeyField(max_length=numbers.LONGEST, editable=False)
    status = models.CharField(max_length=20, choices=Status, default=Status.ON_HAND)
    location = models.ForeignKey(
        Location, models.PROTECT, null=True, blank=True, related_name="units", db_index=False
    )
    last_location = models.ForeignKey(
        Location, models.PROTECT, null=True, editable=False, related_name="+", db_index=False
    )
    received_on = models.DateField(default=timezone.localdate, editable=False)
    left_on = models.DateField(null=True, editable=False)
    moved_on = models.DateField(null=True, editable=False)
    # The posting that moved it last, voided ones left out. A plain number: postings lie above.
    last_posting = models.BigIntegerField(default=0, editable=False)
    unit_cost = MoneyField(default=0)
    memo = models.CharField(max_length=200, blank=True)

    objects = SerialUnitQuerySet.as_manager()

    class Meta:
        ordering = ["number_key", "id"]
        constraints = [
            # The serial rule: a number may come back only after the unit that
            # carried it has left, whichever location that unit is in.
            models.UniqueConstraint(
                fields=["item", "number_key"],
                condition=Q(location__isnull=False),
                name="serial_held_once_per_item",
                violation_error_message="This serial number is already on hand.",
            ),
            models.CheckConstraint(
                condition=Q(location__isnull=False, status__in=["on_hand", "picked", "in_transit"])
                | Q(
                    location__isnull=True,
                    status__in=[
                        "sold",
                        "returned_to_vendor",
                        "adjusted_out",
                        "written_off",
                        "voided",
                    ],
                ),
                name="unit_has_a_location_while_held",
            ),
            # SQLite does not enforce a column's length.
            models.CheckConstraint(
                condition=Q(GreaterThan(Length("number_key"), 0))
                & Q(LessThanOrEqual(Length("number_key"), numbers.LONGEST)),
                name="number_has_1_to_100_characters",
            ),
        ]
        indexes = [
            models.Index(fields=["item", "number_key", "id"], name="unit_number"),
            models.Index(fields=["number_key"], name="unit_number_key"),
            # The oldest first: to pick them, and to list an item's numbers by the day they came.
            models.Index(fields=["item", "received_on", "id"], name="unit_received"),
            models.Index(fields=["last_location", "item", "number_key"], name="unit_place"),
            # Only numbers with an O, I or L in them: see items/look_alikes.py.
            models.Index(
                _look_of_key(),
                name="unit_look",
                condition=~Q(number_key=_look_of_key()),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("items:serial", args=[self.item_id, self.number])

    @property
    def is_held(self) -> bool:
        return self.location_id is not None

    def clean_fields(self, exclude: Any = None) -> None:
        self.number = numbers.tidy(self.number)
        self.number_key = numbers.key(self.number)
        super().clean_fields(exclude=exclude)

    def validate_constraints(self, exclude: Any = None) -> None:
        """What was said of the number was said of its key."""
        exclude = set(exclude or ())
        if "number" in exclude:
            exclude.add("number_key")
        super().validate_constraints(exclude=exclude)

    def clean(self) -> None:
        """Say where the number is now, where the constraint can only say that it is taken."""
        if problem := numbers.problem(self.number):
            raise ValidationError(
                {"number": refuse("SER-08", sn=self.number, problem=problem).message}
            )
        self._keep_the_rule()
        if self.item_id is None or not self.is_held:
            return
        rivals = SerialUnit.objects.held().filter(item=self.item, number_key=self.number_key)
        if rival := rivals.exclude(pk=self.pk).select_related("location").first():
            taken = refuse("SER-01", sn=rival.number, item=self.item, place=rival.location)
            raise ValidationError({"number": taken.message})

    def _keep_the_rule(self) -> None:
        """The item's number rule, for a number that it did not have before (SPEC §2.2)."""
        if self.item_id is None or not (problem := self.item.number_rule.problem(self.number)):
            return
        known = SerialUnit.objects.listed().filter(item=self.item, number_key=self.number_key)
        if not known.exists():
            broken = refuse("SER-08", sn=self.number, problem=problem)
            raise ValidationError({"number": broken.message})
