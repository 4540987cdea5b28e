"""How refusals are written on a page: the sentence, what to do next, and the way there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

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


NAMED = 10  # numbers in a message


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


@dataclass
class Obstacle:
    """One thing that stands in the way, and the other numbers it stands in the way of."""

    refusal: Refusal
    others: dict[str, None] = field(default_factory=dict)


@register.filter
def by_obstacle(refusals: Iterable[Refusal]) -> list[Obstacle]:
    """Refusals that lead to the same place for the same reason, as one."""
    found: dict[tuple[str, ...], Obstacle] = {}
    for refusal in refusals:
        # What names no number is a sentence of its own.
        why = (refusal.code, refusal.url, "" if refusal.number else refusal.message)
        if why not in found:
            found[why] = Obstacle(refusal)
        elif refusal.number != found[why].refusal.number:
            found[why].others[refusal.number] = None
    return list(found.values())


def obstacle_text(obstacle: Obstacle) -> SafeString:
    """A refusal, and how many others it speaks for."""
    text = refusal_text(obstacle.refusal)
    if not obstacle.others:
        return text
    others = list(obstacle.others)
    named = ", ".join(others[:NAMED])
    more = f" and {len(others) - NAMED} more" if others[NAMED:] else ""
    return format_html("{} Likewise {}{}.", text, named, more)
