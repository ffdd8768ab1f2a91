"""The long form: ``python -m tests.campaign [rounds] [seed]``, on SQLite and on PostgreSQL."""

import sys
import tempfile
import time
from pathlib import Path

from tests.campaign.campaign import Campaign, durable_postgres


def main(rounds: int = 50, seed: int = 0) -> None:
    """Run both, and print what came of them; ends with an error when anything does not hold."""
    seed = seed or int(time.time())
    with durable_postgres() as server, tempfile.TemporaryDirectory() as folder:
        for name, database in (("SQLite", None), ("PostgreSQL", server)):
            print(f"{name}: {rounds} rounds, seed {seed}", flush=True)  # noqa: T201
            print(Campaign(Path(folder) / name, seed, database).run(rounds), flush=True)  # noqa: T201


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
