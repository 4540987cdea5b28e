"""What we stock, and how much of it is where."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Sum
from django.db.models.functions import Coalesce, Lower
from django.db.models.lookups import LessThanOrEqual
from django.urls import reverse
from simple_history.models import HistoricalRecords

from accounting.fields import MoneyField, QuantityField, RateField
from accounting.models import Account
from company.models import Company
from items import number_rules
from locations.models import Location
from parties.models import Vendor


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
        short = Item.objects.all().shortages(by_location=by_location, at=at)
        return self.filter(pk__in=short.values("pk"))  # type: ignore[misc]

    def shortages(self, *, by_location: bool, at: Collection[int] = ()) -> Any:
        """Those that are low, as rows of `pk`, `name` and `gap`."""
        # By few columns: SQLite would sort the items by every column they have.
        sums: Any = self.order_by().values("pk", "name")
        low = Q(gap__lte=0)
        if by_location:
            low |= Q(pk__in=ItemLocation.objects.within(at).order_by().low().values("item"))
        return sums.with_gap(by_location=by_location, at=at).filter(low)

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


def _total(stock: Any, expression: Any, field: models.Field | None = None) -> Coalesce:
    """An item's quantity summed over its rows of stock."""
    field = field or QuantityField()
    return Coalesce(_subtotal(stock, expression, field), 0, output_field=field)


def _subtotal(stock: Any, expression: Any, field: models.Field) -> models.Subquery:
    rows = stock.order_by().values("item")
    total = models.Sum(models.ExpressionWrapper(expression, output_field=field), output_field=field)
    return models.Subquery(rows.annotate(total=total).values("total"), output_field=field)
