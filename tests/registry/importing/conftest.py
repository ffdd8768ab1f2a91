"""The desk's office, whose books old registers are taken over into."""

from tests.registry.desk.conftest import house, workdays  # noqa: F401 - fixtures
