"""A report keeps as it is what is somebody else's word."""

import io
from datetime import datetime

import pypdf

from registry.clock import BANGKOK
from registry.pdf.forms.report import Section, print_report

AT = datetime(2025, 10, 6, 9, 0, tzinfo=BANGKOK)


def test_names_of_files_and_answers_of_servers_keep_their_digits():
    columns = (("ชื่อไฟล์", 0.5), ("จำนวน", 0.5))
    files = Section("ไฟล์", columns, [("สิ่งที่ส่งมาด้วย 1.pdf", "3 หน้า")], verbatim=("ชื่อไฟล์",))
    facts = Section(
        "คำตอบ", rows=[("ปลายทางตอบ", "250 ok"), ("ครั้งที่", "2")], verbatim=("ปลายทางตอบ",)
    )
    out = io.BytesIO()
    print_report(out, "หลักฐาน", "จังหวัดแพร่", [files, facts], AT, thai=True)
    text = "".join(page.extract_text() for page in pypdf.PdfReader(out).pages)
    assert "1.pdf" in text
    assert "250 ok" in text
    assert "๓ หน้า" in text
    assert "๒\n" in text or text.endswith("๒")
