"""The office's word for every act that a journal holds: for pages, print and evidence alike.

The journal keeps the act itself, in English; here is what people read. What a journal from another
version holds and is not known here is shown as it is. The tests hold that none is missing.
"""

from collections.abc import Mapping
from typing import Final

ACTS: Final[Mapping[str, str]] = {
    "registered": "ลงทะเบียน", "reserved": "จองเลข", "used": "ใช้เลขที่จอง", "amended": "แก้ไขทะเบียน",
    "void": "ยกเลิกเลข", "taken-back": "ดึงกลับก่อนส่ง", "confirmed": "ยืนยันว่าตรงกับตัวหนังสือ",
    "presented": "เสนอ", "ordered": "สั่งการ", "endorsed": "เกษียน", "passed-on": "ส่งต่อ",
    "closed": "ปิดเรื่อง", "reopened": "เปิดเรื่องใหม่", "taken-back-step": "ถอนการเสนอ",
    "waiting": "รับเข้า รอลงรับ", "held-secret": "รับเข้า รอนายทะเบียนข้อมูลข่าวสารลับ",
    "acknowledged": "ได้รับการตอบรับ", "attached": "แนบกับเลขรับเดิม", "automatic": "ข้อความอัตโนมัติ",
    "bounce": "ตีกลับ", "called": "โทรตาม", "drafted": "ร่าง", "draft-returned": "ส่งคืนผู้ร่าง",
    "duplicate": "ฉบับซ้ำเข้ามา", "files-cleared": "ให้ใช้ไฟล์ได้", "files-scanned": "ตรวจไวรัส",
    "file-laid-down": "วางไฟล์เพิ่ม", "uploaded": "เพิ่มไฟล์", "linked": "เชื่อมโยง",
    "unlinked": "ยกเลิกการเชื่อมโยง", "note": "บันทึกท้ายหนังสือ", "number-corrected": "แจ้งแก้เลขรับ",
    "number-disputed": "แจ้งว่าเลขรับผิด", "opened": "เปิดอ่าน", "overdue": "เกินกำหนดตอบรับ",
    "returned": "ส่งคืน", "wrong": "แจ้งว่าหนังสือไม่ถูกต้อง", "sent": "ออกเลขและส่ง",
    "withdrawn": "เรียกคืน", "recall-asked": "ผู้ส่งขอเรียกคืน", "recall-agreed": "ยอมคืน",
    "recall-declined": "ไม่คืน", "addressees-added": "เพิ่มผู้รับ",
    "signed-in": "เข้าระบบ", "signed-out": "ออกจากระบบ", "signed-out-by-admin": "ผู้ดูแลให้ออกจากระบบ",
    "password-set": "ตั้งรหัสผ่าน", "second-factor-set": "ตั้งรหัสจากโทรศัพท์",
    "second-factor-removed": "เลิกใช้รหัสจากโทรศัพท์", "recovery-code-used": "ใช้รหัสกู้คืน",
    "oidc-bound": "ผูกบัญชีกับผู้ให้บริการยืนยันตัวตน", "oidc-unbound": "เลิกผูกบัญชี",
    "officer-added": "เพิ่มผู้ใช้งาน", "officer-changed": "แก้ไขผู้ใช้งาน",
    "officer-disabled": "ระงับผู้ใช้งาน", "officer-enabled": "ให้ผู้ใช้งานกลับมา",
    "officer-term-ended": "ผู้ใช้งานครบกำหนด", "deputy-appointed": "ตั้งผู้ปฏิบัติแทน",
    "deputy-ended": "เลิกผู้ปฏิบัติแทน", "entity-changed": "แก้ไขหน่วยงาน",
    "directory-added": "เพิ่มในทำเนียบ", "directory-changed": "แก้ไขทำเนียบ",
    "unit-added": "เพิ่มหน่วยงานย่อย", "unit-changed": "แก้ไขหน่วยงานย่อย",
    "unit-removed": "ลบหน่วยงานย่อย", "rule-added": "เพิ่มกฎส่งต่อ", "rule-removed": "ลบกฎส่งต่อ",
    "rule-moved": "ย้ายกฎส่งต่อ", "rule-changed": "แก้ไขกฎส่งต่อ",
    "group-added": "เพิ่มกลุ่มผู้รับ", "group-changed": "แก้ไขกลุ่มผู้รับ",
    "group-removed": "ลบกลุ่มผู้รับ", "job-retried": "สั่งส่งใหม่", "job-held": "พักการส่ง",
    "job-released": "ปล่อยให้ส่งต่อ", "job-dropped": "เลิกส่ง", "job-withdrawn": "ถอนก่อนส่ง",
    "readmitted": "นำจดหมายที่พักไว้เข้าใหม่", "link-revoked": "ยกเลิกลิงก์",
    "link-extended": "ต่ออายุลิงก์", "link-reissued": "ออกลิงก์ใหม่", "book-closed": "ปิดทะเบียน",
    "book-reopened": "เปิดทะเบียนใหม่", "series-started": "ตั้งเลขเริ่มต้น", "proved": "ตรวจสอบทะเบียน",
    "token-issued": "ออกโทเค็นของโปรแกรม", "token-revoked": "ยกเลิกโทเค็นของโปรแกรม",
    "webhook-made": "ตั้งการแจ้งโปรแกรม", "webhook-ended": "เลิกแจ้งโปรแกรม",
    "imported": "นำเข้าทะเบียนเดิม", "paper": "ได้รับฉบับกระดาษด้วย", "reminded": "ส่งอีเมลติดตาม",
    "reported-elsewhere": "บันทึกว่ารายงานทางอื่น", "report-undone": "ยกเลิกการบันทึกว่ารายงาน",
    "sighting-settled": "จัดการรายการที่พบในกล่อง", "letter-hold": "พักหนังสือไว้",
    "letter-release": "ปล่อยหนังสือให้ส่ง", "acknowledgement-withheld": "งดตอบรับ ป้องกันการตอบวน",
    "witnessed": "เก็บค่าของบันทึกข้างทะเบียน", "witnesses-began": "เริ่มเก็บค่าของบันทึกข้างทะเบียน",
    "readings-witnessed": "เก็บค่าของบันทึกการเปิดดู",
    "found-secret": "พบชั้นความลับภายหลัง", "moved-secret": "ย้ายไปทะเบียนหนังสือลับ",
    "freed-secret": "ไม่มีชั้นความลับ", "hidden-elsewhere": "ซ่อนในทะเบียนของหน่วยงานอื่นในระบบนี้ด้วย",
    "paper-read": "อ่านข้อมูลจากตัวหนังสือ", "paper-judged": "ตรวจข้อมูลที่อ่านได้",
}  # fmt: skip
"""Thai words by act."""


def act_in_words(act: str) -> str:
    """Give the office's word for an act; an unknown one is its own word."""
    return ACTS.get(act, act)
