"""What the clerk of another installation wrote, out of the frame that it put around the words.

A letter of ours shows its number, date and files as text too, for registries that have no such
system. Here they come as fields and files already; what is to be kept and shown is what the clerk
wrote, between two lines (:mod:`gateway.quoting`). The whole text stays in the message, and whether
the sender may be believed is asked at the desk.

Limit: where a server on the way took the plain text away, there is nothing to tell by, and the
whole text counts.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from gateway.quoting import NO_WORDS, QR_ID, WORDS_BEGIN, WORDS_END
from registry.letter.message import Part

_A_LETTER: Final = "X-Saraban-Subject"
_TEXT: Final = "X-Saraban-Text"


def framed_words(text: str, marks: Mapping[str, str]) -> str | None:
    """Return the clerk's words in a letter of ours; None for all other mail."""
    if _A_LETTER not in marks:
        return None
    if marks.get(_TEXT) == NO_WORDS:
        return ""
    lines = [line.strip() for line in text.split("\n")]
    if WORDS_BEGIN not in lines or WORDS_END not in lines:
        return None
    begin = lines.index(WORDS_BEGIN) + 1
    end = len(lines) - 1 - lines[::-1].index(WORDS_END)  # a clerk may have quoted such a line
    return "\n".join(text.split("\n")[begin:end]).strip()


def told_apart(parts: list[Part], marks: Mapping[str, str]) -> tuple[Part, ...]:
    """Return the parts with the pictures told apart that our own HTML brought along."""
    if not marks:
        return tuple(parts)
    return tuple(
        replace(part, decoration=part.decoration or (part.inline and part.content_id == QR_ID))
        for part in parts
    )
