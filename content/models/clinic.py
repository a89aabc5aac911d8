"""What the clinic says of itself on its page: hours, how to book, who works here. Its telephone is a setting."""

from django.db import models
from django.urls import reverse


class ClinicDetails(models.Model):
    """When the clinic is open and how to book: one row, made by a migration. What is empty is not shown."""

    hours = models.TextField(
        "when you are open",
        max_length=400,
        blank=True,
        help_text=(
            "Shown on the clinic's page and beside its number on a result. A line for each, "
            "such as: Monday to Friday: 8 am to 6 pm. Say when you are closed, too."
        ),
    )
    booking = models.TextField(
        "how to book",
        max_length=600,
        blank=True,
        help_text=(
            "In plain words, a line for each step. The telephone number stands there "
            "already: it is a setting of the site."
        ),
    )
    booking_link = models.URLField("where to book online", blank=True, help_text="The whole address, with https://.")

    class Meta:
        verbose_name = "clinic: hours and how to book"
        verbose_name_plural = "clinic: hours and how to book"

    def __str__(self) -> str:
        return "Hours and how to book"

    def get_absolute_url(self) -> str:
        return reverse("clinic")


class TeamMember(models.Model):
    """Somebody who works at the clinic, as patients read of them."""

    name = models.CharField(max_length=120, help_text="As patients know them, with a title if they have one.")
    role = models.CharField("what they do", max_length=120, help_text="In plain words, such as: physical therapist.")
    registration = models.CharField(
        "registration number", max_length=80, blank=True, help_text="With who gave it, if you want to show it."
    )
    position = models.PositiveIntegerField(default=0, help_text="Small numbers first.")

    class Meta:
        ordering = ["position", "name"]
        verbose_name = "person at the clinic"
        verbose_name_plural = "clinic: who works here"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("clinic")
