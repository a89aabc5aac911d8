"""{% draw "golf" %}: a small drawing beside words that say the same, on a ground of its own."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from ..text.drawings import DRAWINGS

register = template.Library()


@register.simple_tag
def draw(name: str, lazy: bool = True) -> SafeString | str:
    """The drawing of this name in the register (content/text/drawings.py); nothing where there is none.

    lazy: it is further down the page, and loads when somebody comes near.
    """
    if name not in DRAWINGS:
        return ""
    return format_html(
        '<div class="pic"><img src="{}" width="{}" height="{}" alt=""{}></div>',
        static(f"figures/{name}.svg"),
        DRAWINGS[name].width,
        DRAWINGS[name].height,
        mark_safe(' loading="lazy"') if lazy else "",
    )
