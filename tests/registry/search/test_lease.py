"""Who keeps the index: one process at a time."""

import os
import subprocess
import sys
from datetime import timedelta

from registry.models.search import SearchStateRow
from registry.search.index import lease, release, step
from tests.registry.search.books import Shelf


def test_one_process_keeps_the_index_until_its_lease_runs_out(shelf: Shelf):
    """Two would number the same documents."""
    shelf.register("งบ")
    with shelf.database.write() as session:
        until = (shelf.clock.now() + timedelta(seconds=20)).isoformat()
        value = f'{{"by": "another", "until": "{until}"}}'
        session.add(SearchStateRow(name="indexer", value=value))
    assert not lease(shelf.database, shelf.clock.now())
    assert step(shelf.database, shelf.clock) == 0
    shelf.clock.advance(timedelta(seconds=30))
    shelf.settle()
    assert len(shelf.found("งบ")) == 1


def test_the_lease_of_a_process_that_ended_is_taken_over_at_once(shelf: Shelf):
    """A service that was killed and started again need not wait."""
    ended = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"],
        capture_output=True, text=True, check=True,
    ).stdout.strip()  # fmt: skip
    until = (shelf.clock.now() + timedelta(seconds=20)).isoformat()
    with shelf.database.write() as session:
        value = f'{{"by": "{ended}@{os.uname().nodename}", "until": "{until}"}}'
        session.add(SearchStateRow(name="indexer", value=value))
    assert lease(shelf.database, shelf.clock.now())
    release(shelf.database)
    with shelf.database.read() as session:
        assert session.get_one(SearchStateRow, "indexer").value == "{}"
