"""A letter's page says what there is to say of the reading of its files."""

from sqlalchemy import select

from registry.models.letters import EnclosureRow
from registry.models.search import FileTextRow
from tests.saraban.web import papers

WARNING = "คำเตือน: ไฟล์มีคำสั่งฝังไว้ (JavaScript) ระบบไม่เรียกใช้"


def test_warnings_and_what_waits_stand_beside_their_file(desk):
    letter = papers.lay(desk.office)
    runtime = desk.office.runtime()
    with runtime.database.write() as session:
        mine = select(EnclosureRow.sha256).where(EnclosureRow.letter_id == letter.id)
        sha256 = session.scalars(mine.order_by(EnclosureRow.position)).first()
        told = f"{WARNING}; กำลังรออ่านตัวหนังสือจากภาพ"
        session.merge(FileTextRow(sha256=sha256, state="none", detail=told))
    runtime.close()
    shown = desk.signed_in().get(f"/letters/{letter.id}").text
    assert f'<p class="note small soft facts">{WARNING}</p>' in shown
    assert '<p class="small soft facts">กำลังรออ่านตัวหนังสือจากภาพ</p>' in shown
