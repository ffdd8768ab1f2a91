"""What SIGHUP (``systemctl reload``) does: certificates and the log level are read again.

No connection is dropped and no process ends. Every other setting needs a restart: those that
changed are named in the log, once, by the supervisor. A configuration that cannot be read changes
nothing; the log says why.
"""

import logging
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from gateway.tls import reload_certificates
from registry.errors import SarabanError
from registry.log import set_level
from saraban.config.load import load
from saraban.config.sections import Settings

log = logging.getLogger(__name__)

TAKEN_AT_ONCE = frozenset({"log.level"})


class Reload:
    """The settings of a process as it knows them."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._begun = load(path)

    def of_role(self) -> None:
        """Take over what can change in a process of one role. Never raises."""
        fresh = self._fresh()
        if fresh is not None:
            reload_certificates()
            set_level(fresh.office.log.level)  # last: what was done is still told as before

    def of_supervisor(self) -> bool:
        """Do it for the supervisor; False when the children had better be left alone."""
        fresh = self._fresh()
        if fresh is None:
            return False
        changed = [key for key in changes(self._begun, fresh) if key not in TAKEN_AT_ONCE]
        if changed:
            log.warning("changed, but only in use after a restart: %s", ", ".join(changed))
        log.info("settings read again")
        set_level(fresh.office.log.level)
        return True

    def _fresh(self) -> Settings | None:
        try:
            return load(self._path)
        except SarabanError as error:
            log.error("settings stay as they are: %s", error)  # noqa: TRY400 - no trace
            return None


def changes(old: Settings, new: Settings) -> list[str]:
    """Name the keys that differ, as section.key; of a section that comes several times its name."""
    pairs = ((old.office, new.office), (old.gateway, new.gateway))
    found = [key for before, after in pairs for key in _changed("", before, after)]
    return [*found, *_changed("web.", old.web, new.web)]


def _changed(prefix: str, old: Any, new: Any) -> list[str]:
    found = []
    for one in fields(old):
        before, after = getattr(old, one.name), getattr(new, one.name)
        if is_dataclass(before) and not isinstance(before, type):
            found += _changed(f"{prefix}{one.name}.", before, after)
        elif before != after:
            found.append(f"{prefix}{one.name}")
    return found
