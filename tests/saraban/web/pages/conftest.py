"""A letter with real pages, as it waits and as it stands in the book."""

import pytest

from tests.saraban.web import papers


@pytest.fixture
def letter(desk):
    """A letter with a real PDF that waits."""
    return papers.lay(desk.office)


@pytest.fixture
def entry(desk, letter):
    """The same, registered."""
    return papers.register(desk.office, letter)
