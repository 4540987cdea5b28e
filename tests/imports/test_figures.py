"""Amounts as people write them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from imports.kinds.figures import NotAFigure, figure


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("600", "600"), ("600.00", "600"), ("-5", "-5"), ("(5.00)", "-5"), ("−5", "-5"),
        ("$1,234.50", "1234.50"), ("1.234,50 €", "1234.50"), ("1'234.50", "1234.50"),
        ("1 234,5", "1234.5"), ("600,00", "600"), ("1,234,567", "1234567"), (".5", "0.5"),
        ("0.0001", "0.0001"), ("12.", "12"),
    ],
)  # fmt: skip
def test_a_figure_is_read(text, value):
    assert figure(text) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "isn't a number"), ("abc", "isn't a number"), ("1.2.3", "isn't a number"),
        ("1,234", "may be 1234 or 1.234"), ("1e5", "isn't a number"),
        ("0.00001", "more than four decimals"), ("1" + "0" * 15, "too large"), ("NaN", "isn't"),
    ],
)  # fmt: skip
def test_what_is_no_figure_or_may_be_two_is_refused(text, why):
    with pytest.raises(NotAFigure, match=why):
        figure(text)
