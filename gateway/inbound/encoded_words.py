"""Unstructured header text: encoded words (RFC 2047), raw eight-bit bytes, and mixtures of them.

Mailers cut a Thai character in two and put each half into a word of its own; so neighbouring
words of one charset are joined as bytes before they are read. Words inside quotation marks are
read too, although RFC 2047 §5 forbids them there, since everybody writes them. Raw bytes between
the words go through the same guess as a body without a charset.

The value must be one header field, capped by :mod:`gateway.inbound.fields`; time is linear in it.
"""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from gateway.inbound.charset import codec_of, read_text

_HEAD: Final = re.compile(rb"=\?([^?\s=]{1,80})\?([bBqQ])\?")
_NOT_BASE64: Final = re.compile(rb"[^A-Za-z0-9+/]")
_CONTROL: Final = re.compile(r"[\x01-\x1f\x7f\x85\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class _Run:
    """Bytes of one charset: raw ("") or from encoded words."""

    data: bytes
    charset: str = ""
    word: bool = False


def decode_words(value: bytes) -> tuple[str, tuple[str, ...]]:
    """Return a header value as one clean line, and what had to be guessed for it."""
    readings = [read_text(run.data, run.charset) for run in _joined(value)]
    text = _CONTROL.sub(" ", "".join(reading.text for reading in readings)).strip()
    return text, tuple(dict.fromkeys(r.guess for r in readings if r.guess))


def _joined(value: bytes) -> list[_Run]:
    """Drop white space between words and join neighbours of one charset."""
    joined: list[_Run] = []
    for run in _runs(value):
        last = joined[-1] if joined else None
        if last and last.word and not run.data.strip() and not run.word:
            continue  # what follows is a word, or the end
        if run.word and last and last.word and _same(run.charset, last.charset):
            joined[-1] = _Run(last.data + run.data, last.charset, word=True)
        else:
            joined.append(run)
    return joined


def _same(one: str, other: str) -> bool:
    return one.lower() == other.lower() or (
        codec_of(one) is not None and codec_of(one) == codec_of(other)
    )


def _runs(value: bytes) -> Iterator[_Run]:
    at = 0
    while head := _HEAD.search(value, at):
        end = value.find(b"?=", head.end())
        if end < 0:
            break
        if head.start() > at:
            yield _Run(value[at : head.start()])
        charset = head[1].split(b"*")[0].decode("latin-1")  # RFC 2231 §5: a language may follow
        yield _Run(_unpack(head[2], value[head.end() : end]), charset, word=True)
        at = end + 2
    if at < len(value):
        yield _Run(value[at:])


def _unpack(encoding: bytes, text: bytes) -> bytes:
    if encoding in b"qQ":
        return binascii.a2b_qp(text, header=True)
    bare = _NOT_BASE64.sub(b"", text)
    bare = bare[: len(bare) - (len(bare) % 4 == 1)]
    return binascii.a2b_base64(bare + b"=" * (-len(bare) % 4))
