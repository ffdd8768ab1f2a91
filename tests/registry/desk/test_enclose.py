"""Which file is the letter."""

import pytest

from registry.desk.enclose import roles
from tests.registry.desk.conftest import pdf

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.mark.parametrize(
    ("names", "letter"),
    [
        (["a.pdf", "b.pdf"], 0),
        (["สิ่งที่ส่งมาด้วย ๑.pdf", "หนังสือถึงจังหวัด.pdf"], 1),
        (["annex.pdf", "scan.pdf"], 1),
        (["เอกสารแนบ.pdf"], 0),
        (["รายงาน.pdf", "พร 0023.3/ว 32.pdf"], 1),
    ],
)
def test_the_letter_is_the_document_named_most_like_one(names, letter):
    found = roles([pdf(name) for name in names])

    assert found.index("letter") == letter
    assert found.count("letter") == 1


def test_a_picture_of_the_text_or_a_table_is_never_the_letter():
    parts = [
        pdf("หนังสือ.xlsx", media_type="application/vnd.ms-excel"),
        pdf("หนังสือ.pdf", inline=True),
        pdf("บันทึก.docx", media_type=WORD),
    ]

    assert roles(parts) == ["enclosure", "enclosure", "letter"]


def test_a_mail_without_a_document_is_itself_the_letter():
    assert roles([pdf("รูป.jpg", media_type="image/jpeg")]) == ["enclosure"]
    assert roles([]) == []
