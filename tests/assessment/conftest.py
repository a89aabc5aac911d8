import pytest

from .staff import make_clerk


@pytest.fixture
def ana(db):
    return make_clerk("ana")


@pytest.fixture
def ben(db):
    return make_clerk("ben")
