"""{% draw "golf" %}: a small drawing beside words that say the same, on a ground of its own."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from ..text.drawings import DRAWINGS, THUMBNAILS

register = template.Library()


@register.simple_tag
def draw(name: str, lazy: bool = True, grid: bool = False) -> SafeString | str:
    """The drawing of this name in the register (content/text/drawings.py); nothing where there is none.

    lazy: it is further down the page, and loads when somebody comes near.
    grid: others of its kind stand beside it; so all come in one file, where there is one with it.
    """
    if name not in DRAWINGS:
        return ""
    drawing = DRAWINGS[name]
    file, width, height = f"figures/{name}.svg", drawing.width, drawing.height
    view = ""
    if grid and name in THUMBNAILS:
        (file, width, height), view = THUMBNAILS[name], f"#{name}"
    return format_html(
        '<div class="pic"><img src="{}{}" width="{}" height="{}" alt=""{}></div>',
        *(static(file), view, width, height),
        mark_safe(' loading="lazy"') if lazy else "",
    )
