"""Which of several readings of one line is believed.

What two ways of looking read alike is believed, the first reading before the others. Where none
agree the one that is most like Thai is taken, and is not sure.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import Final, NamedTuple

from registry.letter.number import find
from registry.pdf.quality import badness
from registry.thai.dates import find_dates
from registry.thai.text import tidy
from registry.thai.wordlist import cutter, words

AGREED: Final = 85
"""How sure a line may be at most whose first reading was given up for one that two looks gave."""
ALONE: Final = 70
"""The same where nobody agreed."""

_EDGE: Final = " .,:;'`|~_-–—\"“”‘’*"
_LATIN: Final = re.compile("[A-Za-z]")
_ENGLISH: Final = re.compile("[A-Za-z]{2}")
_THAI: Final = re.compile("[ก-๎]{2,}")  # one letter is of พ.ศ. and the like
_LETTER: Final = re.compile("[ก-ฮ0-9๐-๙]")
_MARK: Final = re.compile("[ัิ-ฺ็-๎]")
_FIGURE: Final = re.compile("[0-9๐-๙]")
_SHORTENED: Final = re.compile(r"(?:^|[\s.0-9๐-๙])[ก-ฮ]$")
_CLUSTER: Final = re.compile(r"\S[ัิ-ฺ็-๎]*\s*")
_CLEAR: Final = 90  # of a look that is believed whatever the first reading was
_LEAST, _MOST = 0.6, 1.5  # of the letters of the first reading
_VOTE: Final = 0.005  # what one who reads the same is worth, against a share of known letters
_WORD: Final = 0.004  # what a word costs: long ones are seldom chance
_SHAPED: Final = 1.2  # of a number or a date
_DAY: Final = 0.05  # what the known words of a date add
_SHORT: Final = 45  # characters of a line that is one and little else


class Reading(NamedTuple):
    """A line as it was read, and how sure (0-100)."""

    text: str
    sure: int


def elected(first: Reading, others: Iterable[Reading]) -> Reading:
    """Give the reading that is believed; ``others`` are asked for until two agree on sound Thai."""
    first = Reading(tidy(first.text), first.sure)
    given, votes = [first], Counter([_key(first.text)])
    for other in map(_bare, others):
        if not _is_of(first, other):
            continue
        given.append(other)
        votes[_key(other.text)] += 1
        is_agreed = votes[_key(other.text)] > 1 and _sound(other.text) >= 1
        if is_agreed and not _has_more_marks(first, other):
            break
    best = max(given, key=lambda one: _worth(one, votes[_key(one.text)]))
    if votes[_key(best.text)] > 1:
        agreed = next(one for one in given if _key(one.text) == _key(best.text))
        return _weighed(first, agreed, AGREED)
    if best is first and len(given) > 1 and not _is_confirmed(first, given[1:]):
        return Reading(first.text, min(first.sure, AGREED))
    if _is_shaped(best.text):  # its consonants make no words
        return _weighed(first, best, ALONE)
    text = _merged(best.text, [one.text for one in given if one is not best])
    return _weighed(first, best if text == best.text else Reading(text, best.sure), ALONE)


def _worth(one: Reading, votes: int) -> tuple[float, int, int]:
    """Say what speaks for a reading; more marks before fewer: they are lost first."""
    return round(_sound(one.text) + _VOTE * votes, 3), len(_MARK.findall(one.text)), one.sure


def _is_confirmed(first: Reading, looks: Sequence[Reading]) -> bool:
    """Say whether a look has the same figures and consonants."""
    return any(_bones(one.text) == _bones(first.text) for one in looks)


def _has_more_marks(one: Reading, other: Reading) -> bool:
    """Say whether two readings differ in marks, and the other may have lost some of them."""
    more = len(_MARK.findall(one.text)) > len(_MARK.findall(other.text))
    return more and _bones(one.text) == _bones(other.text) and _sound(one.text) >= 1


def _weighed(first: Reading, best: Reading, most: int) -> Reading:
    """Say how sure a reading is: as sure as both where the first says the same but for marks."""
    if best is first:
        return first
    if _bones(best.text) == _bones(first.text):
        most = max(first.sure, most)
    return Reading(best.text, min(best.sure, most))


def _merged(text: str, others: Sequence[str]) -> str:
    """Give a reading changed where what another has there makes it sounder, or most have it so."""
    mine = _CLUSTER.findall(text)
    changes = Counter(change for other in others for change in _changes(mine, other))
    for (begin, end, said), votes in sorted(changes.items(), reverse=True):
        again = [*mine[:begin], said, *mine[end:]]
        gain = _fluent("".join(again)) - _fluent("".join(mine))
        if gain > 0 or (gain == 0 and votes > (1 + len(others)) / 2):
            mine = again
    return "".join(mine)


def _changes(mine: Sequence[str], other: str) -> set[tuple[int, int, str]]:
    """Give what another reading has in place of stretches of one, spaces aside."""
    bare = [one.strip() for one in mine]
    theirs = _CLUSTER.findall(other)
    codes = SequenceMatcher(None, bare, [one.strip() for one in theirs], autojunk=False)
    return {
        (i1, i2, "".join(theirs[j1:j2]))
        for tag, i1, i2, j1, j2 in codes.get_opcodes()
        if tag != "equal"
    }


def _bones(text: str) -> list[str]:
    return _LETTER.findall(text)


def _bare(one: Reading) -> Reading:
    """Give a look without the dots that it puts around a line; not without those of พ.ศ."""
    text = tidy(one.text.strip(_EDGE))
    stop = "." if _SHORTENED.search(text) and f"{text}." in tidy(one.text) else ""
    return Reading(text + stop, one.sure)


def _key(text: str) -> str:
    return "".join(text.split()).strip(_EDGE)


def _is_of(first: Reading, other: Reading) -> bool:
    """Say whether a look saw the line at all: sure, or as long as the first reading."""
    one, two = len(_bones(first.text)), len(_bones(other.text))
    if _ENGLISH.search(first.text) and not _takes_the_place_of_english(first, other):
        return False
    return two > 0 and (other.sure >= _CLEAR or _LEAST * one <= two <= _MOST * one + 2)


def _takes_the_place_of_english(first: Reading, other: Reading) -> bool:
    """Say whether it is Thai that was taken for English: of English the Thai model makes rubble."""
    if _is_shaped(other.text):
        return True
    one, two = (_FIGURE.findall(it.text) for it in (first, other))  # rubble has more
    return len(two) <= len(one) and (_sound(other.text) >= 1 or other.sure >= _CLEAR)


def _is_shaped(text: str) -> bool:
    """Say whether it is a number or a date and little else."""
    return len(text) <= _SHORT and bool(find(text) or find_dates(text))


def _sound(text: str) -> float:
    """Give how much a line is like what letters say: 1 and more where it has nothing unknown."""
    text = text.strip(_EDGE)
    if not _is_shaped(text):
        return _known(text)
    day = 0 if find(text) else _DAY * _known(text)  # the consonants of a number are no word
    return _SHAPED + day - 2 * badness(text)


def _known(text: str) -> float:
    found = [word for run in _THAI.findall(text) for word in cutter()(run)]
    total = sum(map(len, found))
    known = sum(len(word) for word in found if len(word) > 1 and word in words())
    latin = len(_LATIN.findall(text)) if total else 0
    return known / max(1, total + latin) - 2 * badness(text)


def _fluent(text: str) -> float:
    """Give how sound a line is; of two that are as sound the one of fewer, longer words is more."""
    found = [word for run in _THAI.findall(text) for word in cutter()(run)]
    return round(_known(text) - _WORD * len(found), 4)
