"""Who asked to be told at once of what: one target of ``[[notify]]`` as the desk knows it."""

from dataclasses import dataclass
from typing import Final, Literal

Event = Literal["urgent", "unseen", "secret", "overdue", "trouble"]
EVENTS: Final[tuple[Event, ...]] = ("urgent", "unseen", "secret", "overdue", "trouble")


@dataclass(frozen=True, slots=True)
class Watcher:
    """One target: ``entity`` is a code or "" for all, ``address`` where its jobs go.

    The address of a webhook is a name for it at the host's name, never the URL, which may hold
    a secret of its own.
    """

    entity: str
    address: str
    events: tuple[str, ...]
    webhook: bool = False
