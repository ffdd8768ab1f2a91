"""How things stand around the books: spool, disk, certificates, proof, backup, processes.

Each is read from the file system when asked. What is not there (no backup yet, no proof) has no
figure: rules ask for that with ``absent()``.
"""

import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from gateway.inbound.tray import Tray
from gateway.service import Runtime
from saraban.certificates import expiries
from saraban.metrics.families import Figure
from saraban.metrics.proved import read_proof
from saraban.running import running


def surroundings(runtime: Runtime) -> Iterator[Figure]:
    """Give the figures of the file system."""
    yield from _spool(runtime)
    yield from _disk(runtime)
    yield from _certificates(runtime)
    yield from _proof(runtime)
    yield from _backup(runtime)
    for name in (running(runtime) or {}).get("pids", {}):
        yield Figure("saraban_process_up", "Processes of the service.", 1, {"process": name})


def _spool(runtime: Runtime) -> Iterator[Figure]:
    tray = Tray(runtime.spool_dir)
    waiting, since = tray.waiting()
    oldest = max(0.0, time.time() - since) if since else 0.0
    aside = len(tray.list_aside())
    yield Figure("saraban_spool_letters", "Letters accepted, not yet in the books.", waiting)
    yield Figure("saraban_spool_oldest_seconds", "Age of the oldest of them.", oldest)
    yield Figure("saraban_spool_set_aside_letters", "Letters that wait in the spool.", aside)


def _disk(runtime: Runtime) -> Iterator[Figure]:
    places = {"data": runtime.data_dir, "spool": runtime.spool_dir, "blobs": runtime.blobs.root}
    for name, path in places.items():
        with suppress(FileNotFoundError):
            free = shutil.disk_usage(path).free
            yield Figure("saraban_disk_free_bytes", "Room that is left.", free, {"place": name})
    least = runtime.gateway.smtp.min_free_bytes
    yield Figure("saraban_disk_least_bytes", "Below this no letter is taken in.", least)


def _certificates(runtime: Runtime) -> Iterator[Figure]:
    for name, until in expiries(runtime).items():
        yield Figure(
            "saraban_certificate_expiry_timestamp_seconds", "When a listener's certificate ends.",
            until.timestamp(), {"listener": name},
        )  # fmt: skip


def _proof(runtime: Runtime) -> Iterator[Figure]:
    last = read_proof(runtime.data_dir)
    if last is not None:
        at, holds = last
        told = "When the books were last proved."
        yield Figure("saraban_proof_timestamp_seconds", told, at.timestamp())
        yield Figure("saraban_proof_holds", "Whether the last proof held.", int(holds))


def _backup(runtime: Runtime) -> Iterator[Figure]:
    folder = Path(runtime.office.metrics.backup_dir)
    times = []
    with suppress(OSError):
        times = [path.stat().st_mtime for path in folder.glob("*.tar")]
    if times:
        told = "When the newest backup was written."
        yield Figure("saraban_backup_timestamp_seconds", told, max(times))
