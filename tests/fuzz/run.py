"""The long run: ``python -m tests.fuzz.run [--seconds N] [TARGET ...]``.

Each target is tried for its share of the time (60 seconds together, or ``FUZZ_SECONDS``), with new
inputs in every run. What breaks one is made small and printed, and the exit code is 1. There is no
feedback from coverage: the inputs are built from pieces that the readers know.
"""

import argparse
import os
import sys
import time
import traceback

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.fuzz.inputs import INPUTS
from tests.fuzz.targets import Target

_ROUND = 200
_SLOWEST = 2.0  # CPU seconds for any one input, none of which has a hundred kilobytes


def main() -> int:
    """Run and return the exit code."""
    asked = argparse.ArgumentParser(prog="python -m tests.fuzz.run")
    asked.add_argument("--seconds", type=float, default=float(os.environ.get("FUZZ_SECONDS", "60")))
    asked.add_argument("targets", nargs="*", metavar="TARGET", help="all of them unless named")
    given_ = asked.parse_args()
    chosen = [t for t in INPUTS if not given_.targets or t.__name__ in given_.targets]
    failed = [target for target in chosen if not _run(target, given_.seconds / len(chosen))]
    return 1 if failed else 0


def _run(target: Target, share: float) -> bool:
    """Try one target for its share of the seconds; say how it went."""
    until, count, number = time.monotonic() + share, 0, time.time_ns()
    while time.monotonic() < until:
        try:
            _round(target, number + count)
        except Exception:  # noqa: BLE001 - whatever it is, it is told
            traceback.print_exc()
            print(f"{target.__name__} BROKE", flush=True)  # noqa: T201 - what the person asked for
            return False
        count += _ROUND
    print(f"{target.__name__} held for {count} inputs", flush=True)  # noqa: T201
    return True


def _round(target: Target, number: int) -> None:
    @seed(number)
    @settings(
        max_examples=_ROUND,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    @given(INPUTS[target])
    def tried(data: bytes) -> None:
        started = time.process_time()
        target(data)
        assert time.process_time() - started < _SLOWEST, "too slow"

    tried()


if __name__ == "__main__":
    sys.exit(main())
