"""Telephone numbers, e-mail addresses and codes on a page.

{{ clinic.phone|telephone_link }}: the address of a link that calls it; |mail_link: of one that writes to it.
{{ record.reference|as_typed }}: what people read out, call or type, which no translation of the page may change.
"""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ..typed.mail_address import build_mail_link
from ..typed.telephone import build_short_number_link, build_telephone_link

register = template.Library()
register.filter("telephone_link", build_telephone_link)
register.filter("short_number_link", build_short_number_link)
register.filter("mail_link", build_mail_link)


@register.filter
def as_typed(text: str) -> SafeString:
    """The text, marked for browsers and their add-ons as what is not translated."""
    return format_html('<span class="notranslate" translate="no">{}</span>', text)
