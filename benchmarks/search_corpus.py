"""Generated letters for measuring search: realistic in words and length, the same every time.

A letter is composed of turns of phrase that Thai offices use, of names of provinces and agencies,
numbers and dates, and of words from the dictionary, drawn so that a few are common and most are
rare. Its text has some 1.5 kB. Letter number N is the same in every run and every corpus size.
"""

import re
from bisect import bisect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from importlib.util import find_spec
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Final

from registry.thai.dates import long_date
from registry.thai.numerals import to_thai

PROVINCES: Final = (
    "แพร่", "น่าน", "ลำปาง", "ลำพูน", "เชียงใหม่", "เชียงราย", "พะเยา", "แม่ฮ่องสอน", "ตาก",
    "สุโขทัย", "พิษณุโลก", "เพชรบูรณ์", "พิจิตร", "กำแพงเพชร", "นครสวรรค์", "อุทัยธานี",
    "ชัยนาท", "สิงห์บุรี", "ลพบุรี", "สระบุรี", "อ่างทอง", "ปทุมธานี", "นนทบุรี", "ขอนแก่น",
    "อุดรธานี", "หนองคาย", "เลย", "สกลนคร", "นครพนม", "มุกดาหาร", "กาฬสินธุ์", "ร้อยเอ็ด",
    "ยโสธร", "สุรินทร์", "บุรีรัมย์", "ศรีสะเกษ", "ชลบุรี", "ระยอง", "จันทบุรี", "ตราด",
    "สงขลา", "สตูล", "ตรัง", "พัทลุง", "ยะลา", "ปัตตานี", "นราธิวาส", "กระบี่", "พังงา",
    "ภูเก็ต", "ระนอง", "ชุมพร",
)  # fmt: skip
CODES: Final = (
    "มท", "กค", "ศธ", "สธ", "กษ", "คค", "ยธ", "นร", "พม", "รง", "อว", "ดศ", "พณ", "ทส", "วธ",
    "ตช", "อส", "ปช",
)  # fmt: skip
TOPICS: Final = (
    "คู่มือสำหรับประชาชน", "การป้องกันและบรรเทาสาธารณภัย", "งบประมาณรายจ่ายประจำปี", "การจัดซื้อจัดจ้าง",
    "การเลือกตั้งท้องถิ่น", "แผนพัฒนาจังหวัด", "การบริหารจัดการน้ำ", "โครงการอบรมเชิงปฏิบัติการ", "ภัยแล้งและไฟป่า",
    "การประเมินผลการปฏิบัติราชการ", "เบี้ยยังชีพผู้สูงอายุ", "ขยะมูลฝอยและสิ่งปฏิกูล", "ที่ดินสาธารณประโยชน์",
    "การโอนงบประมาณ", "มาตรฐานทั่วไปเกี่ยวกับพนักงาน", "ระบบสารสนเทศ", "โรคไข้เลือดออก", "ศูนย์พัฒนาเด็กเล็ก",
)  # fmt: skip
VERBS: Final = (
    "ขอส่ง", "แจ้งเวียน", "ซักซ้อมแนวทาง", "ขอความร่วมมือ", "รายงานผล", "ขอเชิญประชุม", "ขออนุมัติ", "ขอหารือ",
    "ติดตามเร่งรัด", "ตอบข้อหารือ",
)  # fmt: skip
PHRASES: Final = (
    "ตามหนังสือที่อ้างถึง จังหวัด{p}ได้แจ้งให้ส่วนราชการดำเนินการเกี่ยวกับ{t}นั้น",
    "ในการนี้ จึงขอให้ท่านพิจารณาดำเนินการในส่วนที่เกี่ยวข้องกับ{t} และรายงานผลให้ทราบภายในวันที่ {d}",
    "กรมขอเรียนว่า เพื่อให้การปฏิบัติงานของ{w}เป็นไปด้วยความเรียบร้อย จึงกำหนดแนวทาง{w}ไว้ดังนี้",
    "ทั้งนี้ สามารถสอบถามรายละเอียดเพิ่มเติมได้ที่สำนักงาน{w} จังหวัด{p} โทร. {n}",
    "พร้อมนี้ได้แนบ{w}และ{w}มาด้วยแล้ว จำนวน {n} ชุด",
    "คณะกรรมการ{w}ได้มีมติในการประชุมครั้งที่ {n} เมื่อวันที่ {d} เห็นชอบให้{w}{w}ต่อไป",
    "โดยให้{w}ในพื้นที่อำเภอ{w} จังหวัด{p} ตรวจสอบ{w}และ{w}ให้ถูกต้องครบถ้วน",
    "จึงเรียนมาเพื่อโปรดทราบและถือปฏิบัติโดยเคร่งครัด",
    "จึงเรียนมาเพื่อโปรดพิจารณา",
)
_FIRST: Final = datetime(2016, 1, 4, tzinfo=UTC)
_APART: Final = timedelta(seconds=315.36)  # a million letters are ten years
_URGENCY: Final = ("", "", "", "", "", "ด่วน", "ด่วนมาก", "ด่วนที่สุด")
_SLOT: Final = re.compile(r"\{(\w)\}")
_PIECES: Final = tuple(tuple(_SLOT.split(phrase)) for phrase in PHRASES)  # literal, slot, literal …
_OF_A_LETTER: Final = 6  # phrases
_BITS: Final = 19


