"""A proof that runs beside the pages: one at a time, in a thread, with progress and last result.

The result is kept in ``run/proof-result.json``, so that a page shows the last one also after the
service was started anew; it is a figure, as :mod:`saraban.metrics.proved` says: evidence is a proof
made again. That somebody proved, and what came out, stands in the journal of their entity.

Limit: a proof reads every file, which may take hours; ending the service ends it without a result.
"""

import json
import logging
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from starlette.requests import Request

from registry import journal
from registry.clock import BANGKOK
from registry.proof import STEPS, prove
from saraban.metrics.proved import note_proof
from saraban.originals import digests
from saraban.runtime import OfficeRuntime

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Result:
    """The last proof: when it was begun and ended, by whom, and what it found (as JSON)."""

    began: datetime
    ended: datetime
    by: str
    found: Mapping[str, Any]


class Prover:
    """Proves when told to; ``step`` is the place of the claim at work, None at rest."""

    def __init__(self, runtime: OfficeRuntime) -> None:
        self._runtime = runtime
        self._path = runtime.data_dir / "run" / "proof-result.json"
        self._lock = threading.Lock()
        self.step: int | None = None
        self.failed = False

    def begin(self, entity_id: int, by: str) -> bool:
        """Begin a proof for an officer; False when one is at work."""
        with self._lock:
            if self.step is not None:
                return False
            self.step, self.failed = 0, False
        threading.Thread(target=self._run, args=(entity_id, by), daemon=True).start()
        return True

    def last(self) -> Result | None:
        """Give the last result; None when there is none that can be read."""
        try:
            told = json.loads(self._path.read_text(encoding="utf-8"))
            began, ended = (datetime.fromisoformat(told[at]) for at in ("began", "ended"))
            return Result(began, ended, str(told["by"]), told["found"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _run(self, entity_id: int, by: str) -> None:
        try:
            self._prove(entity_id, by)
        except Exception:
            self.failed = True
            log.exception("the proof broke off")
        finally:
            self.step = None

    def _prove(self, entity_id: int, by: str) -> None:
        runtime, began = self._runtime, self._runtime.clock.now()
        with runtime.database.snapshot() as session:
            found = prove(session, runtime.blobs, digests(runtime), self._tell)
        ended = runtime.clock.now()
        facts = {"holds": found.holds, "entries": found.entries, "problems": len(found.problems)}
        with runtime.database.write() as session:
            journal.record(session, entity_id, "proved", by, ended, facts=facts)
        note_proof(runtime.data_dir, ended, holds=found.holds)
        _keep(self._path, Result(began, ended, by, found.as_json()))
        log.info("proved %d entries: %d problems", found.entries, len(found.problems))

    def _tell(self, step: int) -> None:
        self.step = min(step, len(STEPS) - 1)


_PROVERS = threading.Lock()


def prover_of(request: Request, runtime: OfficeRuntime) -> Prover:
    """Give the prover of this process, made when it is first asked for."""
    with _PROVERS:
        found: Prover | None = getattr(request.app.state, "prover", None)
        if found is None:
            found = request.app.state.prover = Prover(runtime)
        return found


def _keep(path: Path, result: Result) -> None:
    began, ended = (at.astimezone(BANGKOK).isoformat() for at in (result.began, result.ended))
    told = {"began": began, "ended": ended, "by": result.by, "found": result.found}
    draft = path.with_suffix(".tmp")
    with suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        draft.replace(path)
