"""Words of the body map."""

from django import template
from django.utils.html import format_html

register = template.Library()


@register.filter
def aside(text: str) -> str:
    """The words of an option, with what stands in brackets marked: beside the picture a phone has no room for it."""
    head, bracket, rest = text.partition(" (")
    return format_html('{} <span class="aside">({}</span>', head, rest) if bracket else text
