"""Two normal forms of Thai text: one to store, one to search by.

The same Thai word can be spelled by several strings of code points that look alike:
a tone mark before or after its vowel, สระอำ in two pieces, แ typed as เเ, the private
code points of old Windows and Macintosh fonts, invisible joiners. Text layers of PDF
files are full of them, and NFC mends almost none.

:func:`tidy` is what the registers store. It mends what is broken and leaves correct
text, digits and capital letters as the writer left them. What it returns can be kept
as UTF-8 by any database: no NUL, no control character but tab and line feed, no lone
surrogate. :func:`fold` is the key under which it is found again; never show a key.

Both run to a fixpoint, since one repair can uncover the next: ``tidy(tidy(x))`` is
``tidy(x)``. Limit: they do not correct spelling or misread letters.
"""

import re
import unicodedata
from collections import deque
from collections.abc import Callable

from registry.thai.numerals import to_arabic

# Where shaping by font tables did not exist, fonts carried marks moved left or down
# as letters of their own, in the private use area: Windows at F7xx, Macintosh at F88x.
_PRIVATE: dict[str, str] = {
    "ฐ": "\uf700\uf89e",
    "ญ": "\uf70f\uf89a",
    "ั": "\uf710\uf884",
    "ิ": "\uf701\uf885",
    "ี": "\uf702\uf886",
    "ึ": "\uf703\uf887",
    "ื": "\uf704\uf888",
    "ุ": "\uf718\uf89b",
    "ู": "\uf719\uf89c",
    "ฺ": "\uf71a\uf89d",
    "็": "\uf712\uf889",
    "่": "\uf705\uf70a\uf713\uf88a\uf88b\uf88c",
    "้": "\uf706\uf70b\uf714\uf88d\uf88e\uf88f",
    "๊": "\uf707\uf70c\uf715\uf890\uf891\uf892",
    "๋": "\uf708\uf70d\uf716\uf893\uf894\uf895",
    "์": "\uf709\uf70e\uf717\uf896\uf897\uf898",
    "ํ": "\uf711\uf899",
}
_LINE_ENDS = "\r\x0b\x0c\x85\u2028\u2029"
_INVISIBLE = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
_CHARACTERS = str.maketrans(
    {private: plain for plain, privates in _PRIVATE.items() for private in privates}
    | dict.fromkeys(_LINE_ENDS, "\n")
)
_DROPPED = re.compile(f"[\x00-\x08\x0e-\x1f\x7f-\x9f{_INVISIBLE}]")
_SURROGATES = re.compile("[\ud800-\udfff]")

# The order in which the marks over and under one consonant are stored.
_RANK = {mark: rank for rank, marks in enumerate(("ฺ", "ุู", "ัิีึื็ํ๎", "่้๊๋", "์")) for mark in marks}
_MARK = "[" + "".join(_RANK) + "]"

# Against text made to stall us. Marks piled on one letter cost normalisation the square of
# their number: thirty are kept, the limit of UAX #15 §13 (Stream-Safe Text). Writing takes
# two or three passes; Thai marks strewn with accents of other scripts can be made to take
# one a letter, so after a dozen such accents are let go.
_MOST_MARKS = 30
_PASSES = 12
_NO_MARKS = "\x00-\u02ffก-ะาำฯเ-ๆ๐-๙"
_PILE = re.compile(f"[^{_NO_MARKS}]{{{_MOST_MARKS + 1},}}")
_MARKS = re.compile(_MARK + "{2,}")
_NIKHAHIT_AA = re.compile("ํ([่-๋]*)[าำ]+")
_AM_AND_MORE = re.compile("ำ[ำา่-๋]+")
_GAP_BEFORE_MARK = re.compile(r"(?<=[ก-๎])[^\S\n]+(?=" + _MARK + ")")
_GAP_IN_THAI = re.compile("(?<=[ก-ฺเ-๎]) (?=[ก-ฺเ-๎])")


def _out_of_order() -> str:
    """Write a pattern for two marks of which the second should perhaps stand first."""
    pairs = (
        f"[{''.join(m for m, its in _RANK.items() if its == rank)}]"
        f"[{''.join(m for m, other in _RANK.items() if other <= rank)}]"
        for rank in range(max(_RANK.values()) + 1)
    )
    return "|".join(pairs)


