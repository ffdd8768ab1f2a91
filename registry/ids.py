"""Opaque identifiers: sixteen characters that sort by the time they were made.

An id is 80 bits in base32: 48 bits of milliseconds and 32 random bits. Its digits ``2-7`` count
before its letters ``a-z``, other than in RFC 4648, so that text sorts as time does. It is short
enough to ride in the local part of an e-mail address (RFC 5321 §4.5.3.1.1 allows 64 octets) and
says nothing about a register: numbers of the books are given elsewhere and only there.
"""

import os
import time
from collections import deque
from datetime import datetime

LENGTH = 16
_DIGITS = "234567abcdefghijklmnopqrstuvwxyz"
_PAIRS = [first + second for first in _DIGITS for second in _DIGITS]  # ten bits each
_SHIFTS = range(70, -1, -10)
_RANDOM: deque[bytes] = deque()  # drawn from the kernel many at a time; each is used once
os.register_at_fork(after_in_child=_RANDOM.clear)


def new_id() -> str:
    """Give a fresh id of 16 characters from ``a-z2-7``."""
    stamp = int(time.time() * 1000) & (2**48 - 1)
    value = stamp << 32 | int.from_bytes(random_bytes())
    return "".join([_PAIRS[value >> shift & 1023] for shift in _SHIFTS])


def first_id(at: datetime) -> str:
    """Give an id before all that are made from this moment on, by the machine's clock."""
    value = int(at.timestamp() * 1000) << 32
    return "".join([_PAIRS[value >> shift & 1023] for shift in _SHIFTS])


def random_bytes(words: int = 1) -> bytes:
    """Give this many times four random bytes, good enough for secrets, used nowhere before.

    Taking from a deque is atomic, so threads never share any.
    """
    while True:
        try:
            return b"".join([_RANDOM.popleft() for _ in range(words)])
        except IndexError:
            drawn = os.urandom(1024)
            _RANDOM.extend(drawn[at : at + 4] for at in range(0, len(drawn), 4))


def is_id(text: str) -> bool:
    """Say whether the text has the shape of an id (it may still name nothing)."""
    return len(text) == LENGTH and all(c in _DIGITS for c in text)
