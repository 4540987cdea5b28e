"""How figures, badges, fields and charts are written."""

from decimal import Decimal

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates, TemplatesSetting
from django.template import Context, Template
from django.utils.html import strip_tags
from django.utils.safestring import mark_safe
from pytest_django.asserts import assertHTMLEqual

from inventory.templatetags import format, ui


def shown(markup: str) -> str:
    return strip_tags(markup)


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (Decimal("1234.5"), "1,234.50"),
        (Decimal(0), "0.00"),
        (Decimal("1E+3"), "1,000.00"),
        (Decimal("12345678901234.56"), "12,345,678,901,234.56"),
        (Decimal("12.3450"), "12.345"),
        (Decimal("12.3456"), "12.3456"),
        (1500, "1,500.00"),
        (Decimal("-1234.5"), "−1,234.50"),
    ],
)
def test_money_has_two_decimals_and_a_real_minus(amount, text):
    assert shown(format.money(amount)) == text


def test_a_zero_below_zero_leaves_the_zeros_after_it_alone():
    for figure, text in ((format.money, "0.00"), (format.quantity, "0")):
        for zero in (Decimal("-0.00"), Decimal("0.00"), Decimal("-0"), Decimal(0), 0):
            assert shown(figure(zero)) == text


def test_negative_money_carries_a_class():
    assert 'class="money negative"' in format.money(Decimal("-0.01"))
    assert "negative" not in format.money(Decimal("0.01"))


@pytest.mark.parametrize(
    ("quantity", "text"),
    [
        (Decimal("5.0000"), "5"),
        (Decimal("2.50"), "2.5"),
        (Decimal("1E+2"), "100"),
        (19886, "19,886"),
        (Decimal(-3), "−3"),
        (0, "0"),
    ],
)
def test_quantities_have_no_trailing_zeros(quantity, text):
    assert shown(format.quantity(quantity)) == text


def test_a_float_is_refused_because_it_has_lost_cents_already():
    assert format.money(Decimal("0.1"))
    with pytest.raises(TypeError, match="not float"):
        format.money(0.1)


def test_no_value_shows_as_a_dash_that_is_read_as_none():
    for value in (None, ""):
        assert shown(format.money(value)) == "–none"
        assert shown(format.blank(value)) == "–none"
    assert format.blank(0) == 0


def test_a_badge_finds_its_tone_by_the_word_and_escapes_it():
    assert ui.badge("Pending Receipt") == '<span class="badge tone-open">Pending Receipt</span>'
    assert "tone-plain" in ui.badge("Never heard of")
    assert "tone-warn" in ui.badge("3 short", "warn")
    assert "<b>" not in ui.badge("<b>")


class Order(forms.Form):
    vendor = forms.CharField(help_text="Whom we buy from.")
    rush = forms.BooleanField(required=False)


def render(source: str, **context) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


def test_a_field_has_label_help_and_errors_joined_to_its_control():
    html = render("{% field form.vendor 'wide' %}", form=Order({}))
    assert '<label for="id_vendor">' in html
    assert 'id="id_vendor_helptext"' in html
    assert 'aria-describedby="id_vendor_helptext id_vendor_error"' in html
    assert 'id="id_vendor_error"' in html
    assert "field wide has-error" in html


def test_a_check_box_stands_inside_its_label():
    html = render("{% field form.rush %}", form=Order())
    assert html.index("<label") < html.index("<input") < html.index("Rush")


def test_the_error_summary_links_to_fields_of_the_form_and_of_its_lines():
    lines = forms.formset_factory(Order)
    data = {"form-TOTAL_FORMS": 2, "form-INITIAL_FORMS": 0, "form-1-rush": "on"}
    html = render("{% error_summary form formset %}", form=Order({}), formset=lines(data))
    assert '<a href="#id_vendor">Vendor</a>' in html
    assert '<a href="#id_form-1-vendor">Line 2, Vendor</a>' in html
    assert render("{% error_summary form %}", form=Order({"vendor": "Acme"})).strip() == ""


def test_picked_fields_come_in_the_order_asked_for_without_those_a_form_lacks():
    assert [f.name for f in ui.pick(Order(), ["rush", "price", "vendor"])] == ["rush", "vendor"]


def test_a_chart_says_every_value_in_words_and_draws_negatives_below_the_line():
    html = render(
        "{% bar_chart points 'Net change' %}",
        points=[("Mon", Decimal(5)), ("Tue", Decimal("-2.5")), ("Wed", 0)],
    )
    assert 'aria-label="Net change. Mon: 5; Tue: −2.5; Wed: 0"' in html
    assert 'class="negative"' in html
    assert 'y1="64.0"' in html


def test_a_chart_without_points_or_values_is_drawn_too():
    assert "<svg" not in render("{% bar_chart points 'Nothing' %}", points=[])
    assert "<svg" in render("{% bar_chart points 'Zeros' %}", points=[("Mon", 0)])


class LabelledSelect(forms.Select):
    """Says of an option more than its value."""

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        option["attrs"] |= {"data-value": f'"{value}"', "hidden": False, "disabled": value == 2}
        return option


@pytest.mark.parametrize("widget", [forms.Select, forms.SelectMultiple, LabelledSelect])
def test_a_select_is_what_django_makes_of_it(widget):
    choices = [
        ("", "None"),
        (1, 'A & "b"'),
        (2, mark_safe("<i>two</i>")),
        ("Gr<oup", [("x'y", "Fish & chips"), (3.5, "2")]),
    ]
    made = widget(attrs={"class": "wide", "required": True}, choices=choices)
    for value in (None, "", 1, "x'y"):
        ours = made.render("thing", value, {"id": "id_thing"}, renderer=TemplatesSetting())
        theirs = made.render("thing", value, {"id": "id_thing"}, renderer=DjangoTemplates())
        assertHTMLEqual(ours, theirs)
