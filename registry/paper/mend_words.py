"""Words of a scan put right by the dictionary, one mistake a word.

A run of Thai letters is cut into words; what is left over between them is a word that was misread
if a mark put in, left out or taken for another, or one consonant taken for one like it, makes
exactly one word of the list of it; a lone consonant between two long words is dropped. Where two
words would do, what was read stays. พ.ศ. before a year is known by the year.

Only words that the dictionary does not have are mended: a mistake that makes another word stays,
but for น้า, which is น้ำ in every letter. Names may be taken for words, so that what was mended needs
an officer's eyes. Pure; loads the word list when first asked.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from registry.thai.wordlist import cutter, words

_ALIKE: Final = (
    "ขชซ", "กถภ", "กธถ", "ธฐร", "นบมป", "พผฟฝ", "คดตศ", "ลสอ", "ทห", "วจง", "ยบป", "ศสค",
)  # fmt: skip
_LIKE_AA: Final = "กถภฎฏวด"  # what า is taken for between two consonants
_MARKS: Final = "ัิีึืุู็่้๊๋์"
_RUN: Final = re.compile("[ก-๎]+(?: [ก-๎]+)*")
_LONGEST: Final = 400
_YEAR: Final = re.compile(
    r"(?<![A-Za-z])(?=[^ ]*[A-Za-z])[A-Za-zพฟผ]{1,2}\s?[.,]\s?[A-Za-zศคตส]{1,2}\s?[.,]?\s?"
    r"(?=[2๒][4-6๔-๖][0-9๐-๙]{2}(?![0-9๐-๙]))"
)
_NO_POINT: Final = re.compile(r"พ\s?\.?\s?ศ(?:\s?,)?(?=\s?[2๒][4-6๔-๖][0-9๐-๙]{2}(?![0-9๐-๙]))")
_WATER: Final = re.compile("(?<![หะ])น้า(?!สาว|ชาย|อา|ผู้)")
_NAMED: Final = re.compile(
    r"(?:ตำบล|อำเภอ|แขวง|เขต|จังหวัด|เทศบาล|เมือง|บ้าน|คลอง|วัด|โรงเรียน|ถนน|นาย|นาง|นางสาว)[ก-๎]{0,6}$"
)
_AROUND: Final = ((2, 1), (1, 2), (2, 0), (0, 2), (1, 1), (1, 0), (0, 1), (0, 0))
_LONG: Final = 4  # letters of a word beside a splinter
_LEAST: Final = 3  # letters of a word that is mended, marks included


def mended_words(text: str) -> str:
    """Give a text of a scan with its misread words put right; the same where none is sure."""
    text = _NO_POINT.sub("พ.ศ.", _YEAR.sub("พ.ศ. ", text))
    text = _WATER.sub("น้ำ", text)
    return _RUN.sub(lambda run: _mended_run(run[0]), text)


def _mended_run(run: str) -> str:
    """Mend one word after the other until nothing more can be."""
    if len(run) > _LONGEST:
        return run
    for _ in range(run.count(" ") + 8):
        better = _once(run)
        if better is None:
            break
        run = better
    return run


def _once(run: str) -> str | None:
    """Mend the first word that can be; None if there is none. Words may have spaces in them."""
    cut = cutter()(run.replace(" ", ""))
    for left, right in _windows(cut):
        found = _only_word("".join(cut[left:right]))
        begin, end = (_place(run, sum(map(len, cut[:at]))) for at in (left, right))
        end = begin + len(run[begin:end].rstrip())
        if found is not None and not _is_name(run, begin, end):
            return run[:begin] + found + run[end:]
    return _without_splinter(run, cut)


def _without_splinter(run: str, cut: list[str]) -> str | None:
    """Drop a lone consonant between two long words: no word is one, and OCR says some twice."""
    for at in range(1, len(cut) - 1):
        long = all(len(word) >= _LONG and _is_word(word) for word in (cut[at - 1], cut[at + 1]))
        if long and len(cut[at]) == 1 and "ก" <= cut[at] <= "ฮ" and cut[at] != "ณ":
            begin = _place(run, sum(map(len, cut[:at])))
            return run[:begin] + run[begin + 1 :]
    return None


def _is_name(run: str, begin: int, end: int) -> bool:
    """Say whether a stretch goes over a space, or stands behind what names stand behind."""
    return " " in run[begin:end] or _NAMED.search(run[:begin]) is not None


def _windows(cut: list[str]) -> Iterator[tuple[int, int]]:
    """Give the stretches of pieces that are no words with pieces beside them, the widest first.

    A long word that fits but for one letter says more than a short one.
    """
    at = 0
    while at < len(cut):
        if _is_word(cut[at]):
            at += 1
            continue
        end = next((one for one in range(at, len(cut)) if _is_word(cut[one])), len(cut))
        for left, right in _AROUND:
            if at - left >= 0 and end + right <= len(cut):
                yield at - left, end + right
        at = end


def _is_word(piece: str) -> bool:
    return len(piece) > 1 and piece in words()


@lru_cache(maxsize=4000)
def _only_word(piece: str) -> str | None:
    """Give the only word of the list that a piece may have been read from."""
    if len(piece) < _LEAST:
        return None
    found = {one for one in _changed(piece) if len(one) >= _LEAST and one in words()}
    return found.pop() if len(found) == 1 else None


def _changed(piece: str) -> Iterator[str]:
    """Give all spellings that are one mistake away."""
    for at, char in enumerate(piece):
        before, after = piece[:at], piece[at + 1 :]
        if char in _MARKS:
            yield before + after
            if after[:1] and after[0] in _MARKS:  # both for one
                yield from (before + mark + after[1:] for mark in _MARKS)
            yield from (before + mark + after for mark in _MARKS if mark != char)
            if after.startswith("า"):
                yield before + "ำ" + after[1:]
        else:
            yield from (f"{before}{char}{mark}{after}" for mark in _MARKS)
            if char in _LIKE_AA:
                yield before + "า" + after
            yield from (
                before + other + after for group in _ALIKE if char in group for other in group
                if other != char
            )  # fmt: skip


def _place(text: str, letters: int) -> int:
    """Give where a text goes on behind so many letters, spaces before the next one skipped."""
    count = at = 0
    while count < letters or text[at : at + 1] == " ":
        count += text[at] != " "
        at += 1
    return at
