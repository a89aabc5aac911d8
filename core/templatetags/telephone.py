"""{{ clinic.phone|telephone_link }}: the address of a link that calls it."""

from django import template

from ..telephone import short_number_link, telephone_link

register = template.Library()
register.filter(telephone_link)
register.filter(short_number_link)
