"""How often a program may ask: a bucket for each token, filled as time goes by.

Kept in the memory of the one process that serves the pages; a restart fills all buckets.
"""

import threading
from datetime import datetime
from math import ceil


class Pace:
    """Lets each token ask ``per_minute`` times a minute, all at once if it likes."""

    def __init__(self, per_minute: int) -> None:
        self._most = per_minute
        self._lock = threading.Lock()
        self._left: dict[int, tuple[float, datetime]] = {}

    def take(self, token: int, at: datetime) -> int:
        """Take one request of this token; give 0, or how many seconds it has to wait."""
        with self._lock:
            left, since = self._left.get(token, (float(self._most), at))
            gained = max(0.0, (at - since).total_seconds()) * self._most / 60
            left = min(float(self._most), left + gained)
            if left < 1:
                self._left[token] = left, at
                return ceil((1 - left) * 60 / self._most)
            self._left[token] = left - 1, at
            return 0
