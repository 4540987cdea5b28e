"""What we stock, and each unit of it."""

from items.models.item import Item, ItemLocation, ItemQuerySet
from items.models.serial_unit import SerialUnit, SerialUnitQuerySet, look

__all__ = ["Item", "ItemLocation", "ItemQuerySet", "SerialUnit", "SerialUnitQuerySet", "look"]
