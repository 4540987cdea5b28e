"""The company: its features and preferences, and each user's own preferences."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from simple_history.models import HistoricalRecords

from accounting.models import Account, balance
from locations.models import Location


def account_field(**kwargs) -> models.ForeignKey:
    return models.ForeignKey(Account, models.PROTECT, related_name="+", **kwargs)


class Company(models.Model):
    """The company whose stock and books these are; there is one row (SPEC §2.1)."""

    class FulfillmentStage(models.TextChoices):
        PICKED = "picked", "Picked"
        PACKED = "packed", "Packed"
        SHIPPED = "shipped", "Shipped"

    name = models.CharField(max_length=100, default="My Company")
    currency = models.CharField(max_length=3, default="USD")
    multi_location_inventory = models.BooleanField(
        "Multi-Location Inventory",
        default=False,
        help_text="Track stock at several locations. While off, no page speaks of locations.",
    )
    default_location = models.ForeignKey(
        Location,
        models.PROTECT,
        related_name="+",
        help_text="Where stock is while Multi-Location Inventory is off.",
    )
    approve_purchase_orders = models.BooleanField("Purchase orders need approval", default=False)
    approve_sales_orders = models.BooleanField("Sales orders need approval", default=False)
    default_fulfillment_stage = models.CharField(
        max_length=10, choices=FulfillmentStage, default=FulfillmentStage.SHIPPED
    )
    restock_returns = models.BooleanField("Restock returned items", default=True)
    income_account = account_field(verbose_name="default income account")
    cogs_account = account_field(verbose_name="default COGS account")
    asset_account = account_field(verbose_name="default asset account")
    adjustment_account = account_field(verbose_name="default adjustment account")
    write_off_account = account_field(verbose_name="default write-off account")
    bill_variance_account = account_field()
    vendor_return_variance_account = account_field()
    in_transit_account = account_field(verbose_name="inventory in transit account")
    accrued_purchases_account = account_field()
    receivable_account = account_field(verbose_name="accounts receivable account")
    payable_account = account_field(verbose_name="accounts payable account")
    undeposited_funds_account = account_field()
    opening_balance_account = account_field()

    history = HistoricalRecords()

    class Meta:
        verbose_name_plural = "company"

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """The accounts that stock alone moves are locked while anything stands in them."""
        before = Company.objects.filter(pk=self.pk).first()
        for name in ("accrued_purchases_account", "in_transit_account"):
            old = getattr(before, name, None)
            if old and old != getattr(self, name) and balance(old):
                raise ValidationError({name: f"{old} still holds {balance(old)}; clear it first."})

    @classmethod
    def current(cls) -> Company:
        """The company of this database."""
        return cls.objects.get()


class UserPreference(models.Model):
    """What one user has chosen at Home > Set Preferences."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="preference")
    inventory_level_warnings = models.BooleanField(
        "Inventory Level Warnings",
        default=False,
        help_text="Tell me when a line I add brings an item to its reorder point.",
    )
    sounds = models.BooleanField(
        "Sounds while scanning",
        default=True,
        help_text="A high tone for a number that is good, a low one for one that is not.",
    )
    scanner_prefix = models.CharField(
        "Scanner sends before each code", max_length=10, blank=True,
        help_text="Characters to leave out, if the scanner adds any.",
    )  # fmt: skip
    scanner_suffix = models.CharField(
        "Scanner sends after each code", max_length=10, blank=True,
        help_text="Besides Enter.",
    )  # fmt: skip
    rows_per_page = models.PositiveSmallIntegerField(
        default=50, validators=[MinValueValidator(5), MaxValueValidator(500)]
    )

    history = HistoricalRecords()

    def __str__(self) -> str:
        return f"Preferences of {self.user}"

    @classmethod
    def of(cls, user) -> UserPreference:
        """The user's preferences, or the defaults while none were saved."""
        return cls.objects.filter(user=user).first() or cls(user=user)
