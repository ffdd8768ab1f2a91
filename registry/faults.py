"""Named places at which a test may kill the process, to prove that nothing is lost there.

``point("after_commit")`` does nothing unless the environment variable SARABAN_FAULT names that
point; then the process kills itself with SIGKILL, as a power cut would: no handler runs, no
buffer is flushed. ``name:3`` lets the first two passages go and kills at the third;
``name@/path/of/a/file`` kills once only and leaves that file as a mark, so that a process started
again in its place lives.
"""

import os
import signal
from pathlib import Path

_passed: dict[str, int] = {}


def point(name: str) -> None:
    """Die here if SARABAN_FAULT asks for it."""
    wanted = os.environ.get("SARABAN_FAULT")
    if not wanted:
        return
    where, _, mark = wanted.partition("@")
    where, _, nth = where.partition(":")
    if where != name or (mark and Path(mark).exists()):
        return
    _passed[name] = _passed.get(name, 0) + 1
    if _passed[name] < int(nth or 1):
        return
    if mark:
        Path(mark).touch()
    os.kill(os.getpid(), signal.SIGKILL)
