import pytest

from .staff import clerk


@pytest.fixture
def ana(db):
    return clerk("ana")


@pytest.fixture
def ben(db):
    return clerk("ben")
