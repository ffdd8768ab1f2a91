"""Books to search in, on both databases."""

import pytest

from registry.clock import FrozenClock
from registry.db import Database
from tests.registry.conftest import Office
from tests.registry.search.books import Shelf


@pytest.fixture
def shelf(database: Database, clock: FrozenClock, office: Office) -> Shelf:
    """Empty books of Phrae."""
    return Shelf(database, clock, office.phrae)
