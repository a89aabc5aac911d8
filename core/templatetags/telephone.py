"""{{ clinic.phone|telephone_link }}: the address of a link that calls it."""

from django import template

from ..telephone import build_short_number_link, build_telephone_link

register = template.Library()
register.filter("telephone_link", build_telephone_link)
register.filter("short_number_link", build_short_number_link)
