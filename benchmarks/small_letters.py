"""Letters of 20 kB over 8 sessions, a connection for each: letters a second, and CPU for each.

Postfix and this system take turns; of each figure the median of the rounds counts.

    python -m benchmarks.small_letters [letters a round] [rounds]
"""

import statistics
import sys
from collections.abc import Callable

from benchmarks.doors import Door, Peer, Run, drive, ours
from benchmarks.table import Row, table

SIZE = 20_000


def main(letters: int = 1500, rounds: int = 5) -> str:
    """Measure, and give the table."""
    with ours() as own:
        peer = Peer()
        found: dict[str, list[Run]] = {peer.name: [], own.name: []}
        doors: tuple[Door, ...] = (peer, own)
        for door in doors:
            drive(door, 200, SIZE)  # warm
        for _ in range(rounds):
            for door in doors:
                found[door.name].append(drive(door, letters, SIZE))
                peer.empty()
    return _table(found, peer.name, own.name)


def _table(found: dict[str, list[Run]], peer: str, own: str) -> str:
    figures: list[tuple[str, Callable[[Run], float]]] = [
        ("accepted, letters/s", lambda run: run.letters / run.accepted),
        ("delivered, or registered under a number, letters/s", lambda run: run.letters / run.done),
        ("CPU, ms a letter", lambda run: run.cpu / run.letters * 1000),
    ]
    return table(
        [
            Row(name, *(statistics.median(map(figure, found[who])) for who in (peer, own)))
            for name, figure in figures
        ]
    )


if __name__ == "__main__":
    print(main(*map(int, sys.argv[1:])))
