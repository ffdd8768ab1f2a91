"""A process that is nothing but the collector; says on one line of JSON what memory it took.

python -m tests.gateway.inbound.serve_collector CONFIG SETTINGS [once]

SETTINGS is one ``[[collector]]`` as JSON. ``once`` looks once and ends; without it, the
process serves until SIGTERM.
"""

import asyncio
import json
import signal
import sys
from dataclasses import replace
from pathlib import Path

from gateway.inbound.collector import Collector
from gateway.inbound.mailboxes import run_collector
from gateway.inbound.spool import Spool
from gateway.service import Runtime
from gateway.settings import CollectorSettings
from saraban.config.load import load


def main(config: str, settings: str, once: str = "") -> None:
    """Collect."""
    loaded = load(Path(config), {})
    box = CollectorSettings(**json.loads(settings))
    runtime = Runtime(loaded.office, replace(loaded.gateway, collector=(box,)))
    if once:
        before, fetched = _peak(), _look(runtime, box)
        print(json.dumps({"before": before, "after": _peak(), "fetched": fetched}))  # noqa: T201
    else:
        asyncio.run(_serve(runtime))


def _look(runtime: Runtime, box: CollectorSettings) -> int:
    spool = Spool(runtime.spool_dir, "collector", runtime.clock)
    try:
        return Collector(runtime, box, spool).round().fetched
    finally:
        spool.close()


def _peak() -> int:
    """Give the most memory that was resident so far, in bytes; ru_maxrss knows the parent's too."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    [line] = [one for one in status.splitlines() if one.startswith("VmHWM:")]
    return int(line.split()[1]) * 1024


async def _serve(runtime: Runtime) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await run_collector(runtime, stop, lambda _ports: print("{}", flush=True))  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
