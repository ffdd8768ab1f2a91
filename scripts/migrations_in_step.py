"""See that the migrations build exactly the tables that the models describe.

Runs all steps on a fresh SQLite database and lets alembic compare it with the models.
Prints each difference and exits 1 if there is any: then a step is missing.
"""

import sys
import tempfile
from pathlib import Path

from registry.db import Database
from registry.schema import NEWEST, differences, history, upgrade


def main() -> int:
    """Compare, and give the exit code."""
    with tempfile.TemporaryDirectory(prefix="saraban-migrations-") as folder:
        database = Database.open(f"sqlite:///{Path(folder) / 'fresh.db'}")
        upgrade(database)
        found = [str(difference) for difference in differences(database)]
        database.close()
    last = history()[-1][0]
    if last != NEWEST:
        found.append(f"the last step is {last}, registry.schema.NEWEST says {NEWEST}")
    for difference in found:
        print(f"not in step: {difference}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
