"""The letter itself, as DATA brings it: framing, dots, pace; any size in flat memory.

:class:`Framing` is fed blocks cut anywhere and gives back the letter's bytes. Only
``CRLF . CRLF`` ends DATA (RFC 5321 §4.1.1.4); every other mixture of dots, CR and LF is content,
so that no second letter can be smuggled in behind a bare line ending. The transparency dot is
taken off after CRLF only (§4.5.2). What would be ambiguous at the end of a block is carried over
to the next; the carry never exceeds four bytes.

:class:`Pace` says how long the peer may still take. Bytes that came bought time, so that a large
letter on a slow line arrives, and a trickle does not hold a session for ever.
"""

_END = b"\r\n.\r\n"
_STUFFED, _PLAIN = b"\r\n.", b"\r\n"


class Framing:
    """The bytes between 354 and the end of data, cut anywhere; no I/O here.

    ``ended`` turns true when the end was seen; ``rest`` is then what followed it (the next
    commands of a client that pipelines). ``bare_line_endings`` counts CR and LF alone, unless
    it is not asked to.
    """

    def __init__(self, *, counts: bool = True) -> None:
        self._counts = counts
        self._carry = _PLAIN  # as if a line had just ended: a dot may come first
        self._virtual = True  # that line ending is not part of the letter
        self.ended = False
        self.rest = b""
        self.bare_line_endings = 0

    def feed(self, block: bytes) -> bytes:
        """Take the next block and give the bytes of the letter that are certain now."""
        data = self._carry + block
        dot = data.find(_STUFFED)  # most letters have but one, which is that of the end
        end = data.find(_END, dot) if dot >= 0 else -1
        if end >= 0:
            self.ended, self.rest = True, data[end + len(_END) :]
            return self._plain(data[: end + 2], dotted=dot < end)
        keep = _beginning_of_end(data)
        self._carry = data[len(data) - keep :]
        return self._plain(data[: len(data) - keep], dotted=dot >= 0)

    def _plain(self, body: bytes, *, dotted: bool) -> bytes:
        if self._counts:
            lines = body.count(_PLAIN)
            self.bare_line_endings += body.count(b"\n") + body.count(b"\r") - 2 * lines
        plain = body.replace(_STUFFED, _PLAIN) if dotted else body
        if self._virtual and plain:
            self._virtual = False
            return plain[2:]
        return plain


class Pace:
    """How long a peer may take for its letter: ``timeout`` seconds, and more for each byte.

    Every ``min_rate`` bytes buy one second; 0 asks for no pace. Times are of a monotonic clock.
    """

    def __init__(self, timeout: float, min_rate: int, now: float) -> None:
        self._timeout = timeout
        self._rate = min_rate
        self._began = now
        self._bytes = 0

    def came(self, count: int) -> None:
        """Note bytes that have come."""
        self._bytes += count

    def left(self, now: float) -> float:
        """Seconds until the peer has been too slow; at most the timeout, never below zero."""
        if not self._rate:
            return self._timeout
        deadline = self._began + self._timeout + self._bytes / self._rate
        return max(0.0, min(self._timeout, deadline - now))


def _beginning_of_end(data: bytes) -> int:
    """How many bytes at the end of data may be the beginning of the end of DATA."""
    for length in range(len(_END) - 1, 0, -1):
        if data.endswith(_END[:length]):
            return length
    return 0
