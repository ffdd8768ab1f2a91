"""When a mail that could not be sent is tried again, and when it is given up.

The first retry comes ``send.retry_first`` seconds after the first try; each further wait is twice
the one before, never more than ``send.retry_most``. The last try is at the end of the job's life
(``send.give_up_after`` from its making; five days, as RFC 5321 §4.5.4.1 asks for at least four).
After that the clerk hears that it failed.

Waits belong to a destination, not only to a mail: when a host cannot be reached, all mail through
it waits together, and is not tried one by one against a closed door.
"""

from datetime import datetime, timedelta

from gateway.settings import SendSettings


def wait_after(tries: int, settings: SendSettings) -> timedelta:
    """Return the wait after this many tries (1 or more)."""
    doublings = min(max(tries, 1) - 1, 30)
    return timedelta(seconds=min(settings.retry_first * 2**doublings, settings.retry_most))


def next_try(
    now: datetime, tries: int, give_up_at: datetime, settings: SendSettings
) -> datetime | None:
    """Return when to try again after ``tries`` tries, or None when it is time to give up."""
    if now >= give_up_at:
        return None
    return min(now + wait_after(tries, settings), give_up_at)
