"""How figures are written: money, quantities and the dash for nothing.

Decimals only: a float here is an error, because it has already lost cents.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

CENT = Decimal("0.01")
# A page repeats its figures: the ones and zeros of a list, a price in every row.
known = lru_cache(maxsize=10_000, typed=True)
MINUS = "\N{MINUS SIGN}"
DASH = "\N{EN DASH}"


def money_text(amount: Decimal | int) -> str:
    """1,234.50, with a real minus; a rate keeps its third and fourth decimal if it has them."""
    exact = _decimal(amount)
    short = exact.quantize(CENT, rounding=ROUND_HALF_UP)
    return _signed(short if short == exact else exact.normalize())


def quantity_text(quantity: Decimal | int) -> str:
    """5 or 2.5, with thousands separators and without trailing zeros."""
    exact = _decimal(quantity)
    whole = exact.to_integral_value()
    return _signed(whole if whole == exact else exact.normalize())


@register.filter
@known
def money(amount: Decimal | int | str | None) -> SafeString:
    """An amount of money; "no value" shows as a dash, zero as 0.00."""
    return _figure(amount, money_text, "money")


@register.filter
@known
def quantity(value: Decimal | int | str | None) -> SafeString:
    """A number of units; "no value" shows as a dash."""
    return _figure(value, quantity_text, "quantity")


@register.filter
def blank(value: Any) -> Any:
    """The value, or a dash for None and the empty string."""
    return _nothing() if value in (None, "") else value


def _figure(value: Any, text: Any, kind: str) -> SafeString:
    if value in (None, ""):
        return _nothing()
    negative = " negative" if _decimal(value) < 0 else ""
    return format_html('<span class="{}{}">{}</span>', kind, negative, text(value))


@known
def _nothing() -> SafeString:
    return format_html(
        '<span class="blank" aria-hidden="true">{}</span><span class="visually-hidden">none</span>',
        DASH,
    )


def _decimal(value: Any) -> Decimal:
    if isinstance(value, Decimal):
        return value
    if isinstance(value, int):
        return Decimal(value)
    raise TypeError(f"A figure must be a Decimal or a whole number, not {type(value).__name__}.")


def _signed(value: Decimal) -> str:
    # Zero has no sign: figures that are equal must be written alike, as they are kept.
    return f"{value or abs(value):,f}".replace("-", MINUS)
