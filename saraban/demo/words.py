"""Where a Thai line may end: a small segmenter for the letters that the demonstration typesets.

Thai is written without spaces between words, and the typesetter breaks lines only at spaces. Here
the longest known word is taken at each place and a zero-width space is laid on both sides of it;
what lies between known words is left whole. The list holds the words of the demonstration's own
letters: text of any other kind comes out correct, only with fewer places to break.
"""

import re

_WORDS = """
การ ความ และ หรือ ของ ที่ ใน ให้ ตาม โดย เพื่อ จึง ซึ่ง เป็น แก่ แต่ กับ จาก ได้ ต่อ ต่อไป จะ มี ไม่ ว่า แล้ว
สำหรับ ประชาชน องค์กร ปกครอง ส่วนท้องถิ่น ท้องถิ่น ดำเนินการ ราชการ ส่วนราชการ กรม จังหวัด อำเภอ เทศบาล เมือง
คู่มือ แผน แผนการ ยกระดับ บริการ ภาครัฐ ปรับปรุง พิจารณา อนุญาต พระราชบัญญัติ อำนวย สะดวก ระยะ มติ คณะรัฐมนตรี
คณะกรรมการ พัฒนา ระบบ สำนักงาน เสนอ หน่วยงาน รัฐ กิจกรรม ภายใต้ รูปธรรม หนึ่ง กำหนด มาตรการ ลด ภาระ เรียก
สำเนา เอกสาร ทาง ออก จำนวน รายงาน ผล รับผิดชอบ กระบวนการ ข้อบัญญัติ เทศบัญญัติ แบบ รูป ภายใน วันที่ วัน เรียบร้อย
ความร่วมมือ ขอ แจ้ง ดังนี้ ดังกล่าว ก่อน รายละเอียด ปรากฏ สิ่งที่ส่งมาด้วย ประเด็น ชื่อ หลักเกณฑ์ วิธีการ เงื่อนไข
ยื่น คำขอ ช่องทาง ขั้นตอน ระยะเวลา รายการ หลักฐาน ประกอบ ค่าธรรมเนียม ร้องเรียน ไม่น้อยกว่า ร้อยละ ลำดับ ทั้งนี้
อื่น จัดทำ มาตรฐาน กลาง นำเข้า แนวทาง เรื่อง ทราบ อีกครั้ง เรียน มา โปรด ด้วย พื้นที่ ตำบล บริหาร ส่งเสริม แห่ง ทุก
ประชุม เมื่อ รับทราบ เห็นชอบ เห็น ชอบ นั้น ขึ้น นี้ อยู่ เกิด ปฏิบัติ แทน ผู้ว่า อธิบดี รอง นาย ผู้ หนังสือ อ้างถึง ลง
ฐานข้อมูล แบบรายงาน ปัญหา อุปสรรค ข้อเสนอแนะ ครบถ้วน ประจำปี เรียบร้อยแล้ว ส่ง ตอบ ขอให้ ข้อมูล สรุป จัดส่ง
"""
_LONGEST_FIRST = sorted(_WORDS.split(), key=len, reverse=True)
_WORD = re.compile("|".join(map(re.escape, _LONGEST_FIRST)))
_MARK = re.compile("[\u0e30-\u0e3a\u0e45-\u0e4e]")  # may not begin a line
ZWSP = "\u200b"


def breakable(text: str) -> str:
    """Lay a zero-width space where a line may end; without them the text is unchanged."""
    out: list[str] = []
    at = 0
    for found in _WORD.finditer(text):
        if _cuts_a_syllable(text, found.start()) or _cuts_a_syllable(text, found.end()):
            continue
        out += [text[at : found.start()], ZWSP, found.group(), ZWSP]
        at = found.end()
    out.append(text[at:])
    return re.sub(
        f"{ZWSP}+(?=\\s|$)|(?<=\\s){ZWSP}+|^{ZWSP}+", "", re.sub(f"{ZWSP}+", ZWSP, "".join(out))
    )


def _cuts_a_syllable(text: str, place: int) -> bool:
    """A break may not come before a mark nor after a leading vowel."""
    before, after = text[place - 1 : place], text[place : place + 1]
    return bool(_MARK.match(after)) or before in "เแโใไ" if before else bool(_MARK.match(after))
