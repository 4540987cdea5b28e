"""How refusals are written on a page: the sentence, what to do next, and the way there."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from items.refusals import Refusal

register = template.Library()

# What to do about it, where the message of SPEC §6.3 does not say.
NEXT = {
    "SER-04": "Enter the number of a unit that is on hand.",
    "SER-12": "Choose another serial number.",
    "SER-14": "Choose a later date or another serial number.",
    "SER-15": "Choose a date in an open period.",
    "SER-17": "Choose another location.",
    "SER-18": "Choose another item.",
}


@register.simple_tag
def refusal_text(refusal: Refusal) -> SafeString:
    """The message, what to do next, and a link to what stands in the way."""
    following = "" if refusal.asks else NEXT.get(refusal.code, "")
    text = format_html("{} {}", refusal.message, following) if following else refusal.message
    if not refusal.url:
        return format_html("{}", text)
    about = f" {refusal.number}" if refusal.number else ""
    return format_html(
        '{} <a href="{}">Show<span class="visually-hidden">{}</span></a>', text, refusal.url, about
    )
