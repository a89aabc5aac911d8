"""The same questions as a django-formtools session wizard, written as its documentation does: to measure against."""
