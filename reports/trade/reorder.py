"""What is at or below its reorder point, and how much of it to order (SPEC §1, §2.2, §7.2).

To order = target − available − on order − by transfer + back ordered, never below zero; the target
is the preferred stock level, or the reorder point where there is none. Available is on hand less
committed, so customers already served count; what is on order will come anyway, and so will what
a transfer order brings, which is committed or back ordered where it comes from; and what is back
ordered leaves as soon as it arrives. A serialized item is ordered in whole units.

With Multi-Location Inventory a location with a reorder point of its own is looked at by itself
and ordered to; an item no location has one for is looked at in total, as it is without.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from django.db.models import OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse

from accounting.fields import QuantityField
from company.models import Company
from inventory import sets
from items.models import Item, ItemLocation, ItemQuerySet
from locations.models import Location
from parties.models import Vendor

ZERO = Decimal(0)


@dataclass(frozen=True)
class Need:
    """An item that is low, in total or at one location, and the figures that say so."""

    item: Item
    location: Location  # where the goods are to come
    at_location: bool  # the figures are that location's alone
    on_hand: Decimal
    available: Decimal
    on_order: Decimal  # by purchase orders
    by_transfer: Decimal  # by transfer orders
    back_ordered: Decimal
    reorder_point: Decimal
    preferred_stock_level: Decimal | None

    @property
    def key(self) -> str:
        return f"{self.item.pk}-{self.location.pk}"

    @property
    def suggested(self) -> Decimal:
        """How much to order; see the module."""
        level = self.preferred_stock_level
        target = self.reorder_point if level is None else level
        coming = self.available + self.on_order + self.by_transfer
        missing = max(target + self.back_ordered - coming, ZERO)
        if self.item.is_serialized:
            return missing.to_integral_value(rounding=ROUND_CEILING)
        return missing

    @property
    def vendor(self) -> Vendor | None:
        return self.item.preferred_vendor

    @property
    def last_purchase_price(self) -> Decimal | None:
        price: Decimal | None = self.item.last_price  # type: ignore[attr-defined]
        return price

    @property
    def rate(self) -> Decimal | None:
        """What a purchase order proposes: the item's purchase price, else the last one paid."""
        price: Decimal | None = self.item.purchase_price
        return self.last_purchase_price if price is None else price

    @property
    def problem(self) -> tuple[str, str] | None:
        """Why it cannot be ordered from here, and the page where that is mended."""
        edit = reverse("items:edit", args=[self.item.pk])
        if self.vendor is None:
            return "Choose a preferred vendor", edit
        if self.vendor.inactive:
            return f"{self.vendor} is inactive: choose another vendor", edit
        if self.rate is None:
            return "Enter a purchase price", edit
        return None


def needs(company: Company) -> list[Need]:
    """Everything that is low: three statements.

    By vendor and item, as it will be ordered; what cannot be ordered comes last.
    """
    by_location = company.multi_location_inventory
    items = list(_low_items(by_location))
    prices = Item.objects.filter(pk__in=sets.ids([item.pk for item in items])).last_prices()
    for item in items:
        item.last_price = prices.get(item.pk)  # type: ignore[attr-defined]
    found = [need for item in items for need in _needs_of(item, company)]
    return sorted(
        found,
        key=lambda need: (
            need.problem is not None,
            str(need.vendor or ""),
            need.item.name,
            need.location.name,
        ),
    )


def _low_items(by_location: bool) -> ItemQuerySet:
    items = Item.objects.active().with_level(by_location=by_location)
    low = Q(is_low=True) | Q(low_locations=True) if by_location else Q(is_low=True)
    return (
        items.filter(low)
        .annotate(by_transfer=_by_transfer())
        .with_low_places(by_location=by_location)
        .select_related("preferred_vendor", "preferred_location")
    )


def _by_transfer() -> Coalesce:
    """The units that transfer orders still bring to any location."""
    places = ItemLocation.objects.filter(item=OuterRef("pk")).order_by().values("item")
    total = Subquery(places.annotate(total=Sum("on_order_by_transfer")).values("total"))
    return Coalesce(total, 0, output_field=QuantityField())


def _needs_of(item: Item, company: Company) -> Iterator[Need]:
    own = item.location_reorder_point  # type: ignore[attr-defined]
    if company.multi_location_inventory and own is not None:
        places: list[ItemLocation] = item.low_places  # type: ignore[attr-defined]
        for place in places:
            if place.reorder_point is not None and not place.location.inactive:
                yield _at(item, place, place.reorder_point)
    elif item.level is not None:
        yield _in_total(item, item.level, _destination(item, company))


def _at(item: Item, place: ItemLocation, level: Decimal) -> Need:
    return Need(
        item=item,
        location=place.location,
        at_location=True,
        on_hand=place.on_hand,
        available=place.available,
        on_order=place.on_order - place.on_order_by_transfer,
        by_transfer=place.on_order_by_transfer,
        back_ordered=place.back_ordered,
        reorder_point=level,
        preferred_stock_level=place.preferred_stock_level,
    )


def _in_total(item: Item, level: Decimal, destination: Location) -> Need:
    return Need(
        item=item,
        location=destination,
        at_location=False,
        on_hand=item.on_hand,
        available=item.available,
        on_order=item.on_order,
        by_transfer=item.by_transfer,  # type: ignore[attr-defined]
        back_ordered=item.back_ordered,  # type: ignore[attr-defined]
        reorder_point=level,
        preferred_stock_level=item.preferred_stock_level,
    )


def _destination(item: Item, company: Company) -> Location:
    """Where an item is ordered to that is low in total."""
    preferred = item.preferred_location
    if company.multi_location_inventory and preferred and not preferred.inactive:
        return preferred
    return company.default_location