@dataclass(frozen=True, slots=True)
class Written:
    """One generated letter; ``number`` counts from 0, ``at`` is when it came or was registered.

    ``place`` is a province: that of the other party.
    """

    number: int
    at: datetime
    letter_number: str
    dated: date
    place: str
    addressee: str
    subject: str
    urgency: str
    text: str
    file: str


def time_of(number: int) -> datetime:
    """Give when the letter of this number came."""
    return _FIRST + number * _APART


def letters(upto: int, start: int = 0) -> Iterator[Written]:
    """Give the letters of these numbers."""
    words, orders = _words(), _orders()
    for number in range(start, upto):
        yield _letter(number, words, orders)


def word_of(rank: int) -> str:
    """Give the word of this rank; it stands in about one letter of ``rank``."""
    return _ranked()[rank]


@cache
def _ranked() -> Sequence[str]:
    package = find_spec("pythainlp")
    assert package is not None
    assert package.submodule_search_locations
    file = Path(package.submodule_search_locations[0]) / "corpus" / "words_th.txt"
    found = [word for word in file.read_text("utf-8").split() if 3 <= len(word) <= 14]
    Random(7).shuffle(found)
    return found[:30_000]


@cache
def _words() -> Sequence[str]:
    """Give words of the dictionary, the n-th about one n-th as often as the first."""
    found = _ranked()
    sums = list(accumulate(1 / (rank + 20) for rank in range(len(found))))
    whole, places = sums[-1], 1 << _BITS
    return [found[bisect(sums, place * whole / places)] for place in range(places)]


@cache
def _orders() -> Sequence[Sequence[int]]:
    """Give ways to choose and order the phrases of a letter."""
    chance = Random(11)
    return [chance.sample(range(len(PHRASES)), _OF_A_LETTER) for _ in range(1 << 12)]


@lru_cache(maxsize=64)
def _day(day: date) -> str:
    return long_date(day)


def _letter(number: int, words: Sequence[str], orders: Sequence[Sequence[int]]) -> Written:
    chance = Random(number)
    some, draw = chance.random, chance.getrandbits
    at = time_of(number)
    day = at.date() - timedelta(days=draw(2))
    place, topic = PROVINCES[int(some() * len(PROVINCES))], TOPICS[int(some() * len(TOPICS))]
    mark = "ว " if some() < 0.2 else ""
    code = f"{CODES[int(some() * len(CODES))]} {200 + int(some() * 800):04}.{1 + draw(3)}"
    letter_number = f"{code}/{mark}{1 + int(some() * 30_000)}"
    subject = f"{VERBS[int(some() * len(VERBS))]}{topic}"
    if draw(1):
        subject += f"{words[draw(_BITS)]} จังหวัด{place}"
    said = {"p": place, "t": topic, "d": _day(day)}
    sentences = ["".join(_said(_PIECES[one], said, words, draw)) for one in orders[draw(12)]]
    text = f"ที่ {to_thai(letter_number)}\nลงวันที่ {said['d']}\nเรื่อง {subject}\n" + "\n".join(sentences)
    return Written(
        number, at, letter_number, day, place, f"นายอำเภอ{words[draw(_BITS)]}", subject,
        _URGENCY[draw(3)], text, f"{topic}-{number}.pdf",
    )  # fmt: skip


def _said(
    pieces: Sequence[str],
    said: Mapping[str, str],
    words: Sequence[str],
    draw: Callable[[int], int],
) -> Iterator[str]:
    """Give the pieces of a phrase, its slots filled."""
    for at, piece in enumerate(pieces):
        if at % 2 == 0:
            yield piece
        elif piece == "w":
            yield words[draw(_BITS)]
        elif piece == "n":
            yield to_thai(str(1 + draw(16)))
        else:
            yield said[piece]
