"""What every act at the desk needs besides its session: settings, clock, calendar and keys.

One frozen value is made when a process starts and handed to each act. It holds no connection
and no state, so the same value serves every transaction and every thread.
"""

from dataclasses import dataclass
from datetime import datetime

from registry.clock import Clock
from registry.keys import KeyRing
from registry.letter.watcher import Watcher
from registry.letter.workdays import Workdays
from registry.settings import OfficeSettings


@dataclass(frozen=True, slots=True)
class Desk:
    """The surroundings of an act.

    ``hold_seconds`` is how long a letter rests before it leaves, so that it can be taken back;
    ``give_up_after`` is the number of seconds after which a job that never went is given up;
    ``link_days`` is how long a page of large files lives; ``watchers`` are told at once of what
    is urgent (:mod:`registry.desk.alert`).
    """

    settings: OfficeSettings
    clock: Clock
    workdays: Workdays
    keys: KeyRing
    hold_seconds: float = 0.0
    give_up_after: float = 432_000.0
    link_days: int = 3650
    watchers: tuple[Watcher, ...] = ()

    @property
    def hostname(self) -> str:
        """Name of this installation in the Message-IDs that it gives."""
        return self.settings.instance.hostname

    def now(self) -> datetime:
        """Return the present moment, aware."""
        return self.clock.now()
