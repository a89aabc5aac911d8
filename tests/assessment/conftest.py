import pytest
from django.db import connection

from .staff import make_clerk


@pytest.fixture
def ana(db):
    return make_clerk("ana")


@pytest.fixture
def ben(db):
    return make_clerk("ben")


@pytest.fixture
def transactions_of(db):
    """A function of a table: in how many transactions, beside the test's own, each statement about it was run."""
    ran, outside = [], len(connection.atomic_blocks)

    def see(execute, sql, params, many, context):
        ran.append((sql, len(connection.atomic_blocks) - outside))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(see):
        yield lambda table: {depth for sql, depth in ran if table in sql}
