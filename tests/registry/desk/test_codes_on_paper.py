"""QR codes on a letter's paper: which lead into our keeping, and which out of it."""

import io

import pytest
import segno

from registry import paper_fields
from registry.letter.page import Box, Line, Page
from registry.paper_reading import PaperReading
from tests.registry.desk.conftest import pdf
from tests.registry.desk.reading import were_read

OURS = "https://files.phrae.go.th"
PAGE = Page(1, "ocr", 0.9, 400, 400, (Line("เรื่อง ส่งข้อมูล", Box(0.1, 0.9, 0.5, 0.95)),))


@pytest.mark.parametrize(
    ("says", "facts"),
    [
        (f"{OURS}/l/abc", {"link": True, "ours": True}),
        (f"{OURS}.evil.example/l/abc", {"link": True}),
        ("WIFI:S:office;;", {}),
    ],
)
def test_a_code_says_whether_its_link_is_ours(house, mail, blobs, says, facts):
    drawn = io.BytesIO()
    segno.make_qr(says, error="m").save(drawn, kind="png", scale=8, border=8)
    part = pdf("หนังสือ.png", media_type="image/png", sha256=blobs.put(drawn.getvalue()))
    letter_id = house.one(mail(parts=[part])).letter_id
    were_read(house, [part], [PAGE])
    reading = PaperReading(house.database, blobs, house.desk, lambda: OURS)
    assert reading.turn()
    reading.close()
    with house.database.read() as session:
        [found] = [one for one in paper_fields.of(session, letter_id) if one.field.name == "qr"]
    assert (found.field.value, found.field.facts) == (says, facts)
