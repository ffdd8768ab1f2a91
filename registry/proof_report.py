"""A proof on paper (รายงานผลการตรวจสอบความครบถ้วนของทะเบียน): what was proven, and what was not.

Made from a proof as ``saraban proof --json`` prints it, for one entity or for all. An entity that
is not alone here sees the problems that are its own or nobody's in particular, and how many others
there are; the mails of a day belong to the whole installation and are shown to whoever is alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from registry.letter.book import Book, Series
from registry.pdf.forms.report import Section
from registry.proof import BECAME
from registry.thai.dates import short_date

TITLE: Final = "รายงานผลการตรวจสอบความครบถ้วนของทะเบียน"
_BESIDE: Final = (
    "ข้อความที่ขีดฆ่า บันทึกท้ายหนังสือ การเดินเรื่อง การส่งและหลักฐานการรับ การโทรติดตาม "
    "และผู้ส่งกับเนื้อความของหนังสือที่ลงทะเบียน ตรงกับค่าที่บันทึกการปฏิบัติจดไว้ ไม่มีรายการใดหาย ถูกแก้ หรือถูกใส่เข้ามา"
)
_LEFT_OUT: Final = (
    "ไม่พิสูจน์ส่วนที่ไม่ได้จดค่าไว้ ได้แก่ จดหมายที่ยังไม่ลงทะเบียน การเชื่อมโยงระหว่างหนังสือ "
    "คำตอบของจดหมายที่ระบบส่ง การดาวน์โหลดทางลิงก์ และการเปิดดูของวันนี้"
)
PROVES: Final = (
    "เลขทะเบียนทุกชุดเรียงต่อกันตั้งแต่เลขแรกถึงเลขสุดท้าย ไม่ขาดและไม่ซ้ำ เลขที่ยกเลิกและจองนับอยู่ด้วย",
    "ข้อความของทุกเลขตรงกับที่บันทึกการปฏิบัติจดไว้ ไม่มีการแก้ไขนอกระบบ",
    _BESIDE,
    "ไฟล์ของหนังสือทุกฉบับเป็นชุดเดียวกับเมื่อลงทะเบียน",
    "บันทึกการปฏิบัติทุกบรรทัดต่อกันด้วยค่า SHA-256 ไม่มีบรรทัดใดหายหรือถูกแก้ และบันทึกการเปิดดูครบตามที่จดไว้ทุกคืน",
    "จดหมายที่รับไว้ทุกฉบับกลายเป็นรายการใดรายการหนึ่ง และไม่มีหนังสือใดที่ไม่มีที่มา",
    "เนื้อไฟล์และต้นฉบับทุกชิ้นยังอยู่ครบ และค่า SHA-256 ตรงกับที่บันทึกไว้",
)
"""The claims, in the order of :data:`registry.proof.STEPS`."""
PROVES_NOT: Final = (
    "ไม่พิสูจน์ว่าไม่มีผู้ใดเขียนฐานข้อมูลและบันทึกใหม่ทั้งชุด ข้อนี้ต้องเทียบค่าปลายบันทึกกับค่าที่เก็บนอกระบบ",
    "ไม่พิสูจน์ว่าจดหมายที่ไม่เคยมาถึงระบบนี้มีอยู่หรือไม่ ผู้ส่งเท่านั้นที่มีหลักฐานว่าส่งถึงหรือไม่ถึง",
    "ไม่พิสูจน์ว่าผู้ลงนามในหนังสือเป็นผู้ใด หรือลายมือชื่ออิเล็กทรอนิกส์ในไฟล์ใช้ได้หรือไม่",
    "ไม่พิสูจน์ว่าเจ้าหน้าที่อ่านหรือกรอกข้อมูลถูกต้องตามตัวหนังสือ พิสูจน์เพียงว่าที่กรอกไว้ไม่ถูกเปลี่ยน",
    _LEFT_OUT,
    "ผลนี้เป็นของเวลาที่ตรวจเท่านั้น สิ่งที่เกิดหลังจากนั้นต้องตรวจใหม่",
)


def own_problems(
    found: Mapping[str, Any], code: str, *, alone: bool
) -> tuple[Sequence[Mapping[str, str]], int]:
    """Give the problems that an entity is shown, and how many others there are."""
    problems = found["problems"]
    if alone:
        return problems, 0
    mine = [p for p in problems if p.get("entity", "") in {code, ""}]
    return mine, len(problems) - len(mine)


def says(problem: Mapping[str, str]) -> tuple[str, str]:
    """Give what people call the thing, and what is wrong with it in Thai."""
    thing = problem.get("title") or problem["where"]
    return thing, problem.get("thai") or problem["what"]


def unproven(found: Mapping[str, Any], code: str) -> str:
    """Say how much of an entity is older than what is proven; "" for nothing."""
    many = found.get("unproven", {}).get(code, 0)
    return f"{_OLD} {many} รายการ จดไว้ก่อนระบบเริ่มจดค่าตรวจสอบ จึงพิสูจน์เพียงจำนวน" if many else ""


def own_series(found: Mapping[str, Any], code: str) -> list[Mapping[str, Any]]:
    """Give the series of one entity."""
    return [one for one in found["series"] if one["entity"] == code]


def own_counts(found: Mapping[str, Any], code: str, *, alone: bool) -> list[tuple[str, int]]:
    """Give what was counted, by name; of others' books nothing but that they were looked at."""
    if not alone:
        return [("เลขทะเบียนที่ตรวจ", sum(one["count"] for one in own_series(found, code)))]
    return [
        ("เลขทะเบียนที่ตรวจ", found["entries"]), ("ไฟล์ที่ตรวจ", found["contents"]),
        ("บรรทัดบันทึกที่ตรวจ", found["journal_lines"]),
    ]  # fmt: skip


