"""What a running service says of itself: the note in ``run/serve.json``."""

import json
import os
from typing import Any

from gateway.service import Runtime


def running(runtime: Runtime) -> dict[str, Any] | None:
    """Give the note that a running service keeps (pid, ports, pids), if its process is there."""
    try:
        text = (runtime.data_dir / "run" / "serve.json").read_text(encoding="utf-8")
        note: dict[str, Any] = json.loads(text)
        os.kill(note["pid"], 0)
    except (FileNotFoundError, ProcessLookupError, ValueError):
        return None
    except PermissionError:  # another user's process: it is there
        return note
    return note
