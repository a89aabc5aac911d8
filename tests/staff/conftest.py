import pytest


@pytest.fixture(autouse=True)
def as_at_a_clinic(settings):
    """Both steps are needed, as anywhere but on one's own machine."""
    settings.SECOND_FACTOR = True
