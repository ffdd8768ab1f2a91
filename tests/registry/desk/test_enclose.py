"""Which file is the letter."""

import pytest

from registry import entries
from registry.desk.enclose import roles
from registry.letter.message import Listener
from registry.models.letters import EnclosureRow, LetterRow
from tests.registry.desk.conftest import House, Mails, pdf

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


def test_what_only_decorated_a_mail_is_kept_and_called_so():
    qr = pdf("qr.png", media_type="image/png", inline=True, decoration=True)

    assert roles([pdf("หนังสือ.pdf"), qr]) == ["letter", "decoration"]


def test_decoration_is_kept_and_proven_but_is_no_file_of_the_letter(house: House, mail: Mails):
    """Parts in, parts out; nobody reads of a QR code among สิ่งที่ส่งมาด้วย."""
    qr = pdf("qr.png", "qr", media_type="image/png", inline=True, decoration=True)
    logo = pdf("logo.png", "logo", media_type="image/png", inline=True)
    entry = house.entry(house.one(mail(parts=[pdf("หนังสือ.pdf"), qr, logo])).entry_id)

    assert [(one.name, one.inline) for one in entry.enclosures] == [
        ("หนังสือ.pdf", False),
        ("logo.png", True),
    ]
    rows = house.rows(EnclosureRow, letter_id=entry.letter_id)
    assert sorted(row.role for row in rows) == ["decoration", "enclosure", "letter"]


def test_a_mail_without_a_document_is_itself_the_letter():
    assert roles([pdf("รูป.jpg", media_type="image/jpeg")]) == ["enclosure"]
    assert roles([]) == []


def test_a_letter_from_an_entity_hosted_here_has_no_file_that_left_the_mail(
    house: House, mail: Mails
):
    large = pdf(size=40_000_000)
    near = house.one(mail(parts=[large], listener=Listener.LOCAL))
    far = house.one(mail(parts=[large], message_id="<far@dla.example>"))

    with house.database.read() as session:
        files = [
            entries.get(session, one.entry_id, keys=house.desk.keys).enclosures[0]
            for one in (near, far)
        ]
    assert [file.split for file in files] == [False, True]
    assert all(file.url for file in files)  # either may be fetched from the register


def test_what_a_zip_holds_and_what_a_file_lay_in_are_facts_of_the_letter(house: House, mail: Mails):
    outer = pdf("winmail.dat", "o", media_type="x/y", decoration=True)
    inner = pdf("a.zip", "i", taken_from=0, contents=("๑ ไฟล์",))
    outcome = house.one(mail(parts=[outer, inner]))

    [row] = house.rows(LetterRow, id=outcome.letter_id)
    assert row.facts["contents"] == {inner.sha256: ["๑ ไฟล์"]}
    assert row.facts["taken_from"] == {inner.sha256: "winmail.dat"}
