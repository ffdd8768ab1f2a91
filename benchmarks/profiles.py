"""Where the time goes: the functions that take most of it, in the door and in the worker.

    python -m benchmarks.profiles [letters]

The profiler makes everything slower, and small functions most: shares count, not times.
"""

import contextlib
import cProfile
import io
import json
import pstats
import signal
import subprocess
import sys
from pathlib import Path

from benchmarks.doors import ours, send
from gateway.inbound.pickup import pickup_of
from saraban.cli.common import open_runtime

_SHOWN = 15
_ROOT = str(Path(__file__).parent.parent) + "/"


def main(letters: int = 500) -> str:
    """Take both profiles, and give them as text."""
    with ours("smtp,links") as own:
        door = _of_door(own.office.config, letters)
        send(own.port, letters, 20_000, 8)
        worker = _of_worker(own.office.config)
    return f"The door:\n\n```text\n{door}\n```\n\nThe worker:\n\n```text\n{worker}\n```"


def _of_door(config: Path, letters: int) -> str:
    """Run a second door under the profiler; its letters stay in the spool."""
    command = [sys.executable, "-m", "benchmarks.profiles", "door", str(config)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        port = json.loads(process.stdout.readline())["smtp"]
        send(port, letters, 20_000, 8)
        process.send_signal(signal.SIGTERM)
        return process.stdout.read().strip()


def _of_worker(config: Path) -> str:
    """Work off what the doors left, under the profiler."""
    runtime = open_runtime(str(config))
    profiler = cProfile.Profile()
    with pickup_of(runtime) as pickup:
        profiler.enable()
        while pickup.round():
            pass
        profiler.disable()
    runtime.close()
    return _table(profiler)


def _serve(config: str) -> None:
    """Be the door of this configuration until SIGTERM, and print the profile."""
    import asyncio

    from gateway.inbound.smtpd import run_smtp

    async def serve() -> None:
        stop = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
        await run_smtp(
            open_runtime(config), stop, lambda ports: print(json.dumps(ports), flush=True)
        )

    profiler = cProfile.Profile()
    with contextlib.suppress(KeyboardInterrupt):
        profiler.runcall(asyncio.run, serve())
    print(_table(profiler))


def _table(profiler: cProfile.Profile) -> str:
    """Give the functions that took most time by themselves, without paths of this machine."""
    text = io.StringIO()
    stats = pstats.Stats(profiler, stream=text)
    stats.sort_stats("tottime").print_stats(_SHOWN)
    lines = text.getvalue().splitlines()
    kept = [line for line in lines if line.strip() and "Ordered by" not in line]
    shown = [line.replace(_ROOT, "") for line in kept if "List reduced" not in line]
    return "\n".join(_short(line) for line in shown)


def _short(line: str) -> str:
    """Leave out where Python and its packages are installed."""
    before, marker, after = line.partition("/lib/python")
    if not marker:
        return line
    return before[: before.rfind(" ") + 1] + after.partition("/")[2].removeprefix("site-packages/")


if __name__ == "__main__":
    if sys.argv[1:2] == ["door"]:
        _serve(sys.argv[2])
    else:
        print(main(*map(int, sys.argv[1:])))
