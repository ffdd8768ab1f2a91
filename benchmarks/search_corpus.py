"""Generated letters for measuring search: realistic in words and length, the same every time.

A letter is composed of turns of phrase that Thai offices use, of names of provinces and agencies,
numbers and dates, and of words from the dictionary, drawn so that a few are common and most are
rare. Its text has some 1.5 kB. Letter number N is the same in every run and every corpus size.
"""

from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
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
_FIRST: Final = date(2016, 1, 4)
_URGENCY: Final = ("", "", "", "", "ด่วน", "ด่วนมาก", "ด่วนที่สุด")


@dataclass(frozen=True, slots=True)
class Written:
    """One generated letter; ``number`` counts from 0."""

    number: int
    letter_number: str
    dated: date
    sender: str
    addressee: str
    subject: str
    urgency: str
    text: str
    file: str


def letters(upto: int, start: int = 0) -> Iterator[Written]:
    """Give the letters of these numbers."""
    words = _Words()
    for number in range(start, upto):
        yield _letter(number, words)


class _Words:
    """Words of the dictionary, the n-th drawn about one n-th as often as the first."""

    def __init__(self) -> None:
        package = find_spec("pythainlp")
        assert package is not None
        assert package.submodule_search_locations
        file = Path(package.submodule_search_locations[0]) / "corpus" / "words_th.txt"
        found = [word for word in file.read_text("utf-8").split() if 3 <= len(word) <= 14]
        Random(7).shuffle(found)
        self._words = found[:30_000]
        self._sums = list(accumulate(1 / (rank + 20) for rank in range(len(self._words))))

    def draw(self, chance: Random) -> str:
        """Give a word."""
        return self._words[bisect(self._sums, chance.random() * self._sums[-1]) % len(self._words)]


def _letter(number: int, words: _Words) -> Written:
    chance = Random(number)
    day = _FIRST + timedelta(days=number * 3650 // 1_000_000 if number < 1_000_000 else 3650)
    place, topic = chance.choice(PROVINCES), chance.choice(TOPICS)
    mark = "ว " if chance.random() < 0.2 else ""
    letter_number = (
        f"{chance.choice(CODES)} {chance.randrange(200, 1000):04}.{chance.randrange(1, 9)}"
        f"/{mark}{chance.randrange(1, 30_000)}"
    )
    subject = f"{chance.choice(VERBS)}{topic}"
    if chance.random() < 0.5:
        subject += f"{words.draw(chance)} จังหวัด{place}"
    sentences = [
        phrase.format(
            p=place, t=topic, d=long_date(day), n=to_thai(str(chance.randrange(1, 99_999))), w="{}"
        ).format(*(words.draw(chance) for _ in range(phrase.count("{w}"))))
        for phrase in chance.sample(PHRASES, 6)
    ]
    said = to_thai(letter_number)
    text = f"ที่ {said}\nลงวันที่ {long_date(day)}\nเรื่อง {subject}\n" + "\n".join(sentences)
    return Written(
        number, letter_number, day, f"จังหวัด{place}", f"นายอำเภอ{words.draw(chance)}", subject,
        chance.choice(_URGENCY), text, f"{topic}-{number}.pdf",
    )  # fmt: skip
