"""The queries search is measured with: of every kind that officers type, the same every time."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Final

from benchmarks.search_corpus import PROVINCES, letters, word_of
from registry.search.folding import key_of

_RANKS: Final = (2000, 5000, 8000, 12000, 16000, 20000, 26000)
"""How common the rare words are: the n-th word stands in one letter of n."""
_COMMON: Final = ("คู่มือ", "งบประมาณ", "ประชาชน", "จังหวัด", "คณะกรรมการ", "เรียนมาเพื่อโปรด", "รายงานผล")
_CODES: Final = ("มท", "กค", "พร", "นร", "ศธ", "สธ", "อส")
_SINGLE: Final = ("ก", "ว", "๗", "ฬ", "ญ", "ฐ", "ฑ")


@dataclass(frozen=True, slots=True)
class Question:
    """One query line and the kind it stands for; ``piece`` is what the other engines look for.

    ``entity`` is the one whose officer asks.
    """

    kind: str
    line: str
    piece: str
    entity: int = 1


def questions(count: int) -> Iterator[Question]:
    """Give the mixed queries for a corpus of so many letters."""
    chance = Random(1)
    for at, one in enumerate(letters(count, count - 40)):
        cut = chance.randrange(0, len(one.text) - 30)
        piece = key_of(one.text[cut : cut + 22])[:14]
        yield Question("phrase cut anywhere", f'"{piece}"', piece, _asker(at))
        if at % 4 == 0:
            number = key_of(one.letter_number)
            yield Question("number", one.letter_number, number, _asker(at))
    yield from _words()
    for at, place in enumerate(PROVINCES[:8]):
        yield Question("filtered", f"จาก {place} คู่มือ ปี 2560", "คู่มือ")
        yield Question("filtered", f"จาก {place} ตั้งแต่ 1 มีนาคม 2559 ถึง 9 มีนาคม 2559", key_of(place))
        yield Question("two words", f"{place} ภัยแล้ง", "ภัยแล้ง", _asker(at))


def _words() -> Iterator[Question]:
    rare = [word_of(rank) for rank in _RANKS]
    for at, word in enumerate(rare):
        yield Question("rare word", word, word, _asker(at))
        slip = f"{word[:2]}ฬ{word[3:]}"
        yield Question("a slip, with what is near", slip, slip, _asker(at))
    for at, word in enumerate(_COMMON):
        yield Question("common word", word, word, _asker(at))
        yield Question("without a word", f"{word} -{rare[at]} -ภัยแล้ง", word, _asker(at))
    for at, code in enumerate(_CODES):
        yield Question("two letters", code, code, _asker(at))
    for at, character in enumerate(_SINGLE):
        yield Question("one character", character, key_of(character), _asker(at))


def _asker(at: int) -> int:
    """Give who asks: two of three times the largest entity, else the smallest."""
    return 3 if at % 3 == 2 else 1
