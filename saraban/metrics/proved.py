"""The result of the last proof, kept in ``run/proof.json`` for those who watch: when, and whether.

It is a figure, not evidence: evidence is a proof, made again.
"""

import json
from contextlib import suppress
from datetime import datetime
from pathlib import Path


def note_proof(data_dir: Path, at: datetime, *, holds: bool) -> None:
    """Write down how a proof went, where whoever proved may write."""
    path = data_dir / "run" / "proof.json"
    draft = path.with_suffix(".tmp")
    with suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft.write_text(json.dumps({"at": at.isoformat(), "holds": holds}), encoding="utf-8")
        draft.replace(path)


def read_proof(data_dir: Path) -> tuple[datetime, bool] | None:
    """Give when the last proof was and whether it held; None when none is known."""
    try:
        told = json.loads((data_dir / "run" / "proof.json").read_text(encoding="utf-8"))
        return datetime.fromisoformat(told["at"]), bool(told["holds"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
