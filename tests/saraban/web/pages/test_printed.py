"""Number and date are printed onto a draft's own PDF, seen before; the letter goes with both."""

import io

import pypdfium2
from pypdf import PdfWriter
from sqlalchemy import select

from registry.models.letters import EnclosureRow
from tests.registry.pdf import signing, unnumbered
from tests.saraban.web.pages.test_drafts import press
from tests.saraban.web.pages.test_drafts_crop import draft as hand_in
from tests.saraban.web.pages.test_inbox import form_of, plain
from tests.saraban.web.pages.test_send import sent

BLANK = unnumbered.letter("ที่ พร ๐๐๒๓/", "วันที่")


def files_of(desk, letter_id) -> list[tuple[str, bytes]]:
    """Give role and content of each file of a letter."""
    with desk.runtime.database.read() as session:
        wanted = select(EnclosureRow).where(EnclosureRow.letter_id == letter_id)
        rows = list(session.scalars(wanted.order_by(EnclosureRow.position)))
    return [(row.role, desk.runtime.blobs.path(row.sha256).read_bytes()) for row in rows]


def words(data: bytes) -> str:
    document = pypdfium2.PdfDocument(data)
    text = str(document[0].get_textpage().get_text_range())
    document.close()
    return text


def locked(data: bytes) -> bytes:
    writer, out = PdfWriter(clone_from=io.BytesIO(data)), io.BytesIO()
    writer.encrypt("รหัส", algorithm="AES-256")
    writer.write(out)
    return out.getvalue()


def press_print(client, letter_id):
    """Open the page that shows it, and press its button."""
    html = client.get(f"/drafts/{letter_id}/print").text
    return client.post(
        f"/drafts/{letter_id}/print", data=form_of(html, f"/drafts/{letter_id}/print")
    )


def test_the_letter_goes_with_the_number_that_the_page_showed_and_the_clerks_file_is_kept(desk):
    letter_id = hand_in(desk.office, BLANK)
    client, before = desk.signed_in(), sent(desk)
    assert f"/drafts/{letter_id}/print" in client.get(f"/drafts/{letter_id}").text
    html = plain(client.get(f"/drafts/{letter_id}/print").text)
    picture = client.get(f"/drafts/{letter_id}/print/picture?w=200")
    assert picture.headers["content-type"] == "image/webp"
    assert len(sent(desk)) == len(before)
    assert press_print(client, letter_id).headers["location"].startswith("/follow/")
    entry = sent(desk)[-1]
    (_, mine), (_, clerks) = files_of(desk, letter_id)
    assert (entry["state"], clerks) == ("registered", BLANK)
    assert mine.startswith(BLANK)
    number = entry["letter_number"].rpartition("/")[2]
    assert number.translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")) in words(mine)
    assert "พร" in html
    assert client.get(f"/letters/{letter_id}/unprinted").content == BLANK


def test_what_is_taken_back_and_given_a_fresh_number_or_back_to_its_clerk_is_the_clerks_file(desk):
    letter_id = hand_in(desk.office, BLANK)
    client = desk.signed_in()
    entry = press_print(client, letter_id).headers["location"].rpartition("/")[2]
    form = client.get("/drafts").text
    undo = form.partition('action="/send/undo/')[2].partition('"')[0]
    assert undo == entry
    client.post(f"/send/undo/{entry}", data=form_of(form, f"/send/undo/{entry}"))
    assert "ไฟล์ของผู้ร่างก่อนพิมพ์เลข" in client.get(f"/drafts/{letter_id}").text
    press(client, letter_id, "return", reason="แก้")
    [role] = [role for role, data in files_of(desk, letter_id) if data == BLANK]
    assert role == "letter"


def test_what_cannot_be_printed_on_says_why_and_takes_no_number(desk):
    client, before = desk.signed_in(), len(sent(desk))
    refused = {
        "ไม่พบบรรทัด": unnumbered.letter("ที่ พร ๐๐๒๓/๑๒"),
        "มากกว่าหนึ่งแห่ง": unnumbered.letter("ที่ พร ๐๐๒๓/", more=("ที่ พร ๐๐๒๓/",)),
        "ลงลายมือชื่อดิจิทัล": signing.signed_pdf(BLANK, signing.somying()),
        "ไม่พบบรรทัด “ที่ พร ๐๐๒๓/”": unnumbered.letter("ที่ กท ๐๐๒๓/"),
        "มีรหัสผ่าน": locked(BLANK),
        "เสียหายหรือไม่สมบูรณ์": b"%PDF-1.7 and no more",
        "มากกว่าหนึ่งไฟล์": (BLANK, BLANK + b"\n"),
        "ไม่มีไฟล์ PDF": (),
    }
    for why, data in refused.items():
        letter_id = hand_in(desk.office, *([data] if isinstance(data, bytes) else data))
        html = client.get(f"/drafts/{letter_id}/print").text
        assert why in plain(html)
        assert f'action="/drafts/{letter_id}/print"' not in html
        assert "โปรด" in plain(html) or "ให้จองเลขก่อน" in plain(html)
        came = {item for _, item in files_of(desk, letter_id)}
        assert came == set([data] if isinstance(data, bytes) else data)
    assert len(sent(desk)) == before
