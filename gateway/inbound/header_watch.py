"""A look at a letter's header while the letter still streams by.

What must be refused before 250 stands in the header; so its first 256 KiB are gathered and shown
to one check, once, when the blank line has come (or that size, or the end). Whatever follows
passes unseen. A header without an end is no reason to refuse: later readers cope with it.
"""

import re
from collections.abc import Callable

from gateway.inbound.fields import Fields, read_fields

LONGEST_HEADER = 256 * 1024

_BLANK_LINE = re.compile(rb"\r?\n\r?\n")


class HeaderWatch:
    """Gathers the header block and calls ``check`` with its fields; what that raises passes on.

    ``urgency`` is what the check gave, 0 until it was made.
    """

    def __init__(self, check: Callable[[Fields], int]) -> None:
        self._check = check
        self.urgency = 0
        self._header = bytearray(b"\r\n")  # a letter may begin with the blank line
        self._done = False

    def feed(self, block: bytes) -> None:
        """Look at the next bytes of the letter."""
        if self._done:
            return
        searched = max(0, len(self._header) - 3)
        self._header += block
        end = _BLANK_LINE.search(self._header, searched)
        if end:
            del self._header[end.start() :]
        if end or len(self._header) > LONGEST_HEADER:
            self.close()

    def close(self) -> None:
        """Say that no more will come; the check is made if it was not yet."""
        if self._done:
            return
        self._done = True
        block = bytes(self._header[2:LONGEST_HEADER])
        self._header.clear()
        self.urgency = self._check(read_fields(block))
