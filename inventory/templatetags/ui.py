"""The parts of a page that take arguments: badges, serial links, icons, fields and charts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BaseForm, BaseFormSet, BoundField
from django.forms.utils import flatatt
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from inventory.templatetags.format import quantity_text

register = template.Library()

# Tone by meaning, by the word the user reads: open (waiting for somebody), progress (under way),
# done, warn (needs a look), void (no longer counts). A word not listed here is plain.
TONES = {
    "open": ("open", "pending approval", "pending supervisor approval", "pending receipt",
             "pending fulfillment", "pending bill", "pending billing", "not deposited",
             "pending return", "pending refund", "pending credit", "completed/pending approval",
             "ready to import"),
    "progress": ("picked", "packed", "in transit", "partially received", "partially fulfilled",
                 "pending billing/partially received", "pending billing/partially fulfilled",
                 "partially returned", "pending credit/partially returned",
                 "pending receipt/partially fulfilled", "committed", "started", "checking",
                 "importing"),
    "done": ("received", "shipped", "billed", "fully billed", "paid in full", "posted", "on hand",
             "deposited", "active", "refunded", "credited", "fully applied", "paid",
             "approved", "imported", "accepted"),
    "warn": ("rejected", "rejected by supervisor", "low", "reorder", "written off",
             "back ordered", "to correct", "failed", "expired"),
    "void": ("void", "voided", "closed", "cancelled", "inactive", "adjusted out",
             "returned to vendor", "withdrawn"),
    "plain": ("sold",),
}  # fmt: skip
TONE_OF = {word: tone for tone, words in TONES.items() for word in words}


@register.simple_tag
def badge(text: Any, tone: str = "") -> SafeString:
    """A small label whose color says what the word means; the word alone is enough."""
    tone = tone or TONE_OF.get(str(text).lower(), "plain")
    return format_html('<span class="badge tone-{}">{}</span>', tone, text)


@register.simple_tag
def status(record: Any) -> SafeString:
    """The badge of a record: of its `status_label`, or of the choice in its `status`."""
    return badge(status_label(record))


def status_label(record: Any) -> str:
    """A record's status in the user's words."""
    label = getattr(record, "status_label", None)
    return str(label if label is not None else record.get_status_display())


@register.simple_tag
def serial(item_id: int, number: str) -> SafeString:
    """A serial number as a link to its page."""
    return format_html(
        '<a class="serial" href="{}">{}</a>',
        reverse("items:serial", args=[item_id, number]),
        number,
    )


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A drawing out of static/img/icons.svg; silent for screen readers unless it has a label."""
    href = f"{static('img/icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>', label, href
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"></use></svg>', href)


@register.inclusion_tag("components/field.html")
def field(bound_field: BoundField, extra_class: str = "") -> dict[str, Any]:
    """A form field: label above, help, the control, its errors (components/field.html)."""
    widget = bound_field.field.widget
    return {
        "field": bound_field,
        "kind": getattr(widget, "input_type", type(widget).__name__.lower()),
        "extra_class": extra_class,
    }


@register.simple_tag
def options(groups: Iterable[tuple[str | None, Sequence[dict[str, Any]], int]]) -> SafeString:
    """The options of a select (a widget's `optgroups`).

    Django renders a template for each, of ten thousand items to filter by a second's worth.
    """
    return mark_safe("".join(_group(label, choices) for label, choices, _ in groups))  # noqa: S308


def _group(label: str | None, choices: Sequence[dict[str, Any]]) -> str:
    listed = "\n".join(
        f'<option value="{conditional_escape(choice["value"])}"{flatatt(choice["attrs"])}>'
        f"{conditional_escape(choice['label'])}</option>"
        for choice in choices
    )
    return f'<optgroup label="{conditional_escape(label)}">{listed}</optgroup>' if label else listed


@register.filter
def pick(form: BaseForm, names: Sequence[str]) -> list[BoundField]:
    """The fields of a form by name, in this order; names it does not have are left out."""
    return [form[name] for name in names if name in form.fields]


@register.inclusion_tag("components/error_summary.html")
def error_summary(
    form: BaseForm | None, formset: BaseFormSet | None = None
) -> dict[str, list[dict[str, Any]]]:
    """Every error of a form and of its lines, with the id of the field it belongs to."""
    errors: list[dict[str, Any]] = list(_errors_of(form)) if form else []
    if formset:
        errors += [{"message": message} for message in formset.non_form_errors()]
        for number, line in enumerate(formset, start=1):
            errors += _errors_of(line, f"Line {number}")
    return {"errors": errors}


def _errors_of(form: BaseForm, where: str = "") -> Iterator[dict[str, Any]]:
    for name, messages in form.errors.items():
        bound = form[name] if name in form.fields else None
        label = ", ".join(filter(None, [where, str(bound.label) if bound else ""]))
        for message in messages:
            target = bound.id_for_label if bound else ""
            yield {"id": target, "label": label, "message": message}


CHART_WIDTH, CHART_HEIGHT, CHART_GAP = 480, 96, Decimal("0.25")


@register.inclusion_tag("components/bar_chart.html")
def bar_chart(
    points: Sequence[tuple[Any, Decimal | int]], title: str, among: Sequence[Decimal | int] = ()
) -> dict[str, Any]:
    """A column for each (label, value), drawn on the server; values may be negative.

    `among` are the values of charts beside it, so that all are drawn to one scale.

    The title and every value are in the accessible text, so nothing is said by shape alone.
    """
    values = [Decimal(value) for _, value in points]
    top = max([Decimal(0), *values, *among])
    bottom = min([Decimal(0), *values, *among])
    scale = Decimal(CHART_HEIGHT) / ((top - bottom) or 1)
    step = Decimal(CHART_WIDTH) / max(len(values), 1)
    bars = [
        {
            "x": (step * n + step * CHART_GAP / 2).quantize(Decimal("0.1")),
            "y": ((top - max(value, Decimal(0))) * scale).quantize(Decimal("0.1")),
            "height": (abs(value) * scale).quantize(Decimal("0.1")),
            "label": label,
            "text": quantity_text(value),
            "negative": value < 0,
        }
        for n, ((label, _), value) in enumerate(zip(points, values, strict=True))
    ]
    return {
        "title": title,
        "bars": bars,
        "bar_width": (step * (1 - CHART_GAP)).quantize(Decimal("0.1")),
        "baseline": (top * scale).quantize(Decimal("0.1")),
        "width": CHART_WIDTH,
        "height": CHART_HEIGHT,
        "text": "; ".join(f"{bar['label']}: {bar['text']}" for bar in bars),
    }