def book_of(one: Mapping[str, Any]) -> str:
    """Name a series: ทะเบียนหนังสือรับ, with unit and kind where it has them."""
    unit = f" ({one['unit']})" if one["unit"] else ""
    kind = "" if one["series"] == Series.ORDINARY else f" {Series(one['series']).thai}"
    return f"{Book(one['book']).heading}{kind}{unit}"


def sections(found: Mapping[str, Any], code: str, *, alone: bool) -> list[Section]:
    """Give the sections of the report for one entity."""
    problems, others = own_problems(found, code, alone=alone)
    sound = not problems
    holds = "ครบถ้วนถูกต้อง" if sound else "พบสิ่งไม่ถูกต้อง"
    counts = [(name, str(many)) for name, many in own_counts(found, code, alone=alone)]
    facts = [("ผล", holds), *counts, ("SHA-256 (head)", found["heads"].get(code, ""))]
    made = [
        Section("ผลการตรวจสอบ", rows=facts, text=unproven(found, code)),
        _numbered("สิ่งที่พิสูจน์แล้ว" if sound else "สิ่งที่ตรวจ", PROVES),
        _numbered("สิ่งที่การตรวจนี้ไม่พิสูจน์", PROVES_NOT),
        Section("ทะเบียน", _SERIES, list(_series(found, code))),
    ]
    if alone:
        made.append(Section("จดหมายที่รับ ๓๑ วันล่าสุด", _DAYS, list(_days(found))))
    if problems or others:
        rows = [says(one) for one in problems]
        more = f"อีก {others} รายการไม่ได้อยู่ในทะเบียนของหน่วยงานนี้" if others else ""
        made.append(Section("สิ่งไม่ถูกต้องที่พบ", _WRONG, rows, text=more))
    return made


_SERIES: Final = (
    ("ทะเบียน", 0.36), ("ปี", 0.1), ("เลข", 0.2), ("จำนวน", 0.1), ("ยกเลิก", 0.08),
    ("จอง", 0.08), ("ผล", 0.08),
)  # fmt: skip
_DAYS: Final = (("วันที่", 0.25), ("รับเข้า", 0.15), ("กลายเป็น", 0.6))
_WRONG: Final = (("รายการ", 0.42), ("สิ่งที่พบ", 0.58))
_OLD: Final = "หลักฐานข้างทะเบียน"


def _series(found: Mapping[str, Any], code: str) -> Iterator[Sequence[str]]:
    for one in own_series(found, code):
        span = f"{one['first']}–{one['last']}" if one["count"] else "–"
        numbers = (str(one[name]) for name in ("count", "void", "reserved"))
        yield (book_of(one), str(one["year"]), span, *numbers, "ครบ" if one["holds"] else "ไม่ครบ")


def _days(found: Mapping[str, Any]) -> Iterator[Sequence[str]]:
    for one in found["days"][-31:]:
        became = ", ".join(f"{BECAME.get(s, s)} {many}" for s, many in one["became"].items())
        yield (short_date(date.fromisoformat(one["day"])), f"{one['mails']} ฉบับ", became)


def _numbered(title: str, lines: Sequence[str]) -> Section:
    rows = [(f"ข้อ {place}", line) for place, line in enumerate(lines, 1)]
    return Section(title, (("ลำดับ", 0.1), ("ข้อความ", 0.9)), rows)
