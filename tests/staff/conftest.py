import pytest


@pytest.fixture(autouse=True)
def as_at_a_clinic(settings):
    """Both steps are needed, as anywhere but on one's own machine; and passwords are hashed quickly here."""
    settings.SECOND_FACTOR = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