# What any repair begins with. Most text has nothing of it and is known to be sound at one look.
_SUSPECT = re.compile(
    f"[{''.join(_PRIVATE.values())}{_LINE_ENDS}{_INVISIBLE}\x00-\x08\x0e-\x1f\x7f-\x9fํ\ud800-\udfff]"
    f"|{_PILE.pattern}|{_GAP_BEFORE_MARK.pattern}|เเ|{_AM_AND_MORE.pattern}|{_out_of_order()}"
)
_ASCII_CONTROL = bytes({*range(0x20), 0x7F} - {0x09, 0x0A})
_LONG = 2000  # characters from which a text is worth remembering
_RECENT: deque[tuple[str, str]] = deque(maxlen=4)


def tidy(text: str) -> str:
    """Return the text with broken Thai mended, as it is stored."""
    if text.isascii() and text.isprintable():  # most fields of a mail: there is nothing to mend
        return text
    return _tidy_long(text) if len(text) > _LONG else _tidied(text)


def fold(text: str) -> str:
    """Return the key by which the text is searched and compared.

    Tidy, Thai digits as Arabic ones, no capitals, white space as single spaces and
    none between two Thai letters, ฤา as ฤๅ. Query and text must both be folded.
    """
    if text.isascii():
        return " ".join(tidy(text).casefold().split())
    return _until_stable(_fold_once, text)


def _is_plain(text: str) -> bool:
    """Whether an ASCII text has no control character but tab and line feed."""
    if text.isprintable():
        return True
    raw = text.encode("ascii")
    return len(raw.translate(None, _ASCII_CONTROL)) == len(raw)


def _is_sound(text: str) -> bool:
    """Whether :func:`_mend` would find nothing to do; may say no where it would not."""
    if text.isascii():
        return _is_plain(text)
    return _SUSPECT.search(text) is None and unicodedata.is_normalized("NFC", text)


def _tidied(text: str) -> str:
    return text if _is_sound(text) else _until_stable(_mend, text)


def _tidy_long(text: str) -> str:
    """Tidy a text that was perhaps just tidied: the steps of a story each ask for the whole.

    It is known again as the same object; even to hash so long a text takes time.
    """
    for known, tidied in tuple(_RECENT):
        if known is text or tidied is text:
            return tidied
    tidied = _tidied(text)
    _RECENT.append((text, tidied))
    return tidied


def _until_stable(step: Callable[[str], str], text: str) -> str:
    for _ in range(_PASSES):
        if (better := step(text)) == text:
            return text
        text = better
    return _until_stable(step, "".join(filter(_is_no_accent, text)))


def _is_no_accent(char: str) -> bool:
    return char in _RANK or not unicodedata.combining(char)


def _mend(text: str) -> str:
    text = _SURROGATES.sub("\ufffd", text).replace("\r\n", "\n").translate(_CHARACTERS)
    text = _PILE.sub(_thinned, _DROPPED.sub("", text))
    text = unicodedata.normalize("NFC", text)
    text = _GAP_BEFORE_MARK.sub("", text).replace("เเ", "แ")
    text = _MARKS.sub(_in_order, text)
    text = _NIKHAHIT_AA.sub(r"\1ำ", text)
    return _AM_AND_MORE.sub(_tones_first, text)


def _thinned(pile: re.Match[str]) -> str:
    kept, height = [], 0
    for char in pile[0]:
        height = height + 1 if char in _RANK or unicodedata.combining(char) else 0
        if height <= _MOST_MARKS:
            kept.append(char)
    return "".join(kept)


def _in_order(marks: re.Match[str]) -> str:
    return "".join(sorted(dict.fromkeys(marks[0]), key=_RANK.__getitem__))


def _tones_first(syllable: re.Match[str]) -> str:
    tones = dict.fromkeys(mark for mark in syllable[0] if mark not in "ำา")
    return "".join(tones) + "ำ"


def _fold_once(text: str) -> str:
    text = to_arabic(tidy(text)).casefold().replace("ฤา", "ฤๅ").replace("ฦา", "ฦๅ")
    return _GAP_IN_THAI.sub("", " ".join(text.split()))
