"""Links that are there only for whom they open: the same table of gates that refuses them."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from users import access, gates

register = template.Library()


def access_in(context: Any) -> access.Access:
    """What the reader of the page may do; nothing while nobody is logged in."""
    request = context.get("request")
    user = getattr(request, "user", None)
    return access.of(user) if user and user.is_authenticated else access.Access()


@register.simple_tag(takes_context=True)
def way(context: Any, name: str, *args: Any) -> str:
    """As {% url %}, but empty where the page does not open to the reader."""
    return gates.way(access_in(context), name, *args)


@register.simple_tag(takes_context=True)
def way_to_send(context: Any, name: str, *args: Any) -> str:
    """The same for the address of a form that is sent."""
    return gates.way(access_in(context), name, *args, method="POST")


@register.simple_tag(takes_context=True)
def to(context: Any, record: Any, text: Any = None, css: str = "") -> SafeString:
    """A link to a record's page; the text alone where that does not open to the reader."""
    shown = str(record) if text is None else text
    return link(context, record.get_absolute_url(), shown, css)


@register.simple_tag(takes_context=True)
def link(context: Any, address: str, shown: Any, css: str = "") -> SafeString:
    """A link to an address; the text alone where that does not open to the reader."""
    if not gates.opens(access_in(context), address):
        return format_html("{}", shown)
    named = format_html(' class="{}"', css) if css else ""
    return format_html('<a{} href="{}">{}</a>', named, address, shown)


@register.filter
def sees_money_of(who: access.Access | str, kind: Any) -> bool:
    """{% if access|sees_money_of:kind %}: whether the rates and amounts of a kind may be shown."""
    return bool(who) and who.sees_money_of(kind)  # type: ignore[union-attr]
