"""Fixed-point numbers: money, rates and quantities that are exact on every database.

SQLite stores a DecimalField as a float, so its sums drift. These fields store a whole number
(the decimal times 10,000) and give back a Decimal.
"""

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

from django import forms
from django.core import exceptions, validators
from django.db import models
from django.db.models.expressions import Combinable
from django.utils.translation import gettext_lazy as _

SCALE = 4
UNIT = 10**SCALE
LIMIT = Decimal(10) ** 14  # beyond that a 64-bit integer could overflow in a sum
CENT = Decimal("0.01")


def cents(amount: Decimal) -> Decimal:
    """The amount in whole cents, rounded half up (SPEC, Money)."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


@lru_cache(maxsize=10_000)  # a lot of thousands has few prices
def scaled(value: Decimal | int | str) -> int:
    """The whole number the database holds for a decimal; never rounds silently.

    Raises ValueError for more than four decimals.
    """
    whole = Decimal(value).scaleb(SCALE)
    if whole != whole.to_integral_value():
        raise ValueError(f"{value} has more than {SCALE} decimals.")
    return int(whole)


@lru_cache(maxsize=10_000)
def unscaled(value: int | Decimal) -> Decimal:
    """The decimal for a whole number read from the database."""
    return Decimal(value).scaleb(-SCALE)


def spread(amount: Decimal, shares: int) -> list[Decimal]:
    """Share out an amount in cents, largest remainder first (SPEC §5.2 rule 2).

    100.00 over 3 gives 33.34, 33.33, 33.33; the shares add up to the amount.
    """
    whole, rest = divmod(int(amount.scaleb(2)), shares)
    more, less = Decimal(whole + 1).scaleb(-2), Decimal(whole).scaleb(-2)
    return [more] * rest + [less] * (shares - rest)


class FigureField(forms.DecimalField):
    """A number as people type it; one that is none, or has no end, is refused before it is used.

    Django's own lets "sNaN" and "Infinity" as far as its validators, and whoever compares or rounds
    one on the way there fails.
    """

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        number = super().to_python(value)
        if number is not None:
            validators.DecimalValidator(self.max_digits, self.decimal_places)(number)
        return number


class FixedPointField(models.Field):
    """A decimal with a fixed number of places, stored as a whole number of ten-thousandths.

    It subclasses Field and not BigIntegerField so that an expression mixing it with plain
    numbers fails loudly instead of being wrong by a factor of 10,000.
    """

    description = _("Fixed-point number with %(places)s decimals")
    empty_strings_allowed = False

    # For the type checker: what an attribute takes, and what it gives.
    _pyi_private_set_type: Decimal | int | str | Combinable
    _pyi_private_get_type: Decimal

    def __init__(self, *args: Any, places: int = 2, **kwargs: Any) -> None:
        self.places = places
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if self.places != 2:
            kwargs["places"] = self.places
        return name, path, args, kwargs

    def get_internal_type(self) -> str:
        return "BigIntegerField"

    def present(self, value: Decimal) -> Decimal:
        """How a value read from the database is shown: with its places, or more if it has more."""
        short = value.quantize(Decimal(1).scaleb(-self.places))
        return short if short == value else value

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Decimal | None:
        return None if value is None else self.present(unscaled(value))

    def to_python(self, value: Any) -> Decimal | None:
        if value is None or isinstance(value, Decimal):
            return value
        try:
            return Decimal(str(value))
        except ArithmeticError:
            raise exceptions.ValidationError(_("Enter a number."), code="invalid") from None

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        if value is None or hasattr(value, "resolve_expression"):
            return value
        return scaled(self.to_python(value) or 0)

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return "" if value is None else str(value)

    @property
    def validators(self) -> list[Any]:
        return [
            *super().validators,
            validators.DecimalValidator(18, self.places),
            validators.MaxValueValidator(LIMIT),
            validators.MinValueValidator(-LIMIT),
        ]

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        return super().formfield(
            **{
                "form_class": FigureField,
                "decimal_places": self.places,
                "max_digits": 18,
                **kwargs,
            }
        )


class MoneyField(FixedPointField):
    """An amount of the base currency, in cents."""


class RateField(FixedPointField):
    """A price or cost per unit, with up to four decimals."""

    def __init__(self, *args: Any, places: int = 4, **kwargs: Any) -> None:
        super().__init__(*args, places=places, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("places", None)
        return name, path, args, kwargs

    def present(self, value: Decimal) -> Decimal:
        short = value.quantize(CENT)
        return short if short == value else value


class QuantityField(RateField):
    """A number of units; shown without trailing zeros (5, 2.5)."""

    def present(self, value: Decimal) -> Decimal:
        whole = value.to_integral_value()
        return whole if whole == value else value.normalize()
