"""What we stock, and each unit of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Sum
from django.db.models.functions import Coalesce, Length, Lower, Replace
from django.db.models.lookups import GreaterThan, LessThanOrEqual
from django.urls import reverse
from simple_history.models import HistoricalRecords

from accounting.fields import MoneyField, QuantityField, RateField
from accounting.models import Account
from company.models import Company
from inventory import sets
from items import number_rules, numbers
from items.fields import KeyField
from items.refusals import refuse
from locations.models import Location
from parties.models import Vendor

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


class ItemQuerySet(models.QuerySet["Item"]):
    def active(self) -> ItemQuerySet:
        return self.filter(inactive=False)

    def serialized(self) -> ItemQuerySet:
        return self.filter(item_type=Item.Type.SERIALIZED)

    def with_quantities(self, at: Collection[int] = ()) -> ItemQuerySet:
        """Each item with its totals over all locations, inactive ones too (SPEC §6.6).

        `at`: the ids of the locations to sum over; none means all of them.
        """
        stock = ItemLocation.objects.within(at).filter(item=OuterRef("pk"))
        plain = ("on_hand", "picked", "in_transit", "back_ordered")
        return self.annotate(
            **{name: _total(stock, F(name)) for name in plain},
            # What a transfer moves is ours already: only sales and purchases count (SPEC §3.2).
            committed=_total(stock, F("committed") - F("committed_to_transfers")),
            on_order=_total(stock, F("on_order") - F("on_order_by_transfer")),
            value=_total(stock, F("value"), MoneyField()),
            available=_total(stock, F("on_hand") - F("committed")),
            location_reorder_point=_subtotal(stock, F("reorder_point"), QuantityField()),
            low_locations=Exists(stock.low()),
        )

    def with_level(self, *, by_location: bool, at: Collection[int] = ()) -> ItemQuerySet:
        """With quantities, and how they stand to the reorder point (SPEC §7.2).

        `level` is the reorder point: by location (Multi-Location Inventory) the sum of the
        locations' own where any has one. `is_low` is true at or below it; None without one.
        """
        own = F("reorder_point")
        point = Coalesce(F("location_reorder_point"), own) if by_location else own
        level = models.ExpressionWrapper(point, QuantityField())
        low = LessThanOrEqual(F("on_hand"), F("level"))
        levelled = self.with_quantities(at).annotate(level=level)  # type: ignore[no-redef]
        return levelled.annotate(is_low=low)  # type: ignore[no-redef]

    def low(self, *, by_location: bool, at: Collection[int] = ()) -> ItemQuerySet:
        """At or below the reorder point, or (by location) with a place that is at its own."""
        # By its id alone: SQLite would sort the items by every column they have.
        sums: Any = Item.objects.order_by().values("pk")
        sums = sums.with_gap(by_location=by_location, at=at)
        low = Q(pk__in=sums.filter(gap__lte=0).values("pk"))  # type: ignore[misc]
        if by_location:
            low |= Q(pk__in=ItemLocation.objects.within(at).order_by().low().values("item"))
        return self.filter(low)

    def with_gap(self, *, by_location: bool, at: Collection[int] = ()) -> ItemQuerySet:
        """With `gap`, the quantity on hand less the reorder point, by one pass over all places.

        For many items at once; `with_level` looks each one up.
        """
        point: Any = F("reorder_point")
        here = Q(item_locations__location__in=at) if at else None
        if by_location:
            point = Coalesce(Sum("item_locations__reorder_point", filter=here), point)
        held = Sum("item_locations__on_hand", filter=here)
        stock = Coalesce(held, 0, output_field=QuantityField())
        return self.annotate(gap=models.ExpressionWrapper(stock - point, QuantityField()))

    def with_low_places(self, *, by_location: bool, at: Collection[int] = ()) -> ItemQuerySet:
        """With `low_places`: the places at or below a reorder point of their own."""
        stock = ItemLocation.objects.within(at)
        low = stock.low() if by_location else stock.none()
        places = models.Prefetch(
            "item_locations", low.select_related("location"), to_attr="low_places"
        )
        return self.prefetch_related(places)

    def last_prices(self) -> dict[int, Decimal]:
        """By item id, what a unit cost that came in last (Item.last_purchase_price).

        The latest of each place is the last row in the index of arrivals; of all places at once,
        SQLite would sort every unit that ever came. One statement.
        """
        moves = Item.moves.rel.related_model.objects  # type: ignore[attr-defined]
        arrivals = moves.standing().filter(
            item=OuterRef("item"), target_location=OuterRef("location"), source_status=""
        )
        latest = models.Subquery(arrivals.order_by("-date", "-id").values("pk")[:1])
        places = ItemLocation.objects.filter(item__in=self.order_by().values("pk"))
        last = moves.filter(pk__in=places.annotate(latest=latest).values("latest"))
        return dict(last.order_by("date", "id").values_list("item_id", "line__rate"))


class Item(models.Model):
    """Something we buy, stock and sell, either by quantity or unit by unit by serial number."""

    class Type(models.TextChoices):
        INVENTORY = "inventory", "Inventory"
        SERIALIZED = "serialized", "Serialized Inventory"

    item_type = models.CharField("type", max_length=12, choices=Type, default=Type.SERIALIZED)
    name = models.CharField("item name/number", max_length=60)
    display_name = models.CharField(
        max_length=120, blank=True, help_text="Prints in place of the name."
    )
    upc = models.CharField("UPC", max_length=40, blank=True, db_index=True)
    description = models.TextField(blank=True, validators=[MaxLengthValidator(10_000)])
    number_format = models.CharField("serial number format", max_length=100, blank=True)
    check_digit = models.CharField(
        max_length=4,
        blank=True,
        choices=[(number_rules.LUHN, "Luhn (IMEI)"), (number_rules.GTIN, "Mod 10 (GTIN)")],
    )
    purchase_price = RateField(null=True, blank=True)
    base_price = RateField(null=True, blank=True)
    income_account = models.ForeignKey(
        Account, models.PROTECT, related_name="income_items", verbose_name="income account"
    )
    cogs_account = models.ForeignKey(
        Account, models.PROTECT, related_name="cogs_items", verbose_name="COGS account"
    )
    asset_account = models.ForeignKey(
        Account, models.PROTECT, related_name="asset_items", verbose_name="asset account"
    )
    preferred_vendor = models.ForeignKey(
        Vendor, models.PROTECT, null=True, blank=True, related_name="preferred_items"
    )
    preferred_location = models.ForeignKey(
        Location, models.PROTECT, null=True, blank=True, related_name="preferred_items"
    )
    reorder_point = QuantityField(null=True, blank=True)
    preferred_stock_level = QuantityField(null=True, blank=True)
    default_return_cost = RateField(null=True, blank=True)
    inactive = models.BooleanField(default=False)
    created_at = models.DateTimeField("date created", auto_now_add=True)
    modified_at = models.DateTimeField("last modified", auto_now=True)

    history = HistoricalRecords()
    objects = ItemQuerySet.as_manager()

    # Not columns: what `with_quantities` and `with_level` work out.
    on_hand: Decimal
    picked: Decimal
    committed: Decimal
    on_order: Decimal
    available: Decimal
    value: Decimal
    level: Decimal | None
    is_low: bool | None

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="item_name_is_unique",
                violation_error_message="There is already an item with this name.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("items:view", args=[self.pk])

    @property
    def is_serialized(self) -> bool:
        return self.item_type == self.Type.SERIALIZED

    @property
    def costing_method(self) -> str:
        return "Specific" if self.is_serialized else "Average"

    @property
    def number_rule(self) -> number_rules.NumberRule:
        """What its serial numbers must be like when they come in for the first time."""
        return number_rules.NumberRule(self.number_format, self.check_digit, self.upc)

    @property
    def title(self) -> str:
        """What prints on documents."""
        return self.display_name or self.name

    ACCOUNT_TYPES = {
        "income_account": Account.Type.INCOME,
        "cogs_account": Account.Type.COGS,
        "asset_account": Account.Type.CURRENT_ASSET,
    }

    def clean(self) -> None:
        try:
            number_rules.places(self.number_format)
        except number_rules.BadFormat as error:
            raise ValidationError({"number_format": str(error)}) from error
        for name, wanted in self.ACCOUNT_TYPES.items():
            account = getattr(self, name, None)
            if account and account.type != wanted:
                raise ValidationError({name: f"Choose an account of type {wanted.label}."})
        company = Company.objects.first()
        if company and self.asset_account_id == company.in_transit_account_id:
            raise ValidationError({"asset_account": "This account is for stock in transit."})
        before = Item.objects.filter(pk=self.pk).first() if self.pk else None
        if before is None:
            return
        if before.item_type != self.item_type:
            raise ValidationError(
                {"item_type": "The type is fixed once the item is saved; make a new item."}
            )
        if before.asset_account_id != self.asset_account_id and self.is_in_stock():
            raise ValidationError(
                {"asset_account": "The asset account is locked while any unit is in stock."}
            )

    @property
    def last_purchase_price(self) -> Any:
        """The rate of the latest document that added stock, customer returns apart (SPEC §2.2)."""
        return Item.objects.filter(pk=self.pk).last_prices().get(self.pk)

    def is_in_stock(self) -> bool:
        """Whether any of it is on hand, picked or in transit."""
        stocked = Q(on_hand__gt=0) | Q(picked__gt=0) | Q(in_transit__gt=0)
        return self.item_locations.filter(stocked).exists()


class ItemLocationQuerySet(models.QuerySet["ItemLocation"]):
    def within(self, places: Collection[int]) -> ItemLocationQuerySet:
        """At some locations, by id; none means at all of them."""
        return self.filter(location__in=places) if places else self

    def low(self) -> ItemLocationQuerySet:
        """At or below the location's own reorder point."""
        return self.filter(reorder_point__isnull=False, on_hand__lte=F("reorder_point"))


