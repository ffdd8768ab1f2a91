"""A stamped copy is offered for what was received, and made of what came without touching it."""

import io

from pypdf import PdfReader, PdfWriter

from registry import directory, readings
from tests.registry.texts.scans import as_file, drawn
from tests.saraban.web import papers
from tests.saraban.web.looking import page
from tests.saraban.web.pages.test_inbox import plain
from tests.saraban.web.seed import TOWN_OFFICER


def test_the_page_offers_a_copy_that_bears_the_receive_number_and_the_file_stays(
    desk, letter, entry
):
    client = desk.signed_in()
    html = page(client, entry.id)
    assert "พิมพ์ฉบับประทับตรารับ" in html
    given = client.get(f"/entries/{entry.id}/stamped")
    assert (given.status_code, given.headers["content-type"]) == (200, "application/pdf")
    assert given.headers["content-disposition"].startswith("attachment;")
    file = next(one for one in letter.enclosures if one.name == papers.LETTER)
    came = desk.office.runtime().blobs.path(file.sha256).read_bytes()
    assert given.content.startswith(came)
    assert len(given.content) == int(given.headers["content-length"])
    text = PdfReader(io.BytesIO(given.content)).pages[0].extract_text()
    assert "เลขรับ" in text
    with desk.runtime.database.read() as session:
        office = directory.entity_by_code(session, "phrae")
        looks = readings.listing(session, office.id, letter_id=letter.id)
    assert [one.what for one in looks] == ["print", "page"]
    arabic = desk.office.run("letter", "stamped", entry.id, "--arabic")
    assert arabic.stdout_bytes.startswith(came)


def test_what_has_no_number_or_no_pdf_is_not_stamped_and_says_why(desk, letter):
    client = desk.signed_in()
    assert "พิมพ์ฉบับประทับตรารับ" not in client.get(f"/letters/{letter.id}").text
    bare = papers.register(desk.office, papers.lay(desk.office, "ไม่มีไฟล์", files={}))
    refused = client.get(f"/entries/{bare.id}/stamped")
    assert refused.status_code == 403
    assert "ไม่มีไฟล์ PDF" in refused.text
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(papers.paper())))
    writer.encrypt("รหัส", algorithm="AES-256")
    locked = io.BytesIO()
    writer.write(locked)
    shut = papers.lay(desk.office, "ไฟล์มีรหัส", files={"ล็อก.pdf": locked.getvalue()})
    refused = client.get(f"/entries/{papers.register(desk.office, shut).id}/stamped")
    assert refused.status_code == 403
    assert "มีรหัสผ่าน" in plain(refused.text)
    assert client.get("/entries/0000000000000000/stamped").status_code == 404


def test_a_photograph_of_a_letter_is_stamped_too_and_a_pdf_goes_before_it(desk):
    photo = as_file("JPEG", drawn("เรื่อง", dpi=100))
    client = desk.signed_in()
    alone = papers.register(desk.office, papers.lay(desk.office, files={"ภาพ.jpg": photo}))
    assert "พิมพ์ฉบับประทับตรารับ" in page(client, alone.id)
    given = client.get(f"/entries/{alone.id}/stamped")
    assert (given.status_code, given.content[:5]) == (200, b"%PDF-")
    assert "เลขรับ" in PdfReader(io.BytesIO(given.content)).pages[0].extract_text()
    both = papers.lay(desk.office, files={"ภาพ.jpg": photo, "หนังสือ.pdf": papers.paper()})
    given = client.get(f"/entries/{papers.register(desk.office, both).id}/stamped")
    assert given.content.startswith(papers.paper())


def test_a_letter_that_one_may_not_see_has_no_copy(desk, entry):
    assert desk.signed_in(TOWN_OFFICER).get(f"/entries/{entry.id}/stamped").status_code == 404
