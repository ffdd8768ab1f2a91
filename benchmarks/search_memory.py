"""How much memory a process takes that only searches: it is started anew, and asks what it is told.

python -m benchmarks.search_memory URL < lines
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from registry.db import Database
from registry.search.query import search
from registry.search.terms import Reader


def peak(url: str, lines: Sequence[str]) -> int:
    """Give the most MB that a process took which asked all these lines of this database."""
    command = [sys.executable, "-m", "benchmarks.search_memory", url]
    said = subprocess.run(
        command, input=json.dumps(lines), capture_output=True, text=True, check=True
    )
    return int(said.stdout)


def _main(url: str) -> None:
    database = Database.open(url)
    for line in json.load(sys.stdin):
        with database.read() as session:
            search(session, line, Reader(frozenset({1})))
    said = Path("/proc/self/status").read_text("ascii")  # ru_maxrss would be the parent's
    print(int(said.partition("VmHWM:")[2].split()[0]) // 1024)


if __name__ == "__main__":
    _main(sys.argv[1])