class ItemLocation(models.Model):
    """How much of an item is at a location, in every sense of the stock list.

    The quantities and the value are projections of the stock moves and the open orders; only
    posting writes them, and the audit proves them. An in-transit quantity stands at its
    destination; the value is that of the units on hand and picked.
    """

    QUANTITIES = (
        "on_hand", "picked", "in_transit", "committed", "back_ordered", "on_order",
        "committed_to_transfers", "on_order_by_transfer",
    )  # fmt: skip

    item = models.ForeignKey(Item, models.PROTECT, related_name="item_locations")
    location = models.ForeignKey(Location, models.PROTECT, related_name="item_locations")
    on_hand = QuantityField(default=0, editable=False)
    picked = QuantityField(default=0, editable=False)
    in_transit = QuantityField(default=0, editable=False)
    committed = QuantityField(default=0, editable=False)
    back_ordered = QuantityField(default=0, editable=False)
    on_order = QuantityField(default=0, editable=False)
    # Of those, what transfer orders want and bring; the company's totals leave it out (SPEC §3.2).
    committed_to_transfers = QuantityField(default=0, editable=False)
    on_order_by_transfer = QuantityField(default=0, editable=False)
    value = MoneyField(default=0, editable=False)
    reorder_point = QuantityField(null=True, blank=True)
    preferred_stock_level = QuantityField(null=True, blank=True)
    default_return_cost = RateField(null=True, blank=True)

    # Of what people set; the quantities have the stock moves.
    history = HistoricalRecords(excluded_fields=[*QUANTITIES, "value"])
    objects = ItemLocationQuerySet.as_manager()

    class Meta:
        ordering = ["item__name", "location__name"]
        constraints = [
            models.UniqueConstraint(fields=["item", "location"], name="item_once_per_location"),
            models.CheckConstraint(
                condition=Q(committed__gte=0) & Q(on_hand__gte=F("committed")),
                name="committed_stock_is_on_hand",
            ),
            models.CheckConstraint(
                condition=Q(picked__gte=0)
                & Q(in_transit__gte=0)
                & Q(back_ordered__gte=0)
                & Q(on_order__gte=F("on_order_by_transfer"))
                & Q(on_order_by_transfer__gte=0)
                & Q(committed__gte=F("committed_to_transfers"))
                & Q(committed_to_transfers__gte=0),
                name="quantities_are_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} at {self.location}"

    @property
    def available(self) -> Any:
        return max(self.on_hand - self.committed, self.on_hand * 0)

    @property
    def is_low(self) -> bool:
        """At or below the location's own reorder point."""
        return self.reorder_point is not None and self.on_hand <= self.reorder_point

    @property
    def average_cost(self) -> Any:
        """Value per unit in stock; never stored (SPEC §5.3)."""
        stock = self.on_hand + self.picked
        return self.value / stock if stock else None


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
    received_on = models.DateField(null=True, editable=False)
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


def _total(stock: Any, expression: Any, field: models.Field | None = None) -> Coalesce:
    """An item's quantity summed over its rows of stock."""
    field = field or QuantityField()
    return Coalesce(_subtotal(stock, expression, field), 0, output_field=field)


def _subtotal(stock: Any, expression: Any, field: models.Field) -> models.Subquery:
    rows = stock.order_by().values("item")
    total = models.Sum(models.ExpressionWrapper(expression, output_field=field), output_field=field)
    return models.Subquery(rows.annotate(total=total).values("total"), output_field=field)
